"""Reading a public schedule of the State Council from JSON, and what it would change; pure.

The shape is one object, a row per special day: ``{"2027-01-01": {"workday": false, "name": "…"},
…}``. ``workday`` is true of a make-up working day and false of a day off; a day without a row is
as its weekday says. A schedule may begin in the December before its year.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from courts.business_days import BusinessCalendar, Day, DayKind

NAME_LENGTH = 60
_KEYS = {"workday", "name"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Remark:
    """Something to be said of a row: its line in the file (from 1), its key, and what."""

    line: int
    key: str
    text: str

    def __str__(self) -> str:
        where = _("line %(line)d, %(key)s") if self.key else _("line %(line)d")
        return f"{where % {'line': self.line, 'key': self.key}}: {self.text}"


class FaultySchedule(ValueError):
    """A file that is no schedule; ``faults`` are all that is wrong with it."""

    def __init__(self, *faults: Remark) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class ScheduledDay:
    """A special day of a schedule."""

    date: date
    is_business_day: bool
    name: str


@dataclass(frozen=True)
class Schedule:
    """A schedule as read; ``remarks`` are what is allowed and yet worth a look."""

    days: Mapping[date, ScheduledDay]
    remarks: tuple[Remark, ...] = ()

    @property
    def whole_years(self) -> frozenset[int]:
        """The years of which it is the whole schedule: every schedule names New Year's Day.

        Of any other year it says something of the days listed, and nothing of the rest.
        """
        return frozenset(day.year for day in self.days if (day.month, day.day) == (1, 1))


@dataclass(frozen=True)
class Difference:
    """A day that a schedule has otherwise than the present calendar, and what it is now."""

    date: date
    is_business_day: bool
    name: str
    before: Day


@dataclass(frozen=True)
class YearOfChange:
    """What a schedule changes of a year; ``before`` and ``after`` count its business days."""

    year: int
    added: tuple[Difference, ...]
    removed: tuple[Difference, ...]
    before: int

    @property
    def after(self) -> int:
        """How many business days the year has then."""
        return self.before + len(self.added) - len(self.removed)


def read(text: str, years: range) -> Schedule:
    """Read a schedule whose days lie in ``years``, or in the December before the first.

    Days of that December are left out with a remark, because the calendar begins after them.
    Raises ``FaultySchedule`` with every fault that there is.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        fault = _("this is no JSON: %(error)s") % {"error": error.msg}
        raise FaultySchedule(Remark(error.lineno, "", fault)) from None
    except (ValueError, RecursionError) as error:  # a number without end, nesting without end
        fault = _("this is no JSON: %(error)s") % {"error": error}
        raise FaultySchedule(Remark(1, "", fault)) from None
    if not isinstance(document, dict) or not document:
        raise FaultySchedule(Remark(1, "", _("an object with a row for each day is needed")))
    days: dict[date, ScheduledDay] = {}
    faults: list[Remark] = []
    remarks: list[Remark] = []
    seen: set[str] = set()
    for line, key, row in _rows(text):
        found = _("the day stands twice in the file") if key in seen else _fault(key, row, years)
        seen.add(key)
        if found:
            faults.append(Remark(line, key, found))
            continue
        day = ScheduledDay(date.fromisoformat(key), row["workday"], row["name"].strip())
        if remark := _remark(day, years):
            remarks.append(Remark(line, key, remark))
        if day.date.year in years:
            days[day.date] = day
    if faults:
        raise FaultySchedule(*faults)
    return Schedule(days, tuple(remarks))


def _rows(text: str) -> Iterator[tuple[int, str, Any]]:
    """Each row of a JSON object, doubles too, with its line; ``text`` is known to be one."""
    decoder = json.JSONDecoder()
    at = _skip(text, text.index("{") + 1, ",")
    while text[at] != "}":
        key, end = decoder.raw_decode(text, at)
        row, end = decoder.raw_decode(text, _skip(text, end, ":"))
        yield text.count("\n", 0, at) + 1, key, row
        at = _skip(text, end, ",")


def _skip(text: str, at: int, sign: str) -> int:
    while text[at].isspace() or text[at] == sign:
        at += 1
    return at


def _fault(key: str, row: Any, years: range) -> str:
    """Why a row cannot be taken, or ''."""
    on = _date(key)
    if on is None:
        return _("a date such as 2027-01-01 is needed")
    if on.year not in years and (on.year, on.month) != (years.start - 1, 12):
        reach = {"first": years.start, "last": years.stop - 1}
        return _("the calendar reaches from %(first)d to %(last)d") % reach
    if not isinstance(row, dict):
        return _("an object with workday and name is needed")
    if unknown := sorted(row.keys() - _KEYS):
        return _("%(keys)s: not known here") % {"keys": ", ".join(unknown)}
    if not isinstance(row.get("workday"), bool):
        return _("workday must be true or false")
    name = row.get("name")
    if not isinstance(name, str) or not name.strip() or not name.strip().isprintable():
        return _("name must say which holiday it belongs to")
    if len(name.strip()) > NAME_LENGTH:
        return _("name is longer than %(most)d characters") % {"most": NAME_LENGTH}
    return ""


def _date(key: str) -> date | None:
    try:
        return date.fromisoformat(key) if _DATE.fullmatch(key) else None
    except ValueError:
        return None


def _remark(day: ScheduledDay, years: range) -> str:
    """What is worth a look of a row, or ''."""
    is_weekday = day.date.weekday() < 5
    if day.date.year not in years:
        return _("before the calendar begins: left out")
    if day.is_business_day and is_weekday:
        return _("a make-up working day on a weekday")
    if not day.is_business_day and not is_weekday:
        return _("a day off on a weekend")
    return ""


def differences(schedule: Schedule, present: BusinessCalendar) -> list[Difference]:
    """The days to change so that ``present`` has them as the schedule does, by date.

    In a year of which it is the whole schedule, holidays and make-up days that it does not list
    are none. What courts have entered of their own accord on such days stays.
    """
    listed = schedule.days
    found = [_compare(day, present) for day in listed.values()]
    for year in schedule.whole_years:
        found += [
            _compare(ScheduledDay(day, day.weekday() < 5, ""), present)
            for day in _days_of(year)
            if day not in listed
            and present.describe(day).kind in (DayKind.HOLIDAY, DayKind.MAKE_UP)
        ]
    return sorted((one for one in found if one is not None), key=lambda one: one.date)


def _compare(day: ScheduledDay, present: BusinessCalendar) -> Difference | None:
    before = present.describe(day.date)
    if before.is_business == day.is_business_day:
        return None
    return Difference(day.date, day.is_business_day, day.name, before)


def by_year(found: list[Difference], present: BusinessCalendar) -> list[YearOfChange]:
    """The differences year by year, with the business days that become more and fewer."""
    return [
        YearOfChange(
            year,
            added=tuple(one for one in group if one.is_business_day),
            removed=tuple(one for one in group if not one.is_business_day),
            before=sum(present.is_business_day(day) for day in _days_of(year)),
        )
        for year, rows in groupby(found, key=lambda one: one.date.year)
        for group in [list(rows)]
    ]


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))
