"""Every race of the engine, run in the worst order; each with a control that shows its harm.

One side has read the clock and is about to write; there it waits while the other side runs. With
the locks, the other waits for the first or passes the clock over, and each rung is recorded once.
In the control the locks are struck out of the statements and the unique constraint is dropped:
then both write what both have read.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from escalation import calendar_changes, services
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import Clock, ClockEvent, Firing
from escalation.retiming import retime_stale
from escalation.sweep import sweep
from liaison.kinds import REPLY
from tests.city import City, local
from tests.concurrency.conftest import at_once, promise_dropped
from workorders import services as orders

OPENED = local(2020, 6, 5, 14)
RUNG1 = local(2020, 6, 11, 9)
LATE = local(2020, 8, 3, 9)
_WRITE = re.compile(r'(UPDATE|INSERT INTO)\s+"?escalation_(clock|firing)\b')
_LOCK = re.compile(r'FOR (NO KEY )?UPDATE( OF "?\w+"?)?( SKIP LOCKED)?')

Call = Callable[[], Any]


@dataclass
class Interleaved:
    """Lets one call read, then another run whole or until it is stopped, then the first write."""

    with_locks: bool
    about_to_write: threading.Event = field(default_factory=threading.Event)
    other_is_over: threading.Event = field(default_factory=threading.Event)
    struck_out: int = 0

    def run(self, first: Call, other: Call) -> list[Any]:
        return at_once(lambda: self._first(first), lambda: self._other(other))

    def _first(self, call: Call) -> Any:
        with connection.execute_wrapper(self._wait_before_writing), self._unlocked():
            return call()

    def _other(self, call: Call) -> Any:
        assert self.about_to_write.wait(30), "the first wrote nothing"
        try:
            with self._unlocked():
                return call()
        finally:
            self.other_is_over.set()

    def _wait_before_writing(
        self, execute: Call, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if _WRITE.search(sql) and not self.about_to_write.is_set():
            self.about_to_write.set()
            # With the locks, the other may be waiting for this one: then it waits for no one.
            self.other_is_over.wait(1 if self.with_locks else 30)
        return execute(sql, params, many, context)

    def _unlocked(self) -> AbstractContextManager[Any]:
        return nullcontext() if self.with_locks else connection.execute_wrapper(self._strike_out)

    def _strike_out(
        self, execute: Call, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if "escalation_clock" in sql:
            sql, count = _LOCK.subn("", sql)
            self.struck_out += count
        return execute(sql, params, many, context)


def _stale(town: City) -> None:
    """Leave the clocks as an interrupted change of the calendar does, their dates not yet moved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calendar_changes, "retime_stale", lambda *_args, **_options: 0)
        closure = DayChange(date(2020, 6, 9), False, "停电")
        change_calendar([closure], reason="typhoon", by=None, at=OPENED)


def _two_sweeps(town: City) -> tuple[Call, Call]:
    town.order(at=OPENED)
    return lambda: sweep(RUNG1), lambda: sweep(RUNG1)


def _reply_and_sweep(town: City) -> tuple[Call, Call]:
    order, judge = town.order(at=OPENED), town.judge()
    return (
        lambda: orders.reply(order_id=order.pk, text="已答复。", by=judge, at=RUNG1),
        lambda: sweep(RUNG1),
    )


def _move_and_sweep(town: City) -> tuple[Call, Call]:
    order, other = town.order(at=OPENED), town.division(index=1)
    leader = town.holder("department_leader", department=town.division())
    return (
        lambda: orders.reassign(
            order_id=order.pk, department=other, handler=None, reason="归执行局办理", by=leader,
            at=RUNG1,
        ),
        lambda: sweep(RUNG1),
    )  # fmt: skip


def _sweep_and_calendar_change(town: City) -> tuple[Call, Call]:
    town.order(at=OPENED)
    closure = DayChange(date(2020, 6, 15), False, "停电")
    return (
        lambda: sweep(RUNG1),
        lambda: change_calendar([closure], reason="typhoon", by=None, at=RUNG1),
    )


def _merge(town: City) -> Call:
    """Of the two only the one that goes on has something due."""
    survivor = town.order(at=OPENED).request_id
    other = town.order(at=local(2020, 6, 10)).request_id
    return lambda: services.merge(kind=REPLY, survivor_id=survivor, other_id=other, at=RUNG1)


def _two_merges(town: City) -> tuple[Call, Call]:
    merge = _merge(town)
    return merge, merge


def _merge_and_sweep(town: City) -> tuple[Call, Call]:
    return _merge(town), lambda: sweep(RUNG1)


def _retiming_and_sweep(town: City) -> tuple[Call, Call]:
    town.order(at=OPENED)
    _stale(town)
    return lambda: retime_stale(RUNG1), lambda: sweep(RUNG1)


def _two_retimings(town: City) -> tuple[Call, Call]:
    town.order(at=OPENED)
    _stale(town)
    return lambda: retime_stale(OPENED), lambda: retime_stale(OPENED)


def _doubled_firings() -> int:
    rows = Firing.objects.values("clock", "step", "occurrence").annotate(n=Count("pk"))
    return rows.filter(n__gt=1).count()


def _doubled_retimings() -> int:
    moved = ClockEvent.objects.filter(kind=ClockEvent.Kind.RETIMED)
    return moved.values("clock").annotate(n=Count("pk")).filter(n__gt=1).count()


RACES = [
    (_two_sweeps, _doubled_firings),
    (_reply_and_sweep, _doubled_firings),
    (_move_and_sweep, _doubled_firings),
    (_sweep_and_calendar_change, _doubled_firings),
    (_two_merges, _doubled_firings),
    (_merge_and_sweep, _doubled_firings),
    (_retiming_and_sweep, _doubled_firings),
    # A job that times anew fires nothing: doubled would be the word that the date moved.
    (_two_retimings, _doubled_retimings),
]
races = pytest.mark.parametrize(
    ("race", "harm"), RACES, ids=[race.__name__.strip("_") for race, _harm in RACES]
)


@races
def test_with_the_locks_each_is_recorded_once(
    town: City, race: Callable[[City], tuple[Call, Call]], harm: Callable[[], int]
) -> None:
    first, other = race(town)
    errors = [
        result
        for result in Interleaved(with_locks=True).run(first, other)
        if isinstance(result, Exception)
    ]
    assert errors == []
    _afterwards(LATE)
    assert (harm(), _doubled_firings()) == (0, 0)
    assert not Clock.objects.exclude(set_aside="").exists()
    assert Firing.objects.exists()


@races
def test_control_without_lock_and_constraint_it_is_doubled(
    town: City, race: Callable[[City], tuple[Call, Call]], harm: Callable[[], int]
) -> None:
    first, other = race(town)
    unlocked = Interleaved(with_locks=False)
    with promise_dropped():
        unlocked.run(first, other)
        assert unlocked.struck_out
        _afterwards(LATE)
        assert harm() > 0


def _afterwards(at: datetime) -> None:
    """What every minute brings, so that a write that was lost shows in the record."""
    retime_stale(at)
    sweep(at)
