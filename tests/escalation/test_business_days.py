"""Business days against the published schedules and against walking from day to day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courts.business_days import (
    BusinessCalendar,
    DayKind,
    OutOfCalendar,
    end_of_limit,
    local_date,
    next_opening,
)
from courts.calendar import FIRST_YEAR, LAST_YEAR, public_schedule
from tests.city import local
from tests.escalation.schedules import SERIES, embedded, published, walk, worked_by

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = time(9)


def _calendar() -> BusinessCalendar:
    special, provisional = public_schedule()
    return BusinessCalendar(
        special, first_year=FIRST_YEAR, last_year=LAST_YEAR, provisional_years=provisional
    )


CALENDAR = _calendar()


def _days_of(years: range) -> list[date]:
    first = date(years[0], 1, 1)
    return [first + timedelta(days=n) for n in range((date(years[-1], 12, 31) - first).days + 1)]


def test_every_day_of_2020_is_as_published() -> None:
    worked = worked_by(embedded())
    wrong = [
        day for day in _days_of(range(2020, 2021)) if CALENDAR.is_business_day(day) != worked(day)
    ]
    assert wrong == []
    # The schedule itself, counted by hand: 262 weekdays, 19 of them off, 6 weekend days worked.
    assert sum(worked(day) for day in _days_of(range(2020, 2021))) == 262 - 19 + 6


@pytest.mark.skipif(not SERIES.exists(), reason="the series 2007 to 2026 is not beside the project")
def test_every_day_from_2007_to_2026_is_as_published() -> None:
    special, years = published()
    worked = worked_by(special)
    wrong = [day for day in _days_of(years) if CALENDAR.is_business_day(day) != worked(day)]
    assert wrong == []


@settings(max_examples=400, deadline=None)
@given(
    st.dates(date(2007, 1, 1), date(2026, 10, 1)) if SERIES.exists()
    else st.dates(date(2020, 1, 1), date(2020, 10, 1)),
    st.integers(1, 30),
)  # fmt: skip
def test_counting_equals_walking(day0: date, n: int) -> None:
    worked = worked_by(published()[0])
    found = CALENDAR.nth_after(day0, n)
    assert found == walk(day0, n, worked)
    assert CALENDAR.number_of(day0, found) == n
    assert CALENDAR.number_of(day0, found - timedelta(days=1)) == n - 1
    # Day 0 never counts, so a business day 0 and the day off behind it count alike.
    if worked(day0):
        before = day0 - timedelta(days=1)
        assert CALENDAR.nth_after(before, n + 1) == found


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.dates(date(2021, 1, 1), date(2021, 12, 31)),
        st.sampled_from([DayKind.HOLIDAY, DayKind.MAKE_UP, DayKind.CLOSED, DayKind.OPENED]),
        max_size=60,
    ),
    st.dates(date(2021, 1, 1), date(2021, 6, 30)),
    st.integers(1, 20),
)
def test_counting_equals_walking_whatever_is_entered(
    entered: dict[date, DayKind], day0: date, n: int
) -> None:
    calendar = BusinessCalendar(
        {day: (kind, "") for day, kind in entered.items()}, first_year=2021, last_year=2021
    )
    works = {DayKind.HOLIDAY: False, DayKind.CLOSED: False}
    worked = worked_by({day: works.get(kind, True) for day, kind in entered.items()})
    assert calendar.nth_after(day0, n) == walk(day0, n, worked)


def test_the_first_day_of_a_year_counts_from_the_year_before() -> None:
    # Thursday 31 December 2020; 1 January is off, the weekend too, Monday 4 January is day 1.
    assert CALENDAR.nth_after(date(2020, 12, 31), 1) == date(2021, 1, 4)


def test_a_year_not_announced_is_provisional() -> None:
    _special, years = published()
    assert 2027 in CALENDAR.provisional_years
    assert not CALENDAR.provisional_years & set(years)
    spring_festival = CALENDAR.describe(date(2027, 2, 8))  # the third day of the new year
    assert spring_festival.is_provisional
    assert not spring_festival.is_business
    assert spring_festival.name
    assert not any(
        CALENDAR.describe(day).kind is DayKind.MAKE_UP for day in _days_of(range(2027, 2028))
    )
    assert not CALENDAR.describe(date(2026, 12, 31)).is_provisional


def test_outside_the_known_years_nothing_is_guessed() -> None:
    with pytest.raises(OutOfCalendar):
        CALENDAR.describe(date(FIRST_YEAR - 1, 12, 31))
    with pytest.raises(OutOfCalendar):
        CALENDAR.nth_after(date(LAST_YEAR, 12, 31), 1)
    with pytest.raises(ValueError, match="from 1"):
        CALENDAR.nth_after(date(2020, 6, 5), 0)


def test_the_date_is_the_one_in_the_courts_zone() -> None:
    late = datetime(2020, 6, 5, 16, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight in Shanghai
    assert local_date(late, SHANGHAI) == date(2020, 6, 6)
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2020, 6, 5), SHANGHAI)  # noqa: DTZ001 - the point


def test_a_limit_ends_at_the_midnight_after_its_last_day() -> None:
    end = end_of_limit(CALENDAR, date(2020, 6, 5), 3, SHANGHAI)
    assert end == datetime(2020, 6, 11, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        (local(2020, 6, 5, 8, 59), local(2020, 6, 5, 9)),
        (local(2020, 6, 5, 9), local(2020, 6, 8, 9)),  # strictly after
        (local(2020, 6, 6, 3), local(2020, 6, 8, 9)),  # Saturday
        (local(2020, 6, 24, 12), local(2020, 6, 28, 9)),  # the worked Sunday
        (local(2020, 6, 28, 8), local(2020, 6, 28, 9)),
    ],
)
def test_the_next_opening_hour(after: datetime, opening: datetime) -> None:
    assert next_opening(CALENDAR, after, NINE, SHANGHAI) == opening
