"""Sweeps beside each other and beside verbs; each with a control that shows the race."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from escalation import firing, rows
from escalation import services as clocks
from escalation import sweep as sweeping
from escalation.models import Clock, ClockEvent, Firing, FiringRecipient
from escalation.sweep import sweep
from liaison.kinds import REPLY
from notices.models import Notice
from tests.city import City, local
from tests.concurrency.conftest import at_once, promise_dropped
from workorders import services
from workorders.models import WorkOrder

OPENED = local(2020, 6, 5, 14)
LATE = local(2020, 8, 3, 9)
RUNG1 = local(2020, 6, 11, 9)
LOCK = "FOR UPDATE OF clock SKIP LOCKED"


def _doubles() -> int:
    rows = Firing.objects.values("clock", "step", "occurrence").annotate(n=Count("pk"))
    return rows.filter(n__gt=1).count()


def test_four_sweeps_at_once_record_each_rung_once(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 3)  # so that each has something to do
    orders = [town.order(at=OPENED) for _ in range(12)]
    results = at_once(*[lambda: sweep(LATE)] * 4)
    assert sum(result.firings for result in results) == len(orders) * 5
    assert Firing.objects.filter(clock__kind=REPLY).count() == len(orders) * 5
    assert FiringRecipient.objects.count() == len(orders) * 6
    assert Notice.objects.filter(kind="ladder.reply").count() == len(orders) * 6
    assert not Clock.objects.filter(next_due_at__isnull=False).exists()
    assert not Clock.objects.exclude(set_aside="").exists()


def _both_read_before_either_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a lock, two sweeps read the same clocks; here they surely do."""
    barrier = threading.Barrier(2)
    write = firing._Batch.write

    def wait_and_write(batch: firing._Batch) -> None:
        barrier.wait(20)
        write(batch)

    monkeypatch.setattr(firing._Batch, "write", wait_and_write)
    assert LOCK in rows._DUE
    monkeypatch.setattr(rows, "_DUE", rows._DUE.replace(LOCK, ""))


def _unlocked_sweep() -> int:
    """The sweep's own code on rows that it did not lock."""
    with transaction.atomic():
        return firing.record(rows.due(LATE, 10), at=LATE).firings


def test_control_without_the_lock_two_sweeps_collide(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.order(at=OPENED)
    _both_read_before_either_writes(monkeypatch)
    results = at_once(_unlocked_sweep, _unlocked_sweep)
    # The constraint is the second line: one of them fails, and nothing is recorded twice.
    assert Counter(type(result) for result in results) == {int: 1, IntegrityError: 1}
    assert _doubles() == 0
    assert Firing.objects.count() == 5


def test_control_without_lock_and_constraint_rungs_are_doubled(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.order(at=OPENED)
    _both_read_before_either_writes(monkeypatch)
    with promise_dropped():
        assert at_once(_unlocked_sweep, _unlocked_sweep) == [5, 5]
        assert _doubles() == 5


def test_a_sweep_does_not_wait_for_a_clock_that_another_holds(town: City) -> None:
    held, free = town.order(at=OPENED), town.order(at=OPENED)
    with transaction.atomic():
        Clock.objects.select_for_update().get(kind=REPLY, subject_id=held.request_id)
        (swept,) = at_once(lambda: sweep(LATE))
        assert swept.firings == 5
    assert set(Firing.objects.values_list("clock__subject_id", flat=True)) == {free.request_id}
    assert sweep(LATE).firings == 5


@pytest.mark.parametrize("attempt", range(3))
def test_a_sweep_beside_a_reply_records_what_was_due_before_it_once(
    town: City, attempt: int
) -> None:
    """Whoever comes first: the rung was due before the reply, so it is recorded, once."""
    order = town.order(at=OPENED)
    judge = town.judge()
    answered_at = RUNG1 + timedelta(seconds=1)
    swept, replied = at_once(
        lambda: sweep(answered_at),
        lambda: services.reply(order_id=order.pk, text="已答复。", by=judge, at=answered_at),
    )
    assert not isinstance(swept, Exception), swept
    assert not isinstance(replied, Exception), replied
    clock = Clock.objects.get(kind=REPLY, subject_id=order.request_id)
    rows = list(clock.firings.order_by("due_at"))
    assert [row.step for row in rows] == ["warning", "rung1"]
    assert len({row.was_settled for row in rows}) == 1  # recorded by one of them, not by both
    assert (clock.stopped_at, clock.next_due_at) == (answered_at, None)
    ladder = Notice.objects.filter(kind="ladder.reply", subject_id=order.request_id)
    assert ladder.count() == 3
    sweep(LATE)
    assert clock.firings.count() == 2


def test_control_without_settling_a_reply_swallows_the_rung(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "_settle", lambda *_args, **_kwargs: None)
    order = town.order(at=OPENED)
    services.reply(
        order_id=order.pk, text="已答复。", by=town.judge(), at=RUNG1 + timedelta(seconds=1)
    )
    sweep(LATE)
    assert not Firing.objects.filter(clock__subject_id=order.request_id).exists()


def test_a_sweep_beside_a_reassignment_names_the_unit_that_answered_then(town: City) -> None:
    order, other = town.order(at=OPENED), town.division(index=1)
    leader = town.holder("department_leader", department=town.division())
    at = RUNG1 + timedelta(seconds=1)
    results = at_once(
        lambda: sweep(at),
        lambda: services.reassign(
            order_id=order.pk, department=other, handler=None, reason="归执行局办理",
            by=leader, at=at,
        ),
    )  # fmt: skip
    assert not [result for result in results if isinstance(result, Exception)]
    rows = Firing.objects.filter(clock__subject_id=order.request_id)
    assert {row.department_id for row in rows} == {town.division().pk}
    assert rows.count() == 2
    assert WorkOrder.objects.get(pk=order.pk).department == other
    sweep(LATE)
    later = rows.filter(step__in=["rung2", "rung3", "rung4"])
    assert {row.department_id for row in later} == {other.pk}


def test_merges_in_both_directions_at_once_wait_for_no_ring(town: City) -> None:
    one, two = town.order(at=OPENED).request_id, town.order(at=OPENED).request_id
    results = at_once(
        lambda: clocks.merge(kind=REPLY, survivor_id=one, other_id=two, at=RUNG1),
        lambda: clocks.merge(kind=REPLY, survivor_id=two, other_id=one, at=RUNG1),
    )
    assert not [result for result in results if isinstance(result, Exception)], results
    assert ClockEvent.objects.filter(kind=ClockEvent.Kind.MERGED).count() == 2
    assert _doubles() == 0


@pytest.mark.django_db
def test_the_constraints_that_carry_the_promise_are_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'u'")
        names = {name for (name,) in cursor.fetchall()}
    promised = {"firing_once_uniq", "firing_recipient_uniq", "clock_subject_uniq"}
    assert promised <= names
