"""Business days counted back from now; pure. Whatever day it is, each scene keeps its distance."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar, local_date, local_instant

REACH = 64


class Days:
    """The openings of a court before ``now``: number 0 is the latest, 1 the one before it.

    Since rungs fire at openings, what was dispatched on the day of opening 4 has seen four of
    them: the ladder stands at its first rung, on a holiday as on a Monday morning.
    """

    def __init__(
        self, calendar: BusinessCalendar, zone: ZoneInfo, opening: time, now: datetime
    ) -> None:
        self._calendar, self._zone, self._opening = calendar, zone, opening
        self.now = now

    @cached_property
    def _days(self) -> list[date]:
        found: list[date] = []
        day = local_date(self.now, self._zone)
        if local_instant(day, self._opening, self._zone) > self.now:
            day -= timedelta(days=1)
        while len(found) <= REACH:
            if self._calendar.is_business_day(day):
                found.append(day)
            day -= timedelta(days=1)
        return found

    @property
    def first_day(self) -> date:
        """The local day of the earliest opening; every scene begins later."""
        return self._days[-1]

    def at(self, number: int, hour: str) -> datetime:
        """The instant at which the clock read ``hour`` (``"15:20"``) on the day of an opening."""
        return local_instant(self._days[number], time.fromisoformat(hour), self._zone)

    def eve(self, number: int, hour: str) -> datetime:
        """The same on the day off before that day, or in the evening before when there is none."""
        day = self._days[number] - timedelta(days=1)
        return local_instant(day, time.fromisoformat(hour), self._zone)

    def ago(self, minutes: int) -> datetime:
        """So many minutes before now."""
        return self.now - timedelta(minutes=minutes)
