"""The ladder: when each step of a policy comes due; pure (G8).

Every step counts from its own anchor and never from the step before, so a step that fires late
pushes nothing back. ``now`` is always an argument; instants are aware.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar, end_of_limit, local_date, local_instant

OPENED = "opened"
ASSIGNED = "assigned"
# A local date that is said when the clock starts ("by 30 June").
FIXED_DATE = "fixed_date"
# Units other than business days.
UNITS = {"minutes": timedelta(minutes=1), "seconds": timedelta(seconds=1)}


@dataclass(frozen=True)
class Limit:
    """A limit counted from ``anchor``, of ``business_days`` or of ``minutes``; the other is 0.

    Business days end at 24:00 of the last; minutes (emergencies) pass day and night. Anchored at
    a fixed date it is that date and both are 0: it ends at 24:00, business day or not. With
    ``instead_of`` it holds in place of that limit wherever each of its conditions that is given
    (``matters``, ``urgencies``, ``channels``) names what is timed; an empty one asks nothing.
    """

    name: str
    anchor: str
    business_days: int = 0
    minutes: int = 0
    instead_of: str = ""
    matters: frozenset[str] = frozenset()
    urgencies: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    @property
    def is_fixed_date(self) -> bool:
        """Whether a date is said when the clock starts, and nothing is counted."""
        return self.anchor == FIXED_DATE

    def conditions_met(self, *, matter: str, urgency: str, channel: str) -> int | None:
        """How many conditions there are, all of them met; None if one is not."""
        asked = ((self.matters, matter), (self.urgencies, urgency), (self.channels, channel))
        met = [value in among for among, value in asked if among]
        return len(met) if all(met) else None


@dataclass(frozen=True)
class Step:
    """A step "after more than ``after`` business days": due at the opening of the next one.

    With ``every`` it recurs each so many business days, ``at_most`` times in all. ``level`` is 0
    for a warning and 1 to 4 for the rungs. ``court_levels`` empty means every level; ``limits``
    empty means whatever limit the clock has, else only clocks whose limit is one of these.
    With ``unit`` "minutes" (emergencies) or "seconds" (a rehearsal of the ladder) it is due so
    long past the anchor, day and night.
    """

    key: str
    level: int
    anchor: str
    after: int
    to: tuple[str, ...]
    unit: str = "business_days"
    every: int | None = None
    at_most: int = 1
    court_levels: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()

    def passed(self, occurrence: int) -> int:
        """How many business days, or units of time, pass before it is due."""
        return self.after + (occurrence - 1) * (self.every or 0)


@dataclass(frozen=True)
class TimedKind:
    """What a policy says of one kind of clock; limits are in the order of the policy file."""

    limits: Mapping[str, Limit]
    steps: tuple[Step, ...]

    def limit_for(
        self, base: str, *, matter: str = "", urgency: str = "", channel: str = ""
    ) -> str:
        """The name of the limit that holds in place of ``base``, or ``base`` itself.

        Of the limits whose conditions are all met the one with the most holds; of those with as
        many, the first of the policy file.
        """
        name, most = base, 0
        for limit in self.limits.values():
            if limit.instead_of != base:
                continue
            met = limit.conditions_met(matter=matter, urgency=urgency, channel=channel)
            if met is not None and met > most:
                name, most = limit.name, met
        return name

    @cached_property
    def bits(self) -> Mapping[tuple[str, int], int]:
        """A bit for each occurrence of each step; the sum of some says which of them have fired.

        The order is that of the policy, which a clock keeps to its end.
        """
        keys = [(step.key, number) for step in self.steps for number in range(1, step.at_most + 1)]
        return {key: 1 << place for place, key in enumerate(keys)}

    @cached_property
    def counts_minutes(self) -> bool:
        """Whether the hour of an anchor matters, and not only its local date."""
        limits = any(limit.minutes for limit in self.limits.values())
        return limits or any(step.unit in UNITS for step in self.steps)


@dataclass(frozen=True)
class Frame:
    """The court's side of the count: its calendar, zone, opening hour and level."""

    calendar: BusinessCalendar
    zone: ZoneInfo
    opening: time
    court_level: str


@dataclass(frozen=True)
class Anchors:
    """What steps count from; ``assigned_at`` is None until the first dispatch.

    ``fixed_on`` is the local date of a limit that is a fixed date, else None.
    """

    opened_at: datetime
    assigned_at: datetime | None
    fixed_on: date | None = None

    def of(self, anchor: str) -> datetime | None:
        """The instant of the named anchor, from which minutes count; a fixed date has none."""
        return {OPENED: self.opened_at, ASSIGNED: self.assigned_at}[anchor]

    def day0(self, anchor: str, zone: ZoneInfo) -> date | None:
        """The local date of the named anchor, from which business days count."""
        if anchor == FIXED_DATE:
            return self.fixed_on
        instant = self.of(anchor)
        return local_date(instant, zone) if instant else None


@dataclass(frozen=True)
class Due:
    """One occurrence of a step and when it is due; ``day`` is the local date of that."""

    step: Step
    occurrence: int
    due_at: datetime

    @property
    def key(self) -> tuple[str, int]:
        """What a firing is unique by, within its clock."""
        return self.step.key, self.occurrence


def limit_end(limit: Limit, anchors: Anchors, frame: Frame) -> datetime | None:
    """When ``limit`` ends (done before it is in time), or None while its anchor is not set."""
    if limit.minutes:
        anchor = anchors.of(limit.anchor)
        return anchor + limit.minutes * UNITS["minutes"] if anchor else None
    day0 = anchors.day0(limit.anchor, frame.zone)
    if day0 is None:
        return None
    if limit.is_fixed_date:
        return local_instant(day0 + timedelta(days=1), time(0), frame.zone)
    return end_of_limit(frame.calendar, day0, limit.business_days, frame.zone)


def due_day(step: Step, occurrence: int, day0: date, calendar: BusinessCalendar) -> date:
    """The date on which an occurrence of a step counted in business days is due."""
    return calendar.nth_after(day0, step.passed(occurrence) + 1)


def schedule(kind: TimedKind, anchors: Anchors, frame: Frame, limit_name: str = "") -> list[Due]:
    """Every occurrence of every step that holds for this court, in the order of its instants.

    With ``limit_name`` only the steps that hold for that limit are meant. A step whose anchor is
    not set is left out. At the same instant the lower level comes first.
    """
    found = []
    for step in kind.steps:
        day0 = anchors.day0(step.anchor, frame.zone)
        if day0 is None or (step.court_levels and frame.court_level not in step.court_levels):
            continue
        if limit_name and step.limits and limit_name not in step.limits:
            continue
        for occurrence in range(1, step.at_most + 1):
            if step.unit in UNITS:
                anchor = anchors.of(step.anchor)
                assert anchor is not None  # else there would be no day 0
                due_at = anchor + step.passed(occurrence) * UNITS[step.unit]
            else:
                day = due_day(step, occurrence, day0, frame.calendar)
                due_at = local_instant(day, frame.opening, frame.zone)
            found.append(Due(step, occurrence, due_at))
    found.sort(key=lambda due: (due.due_at, due.step.level, due.occurrence))
    return found


def may_fire_at(
    due_at: datetime, *, rejected_at: datetime | None, not_before: datetime | None
) -> datetime:
    """When a rung that is due at an instant may fire.

    What was missed behind a reply that was rejected at ``rejected_at`` waits for ``not_before``,
    the next opening hour; what comes due later waits for nothing.
    """
    if rejected_at is None or not_before is None or due_at > rejected_at:
        return due_at
    return max(due_at, not_before)


def pending(
    kind: TimedKind,
    due: Collection[Due],
    fired: int,
    *,
    rejected_at: datetime | None,
    not_before: datetime | None,
) -> list[tuple[datetime, Due]]:
    """What has not fired yet, with the instant at which it may fire (``may_fire_at``), in order.

    ``fired`` is the sum of the bits of what has (``TimedKind.bits``).
    """
    waiting = [
        (may_fire_at(item.due_at, rejected_at=rejected_at, not_before=not_before), item)
        for item in due
        if not fired & kind.bits[item.key]
    ]
    waiting.sort(key=lambda pair: (pair[0], pair[1].due_at, pair[1].step.level))
    return waiting


def loudest(missed: Collection[Due]) -> Due | None:
    """Of the rungs missed behind a rejected reply, the one that is sent: the highest."""
    return max(missed, key=lambda item: (item.step.level, item.due_at), default=None)
