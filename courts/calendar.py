"""The business calendar of a court: the public schedule with the courts' own entries over it.

The public schedule comes from the ``holidays`` package, which equals the State Council's
notices for announced years. For a year not yet announced it projects the statutory holidays
without make-up days; such a year is provisional and every screen that shows it says so.
A version of the calendar keeps the schedule that it was made with, so an upgrade of the package
changes no date by itself: it becomes a version (``escalation.calendar_changes``).
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

import holidays

from courts.business_days import BusinessCalendar, DayKind
from courts.models import CalendarEntry, CalendarVersion, Court, OfficialYear, PublicSchedule

FIRST_YEAR = 2007
LAST_YEAR = 2040
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
# The State Council announces the schedule of the next year in autumn, by this month as a rule.
_ANNOUNCED_BY_MONTH = 11

# The special days of all known years, and the years that are provisional.
Schedule = tuple[dict[date, tuple[DayKind, str]], frozenset[int]]
# What courts, or whoever imported a schedule, entered of a day.
_Entry = tuple[date, DayKind, str]


@lru_cache(maxsize=1)
def public_schedule() -> Schedule:
    """The schedule that is installed."""
    special: dict[date, tuple[DayKind, str]] = {}
    provisional = set()
    for year in YEARS:
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


def digest(schedule: Schedule) -> str:
    """Tells schedules apart by their days and what these are; names do not matter."""
    special, provisional = schedule
    days = sorted((day.isoformat(), kind.value) for day, (kind, _name) in special.items())
    return hashlib.sha256(json.dumps([days, sorted(provisional)]).encode()).hexdigest()


def installed() -> PublicSchedule:
    """The installed schedule as it is kept; kept on first use."""
    schedule = public_schedule()
    special, provisional = schedule
    days = {day.isoformat(): [kind.value, name] for day, (kind, name) in sorted(special.items())}
    kept, _made = PublicSchedule.objects.only("pk").get_or_create(
        digest=digest(schedule),
        defaults={"days": days, "provisional_years": sorted(provisional)},
    )
    return kept


@lru_cache(maxsize=16)
def kept_schedule(schedule_id: int | None) -> Schedule:
    """A schedule as it was kept; without one, that which is installed."""
    if schedule_id is None:
        return public_schedule()
    kept = PublicSchedule.objects.get(pk=schedule_id)
    special = {
        date.fromisoformat(day): (DayKind(kind), name) for day, (kind, name) in kept.days.items()
    }
    return special, frozenset(kept.provisional_years)


def current_version() -> CalendarVersion:
    """The calendar as it stands now; made on first use.

    Two that are made at the same time say the same, and the later one stands.
    """
    version = CalendarVersion.objects.order_by("-id").first()
    return version or CalendarVersion.objects.create(reason="public schedule", schedule=installed())


class Change(NamedTuple):
    """Why a version of the calendar was made, and the instant (UTC) from which it holds."""

    reason: str
    entered_at: datetime


@lru_cache(maxsize=1024)
def change_of(version_id: int) -> Change:
    """Why and when a version of the calendar was made."""
    versions = CalendarVersion.objects.filter(pk=version_id)
    return Change._make(versions.values_list("reason", "entered_at").get())


@lru_cache(maxsize=1024)
def provisional_years(version_id: int) -> frozenset[int]:
    """The years whose schedule is not announced, but for those declared official since."""
    schedule_id = CalendarVersion.objects.values_list("schedule_id", flat=True).get(pk=version_id)
    declared = OfficialYear.objects.filter(version_id__lte=version_id)
    return kept_schedule(schedule_id)[1] - frozenset(declared.values_list("year", flat=True))


def is_provisional(day: date) -> bool:
    """Whether a local date lies in a year whose schedule is not announced as of now.

    It asks for the present version, but for a year that everyone knows: what shows many dates
    at once takes the answer from each one's own calendar (``BusinessCalendar.describe``).
    """
    if day.year not in public_schedule()[1]:
        return False
    return day.year in provisional_years(current_version().pk)


def year_to_announce(on: date) -> int | None:
    """The year whose schedule is missing on the local date ``on``, or ``None``.

    The schedule of a year is announced in the autumn before: from 1 November on the next year
    is waited for, until it is official, and through the year itself if need be.
    """
    provisional = provisional_years(current_version().pk)
    if on.year in provisional:
        return on.year
    if on.month >= _ANNOUNCED_BY_MONTH and on.year + 1 in provisional:
        return on.year + 1
    return None


@lru_cache(maxsize=256)
def _build(
    schedule_id: int | None,
    entries: tuple[_Entry, ...],
    provisional: frozenset[int],
) -> BusinessCalendar:
    special = dict(kept_schedule(schedule_id)[0])
    for day, kind, name in entries:
        special[day] = (kind, name)
    return BusinessCalendar(
        special,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        provisional_years=provisional,
    )


def _kind(entry: CalendarEntry) -> DayKind:
    """What an entry makes of its day."""
    if not entry.is_public:
        return DayKind.OPENED if entry.is_business_day else DayKind.CLOSED
    is_weekday = entry.date.weekday() < 5
    if entry.is_business_day:
        return DayKind.WORKING if is_weekday else DayKind.MAKE_UP
    # A weekend day without a name: a make-up day that the schedule no longer has.
    return DayKind.HOLIDAY if is_weekday or entry.name else DayKind.WEEKEND


@lru_cache(maxsize=16)
def _version(
    version_id: int,
) -> tuple[int | None, list[tuple[int | None, int | None, _Entry]]]:
    """The schedule of a version and its entries (jurisdiction, court, day), the widest first."""
    schedule_id = CalendarVersion.objects.values_list("schedule_id", flat=True).get(pk=version_id)
    rows = CalendarEntry.objects.in_version(version_id).order_by("date")
    entries = [
        (row.jurisdiction_id, row.court_id, (row.date, _kind(row), row.name)) for row in rows
    ]
    entries.sort(key=lambda entry: (entry[1] is not None, entry[0] is not None))
    return schedule_id, entries


@lru_cache(maxsize=4096)
def for_place(
    court_id: int | None, jurisdiction_id: int | None, version_id: int
) -> BusinessCalendar:
    """The business calendar of a court, of that jurisdiction, in a calendar version.

    Without a court, what those of the jurisdiction have in common; with neither, what all have.
    An entry of the court itself goes over one of its jurisdiction, and that over one for all.
    A version never changes once made, so the calendar may be kept by the process.
    """
    schedule_id, entries = _version(version_id)
    days: dict[date, _Entry] = {}
    for of_jurisdiction, of_court, entry in entries:
        if of_court is None:
            holds = of_jurisdiction in (None, jurisdiction_id)
        else:
            holds = of_court == court_id
        if holds:
            days[entry[0]] = entry
    return _build(schedule_id, tuple(sorted(days.values())), provisional_years(version_id))


@lru_cache(maxsize=4096)
def for_court(court_id: int, version_id: int) -> BusinessCalendar:
    """The business calendar of a court in a calendar version."""
    jurisdiction_id = Court.objects.values_list("jurisdiction_id", flat=True).get(pk=court_id)
    return for_place(court_id, jurisdiction_id, version_id)


def present(court_id: int) -> BusinessCalendar:
    """The business calendar of a court as it stands now."""
    return for_court(court_id, current_version().pk)


def forget() -> None:
    """Empty the process's memory of calendars (where another database is asked)."""
    for kept in (
        kept_schedule,
        provisional_years,
        change_of,
        _build,
        _version,
        for_place,
        for_court,
    ):
        kept.cache_clear()
