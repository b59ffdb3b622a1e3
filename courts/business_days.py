"""Counting business days; pure. See ``courts.calendar`` for where the days come from.

The rule is that of the Civil Procedure Law: the day on which a period begins is not counted,
and a period that would end on a day off ends on the first business day after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class DayKind(StrEnum):
    """Why a day counts, or does not."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    CLOSED = "closed"
    OPENED = "opened"

    @property
    def is_business(self) -> bool:
        """Whether a day of this kind is a business day."""
        return self in (DayKind.WORKING, DayKind.MAKE_UP, DayKind.OPENED)


@dataclass(frozen=True, slots=True)
class Day:
    """A date with what it is; ``name`` names the holiday or the closure in Chinese."""

    date: date
    kind: DayKind
    name: str
    is_provisional: bool

    @property
    def is_business(self) -> bool:
        """Whether the courts work on this day."""
        return self.kind.is_business


class OutOfCalendar(LookupError):
    """A date lies outside the years that the calendar knows."""


class BusinessCalendar:
    """The business days of one court, as lists: counting is a look-up, not a loop.

    ``special`` holds the days that differ from Monday to Friday; ``provisional_years`` the
    years whose official schedule is not known.
    """

    def __init__(
        self,
        special: Mapping[date, tuple[DayKind, str]],
        *,
        first_year: int,
        last_year: int,
        provisional_years: frozenset[int] = frozenset(),
    ) -> None:
        self._special = dict(special)
        self.provisional_years = provisional_years
        self.first = date(first_year, 1, 1)
        self.last = date(last_year, 12, 31)
        span = (self.last - self.first).days + 1
        self._business: list[date] = []
        # For each date, where the last business day up to and including it stands in that list.
        self._reached: dict[date, int] = {}
        for offset in range(span):
            day = self.first + timedelta(days=offset)
            if self._kind(day)[0].is_business:
                self._business.append(day)
            self._reached[day] = len(self._business) - 1

    def _kind(self, day: date) -> tuple[DayKind, str]:
        found = self._special.get(day)
        if found is not None:
            return found
        return (DayKind.WORKING if day.weekday() < 5 else DayKind.WEEKEND), ""

    def _check(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise OutOfCalendar(day.isoformat())

    def describe(self, day: date) -> Day:
        """What ``day`` is; raises ``OutOfCalendar`` for a year the calendar does not know."""
        self._check(day)
        kind, name = self._kind(day)
        return Day(day, kind, name, day.year in self.provisional_years)

    def is_business_day(self, day: date) -> bool:
        """Whether the courts work on ``day``."""
        return self.describe(day).is_business

    def nth_after(self, day0: date, n: int) -> date:
        """Business day ``n`` (1 or more): the n-th business day after ``day0``.

        ``day0`` itself never counts, whether or not it is a business day. Raises
        ``OutOfCalendar`` when it or the day found lies in a year the calendar does not know.
        """
        if n < 1:
            raise ValueError("business days are counted from 1")
        try:
            return self._business[self._reached[day0] + n]
        except (KeyError, IndexError):
            raise OutOfCalendar(f"{day0.isoformat()} + {n}") from None

    def number_of(self, day0: date, day: date) -> int:
        """How many business days lie after ``day0`` up to and including ``day`` (0 if none)."""
        self._check(day0)
        self._check(day)
        return max(self._reached[day] - self._reached[day0], 0)

    def as_arrays(self) -> tuple[list[date], list[int]]:
        """The count laid out for those who count many dates at once.

        First the business days in order; then, for each date from ``first`` to ``last``, how
        many of them lie at or before it.
        """
        return list(self._business), [index + 1 for index in self._reached.values()]


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The date of an aware ``instant`` in ``zone``."""
    if instant.tzinfo is None:
        raise ValueError("an aware instant is needed")
    return instant.astimezone(zone).date()


def local_instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant at which ``zone`` reads ``hour`` on ``day``."""
    return datetime.combine(day, hour, tzinfo=zone)


def end_of_limit(calendar: BusinessCalendar, day0: date, n: int, zone: ZoneInfo) -> datetime:
    """24:00 of business day ``n`` after ``day0``: done before it is in time, at it is late."""
    return local_instant(calendar.nth_after(day0, n) + timedelta(days=1), time(0), zone)


def next_opening(
    calendar: BusinessCalendar, after: datetime, opening: time, zone: ZoneInfo
) -> datetime:
    """The first opening hour of a business day strictly after the instant ``after``."""
    day = local_date(after, zone)
    if calendar.is_business_day(day):
        today = local_instant(day, opening, zone)
        if today > after:
            return today
    return local_instant(calendar.nth_after(day, 1), opening, zone)
