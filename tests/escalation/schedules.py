"""What the State Council published, to compare the product's calendar with.

The full series (2007 to 2026) is reference data beside the project and is not part of it; where
it is absent, the schedule of 2020 below stands in: that year has a prolonged Spring Festival, a
worked Sunday in June and an eight-day National Day.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

SERIES = (
    Path(__file__).resolve().parents[3]
    / "shared" / "data" / "calendar" / "state-council-2007-2026.json"
)  # fmt: skip

# Notices of the General Office of the State Council of 21 November 2019 (2020 schedule), and of
# 27 January 2020 (Spring Festival prolonged to 2 February).
OFF_2020 = {
    date(2020, 1, 1): 1,
    date(2020, 1, 24): 10,
    date(2020, 4, 4): 3,
    date(2020, 5, 1): 5,
    date(2020, 6, 25): 3,
    date(2020, 10, 1): 8,
}
MADE_UP_2020 = {
    date(2020, 1, 19), date(2020, 4, 26), date(2020, 5, 9), date(2020, 6, 28),
    date(2020, 9, 27), date(2020, 10, 10),
}  # fmt: skip

Worked = Callable[[date], bool]


def embedded() -> dict[date, bool]:
    """Every special day of 2020, and whether it is worked."""
    off = {
        first + timedelta(days=n): False for first, days in OFF_2020.items() for n in range(days)
    }
    return off | dict.fromkeys(MADE_UP_2020, True)


def published() -> tuple[dict[date, bool], range]:
    """The special days, and the years that they cover."""
    if not SERIES.exists():
        return embedded(), range(2020, 2021)
    rows = json.loads(SERIES.read_text(encoding="utf-8"))
    special = {date.fromisoformat(day): row["workday"] for day, row in rows.items()}
    return special, range(2007, 2027)


def worked_by(special: dict[date, bool]) -> Worked:
    """Whether a day is worked: Monday to Friday but for the special days."""
    return lambda day: special.get(day, day.weekday() < 5)


def walk(day0: date, n: int, worked: Worked) -> date:
    """Business day ``n`` after day 0, found by walking from day to day."""
    day = day0
    while n:
        day += timedelta(days=1)
        n -= worked(day)
    return day
