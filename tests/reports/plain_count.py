"""An independent count of what a replay must show: plain loops over dates, nothing shared.

It knows no code of the product: it walks day by day and asks of each whether it is worked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

OPENING = time(9)


@dataclass(frozen=True)
class Case:
    """A message and its reply in local time without zone."""

    at: datetime
    reply_at: datetime | None


def worked_by(schedule: dict[str, dict]) -> Callable[[date], bool]:
    """Whether a date is worked, by a schedule in the State Council JSON shape."""

    def worked(day: date) -> bool:
        entry = schedule.get(day.isoformat())
        return entry["workday"] if entry else day.weekday() < 5

    return worked


def business_day(day0: date, n: int, worked: Callable[[date], bool]) -> date:
    """Business day ``n`` after day 0, found by walking."""
    day = day0
    while n:
        day += timedelta(days=1)
        if worked(day):
            n -= 1
    return day


def count(
    cases: Iterable[Case],
    worked: Callable[[date], bool],
    steps: dict[str, list[int]],
    limit: int = 3,
) -> dict:
    """Replies in time and late, and firings: ``steps`` maps a name to its business days n.

    A step "after more than n" is due at 09:00 of business day n + 1, and fires if no reply came
    before that instant.
    """
    result = {"requests": 0, "replied_in_time": 0, "replied_late": 0, "never_replied": 0}
    fired = dict.fromkeys(steps, 0)
    for case in cases:
        result["requests"] += 1
        day0 = case.at.date()
        reply_at = None if case.reply_at is None else max(case.reply_at, case.at)
        last = business_day(day0, limit, worked)
        if reply_at is None:
            result["never_replied"] += 1
        elif reply_at.date() <= last:
            result["replied_in_time"] += 1
        else:
            result["replied_late"] += 1
        for name, days in steps.items():
            for n in days:
                due = datetime.combine(business_day(day0, n + 1, worked), OPENING)
                if reply_at is None or due <= reply_at:
                    fired[name] += 1
    return result | fired
