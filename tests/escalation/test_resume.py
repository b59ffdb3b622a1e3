"""A rejected reply: the clock runs on as if it had never been sent, gently."""

from __future__ import annotations

from datetime import timedelta

from escalation.ladder import Due, Limit, Step, TimedKind, pending
from escalation.models import ClockEvent
from tests.city import City, local
from tests.escalation.timed import WORDS, register_once

OPENED = local(2020, 6, 5, 14)
REPLIED = local(2020, 6, 9, 15)  # before any step was due
WARNING, RUNG1, RUNG2 = local(2020, 6, 10, 9), local(2020, 6, 11, 9), local(2020, 6, 15, 9)
RUNG3, RUNG4 = local(2020, 6, 17, 9), local(2020, 6, 18, 9)
LATE = local(2020, 8, 3, 9)
SECOND = timedelta(seconds=1)


def test_rungs_missed_meanwhile_wait_for_the_next_opening_hour(town: City) -> None:
    rejected = local(2020, 6, 15, 16)
    opening = local(2020, 6, 16, 9)
    timed = register_once(town, OPENED).stop(REPLIED).resume(rejected, REPLIED)
    assert timed.clock.next_due_at == opening
    assert timed.swept(rejected, opening - SECOND).fired == {}
    timed.swept(opening)
    assert [(step, row.due_at, row.fired_at) for step, row in timed.fired.items()] == [
        ("warning", WARNING, opening),
        ("rung1", RUNG1, opening),
        ("rung2", RUNG2, opening),
    ]


def test_only_the_highest_of_them_is_sent_and_it_names_the_rejection(town: City) -> None:
    timed = register_once(town, OPENED).stop(REPLIED)
    timed.resume(local(2020, 6, 15, 16), REPLIED).swept(local(2020, 6, 16, 9))
    assert [row.is_silent for row in timed.fired.values()] == [True, True, False]
    deputy = town.holder("deputy_president", court=town.east).username
    assert timed.notices == [("rung2", deputy)]
    assert all(row.detail["after_rejection"] for row in timed.fired.values())
    # The silent ones keep to whom they would have gone.
    leader = town.holder("department_leader", department=town.division()).username
    assert timed.went_to("rung1") == {leader: "department_leader"}
    event = timed.clock.events.get(kind=ClockEvent.Kind.RESUMED)
    assert event.params["words"] == WORDS
    assert event.params["replied_at"].startswith("2020-06-09")


def test_what_comes_due_after_the_rejection_is_sent_as_ever(town: City) -> None:
    timed = register_once(town, OPENED).stop(REPLIED)
    timed.resume(local(2020, 6, 16, 16), REPLIED).swept(RUNG3, RUNG4)
    # At the next opening hour rung 3 is due by itself, beside the highest of those missed.
    assert [step for step, _person in timed.notices] == ["rung2", "rung3", "rung4"]
    assert timed.fired["rung3"].detail == {}
    assert timed.fired["rung3"].fired_at == RUNG3


def test_a_rung_of_the_very_opening_hour_is_not_one_that_was_missed(town: City) -> None:
    timed = register_once(town, OPENED).stop(REPLIED)
    timed.resume(RUNG1 - SECOND, REPLIED).swept(RUNG1)
    assert [row.is_silent for row in timed.fired.values()] == [False, False]
    assert timed.fired["warning"].detail == {"after_rejection": True}
    assert timed.fired["rung1"].detail == {}


def test_what_is_counted_in_minutes_waits_for_no_opening_hour_unless_it_was_missed() -> None:
    rejected, opening = local(2020, 6, 5, 18, 5), local(2020, 6, 8, 9)
    step = Step("remind", 0, "opened", 30, ("handler",), unit="minutes", every=30, at_most=3)
    kind = TimedKind({"alarm": Limit("alarm", "opened", minutes=60)}, (step,))
    missed, later, last = (
        Due(step, number, local(2020, 6, 5, 17, 30) + number * timedelta(minutes=30))
        for number in (1, 2, 3)
    )
    waiting = pending(kind, [missed, later, last], 0, rejected_at=rejected, not_before=opening)
    assert waiting == [
        (later.due_at, later),
        (last.due_at, last),
        (opening, missed),
    ]


def test_a_new_reply_before_that_opening_hour_records_none(town: City) -> None:
    rejected = local(2020, 6, 15, 16)
    timed = register_once(town, OPENED).stop(REPLIED).resume(rejected, REPLIED)
    timed.stop(local(2020, 6, 16, 8, 59)).swept(LATE)
    assert timed.fired == {}
    assert timed.notices == []


def test_a_new_reply_at_that_opening_hour_records_them(town: City) -> None:
    timed = register_once(town, OPENED).stop(REPLIED).resume(local(2020, 6, 15, 16), REPLIED)
    timed.stop(local(2020, 6, 16, 9))
    assert list(timed.fired) == ["warning", "rung1", "rung2"]
    assert timed.fired["rung2"].was_settled


def test_two_rejections_count_as_one_long_silence(town: City) -> None:
    timed = register_once(town, OPENED).stop(REPLIED)
    timed.resume(local(2020, 6, 12, 16), REPLIED).stop(local(2020, 6, 14, 12))  # a Sunday
    timed.resume(local(2020, 6, 15, 16), local(2020, 6, 14, 12)).swept(LATE)
    behind = [step for step, row in timed.fired.items() if row.detail.get("after_rejection")]
    assert behind == ["warning", "rung1", "rung2"]
    assert [step for step, row in timed.fired.items() if row.is_silent] == ["warning", "rung1"]


def test_what_fired_before_the_reply_is_neither_repeated_nor_silenced(town: City) -> None:
    replied = local(2020, 6, 12, 10)
    timed = register_once(town, OPENED).swept(WARNING, RUNG1).stop(replied)
    timed.resume(local(2020, 6, 15, 16), replied).swept(local(2020, 6, 16, 9))
    assert [row.is_silent for row in timed.fired.values()] == [False, False, False]
    assert [step for step, _person in timed.notices] == ["warning", "warning", "rung1", "rung2"]


def test_rejected_on_a_holiday_waits_for_the_first_day_worked(town: City) -> None:
    timed = register_once(town, local(2020, 6, 18, 14)).stop(local(2020, 6, 19, 9))
    timed.resume(local(2020, 6, 26, 16), local(2020, 6, 19, 9))
    assert timed.clock.next_due_at == local(2020, 6, 28, 9)  # the worked Sunday


def test_a_rejection_within_the_limit_only_lets_it_run_on(town: City) -> None:
    timed = register_once(town, OPENED).stop(REPLIED).resume(REPLIED + timedelta(hours=1), REPLIED)
    assert timed.clock.next_due_at == WARNING
    timed.swept(WARNING)
    assert not timed.fired["warning"].is_silent
    assert timed.fired["warning"].detail == {}


def test_resuming_a_running_clock_changes_nothing(town: City) -> None:
    timed = register_once(town, OPENED).resume(REPLIED, REPLIED)
    assert timed.clock.resumed_at is None
    assert not timed.clock.events.filter(kind=ClockEvent.Kind.RESUMED).exists()
