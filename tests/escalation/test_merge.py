"""Merging buys no time: the earliest anchors and all fired rungs of both."""

from __future__ import annotations

from datetime import date

from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import ClockEvent
from notices.models import Notice
from tests.city import City, local
from tests.escalation.timed import Timed, register_once

OPENED = local(2020, 6, 5, 14)
WARNING, RUNG1 = local(2020, 6, 10, 9), local(2020, 6, 11, 9)
LATE = local(2020, 8, 3, 9)
MERGED = local(2020, 6, 11, 12)


def test_the_one_that_goes_on_takes_the_earliest_anchors(town: City) -> None:
    older, younger = register_once(town, OPENED), register_once(town, local(2020, 6, 9))
    older.merge_into(younger, MERGED)
    clock = younger.clock
    assert (clock.opened_at, clock.assigned_at) == (OPENED, OPENED)
    assert clock.limit_at == local(2020, 6, 11, 0)
    younger.swept(LATE)
    due = {step: row.due_at for step, row in younger.fired.items()}
    assert due["warning"] == WARNING
    assert due["rung1"] == RUNG1
    assert due["rung4"] == local(2020, 6, 18, 9)


def test_anchors_of_different_ones_are_taken_each(town: City) -> None:
    undispatched = Timed(town, town.east).start(OPENED)
    dispatched = register_once(town, local(2020, 6, 9))
    undispatched.merge_into(dispatched, MERGED)
    clock = dispatched.clock
    assert (clock.opened_at, clock.assigned_at) == (OPENED, local(2020, 6, 9))


def test_fired_rungs_are_taken_over_and_not_sent_again(town: City) -> None:
    older = register_once(town, OPENED).swept(RUNG1)
    younger = register_once(town, local(2020, 6, 9))
    notices = Notice.objects.count()
    older.merge_into(younger, MERGED)
    assert Notice.objects.count() == notices
    assert list(younger.fired) == ["warning", "rung1"]
    for step, row in younger.fired.items():
        original = older.fired[step]
        assert row.detail == {"merged_from": original.pk}
        assert (row.due_at, row.fired_at) == (original.due_at, original.fired_at)
        assert younger.went_to(step) == older.went_to(step)
    younger.swept(LATE)
    assert [step for step, _person in younger.notices] == ["rung2", "rung3", "rung4"]


def test_a_hold_of_the_other_court_holds_nothing_back_here(town: City) -> None:
    closed = [DayChange(date(2020, 6, day), False, "台风", court=town.east) for day in (8, 9)]
    change_calendar(closed, reason="台风", approval="穗中法", by=None, at=local(2020, 6, 1))
    rejected = register_once(town, local(2020, 6, 1, 14)).stop(local(2020, 6, 2, 10))
    rejected.resume(local(2020, 6, 5, 16), local(2020, 6, 2, 10))
    assert rejected.clock.not_before_at == local(2020, 6, 10, 9)
    here = Timed(town, town.west).start(local(2020, 6, 2, 14))
    here.assign(local(2020, 6, 2, 14), town.division(town.west))
    rejected.merge_into(here, local(2020, 6, 5, 17))
    # What was missed there waits for the opening here; what comes due here waits for nothing.
    here.swept(local(2020, 6, 8, 9), local(2020, 6, 9, 9))
    assert here.fired["rung1"].detail == {"after_rejection": True}
    assert here.fired["rung1"].fired_at == local(2020, 6, 8, 9)
    assert here.fired["rung2"].due_at == here.fired["rung2"].fired_at == local(2020, 6, 9, 9)


def test_what_was_due_is_settled_for_both_first(town: City) -> None:
    older, younger = register_once(town, OPENED), register_once(town, local(2020, 6, 8))
    older.merge_into(younger, MERGED)
    assert list(older.fired) == ["warning", "rung1"]
    assert younger.fired["warning"].due_at == local(2020, 6, 11, 9)  # its own
    assert younger.fired["rung1"].detail == {"merged_from": older.fired["rung1"].pk}


def test_the_other_stops_for_good(town: City) -> None:
    older, younger = register_once(town, OPENED), register_once(town, local(2020, 6, 9))
    older.merge_into(younger, MERGED)
    assert older.clock.stopped_at == MERGED
    before = list(older.fired)
    older.swept(LATE)
    assert list(older.fired) == before
    event = older.clock.events.get(kind=ClockEvent.Kind.STOPPED)
    assert event.params == {"reason": "merged", "into": younger.subject_id}


def test_merging_the_younger_into_the_older_changes_no_date(town: City) -> None:
    older, younger = register_once(town, OPENED), register_once(town, local(2020, 6, 9))
    before = older.clock.limit_at
    younger.merge_into(older, local(2020, 6, 9, 12))
    assert (older.clock.limit_at, older.clock.next_due_at) == (before, WARNING)
