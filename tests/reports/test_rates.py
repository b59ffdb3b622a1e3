"""The rule of the rates, on values: whose an item is, when it counts, and what counts as done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from courts.business_days import BusinessCalendar
from reports.holders import Holding, Unit, handler_at_limit, unit_at_limit
from reports.indicators import (
    Acceptance,
    Fact,
    Figure,
    Indicator,
    Reply,
    Result,
    outcomes,
    tally,
)
from reports.months import Month

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAIN = BusinessCalendar({}, first_year=2026, last_year=2027)
DESK, FIRST, SECOND, THIRD = Unit(1, 10), Unit(1, 11), Unit(1, 12), Unit(2, 21)
OCTOBER = Month(2026, 10)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def local(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def fact(**changes: object) -> Fact:
    """Registered and dispatched Monday 12 October; the reply limit ends with Thursday 15."""
    opened = local(10, 12, 10)
    values: dict = {
        "request_id": 1,
        "number": "A1",
        "acceptance": Acceptance(opened, local(10, 14), DESK),
        "reply": Reply(
            opened_at=opened,
            assigned_at=opened,
            counts_from_assigned=True,
            limit_at=local(10, 16),
            calendar_version=1,
            holdings=(Holding(opened, DESK), Holding(opened, FIRST)),
        ),
        "accepted_at": opened,
        "for_judge": True,
    }
    return Fact(**(values | changes))


def count(*facts: Fact, month: Month = OCTOBER, at: datetime = LATER) -> dict:
    """What became of each item: (request, indicator) -> (unit, result)."""
    found = outcomes(
        facts,
        month,
        at=at,
        zones={1: SHANGHAI, 2: SHANGHAI},
        calendar_of=lambda court, version: PLAIN,
    )
    return {(item.request_id, item.indicator): (item.unit, item.result) for item in found}


@pytest.mark.parametrize(
    ("answered_at", "result"),
    [
        (local(10, 15, 23, 59), Result.IN_TIME),
        (local(10, 16) - timedelta(microseconds=1), Result.IN_TIME),
        (local(10, 16), Result.LATE),
        (None, Result.LATE),
    ],
)
def test_done_before_the_end_of_the_limit_is_in_time_and_at_it_is_late(answered_at, result):
    counted = count(fact(answered_at=answered_at))
    assert counted[1, Indicator.COMPLETION] == (FIRST, result)
    assert counted[1, Indicator.LIAISON] == (FIRST, result)


def test_a_contact_reached_counts_for_liaison_and_not_for_completion():
    counted = count(fact(reached_at=local(10, 13, 9)))
    assert counted[1, Indicator.LIAISON][1] is Result.IN_TIME
    assert counted[1, Indicator.COMPLETION][1] is Result.LATE


def test_liaison_is_counted_only_over_what_was_for_a_judge():
    assert (1, Indicator.LIAISON) not in count(fact(for_judge=False))


def test_acceptance_counts_for_the_litigation_service():
    assert count(fact())[1, Indicator.ACCEPTANCE] == (DESK, Result.IN_TIME)
    late = count(fact(accepted_at=local(10, 14)))
    assert late[1, Indicator.ACCEPTANCE] == (DESK, Result.LATE)
    never = count(fact(accepted_at=None))
    assert never[1, Indicator.ACCEPTANCE] == (DESK, Result.LATE)


def test_withdrawn_before_the_limit_is_left_out_and_after_it_counted():
    early = count(fact(withdrawn=True, ended_at=local(10, 15, 12)))
    assert early[1, Indicator.COMPLETION][1] is Result.WITHDRAWN
    assert early[1, Indicator.LIAISON][1] is Result.WITHDRAWN
    assert early[1, Indicator.ACCEPTANCE][1] is Result.IN_TIME
    late = count(fact(withdrawn=True, ended_at=local(10, 16)))
    assert late[1, Indicator.COMPLETION][1] is Result.LATE


def test_a_limit_that_ends_at_midnight_ended_on_the_day_before():
    on_the_last_day = fact()
    reply = replace(on_the_last_day.reply, limit_at=local(11, 1))
    edge = replace(on_the_last_day, reply=reply)
    assert (1, Indicator.COMPLETION) in count(edge)
    assert (1, Indicator.COMPLETION) not in count(edge, month=Month(2026, 11))
    first = replace(edge, reply=replace(reply, limit_at=local(10, 1)))
    assert (1, Indicator.COMPLETION) not in count(first)


def test_a_limit_that_has_not_ended_yet_is_not_counted():
    assert (1, Indicator.COMPLETION) not in count(fact(), at=local(10, 15, 23))
    assert (1, Indicator.COMPLETION) in count(fact(), at=local(10, 16))


@pytest.mark.parametrize(
    ("holdings", "unit"),
    [
        # Held for the whole limit.
        ([(12, 10, FIRST)], FIRST),
        # Passed on on Wednesday: the new unit has the whole of Thursday.
        ([(12, 10, FIRST), (14, 23, SECOND)], SECOND),
        # Passed on on the last day: no full business day is left.
        ([(12, 10, FIRST), (15, 0, SECOND)], FIRST),
        ([(12, 10, FIRST), (15, 17, SECOND)], FIRST),
        # Passed on twice on the last day: it falls back on who had time for it.
        ([(12, 10, FIRST), (15, 9, SECOND), (15, 16, THIRD)], FIRST),
        # Another person of the same unit is no other unit.
        ([(12, 10, FIRST), (13, 9, SECOND), (15, 9, SECOND)], SECOND),
        # Passed on after the limit had ended.
        ([(12, 10, FIRST), (16, 0, SECOND)], FIRST),
        # Nobody had a full day: the first answers for it.
        ([(15, 9, FIRST), (15, 10, SECOND)], FIRST),
    ],
)
def test_an_item_counts_for_the_unit_that_answered_for_it_when_its_limit_ended(holdings, unit):
    held = [Holding(local(10, day, hour), one) for day, hour, one in holdings]
    found = unit_at_limit(held, local(10, 16), zone=SHANGHAI, calendar_of=lambda court: PLAIN)
    assert found == unit


@pytest.mark.parametrize(
    ("holdings", "person"),
    [
        ([(12, 10, DESK, None), (12, 11, FIRST, 7)], 7),
        # Given to a colleague in the unit: on Wednesday, and on the last day.
        ([(12, 10, FIRST, 7), (14, 9, FIRST, 8)], 8),
        ([(12, 10, FIRST, 7), (15, 9, FIRST, 8)], 7),
        # The other unit came too late, and so did its judge.
        ([(12, 10, FIRST, 7), (15, 9, SECOND, 9)], 7),
        # It lay with the unit and with nobody by name.
        ([(12, 10, FIRST, 7), (14, 9, FIRST, None)], None),
        # Two had it for a day each, of a unit that had it for none of these.
        ([(12, 10, FIRST, 7), (13, 9, SECOND, 9), (14, 10, SECOND, 8)], 8),
    ],
)
def test_an_item_counts_for_the_person_by_the_same_measure(holdings, person):
    held = [Holding(local(10, day, hour), one, who) for day, hour, one, who in holdings]
    rule: dict = {"zone": SHANGHAI, "calendar_of": lambda court: PLAIN}
    unit = unit_at_limit(held, local(10, 16), **rule)
    assert handler_at_limit(held, local(10, 16), unit, **rule) == person


def test_a_weekend_is_no_full_business_day():
    held = [Holding(local(10, 13, 10), FIRST), Holding(local(10, 16, 10), SECOND)]
    monday = unit_at_limit(held, local(10, 19), zone=SHANGHAI, calendar_of=lambda court: PLAIN)
    tuesday = unit_at_limit(held, local(10, 20), zone=SHANGHAI, calendar_of=lambda court: PLAIN)
    assert (monday, tuesday) == (FIRST, SECOND)


def test_merged_requests_count_once_by_the_earliest_anchor():
    early, late = local(10, 12, 10), local(10, 15, 10)
    merged_at = local(10, 20, 10)
    other = fact(merged_into=2, ended_at=merged_at, reached_at=local(10, 14, 9))
    goes_on = fact(
        request_id=2,
        number="A2",
        acceptance=Acceptance(late, local(10, 17), DESK),
        accepted_at=late,
        # The clock took over the earlier anchors, and with them the earlier limit.
        reply=Reply(
            opened_at=early,
            assigned_at=early,
            counts_from_assigned=True,
            limit_at=local(10, 16),
            calendar_version=1,
            holdings=(Holding(late, DESK), Holding(late, SECOND), Holding(merged_at, SECOND)),
        ),
        answered_at=local(10, 21, 9),
    )
    assert count(other, goes_on) == {
        (1, Indicator.ACCEPTANCE): (DESK, Result.MERGED),
        (1, Indicator.LIAISON): (FIRST, Result.MERGED),
        (1, Indicator.COMPLETION): (FIRST, Result.MERGED),
        (2, Indicator.ACCEPTANCE): (DESK, Result.IN_TIME),
        (2, Indicator.LIAISON): (FIRST, Result.IN_TIME),
        (2, Indicator.COMPLETION): (FIRST, Result.LATE),
    }


def test_figures_are_exact_and_a_unit_without_anything_due_has_none():
    items = outcomes(
        [fact(request_id=n, answered_at=local(10, 14) if n < 3 else None) for n in (1, 2, 3)],
        OCTOBER,
        at=LATER,
        zones={1: SHANGHAI},
        calendar_of=lambda court, version: PLAIN,
    )
    figures = tally(items)
    assert figures[FIRST][Indicator.COMPLETION].rate == Fraction(2, 3)
    assert figures[FIRST][Indicator.ACCEPTANCE].rate is None
    assert figures[DESK][Indicator.ACCEPTANCE] == Figure(done=3, due=3)


@pytest.mark.parametrize(
    ("done", "due", "percent"),
    [
        (2, 3, "66.7"),
        (1, 3, "33.3"),
        (1, 1, "100.0"),
        (9999, 10000, "99.9"),
        (0, 4, "0.0"),
        (0, 0, None),
        (1, 16, "6.3"),
    ],
)
def test_a_hundred_per_cent_is_shown_only_where_it_was_reached(done, due, percent):
    assert Figure(done, due).percent == percent


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-10", "2006-12", "2041-01", "２０２６-10", "", "x"]
)
def test_a_month_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_months_follow_each_other_over_the_year():
    december = Month.parse("2026-12")
    assert december.bounds(SHANGHAI) == (local(12, 1), local(1, 1, year=2027))
    assert str(december.plus(1)) == "2027-01"
    assert december.plus(-12) == Month(2025, 12)
    assert Month.of(datetime(2026, 12, 31, 16, tzinfo=UTC), SHANGHAI) == Month(2027, 1)
