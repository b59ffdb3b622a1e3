"""Calendar months as local time knows them; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar, local_date, local_instant

FIRST_YEAR = 2007
LAST_YEAR = 2040


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; which instants it holds depends on the time zone."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.month <= 12):
            raise ValueError(f"no month between {FIRST_YEAR} and {LAST_YEAR}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as ``2026-10``; raises ``ValueError`` for anything else."""
        if len(text) != 7 or text[4] != "-" or not (text[:4] + text[5:]).isascii():
            raise ValueError(f"not a month: {text!r}")
        if not (text[:4].isdigit() and text[5:].isdigit()):
            raise ValueError(f"not a month: {text!r}")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> Month:
        """The month that ``instant`` lies in, in ``zone``."""
        day = local_date(instant, zone)
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    def first_business_day(self, days: BusinessCalendar) -> date:
        """The first business day of the month, by a court's calendar."""
        first = self.first_day
        return first if days.is_business_day(first) else days.nth_after(first, 1)

    def plus(self, months: int) -> Month:
        """The month so many months later (earlier if negative)."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def year_until(self) -> list[Month]:
        """The twelve months that end with this one; fewer where there are no earlier ones."""
        count = self.year * 12 + self.month - 1
        return [self.plus(-back) for back in reversed(range(min(12, count - FIRST_YEAR * 12 + 1)))]

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instants at which the month begins and ends in ``zone``.

        A limit ends at 24:00 of its last day, so a limit that ends at the second of them ended
        in this month, and one that ends at the first ended in the month before.
        """
        years, month = divmod(self.month, 12)
        after = date(self.year + years, month + 1, 1)
        return local_instant(self.first_day, time(0), zone), local_instant(after, time(0), zone)
