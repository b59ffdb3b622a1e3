"""Business days: singly, in batch and in SQL, against those who count them too.

.venv/bin/python -m deploy.launcher.script benchmarks/business_days.py [--dates N] ...
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import holidays
import numpy as np
from django.db import connection

from benchmarks import harness
from courts import calendar
from courts.business_days import BusinessCalendar
from courts.business_days_batch import BatchCalendar
from courts.business_days_sql import nth_after, relation

# The n-th business day is asked for with the counts of the Guangzhou ladder.
COUNTS = (3, 4, 6, 8, 9)
YEARS = range(2007, 2027)


def business_calendar() -> BusinessCalendar:
    """The public schedule, as the product counts by it."""
    special, provisional = calendar.public_schedule()
    return BusinessCalendar(
        special,
        first_year=calendar.FIRST_YEAR,
        last_year=calendar.LAST_YEAR,
        provisional_years=provisional,
    )


def some_dates(number: int) -> list[date]:
    """Dates of all years, always the same."""
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    chosen = random.Random(7)
    return [first + timedelta(days=chosen.randrange((last - first).days)) for _ in range(number)]


def _rate(count: Callable[[], object], number: int) -> dict[str, float]:
    count()
    started = time.perf_counter()
    count()
    return {"dates/s": number / (time.perf_counter() - started)}


def _one_by_one(nth: Callable[[date, int], date], days: list[date], times: int) -> dict[str, float]:
    def count() -> None:
        for _ in range(times):
            for n in COUNTS:
                for day in days:
                    nth(day, n)

    return _rate(count, times * len(COUNTS) * len(days))


def singly(given: argparse.Namespace) -> dict[str, float]:
    """One date at a time by the product; the dates many times over, as it is soon done."""
    return _one_by_one(business_calendar().nth_after, some_dates(given.dates), times=20)


def singly_holidays(given: argparse.Namespace) -> dict[str, float]:
    """One date at a time by ``holidays``."""
    schedule = holidays.country_holidays("CN", years=range(YEARS[0] - 1, YEARS[-1] + 3))
    return _one_by_one(schedule.get_nth_working_day, some_dates(given.dates), times=1)


def in_batch(given: argparse.Namespace) -> dict[str, float]:
    """A column of dates by the product."""
    days = np.array(some_dates(given.batch), dtype="datetime64[D]")
    nth = BatchCalendar(business_calendar()).nth_after
    return _rate(lambda: [nth(days, n) for n in COUNTS], len(days) * len(COUNTS))


def in_batch_numpy(given: argparse.Namespace) -> dict[str, float]:
    """A column of dates by ``numpy.busday_offset`` in its correct form.

    With Monday to Friday as the week it cannot know a make-up day and is wrong for every sixth
    date; so every day of the week is open and every day off is a holiday.
    """
    days = np.array(some_dates(given.batch), dtype="datetime64[D]")
    ours = business_calendar()
    every = [ours.first + timedelta(days=n) for n in range((ours.last - ours.first).days + 1)]
    off = np.array([day for day in every if not ours.is_business_day(day)], dtype="datetime64[D]")
    week = np.busdaycalendar("1111111", off)
    return _rate(
        lambda: [np.busday_offset(days, n, roll="backward", busdaycal=week) for n in COUNTS],
        len(days) * len(COUNTS),
    )


def in_sql(given: argparse.Namespace) -> dict[str, float]:
    """A column of dates in one statement, for courts of three calendars."""
    ours = business_calendar()
    counted = relation({1: ours, 2: ours, 3: ours})
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_dates AS"
            " SELECT n %% 3 + 1 AS court_id,"
            " date '2007-01-01' + (n %% 7300) * 7919 %% 7300 AS day0,"
            " (ARRAY[3, 4, 6, 8, 9])[n %% 5 + 1] AS n FROM generate_series(1, %s) AS n",
            [given.sql],
        )
        cursor.execute("ANALYZE bench_dates")

        def count() -> None:
            cursor.execute(
                f"WITH {counted.sql} SELECT max({nth_after('day0', 'n')}) FROM bench_dates"
                " JOIN business_calendar ON business_calendar.id = bench_dates.court_id",
                counted.params,
            )

        return _rate(count, given.sql)


WAYS = {
    "singly": singly,
    "singly, holidays": singly_holidays,
    "in batch": in_batch,
    "in batch, busday_offset": in_batch_numpy,
    "in SQL": in_sql,
}


def main() -> None:
    """Measure all ways in turns."""
    given = harness.arguments(__doc__, dates=5_000, batch=2_000_000, sql=1_000_000)
    if harness.run_one_way(WAYS, given):
        return
    found = harness.measure("benchmarks.business_days", WAYS, given)
    one, many = (
        found.ratio(way, other, "dates/s")
        for way, other in (
            ("singly", "singly, holidays"),
            ("in batch", "in batch, busday_offset"),
        )
    )
    found.verdict("singly, of holidays.get_nth_working_day", one, at_least=60)
    found.verdict("in batch, of numpy.busday_offset", many, at_least=10)
    rate = found.median("in SQL", "dates/s") / 1e6
    found.verdict("in SQL", rate, at_least=1, unit="million/s")


if __name__ == "__main__":
    main()
