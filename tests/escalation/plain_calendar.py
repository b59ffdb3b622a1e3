"""A second calendar, without sorted lists or versions: what has been said of each day so far.

Announced years are read from what the State Council published; a year not announced has its
statutory holidays, as the package ``holidays`` projects them, and no day made up for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import holidays

from tests.escalation.schedules import SERIES

YEARS = range(2017, 2030)
PUBLISHED = range(2007, 2027)
# Off by the notice of 27 January 2020 alone; until then the last but one was a working Friday
# and the last a Saturday made up for.
PROLONGED = (date(2020, 1, 31), date(2020, 2, 1))
# How the package calls a day off that only a schedule can give: an adjusted one, a prolonging.
_BY_SCHEDULE = ("调休", "延长")


@dataclass(frozen=True)
class Court:
    """What counting has to know of a court."""

    pk: int
    jurisdiction: int
    zone: ZoneInfo
    is_primary: bool


# A day of one court, of a jurisdiction's courts (then the number is its own), or of all (0).
Place = tuple[str, int]


def statutory(year: int) -> dict[date, bool]:
    """The days off of a year that nobody has announced."""
    projected = holidays.country_holidays("CN", years=year, language="zh_CN")
    return {
        day: False
        for day, name in projected.items()
        if day.year == year and not any(word in name for word in _BY_SCHEDULE)
    }


def public_days(unannounced: frozenset[int], *, prolonged: bool = True) -> dict[date, bool]:
    """Every special day and whether it is worked, when those years were not announced yet.

    Without ``prolonged``: as before the notice of 27 January 2020.
    """
    rows = json.loads(SERIES.read_text(encoding="utf-8"))
    published = {date.fromisoformat(day): row["workday"] for day, row in rows.items()}
    days: dict[date, bool] = {}
    for year in YEARS:
        if year in PUBLISHED and year not in unannounced:
            days |= {day: worked for day, worked in published.items() if day.year == year}
        else:
            days |= statutory(year)
    if not prolonged and 2020 not in unannounced:
        days |= dict.fromkeys(PROLONGED, True)
    return days


@dataclass
class Calendar:
    """The public schedule, and what the courts have entered over it."""

    public: dict[date, bool]
    entered: dict[tuple[Place, date], bool] = field(default_factory=dict)

    def worked(self, court: Court, day: date) -> bool:
        """The narrowest word holds: the court's, its jurisdiction's, all courts', the public."""
        places = (("court", court.pk), ("jurisdiction", court.jurisdiction), ("all", 0))
        for place in places:
            if (place, day) in self.entered:
                return self.entered[place, day]
        return self.public.get(day, day.weekday() < 5)

    def enter(self, place: Place, day: date, worked: bool | None) -> None:
        """Say what a day is to be; ``None`` takes back what was said."""
        if worked is None:
            del self.entered[place, day]
        else:
            self.entered[place, day] = worked
