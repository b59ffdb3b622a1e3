"""A verb settles the clock before it stops or moves it: the record depends on no sweep."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from escalation.models import ClockEvent
from tests.city import City, local
from tests.escalation.timed import Timed, register_once

OPENED = local(2020, 6, 5, 14)
WARNING, RUNG1, RUNG2 = local(2020, 6, 10, 9), local(2020, 6, 11, 9), local(2020, 6, 15, 9)
LATE = local(2020, 8, 3, 9)
SECOND = timedelta(seconds=1)


def test_an_answer_records_what_was_due_before_it_and_says_so(town: City) -> None:
    timed = register_once(town, OPENED).stop(RUNG1 + SECOND).swept(LATE)
    assert list(timed.fired) == ["warning", "rung1"]
    for firing in timed.fired.values():
        assert firing.fired_at == RUNG1 + SECOND
        assert firing.was_settled
    assert [step for step, _person in timed.notices] == ["warning", "warning", "rung1"]


def test_what_a_sweep_recorded_before_the_answer_was_not_settled(town: City) -> None:
    timed = register_once(town, OPENED).swept(RUNG1).stop(RUNG1 + SECOND)
    assert not any(firing.was_settled for firing in timed.fired.values())


def test_an_answer_a_second_before_the_rung_keeps_it_from_the_leader(town: City) -> None:
    timed = register_once(town, OPENED).stop(RUNG1 - SECOND).swept(LATE)
    assert list(timed.fired) == ["warning"]
    assert timed.clock.next_due_at is None


def test_an_answer_at_the_very_instant_of_the_rung_comes_after_it(town: City) -> None:
    timed = register_once(town, OPENED).stop(RUNG1)
    assert list(timed.fired) == ["warning", "rung1"]


def test_an_answer_on_the_weekend_after_the_limit_disturbs_no_leader(town: City) -> None:
    # Assigned Tuesday: the limit ends Friday, the rung is due on Monday.
    timed = register_once(town, local(2020, 6, 9)).stop(local(2020, 6, 13, 12)).swept(LATE)
    assert timed.clock.limit_at == local(2020, 6, 13, 0)
    assert list(timed.fired) == ["warning"]


def test_stopping_twice_changes_nothing(town: City) -> None:
    timed = register_once(town, OPENED).stop(RUNG1 - SECOND)
    before = timed.clock.stopped_at
    timed.stop(LATE)
    assert timed.clock.stopped_at == before
    assert list(timed.fired) == ["warning"]
    assert timed.clock.events.filter(kind=ClockEvent.Kind.STOPPED).count() == 1


def test_a_move_records_what_was_due_for_the_unit_that_had_it(town: City) -> None:
    other = town.division(index=1)
    timed = register_once(town, OPENED).move(RUNG1 + SECOND, other, town.judge(other))
    rung1 = timed.fired["rung1"]
    assert rung1.department == town.division()
    assert rung1.handler == town.judge()
    assert not rung1.was_settled  # no answer has come
    leader = town.holder("department_leader", department=town.division()).username
    assert timed.went_to("rung1") == {leader: "department_leader"}
    timed.swept(LATE)
    assert timed.fired["rung2"].department == other


def test_passing_it_on_buys_no_time(town: City) -> None:
    other = town.division(index=1)
    timed = register_once(town, OPENED)
    due, limit = timed.clock.next_due_at, timed.clock.limit_at
    timed.move(OPENED + timedelta(days=4), other).assign(OPENED + timedelta(days=4), other)
    assert (timed.clock.next_due_at, timed.clock.limit_at) == (due, limit)
    timed.swept(LATE)
    assert [firing.due_at for firing in timed.fired.values()][:3] == [WARNING, RUNG1, RUNG2]


def test_the_first_dispatch_alone_sets_the_anchor(town: City) -> None:
    timed = Timed(town, town.east).start(OPENED)
    assert timed.clock.assigned_at is None
    timed.assign(local(2020, 6, 8, 16)).assign(local(2020, 6, 12, 16))
    assert timed.clock.assigned_at == local(2020, 6, 8, 16)
    timed.swept(LATE)
    # Rung 4 counts from the registration, the others from the dispatch.
    assert timed.fired["rung1"].due_at == local(2020, 6, 12, 9)
    assert timed.fired["rung4"].due_at == local(2020, 6, 18, 9)


def test_before_any_dispatch_rung_4_tells_the_superior_president(town: City) -> None:
    timed = Timed(town, town.east).start(OPENED).swept(LATE)
    assert list(timed.fired) == ["rung4"]
    firing = timed.fired["rung4"]
    assert (firing.department.kind, firing.handler) == ("litigation_service", None)


def test_a_move_to_the_intermediate_court_is_counted_anew_there(town: City) -> None:
    division = town.division(town.intermediate)
    timed = register_once(town, OPENED).move(RUNG1 + SECOND, division).swept(LATE)
    # No rung 4 from a court that is not primary; the rungs that fired stand.
    assert list(timed.fired) == ["warning", "rung1", "rung2", "rung3"]
    president = town.holder("president", court=town.intermediate).username
    assert timed.went_to("rung3") == {president: "president"}


def test_a_move_to_a_primary_court_brings_rung_4_with_its_first_anchor(town: City) -> None:
    division = town.division(town.intermediate)
    timed = Timed(town, town.intermediate).start(OPENED).assign(OPENED, division)
    timed.move(local(2020, 6, 22, 12), town.division(town.west)).swept(local(2020, 6, 22, 13))
    assert timed.fired["rung4"].due_at == local(2020, 6, 18, 9)
    assert timed.fired["rung4"].court == town.west


def test_three_attempts_on_two_days_mark_the_rungs_that_follow(town: City) -> None:
    timed = register_once(town, OPENED)
    timed.attempt(local(2020, 6, 8, 10)).attempt(local(2020, 6, 8, 11))
    assert timed.attempt(local(2020, 6, 8, 16)).clock.attempted_at is None  # three on one day
    timed.attempt(local(2020, 6, 10, 9, 1)).swept(LATE)
    assert timed.clock.attempted_at == local(2020, 6, 10, 9, 1)
    marked = [step for step, firing in timed.fired.items() if firing.was_attempted]
    assert marked == ["rung1", "rung2", "rung3", "rung4"]


def test_two_attempts_on_two_days_mark_nothing(town: City) -> None:
    timed = register_once(town, OPENED)
    timed.attempt(local(2020, 6, 8, 10)).attempt(local(2020, 6, 9, 10)).swept(LATE)
    assert not any(firing.was_attempted for firing in timed.fired.values())


def test_a_clock_is_assigned_no_earlier_than_it_was_opened(town: City) -> None:
    timed = Timed(town, town.east).start(OPENED)
    with pytest.raises(IntegrityError):
        timed.assign(OPENED - SECOND)


def test_a_subject_has_one_clock_of_a_kind(town: City) -> None:
    timed = Timed(town, town.east).start(OPENED)
    with pytest.raises(IntegrityError):
        timed.start(OPENED)
