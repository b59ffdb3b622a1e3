"""How the engine stands: each figure from real rows, as cheap for many as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.models import CalendarVersion
from escalation import state as figures
from escalation.health import LEFT_OUT
from escalation.models import Clock, SweepRun
from escalation.retiming import retime_stale
from escalation.state import Number, is_broken_off, per_second, state
from escalation.sweep import sweep
from tests.city import City, local
from tests.escalation.timed import register_once

OPENED = local(2020, 6, 5, 14)
WARNING, RUNG1 = local(2020, 6, 10, 9), local(2020, 6, 11, 9)


def test_nothing_runs_and_nobody_has_swept(town: City) -> None:
    now = state(OPENED)
    assert (now.running, now.due, now.set_aside, now.stale) == (Number(0),) * 4
    assert (now.oldest_due_at, now.oldest_due_age) == (None, timedelta(0))
    assert (now.last_sweep, now.last_sweep_age, now.last_work) == (None, None, None)
    assert now.is_late
    assert not now.is_well


def test_clocks_run_come_due_and_stop(town: City) -> None:
    one, *_others = [register_once(town, OPENED) for _ in range(3)]
    register_once(town, OPENED + timedelta(days=3))  # due after the others
    assert (state(OPENED).running, state(OPENED).due) == (Number(4), Number(0))
    now = state(WARNING + timedelta(seconds=5))
    assert (now.due, now.oldest_due_at) == (Number(3), WARNING)
    assert now.oldest_due_age == timedelta(seconds=5)
    assert (state(RUNG1).due, state(RUNG1).oldest_due_at) == (Number(4), WARNING)
    sweep(WARNING)
    assert state(WARNING).due == Number(0)
    assert state(RUNG1).due == Number(4)  # the second step of three, the first of one
    one.stop(RUNG1)
    assert (state(RUNG1).running, state(RUNG1).due) == (Number(3), Number(3))


def test_what_is_set_aside_neither_runs_nor_is_due(town: City) -> None:
    bad = register_once(town, OPENED)
    register_once(town, OPENED)
    Clock.objects.filter(pk=bad.clock.pk).update(kind="no.such.kind")
    assert state(WARNING).set_aside == Number(0)
    sweep(WARNING)
    now = state(RUNG1)
    assert (now.set_aside, now.running, now.due) == (Number(1), Number(1), Number(1))
    assert not now.is_well


def test_a_change_of_the_calendar_is_followed_until_it_has_reached_every_clock(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped, *_running = [register_once(town, OPENED) for _ in range(4)]
    stopped.stop(OPENED)
    assert state(OPENED).stale == Number(0)
    CalendarVersion.objects.create(reason="台风")
    now = state(OPENED)
    assert (now.stale, now.running, now.counted_anew) == (Number(3), Number(3), 0)
    retime_stale(OPENED)
    now = state(OPENED)
    assert (now.stale, now.counted_anew) == (Number(0), 3)
    CalendarVersion.objects.create(reason="台风未至")
    monkeypatch.setattr(figures, "CAP_OF_STALE", 2)
    assert (state(OPENED).stale, state(OPENED).counted_anew) == (Number(2, is_more=True), None)


def test_very_many_are_counted_no_further_than_the_cap(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(8):
        register_once(town, OPENED)
    monkeypatch.setattr(figures, "CAP", 8)
    assert state(WARNING).running == state(WARNING).due == Number(8)
    monkeypatch.setattr(figures, "CAP", 5)
    now = state(WARNING)
    assert now.due == now.running == Number(5, is_more=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE escalation_clock")
    assert state(WARNING).running == Number(8, is_about=True)
    Clock.objects.update(set_aside="ValueError: x")
    assert state(WARNING).set_aside == Number(5, is_more=True)


def test_the_last_sweep_and_the_last_that_found_something(town: City) -> None:
    at = timezone.now()
    seconds = timedelta(seconds=1)
    work = SweepRun.objects.create(
        started_at=at - 100 * seconds, ended_at=at - 60 * seconds, clocks=5000, firings=9000
    )
    idle = SweepRun.objects.create(started_at=at - 31 * seconds, ended_at=at - 30 * seconds)
    SweepRun.objects.create(started_at=at - 5 * seconds, clocks=5000)  # under way
    now = state(at)
    assert (now.last_sweep, now.last_work) == (idle, work)
    assert now.last_sweep_age == 30 * seconds
    assert per_second(work) == 125
    assert now.is_well
    allowed = LEFT_OUT * settings.SWEEP_SECONDS * seconds
    assert not state(at - 30 * seconds + allowed).is_late
    late = state(at - 29 * seconds + allowed)
    assert late.is_late
    assert not late.is_well


def test_a_sweep_has_no_speed_before_it_ends(town: City) -> None:
    assert per_second(SweepRun(started_at=OPENED, clocks=5)) is None
    assert per_second(SweepRun(started_at=OPENED, ended_at=OPENED, clocks=5)) is None


def test_what_stays_due_although_sweeps_end_is_told(town: City) -> None:
    at = timezone.now()
    register_once(town, at)
    SweepRun.objects.create(started_at=at, ended_at=at)
    allowed = timedelta(seconds=LEFT_OUT * settings.SWEEP_SECONDS)
    Clock.objects.update(next_due_at=at - allowed)
    assert not state(at).is_behind
    Clock.objects.update(next_due_at=at - allowed - timedelta(seconds=1))
    assert state(at).is_behind
    assert not state(at).is_well


def test_sweeps_that_never_ended_are_counted_for_a_day(town: City) -> None:
    at = timezone.now()
    limit = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    for age in (limit / 2, limit * 2, limit * 3, timedelta(days=2)):
        SweepRun.objects.create(started_at=at - age, clocks=5000)
    SweepRun.objects.create(started_at=at - limit * 3, ended_at=at - limit)
    assert state(at).broken_off == 2
    never_ended = SweepRun.objects.filter(ended_at__isnull=True).order_by("-started_at")
    assert [is_broken_off(run, at) for run in never_ended] == [False, True, True, True]
    assert not any(is_broken_off(run, at) for run in SweepRun.objects.exclude(ended_at=None))


def test_the_same_statements_for_one_clock_and_for_fifty(town: City) -> None:
    counts = []
    for number in (1, 10, 50):
        for _ in range(number):
            register_once(town, OPENED)
        bad = register_once(town, OPENED)
        Clock.objects.filter(pk=bad.clock.pk).update(set_aside="ValueError: x")
        CalendarVersion.objects.create(reason=f"{number}")
        with CaptureQueriesContext(connection) as captured:
            now = state(WARNING)
        assert now.stale.value == now.running.value >= number
        counts.append(len(captured))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 8


def test_each_count_is_served_by_its_index(town: City) -> None:
    register_once(town, OPENED)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are quicker read outright
        cursor.execute("SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as captured:
        state(WARNING)
    plans = []
    for query in captured:
        if "escalation_clock" in query["sql"] and query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plans.append("\n".join(row for (row,) in cursor.fetchall()))
    indexes = ("clock_due_idx", "clock_running_idx", "clock_set_aside_idx", "clock_running_idx")
    for plan, index in zip(plans, indexes, strict=True):
        assert f"using {index} on" in plan
        assert "Sort" not in plan
