"""How the engine stands: what runs, what waits, and whether the sweep keeps up.

Each figure is read from an index, and counting ends at a cap, so that it costs as much with ten
million clocks as with one: some tens of milliseconds, and half a second or so while very many are
counted anew after a change of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, QuerySet

from courts.models import CalendarVersion
from escalation.health import is_late, last_ended
from escalation.models import Clock, SweepRun

# Beyond this an operator does the same, however many there are.
CAP = 100_000
# How far a count after a change of the calendar has come is looked at for minutes; then it is over.
CAP_OF_STALE = 1_000_000
# So far back a sweep that was broken off is told of.
_TOLD_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Number:
    """How many there are; ``is_more``: counted so far only; ``is_about``: the database's guess."""

    value: int
    is_more: bool = False
    is_about: bool = False


@dataclass(frozen=True)
class EngineState:
    """The engine as it stood at an instant.

    Clocks that were set aside are neither ``running`` nor ``due`` here, for nothing fires from
    them. ``stale`` are those running that a change of the calendar has left to be counted anew.
    ``last_sweep`` is the one that ended last; ``last_work`` the last that found something.
    ``broken_off`` sweeps began within a day and never ended.
    """

    at: datetime
    running: Number
    due: Number
    oldest_due_at: datetime | None
    set_aside: Number
    stale: Number
    last_sweep: SweepRun | None
    last_work: SweepRun | None
    broken_off: int

    @property
    def oldest_due_age(self) -> timedelta:
        """For how long the oldest has been due; nothing if none is."""
        return self.at - self.oldest_due_at if self.oldest_due_at else timedelta(0)

    @property
    def last_sweep_age(self) -> timedelta | None:
        """How long ago a sweep ended; ``None`` before the first."""
        if self.last_sweep is None or self.last_sweep.ended_at is None:
            return None
        return self.at - self.last_sweep.ended_at

    @property
    def is_late(self) -> bool:
        """Whether nobody sweeps."""
        return self.last_sweep_age is None or is_late(self.last_sweep_age)

    @property
    def is_behind(self) -> bool:
        """Whether what is due stays so although sweeps come and go."""
        return not self.is_late and is_late(self.oldest_due_age)

    @property
    def counted_anew(self) -> int | None:
        """How many running clocks the present calendar has reached; ``None`` if too few to say."""
        if self.stale.is_more:
            return None
        return max(self.running.value - self.stale.value, 0)

    @property
    def is_well(self) -> bool:
        """Whether there is nothing for an operator to do."""
        return not (self.is_late or self.is_behind or self.set_aside.value)


def state(at: datetime) -> EngineState:
    """How the engine stands at ``at``; as many statements however many clocks there are."""
    running = Clock.objects.running().filter(set_aside="")
    present = CalendarVersion.objects.order_by("-pk").values("pk")[:1]
    stale = running.filter(calendar_version__lt=present)
    due = Clock.objects.filter(next_due_at__lte=at, set_aside="").order_by("next_due_at")
    found = due.values("next_due_at")[: CAP + 1].aggregate(
        number=Count("*"), oldest_at=Min("next_due_at")
    )
    return EngineState(
        at=at,
        # Of very many, with the few that are set aside.
        running=_about(running.order_by("calendar_version_id", "pk"), "clock_running_idx"),
        due=_capped(found["number"], CAP),
        oldest_due_at=found["oldest_at"],
        set_aside=_counted(Clock.objects.exclude(set_aside="").order_by("pk"), CAP),
        stale=_counted(stale.order_by("calendar_version_id", "pk"), CAP_OF_STALE),
        last_sweep=last_ended(),
        last_work=SweepRun.objects.filter(ended_at__isnull=False, clocks__gt=0).first(),
        broken_off=_broken_off(at),
    )


def per_second(run: SweepRun) -> float | None:
    """The clocks that an ended sweep judged in a second; ``None`` if it did not end."""
    if run.ended_at is None:
        return None
    seconds = (run.ended_at - run.started_at).total_seconds()
    return run.clocks / seconds if seconds > 0 else None


def is_broken_off(run: SweepRun, at: datetime) -> bool:
    """Whether a sweep without an end has lasted longer than the worker lets it."""
    limit = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    return run.ended_at is None and at - run.started_at > limit


def _broken_off(at: datetime) -> int:
    lately = SweepRun.objects.filter(started_at__gt=at - _TOLD_FOR, ended_at__isnull=True)
    return sum(1 for run in lately if is_broken_off(run, at))


def _counted(clocks: QuerySet[Clock], cap: int) -> Number:
    # The order is that of the index which serves: without it the planner may read the table.
    return _capped(clocks.values("pk")[: cap + 1].count(), cap)


def _capped(number: int, cap: int) -> Number:
    return Number(min(number, cap), is_more=number > cap)


def _about(clocks: QuerySet[Clock], index: str) -> Number:
    """The number of clocks in a partial index; of very many, as the database last saw it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [index])
        (seen,) = cursor.fetchone()
    return Number(seen, is_about=True) if seen > CAP else _counted(clocks, CAP)
