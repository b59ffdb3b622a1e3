"""A count laid open: each day with why it counts or does not, and each step; pure.

The instants are those of the engine (``escalation.ladder``): nothing is counted a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from courts import day_names
from courts.business_days import Day, local_date
from escalation import ladder
from escalation.ladder import (
    ASSIGNED,
    FIXED_DATE,
    OPENED,
    Anchors,
    Due,
    Frame,
    Limit,
    Step,
    TimedKind,
)


@dataclass(frozen=True)
class Count:
    """Business days counted from one day 0, for the ``anchors`` that fall on it.

    ``numbers`` gives a date its number: 0 for day 0, k for business day k; a day that does not
    count has none.
    """

    anchors: tuple[str, ...]
    day0: date
    numbers: Mapping[date, int]


@dataclass(frozen=True)
class DayLaidOpen:
    """A day and what it is. ``numbers`` are its numbers in each of the counts, None for none.

    ``worked_for`` is the day off that a make-up day is worked for.
    """

    day: Day
    numbers: tuple[int | None, ...]
    worked_for: date | None


@dataclass(frozen=True)
class LaidOpen:
    """A limit and its ladder, day by day.

    ``limit_at`` is the exclusive end of the limit, an aware instant. ``due`` are the steps that
    hold for this court, in order; ``elsewhere`` those for courts of other levels. ``days`` are
    all from the first day 0, or a step in minutes before it, to the last that anything falls on;
    where only minutes are counted there are no ``counts``, and the days begin with that of the
    start. ``provisional`` are the years among them not announced yet.
    """

    limit: Limit
    limit_at: datetime
    frame: Frame
    counts: tuple[Count, ...]
    days: tuple[DayLaidOpen, ...]
    due: tuple[Due, ...]
    elsewhere: tuple[Step, ...]
    provisional: tuple[int, ...]

    @property
    def limit_count(self) -> Count | None:
        """The count that the limit ends by; None of a limit in minutes."""
        if self.limit.minutes:
            return None
        return next(count for count in self.counts if self.limit.anchor in count.anchors)

    def number_of(self, due: Due) -> int | None:
        """The business day on which a step is due; None if it is not counted in days."""
        if due.step.unit in ladder.UNITS:
            return None
        count = next(count for count in self.counts if due.step.anchor in count.anchors)
        return count.numbers[local_date(due.due_at, self.frame.zone)]


def lay_open(kind: TimedKind, limit_name: str, anchors: Anchors, frame: Frame) -> LaidOpen:
    """Count ``limit_name`` and every step of ``kind`` from ``anchors``, both of them set.

    Raises ``KeyError`` for a limit that the kind has not, ``OutOfCalendar`` where the calendar
    does not reach.
    """
    limit = kind.limits[limit_name]
    limit_at = ladder.limit_end(limit, anchors, frame)
    if limit_at is None:
        raise ValueError("a limit is laid open from the instant that it counts from")
    due = tuple(ladder.schedule(kind, anchors, frame, limit_name))
    last = max(
        local_date(instant, frame.zone)
        for instant in (limit_at - timedelta(microseconds=1), *(item.due_at for item in due))
    )
    counts = _counts(limit, due, anchors, last, frame)
    starts = [count.day0 for count in counts] or [local_date(anchors.opened_at, frame.zone)]
    first = min([*starts, *(local_date(item.due_at, frame.zone) for item in due)])
    days = _days(counts, first, last, frame)
    return LaidOpen(
        limit=limit,
        limit_at=limit_at,
        frame=frame,
        counts=counts,
        days=days,
        due=due,
        elsewhere=tuple(
            step
            for step in kind.steps
            if _is_elsewhere(step, frame) and (not step.limits or limit_name in step.limits)
        ),
        provisional=tuple(sorted({row.day.date.year for row in days if row.day.is_provisional})),
    )


def _is_elsewhere(step: Step, frame: Frame) -> bool:
    return bool(step.court_levels) and frame.court_level not in step.court_levels


def _counts(
    limit: Limit, due: tuple[Due, ...], anchors: Anchors, last: date, frame: Frame
) -> tuple[Count, ...]:
    """One count for each day 0 that the limit or a step in business days counts from."""
    used = set() if limit.minutes else {limit.anchor}
    used |= {item.step.anchor for item in due if item.step.unit not in ladder.UNITS}
    starts: dict[date, list[str]] = {}
    for anchor in (OPENED, ASSIGNED, FIXED_DATE):
        day0 = anchors.day0(anchor, frame.zone)
        if anchor in used and day0 is not None:
            starts.setdefault(day0, []).append(anchor)
    return tuple(
        Count(tuple(names), day0, _numbers(day0, last, frame)) for day0, names in starts.items()
    )


def _numbers(day0: date, last: date, frame: Frame) -> dict[date, int]:
    later = (day0 + timedelta(days=offset) for offset in range(1, (last - day0).days + 1))
    return {day0: 0} | {
        day: frame.calendar.number_of(day0, day)
        for day in later
        if frame.calendar.is_business_day(day)
    }


def _days(
    counts: tuple[Count, ...], first: date, last: date, frame: Frame
) -> tuple[DayLaidOpen, ...]:
    rows = []
    for offset in range((last - first).days + 1):
        day = frame.calendar.describe(first + timedelta(days=offset))
        numbers = tuple(count.numbers.get(day.date) for count in counts)
        rows.append(DayLaidOpen(day, numbers, day_names.worked_for(frame.calendar, day)))
    return tuple(rows)
