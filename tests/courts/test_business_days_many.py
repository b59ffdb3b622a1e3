"""Every way of counting business days says the same, for every date and every count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import holidays
import numpy as np
import pytest
from django.db import DataError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from courts.business_days import BusinessCalendar, DayKind, OutOfCalendar
from courts.business_days_batch import BatchCalendar, Dates
from courts.business_days_sql import nth_after, number_of, out_of_calendar, relation
from courts.calendar import FIRST_YEAR, LAST_YEAR, public_schedule
from tests.escalation.schedules import published, walk, worked_by

COUNTS = range(1, 31)


def _calendar() -> BusinessCalendar:
    special, provisional = public_schedule()
    return BusinessCalendar(
        special, first_year=FIRST_YEAR, last_year=LAST_YEAR, provisional_years=provisional
    )


CALENDAR = _calendar()
YEARS = published()[1]
FIRST, LAST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _by_file() -> Callable[[int], Dates]:
    """Counted from the published special days alone; day 0 late in the last year has none."""
    worked = worked_by(published()[0])
    business = np.array([day for day in DAYS if worked(day)], dtype="datetime64[D]")
    passed = np.cumsum([worked(day) for day in DAYS])
    padded = np.concatenate([business, np.full(max(COUNTS), np.datetime64("NaT"))])
    return lambda n: padded[passed + n - 1]


def _by_busday_offset(day0: Dates) -> Callable[[int], Dates]:
    """The correct form: every day of the week open, and every day off a holiday."""
    days = [
        CALENDAR.first + timedelta(days=n) for n in range((CALENDAR.last - CALENDAR.first).days + 1)
    ]
    off = [day for day in days if not CALENDAR.is_business_day(day)]
    open_days = np.busdaycalendar("1111111", np.array(off, dtype="datetime64[D]"))
    # Rolled back to a business day at or before day 0, n business days on.
    return lambda n: np.busday_offset(day0, n, roll="backward", busdaycal=open_days)


def _by_statement(days: list[date]) -> dict[int, Dates]:
    counted = relation({1: CALENDAR})
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {counted.sql} SELECT n, array_agg({nth_after('day0', 'n::int')} ORDER BY day0)"
            " FROM unnest(%(days)s::date[]) AS asked (day0), generate_series(1, %(most)s) AS n,"
            " business_calendar GROUP BY n",
            counted.params | {"days": days, "most": max(COUNTS)},
        )
        return {n: np.array(found, dtype="datetime64[D]") for n, found in cursor.fetchall()}


@pytest.mark.django_db
def test_all_ways_agree_for_every_date_and_count() -> None:
    day0 = np.array(DAYS, dtype="datetime64[D]")
    batch = BatchCalendar(CALENDAR)
    by_file, by_busday, by_statement = _by_file(), _by_busday_offset(day0), _by_statement(DAYS)
    schedule = holidays.country_holidays("CN", years=range(YEARS[0], YEARS[-1] + 2))
    for n in COUNTS:
        singly = np.array([CALENDAR.nth_after(day, n) for day in DAYS], dtype="datetime64[D]")
        file = by_file(n)
        in_file = ~np.isnat(file)
        assert (singly[in_file] == file[in_file]).all()
        assert (~in_file).sum() <= 2 * n + 10  # only what ends after the last published year
        assert (batch.nth_after(day0, n) == singly).all()
        assert (by_busday(n) == singly).all()
        assert (by_statement[n] == singly).all()
        if n in (1, 8, 30):  # it walks from day to day: not every count
            walked = [schedule.get_nth_working_day(day, n) for day in DAYS[::7]]
            assert walked == singly[::7].tolist()


SMALL = BusinessCalendar(
    {
        date(2021, 1, 1): (DayKind.HOLIDAY, ""),
        date(2021, 12, 31): (DayKind.CLOSED, ""),
        date(2021, 5, 8): (DayKind.MAKE_UP, ""),
    },
    first_year=2021,
    last_year=2021,
)


def _singly(day0: date, n: int) -> date:
    return SMALL.nth_after(day0, n)


def _in_batch(day0: date, n: int) -> date:
    days = np.array([date(2021, 6, 1), day0], dtype="datetime64[D]")
    return BatchCalendar(SMALL).nth_after(days, n)[1].item()


def _ask(expression: str, **params: object) -> object:
    counted = relation({3: CALENDAR, 7: SMALL, 9: CALENDAR})
    with out_of_calendar(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"WITH {counted.sql} SELECT {expression} FROM business_calendar WHERE id = 7",
            counted.params | params,
        )
        return cursor.fetchone()[0]


def _in_sql(day0: date, n: int) -> object:
    return _ask(nth_after("%(day0)s::date", "%(n)s"), day0=day0, n=n)


WAYS = pytest.mark.parametrize("count", [_singly, _in_batch, _in_sql])


@WAYS
@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_near_the_edges_it_counts_or_says_that_it_cannot(
    count: Callable[[date, int], object], data: st.DataObject
) -> None:
    near = st.dates(date(2020, 12, 25), date(2021, 1, 6)) | st.dates(
        date(2021, 12, 20), date(2022, 1, 6)
    )
    day0, n = data.draw(near), data.draw(st.integers(1, 15))
    special = {date(2021, 1, 1): False, date(2021, 12, 31): False}
    found = walk(day0, n, worked_by(special))
    if day0.year == 2021 and found.year == 2021:
        assert count(day0, n) == found
    else:
        with pytest.raises(OutOfCalendar, match=day0.isoformat()):
            count(day0, n)


@WAYS
@pytest.mark.django_db
def test_the_first_and_the_last_day(count: Callable[[date, int], object]) -> None:
    assert count(date(2021, 1, 1), 1) == date(2021, 1, 4)
    assert count(date(2021, 12, 29), 1) == date(2021, 12, 30)
    for day0, n in [
        (date(2020, 12, 31), 1),
        (date(2021, 12, 30), 1),  # the last day is closed
        (date(2021, 12, 31), 1),
        (date(2022, 1, 1), 1),
        (date(2021, 1, 1), 400),
    ]:
        with pytest.raises(OutOfCalendar):
            count(day0, n)


@pytest.mark.parametrize("n", [0, -3])
@pytest.mark.django_db
def test_the_day_itself_is_never_counted(n: int) -> None:
    for count in (_singly, _in_batch):
        with pytest.raises(ValueError, match="from 1"):
            count(date(2021, 6, 1), n)
    with pytest.raises(OutOfCalendar):
        _in_sql(date(2021, 6, 1), n)


@pytest.mark.django_db
def test_days_between_agree() -> None:
    days = [date(2021, 1, 1) + timedelta(days=n) for n in range(365)]
    column = np.array(days, dtype="datetime64[D]")
    batch = BatchCalendar(SMALL)
    for day0 in (date(2021, 1, 1), date(2021, 5, 8), date(2021, 12, 31)):
        singly = [SMALL.number_of(day0, day) for day in days]
        assert batch.number_of(np.full(365, np.datetime64(day0)), column).tolist() == singly
        between = number_of("%(day0)s::date", "day")
        asked = (
            f"(SELECT array_agg({between} ORDER BY day) FROM unnest(%(days)s::date[]) AS a (day))"
        )
        assert _ask(asked, day0=day0, days=days) == singly


@pytest.mark.parametrize(
    ("day0", "day"),
    [(date(2020, 12, 31), date(2021, 6, 1)), (date(2021, 6, 1), date(2022, 1, 1))],
)
@pytest.mark.django_db
def test_days_between_beyond_the_calendar(day0: date, day: date) -> None:
    with pytest.raises(OutOfCalendar):
        SMALL.number_of(day0, day)
    with pytest.raises(OutOfCalendar):
        BatchCalendar(SMALL).number_of(
            np.array([day0], dtype="datetime64[D]"), np.array([day], dtype="datetime64[D]")
        )
    with pytest.raises(OutOfCalendar):
        _ask(number_of("%(day0)s::date", "%(day)s::date"), day0=day0, day=day)


@pytest.mark.django_db
def test_no_date_gives_no_answer() -> None:
    assert _ask(nth_after("%(day0)s::date", "3"), day0=None) is None
    assert _ask(number_of("%(day0)s::date", "date '2021-06-01'"), day0=None) is None
    with pytest.raises(OutOfCalendar):
        BatchCalendar(SMALL).nth_after(np.array(["NaT"], dtype="datetime64[D]"), 1)


@pytest.mark.django_db
def test_another_fault_of_the_statement_is_not_taken_for_a_year_unknown() -> None:
    with pytest.raises(DataError), out_of_calendar(), connection.cursor() as cursor:
        cursor.execute("SELECT 'no date'::date")
