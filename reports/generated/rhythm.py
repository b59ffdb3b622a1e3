"""When requests come and when courts work: days, hours, weekdays, holidays, long pauses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar, DayKind, local_instant
from reports.generated import assumed

_DAY = 24 * 60


class Hours:
    """The working days of the courts; instants are UTC, minutes are of the local day."""

    def __init__(
        self, calendar: BusinessCalendar, zone: ZoneInfo, opening: time, closing: time
    ) -> None:
        self.calendar, self._zone = calendar, zone
        self.opening = opening.hour * 60 + opening.minute
        self.closing = closing.hour * 60 + closing.minute
        self._midnights: dict[date, datetime] = {}

    def at(self, day: date, minutes: int, seconds: int = 0) -> datetime:
        """So many minutes after 0:00 of a local day, where no clock is put back or forward."""
        midnight = self._midnights.get(day)
        if midnight is None:
            midnight = local_instant(day, time(0), self._zone).astimezone(UTC)
            self._midnights[day] = midnight
        return midnight + timedelta(minutes=minutes, seconds=seconds)

    def split(self, at: datetime) -> tuple[date, int]:
        """The local day of an instant, and its minute."""
        local = at.astimezone(self._zone)
        return local.date(), local.hour * 60 + local.minute

    def works(self, day: date) -> bool:
        """Whether it is a business day."""
        return self.calendar.is_business_day(day)

    def soon(self, at: datetime, minutes: int, chance: random.Random) -> datetime:
        """So many minutes later, if the courts work then; else soon after the next opening."""
        day, minute = self.split(at)
        later = max(minute, self.opening) + minutes
        if self.works(day) and later < self.closing:
            return self.at(day, later, chance.randrange(60)) if later > minute else at
        return self.some(self.calendar.nth_after(day, 1), chance, most=150)

    def some(self, day: date, chance: random.Random, most: int = 0) -> datetime:
        """Some instant of the opening hours of a day; at ``most`` so many minutes after opening."""
        open_for = min(most or _DAY, self.closing - self.opening)
        return self.at(day, self.opening + chance.randrange(open_for), chance.randrange(60))

    def on(self, after: datetime, business_days: int, chance: random.Random) -> datetime:
        """Some instant so many business days after, and later than it in any case."""
        day, _minute = self.split(after)
        if business_days > 0:
            return self.some(self.calendar.nth_after(day, business_days), chance)
        return self.soon(after, 20 + chance.randrange(200), chance)


def arrivals(
    requests: int, first: date, last: date, hours: Hours, chance: random.Random
) -> Iterator[tuple[date, list[int]]]:
    """For each local day, in order, the seconds of the day at which requests come, in order.

    ``requests`` in all. The seconds of a day lie before its last minute.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    weights = list(_weights(days, hours))
    whole, given, passed = sum(weights), 0, 0.0
    business = list(accumulate(assumed.BUSINESS_HOURS))
    off = list(accumulate(assumed.OFF_HOURS))
    for day, weight in zip(days, weights, strict=True):
        passed += weight
        # What is due by now, whatever chance made of the days before: the sum comes out exactly.
        due = round(requests * passed / whole) if day != last else requests
        swing = chance.gauss(1, 0.08) if day != last else 1
        count = min(max(round((due - given) * swing), 0), requests - given)
        given += count
        by_hour = business if hours.works(day) else off
        picked = chance.choices(range(24), cum_weights=by_hour, k=count)
        yield day, sorted(min(hour * 3600 + chance.randrange(3600), 86_339) for hour in picked)


def _weights(days: list[date], hours: Hours) -> Iterator[float]:
    pause = 0
    for number, day in enumerate(days):
        grown = 1 + assumed.GROWTH * number / 365
        kind = hours.calendar.describe(day).kind
        if kind.is_business:
            rush = assumed.AFTER_LONG_PAUSE if pause >= assumed.LONG_PAUSE else 1.0
            pause = 0
            yield assumed.WEEKDAYS[day.weekday()] * rush * grown
        else:
            pause += 1
            yield (assumed.HOLIDAY if kind is DayKind.HOLIDAY else assumed.WEEKEND) * grown
