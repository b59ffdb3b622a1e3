"""The business calendar of a court: the public schedule with the courts' own entries over it.

The public schedule comes from the ``holidays`` package, which equals the State Council's
notices for announced years. For a year not yet announced it projects the statutory holidays
without make-up days; such a year is provisional and every screen that shows it says so.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

from courts.business_days import BusinessCalendar, DayKind
from courts.models import CalendarEntry, CalendarVersion, Court, OfficialYear

FIRST_YEAR = 2007
LAST_YEAR = 2040


@lru_cache(maxsize=1)
def public_schedule() -> tuple[dict[date, tuple[DayKind, str]], frozenset[int]]:
    """The special days of all known years, and the years that are provisional."""
    special: dict[date, tuple[DayKind, str]] = {}
    provisional = set()
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        schedule = holidays.country_holidays("CN", years=year, language="zh_CN")
        for day, name in schedule.items():
            if day.year == year:
                special[day] = (DayKind.HOLIDAY, name)
        make_up = {day for day in schedule.weekend_workdays if day.year == year}
        for day in make_up:
            special[day] = (DayKind.MAKE_UP, "")
        if not make_up:
            provisional.add(year)
    return special, frozenset(provisional)


def current_version() -> CalendarVersion:
    """The calendar as it stands now; made on first use.

    Two that are made at the same time say the same, and the later one stands.
    """
    version = CalendarVersion.objects.order_by("-id").first()
    return version or CalendarVersion.objects.create(reason="public schedule")


@lru_cache(maxsize=256)
def _build(
    entries: tuple[tuple[date, bool, str], ...], official: frozenset[int]
) -> BusinessCalendar:
    base, provisional = public_schedule()
    special = dict(base)
    for day, is_business_day, name in entries:
        special[day] = (DayKind.OPENED if is_business_day else DayKind.CLOSED, name)
    return BusinessCalendar(
        special,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        provisional_years=provisional - official,
    )


@lru_cache(maxsize=1024)
def for_court(court_id: int, version_id: int) -> BusinessCalendar:
    """The business calendar of a court in a calendar version.

    An entry of the court itself goes over one of its jurisdiction, and that over one for all.
    A version never changes once made, so the calendar may be kept by the process.
    """
    court = Court.objects.get(pk=court_id)
    entries: dict[date, tuple[date, bool, str]] = {}
    rows = CalendarEntry.objects.in_version(version_id).touching(court_id, court.jurisdiction_id)
    for entry in sorted(rows, key=lambda row: (bool(row.court_id), bool(row.jurisdiction_id))):
        entries[entry.date] = (entry.date, entry.is_business_day, entry.name)
    official = frozenset(
        OfficialYear.objects.filter(version_id__lte=version_id).values_list("year", flat=True)
    )
    return _build(tuple(sorted(entries.values())), official)


def present(court_id: int) -> BusinessCalendar:
    """The business calendar of a court as it stands now."""
    return for_court(court_id, current_version().pk)


def forget() -> None:
    """Empty the process's memory of calendars (after a change of entries in tests and seeds)."""
    for_court.cache_clear()
