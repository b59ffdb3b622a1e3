"""The eight worked examples: a primary court under Guangzhou's policy, opening at 09:00."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.city import local


@dataclass(frozen=True)
class Example:
    """When each step is due; ``limit_on`` is the last day of the limit of three."""

    why: str
    opened: datetime
    limit_on: datetime
    steps: tuple[tuple[str, datetime], ...]

    @property
    def limit_at(self) -> datetime:
        return self.limit_on + timedelta(days=1)


def _example(why: str, opened: str, limit: str, *days: str) -> Example:
    def at(text: str, hour: int) -> datetime:
        year, month, day = map(int, text.split("-"))
        return local(year, month, day, hour)

    names = ("warning", "rung1", "rung2", "rung3", "rung4")
    steps = tuple((name, at(day, 9)) for name, day in zip(names, days, strict=True))
    return Example(why, at(opened, 14), at(limit, 0), steps)


EXAMPLES = (
    _example(
        "Friday: the weekend does not count",
        "2020-06-05", "2020-06-10",
        "2020-06-10", "2020-06-11", "2020-06-15", "2020-06-17", "2020-06-18",
    ),
    _example(
        "Dragon Boat holiday, Sunday 28 June worked",
        "2020-06-24", "2020-06-30",
        "2020-06-30", "2020-07-01", "2020-07-03", "2020-07-07", "2020-07-08",
    ),
    _example(
        "started on a holiday Saturday: business day 1 is the worked Sunday",
        "2020-06-27", "2020-06-30",
        "2020-06-30", "2020-07-01", "2020-07-03", "2020-07-07", "2020-07-08",
    ),
    _example(
        "eight days of National Day, Saturday 10 October worked",
        "2020-09-30", "2020-10-12",
        "2020-10-12", "2020-10-13", "2020-10-15", "2020-10-19", "2020-10-20",
    ),
    _example(
        "Spring Festival, prolonged in mid-course",
        "2020-01-22", "2020-02-04",
        "2020-02-04", "2020-02-05", "2020-02-07", "2020-02-11", "2020-02-12",
    ),
    _example(
        "Spring Festival, Sundays 4 and 18 February worked",
        "2024-02-02", "2024-02-06",
        "2024-02-06", "2024-02-07", "2024-02-09", "2024-02-19", "2024-02-20",
    ),
    _example(
        "Saturdays 14 and 28 February worked",
        "2026-02-12", "2026-02-24",
        "2026-02-24", "2026-02-25", "2026-02-27", "2026-03-02", "2026-03-03",
    ),
    _example(
        "National Day, Saturday 10 October worked",
        "2026-09-30", "2026-10-10",
        "2026-10-10", "2026-10-12", "2026-10-14", "2026-10-16", "2026-10-19",
    ),
)  # fmt: skip
