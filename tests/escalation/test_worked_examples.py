"""The worked examples, through the pure ladder and through the engine with its database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from courts import calendar
from escalation import ladder, policy
from escalation.places import Places
from tests.city import City, local
from tests.escalation.examples import EXAMPLES, Example
from tests.escalation.test_business_days import CALENDAR, NINE, SHANGHAI
from tests.escalation.timed import register_once

GUANGZHOU = policy.parse("guangzhou.toml", policy.read_file(policy.FOLDER / "guangzhou.toml"))
REPLY = GUANGZHOU.clocks["request.reply"]
by_reason = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.why)


def _frame(level: str = "primary") -> ladder.Frame:
    return ladder.Frame(CALENDAR, SHANGHAI, NINE, level)


@by_reason
def test_the_pure_ladder(example: Example) -> None:
    anchors = ladder.Anchors(example.opened, example.opened)
    due = ladder.schedule(REPLY, anchors, _frame())
    assert [(item.step.key, item.due_at) for item in due] == list(example.steps)
    assert ladder.limit_end(REPLY.limits["ordinary"], anchors, _frame()) == example.limit_at


@by_reason
def test_the_hour_of_day_0_does_not_matter(example: Example) -> None:
    for hour in (0, 8, 9, 23):
        at = example.opened.replace(hour=hour, minute=59)
        due = ladder.schedule(REPLY, ladder.Anchors(at, at), _frame())
        assert [(item.step.key, item.due_at) for item in due] == list(example.steps)


@by_reason
def test_the_engine_fires_at_these_instants_and_not_a_second_before(
    town: City, example: Example
) -> None:
    timed = register_once(town, example.opened)
    assert timed.clock.limit_at == example.limit_at
    for count, (step, due_at) in enumerate(example.steps):
        assert timed.clock.next_due_at == due_at
        assert len(timed.swept(due_at - timedelta(seconds=1)).fired) == count
        firing = timed.swept(due_at).fired[step]
        assert (firing.due_at, firing.fired_at, firing.level) == (due_at, due_at, count)
    assert timed.clock.next_due_at is None


@by_reason
def test_one_sweep_after_years_gives_the_same(town: City, example: Example) -> None:
    timed = register_once(town, example.opened)
    timed.swept(local(2026, 11, 1))
    assert [(step, firing.due_at) for step, firing in timed.fired.items()] == list(example.steps)


def test_no_rung_4_from_a_court_that_is_not_primary() -> None:
    at = EXAMPLES[0].opened
    due = ladder.schedule(REPLY, ladder.Anchors(at, at), _frame("intermediate"))
    assert [item.step.key for item in due] == ["warning", "rung1", "rung2", "rung3"]


def test_without_dispatch_only_the_parties_eight_days_run() -> None:
    example = EXAMPLES[0]
    anchors = ladder.Anchors(example.opened, None)
    due = ladder.schedule(REPLY, anchors, _frame())
    assert [(item.step.key, item.due_at) for item in due] == [example.steps[-1]]
    assert ladder.limit_end(REPLY.limits["ordinary"], anchors, _frame()) is None


def test_beijing_urges_on_schedule_and_tells_no_president() -> None:
    beijing = policy.parse("beijing.toml", policy.read_file(policy.FOLDER / "beijing.toml"))
    at = local(2020, 6, 5)
    kind = beijing.clocks["request.reply"]
    due = ladder.schedule(kind, ladder.Anchors(at, at), _frame())
    urges = [item.due_at for item in due if item.step.key == "urge"]
    # Opening of business days 3 and 4 and every one after, twenty in all.
    expected = [local(2020, 6, day, 9) for day in (10, 11, 12, 15, 16, 17, 18, 19, 22, 23, 24)]
    expected += [local(2020, 6, day, 9) for day in (28, 29, 30)]
    expected += [local(2020, 7, day, 9) for day in (1, 2, 3, 6, 7, 8)]
    assert urges == expected
    chiefs = [item.due_at for item in due if item.step.key == "division_chief"]
    assert chiefs == [local(2020, 6, 11, 9)]
    told = {role for item in due for role in item.step.to}
    assert told == {"liaison_officer", "department_leader"}


def test_emergencies_are_counted_in_minutes_day_and_night() -> None:
    step = ladder.Step(
        "alarm", 1, "opened", 30, ("president",), unit="minutes", every=10, at_most=3
    )
    at = local(2020, 10, 3, 23, 45)  # at night, on a holiday
    due = ladder.schedule(ladder.TimedKind({}, (step,)), ladder.Anchors(at, None), _frame())
    assert [item.due_at - at for item in due] == [timedelta(minutes=n) for n in (30, 40, 50)]


@pytest.mark.django_db
def test_a_limit_in_a_year_not_announced_is_provisional(town: City) -> None:
    timed = register_once(town, local(2026, 12, 31))
    clock = timed.clock
    # 1 January is a statutory holiday; a weekend follows. Nothing is known of make-up days.
    assert clock.limit_at == local(2027, 1, 7, 0)
    frame = (
        Places([clock.court_id])
        .of(clock.court_id, clock.policy_id, clock.calendar_version_id)
        .frame
    )
    assert 2027 in frame.calendar.provisional_years
    assert 2026 not in calendar.present(town.east.pk).provisional_years
