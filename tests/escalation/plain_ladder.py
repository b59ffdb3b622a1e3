"""A second count of the ladder, in plain loops; it shares no code with the engine.

It hears the same verbs and walks the calendar from day to day. What it says is what the record
must show, whenever anybody swept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from tests.escalation.plain_calendar import Calendar, Court, Place
from tests.escalation.plain_posts import Unit

REPLY, ACCEPTANCE, PROMISE = "request.reply", "request.acceptance", "promise"


@dataclass(frozen=True)
class Step:
    """After more than so many business days; ``times`` in all, one a business day."""

    key: str
    level: int
    anchor: str
    more_than: int
    to: tuple[str, ...]
    times: int = 1
    primary_only: bool = False


# The ladders by hand, from the regulations and not from the policy files.
GUANGZHOU = (
    Step("warning", 0, "assigned", 2, ("handler", "liaison_officer")),
    Step("rung1", 1, "assigned", 3, ("department_leader",)),
    Step("rung2", 2, "assigned", 5, ("deputy_president",)),
    Step("rung3", 3, "assigned", 7, ("president",)),
    Step("rung4", 4, "opened", 8, ("superior_president",), primary_only=True),
)
BEIJING = (
    Step("urge", 0, "assigned", 2, ("liaison_officer",), times=20),
    Step("division_chief", 1, "assigned", 3, ("department_leader",)),
)
WAITING = (
    Step("late", 1, "opened", 1, ("department_leader", "liaison_officer")),
    Step("filing", 2, "opened", 3, ("filing_chamber",)),
)
# Of what is promised by a date: see the invented addition to each policy in plain_town.
PROMISED = (
    Step("remind", 0, "opened", 2, ("handler", "liaison_officer"), times=3),
    Step("late", 1, "fixed", 0, ("department_leader",)),
    Step("later", 2, "fixed", 2, ("deputy_president",), times=2),
)
STEPS = {
    ("guangzhou", REPLY): GUANGZHOU,
    ("beijing", REPLY): BEIJING,
    ("guangzhou", ACCEPTANCE): WAITING,
    ("beijing", ACCEPTANCE): WAITING,
    ("guangzhou", PROMISE): PROMISED,
    ("beijing", PROMISE): PROMISED,
}
Key = tuple[str, int]
# The next due instant and the limit.
Instants = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Due:
    """An occurrence of a step and when it is due."""

    at: datetime
    step: Step
    occurrence: int

    @property
    def key(self) -> Key:
        return self.step.key, self.occurrence


@dataclass(frozen=True)
class Fired:
    """An occurrence as it must be recorded; ``at`` is when a sweep or a verb came upon it."""

    due: Due
    at: datetime
    unit: Unit
    behind_rejection: bool
    silent: bool
    attempted: bool
    settled: bool
    taken_over: bool = False


@dataclass
class Matter:
    """The clock of one matter. A limit is kept as counted last: a stopped clock's stands."""

    steps: tuple[Step, ...]
    opened: datetime
    unit: Unit
    assigned: datetime | None = None
    fixed: date | None = None
    stopped: datetime | None = None
    rejected: datetime | None = None
    held_until: datetime | None = None
    attempts: list[datetime] = field(default_factory=list)
    attempted: datetime | None = None
    limit: datetime | None = None
    fired: dict[Key, Fired] = field(default_factory=dict)
    # When a change of the calendar moved the next due instant or the limit, and from what to what.
    moved: list[tuple[datetime | None, ...]] = field(default_factory=list)


@dataclass
class Ladder:
    """All matters of some courts under one calendar."""

    courts: dict[int, Court]
    calendar: Calendar
    matters: list[Matter] = field(default_factory=list)

    # The verbs.

    def start(
        self, at: datetime, unit: Unit, steps: tuple[Step, ...], fixed: date | None = None
    ) -> Matter:
        matter = Matter(steps, at, unit, fixed=fixed)
        self.matters.append(matter)
        self._count(matter)
        return matter

    def assign(self, matter: Matter, at: datetime, unit: Unit) -> None:
        self._settle(matter, at)
        matter.assigned = matter.assigned or at
        self._give(matter, at, unit)

    def move(self, matter: Matter, at: datetime, unit: Unit) -> None:
        self._settle(matter, at)
        self._give(matter, at, unit)

    def stop(self, matter: Matter, at: datetime) -> None:
        self._settle(matter, at, answered=True)
        matter.stopped = at

    def resume(self, matter: Matter, at: datetime) -> None:
        matter.stopped, matter.rejected = None, at
        matter.held_until = self._opening_after(at, matter.unit.court)
        self._count(matter)

    def attempt(self, matter: Matter, at: datetime) -> None:
        matter.attempts.append(at)
        if matter.attempted is None and self._are_enough(matter.attempts, matter):
            matter.attempted = at

    def merge(self, matter: Matter, other: Matter, at: datetime) -> None:
        """``matter`` goes on; ``other`` stops."""
        self._settle(matter, at)
        self._settle(other, at)
        matter.opened = min(matter.opened, other.opened)
        matter.assigned = _earliest(matter.assigned, other.assigned)
        if matter.fixed and other.fixed:
            matter.fixed = min(matter.fixed, other.fixed)
        matter.attempts = sorted(matter.attempts + other.attempts)
        together = None
        for number, attempt in enumerate(matter.attempts, start=1):
            if together is None and self._are_enough(matter.attempts[:number], matter):
                together = attempt
        matter.attempted = _earliest(matter.attempted, other.attempted, together)
        if other.held_until and other.held_until > at:
            # What was missed behind a rejected reply waits for the opening hour here too.
            matter.rejected = _latest(matter.rejected, other.rejected)
            assert matter.rejected is not None
            matter.held_until = self._opening_after(matter.rejected, matter.unit.court)
        for key, fired in other.fired.items():
            matter.fired.setdefault(key, replace(fired, taken_over=True))
        other.stopped = at
        self._count(matter)

    def sweep(self, at: datetime) -> None:
        for matter in self.matters:
            self._settle(matter, at)

    def change(self, at: datetime, entries: list[tuple[Place, date, bool | None]]) -> None:
        """The courts say what some days are to be from now on."""
        self.sweep(at)
        before = self._instants()
        for place, day, worked in entries:
            self.calendar.enter(place, day, worked)
        self._count_anew(at, before)

    def announce(self, at: datetime, public: dict[date, bool]) -> None:
        """Another public schedule holds from now on."""
        self.sweep(at)
        before = self._instants()
        self.calendar.public = public
        self._count_anew(at, before)

    # What the clock shows.

    def next_due(self, matter: Matter) -> datetime | None:
        """When the next step may fire, if nobody answers."""
        if matter.stopped is not None:
            return None
        waiting = [self._may_fire(matter, due) for due in self._open_steps(matter)]
        return min(waiting, default=None)

    # The counting.

    def _give(self, matter: Matter, at: datetime, unit: Unit) -> None:
        matter.unit = unit
        self._hold_anew(matter, at)
        self._count(matter)

    def _are_enough(self, attempts: list[datetime], matter: Matter) -> bool:
        """Three on two days."""
        days = {self._local(attempt, matter) for attempt in attempts}
        return len(attempts) >= 3 and len(days) >= 2

    def _instants(self) -> list[Instants]:
        return [(self.next_due(matter), matter.limit) for matter in self.matters]

    def _count_anew(self, at: datetime, before: list[Instants]) -> None:
        for matter, old in zip(self.matters, before, strict=True):
            if matter.stopped is not None:
                continue
            self._hold_anew(matter, at)
            self._count(matter)
            new = self.next_due(matter), matter.limit
            if new != old:
                matter.moved.append((at, *old, *new))

    def _hold_anew(self, matter: Matter, at: datetime) -> None:
        if matter.rejected and matter.held_until and matter.held_until > at:
            matter.held_until = self._opening_after(matter.rejected, matter.unit.court)

    def _count(self, matter: Matter) -> None:
        if matter.fixed is not None:
            last = matter.fixed
        elif matter.assigned is not None:
            last = self._business_day(self._local(matter.assigned, matter), 3, matter)
        else:  # a summary answer, or acceptance
            last = self._business_day(self._local(matter.opened, matter), 1, matter)
        midnight = datetime.combine(last + timedelta(days=1), time(0))
        matter.limit = midnight.replace(tzinfo=self.courts[matter.unit.court].zone)

    def _local(self, instant: datetime, matter: Matter) -> date:
        return instant.astimezone(self.courts[matter.unit.court].zone).date()

    def _business_day(self, day0: date, n: int, matter: Matter) -> date:
        court = self.courts[matter.unit.court]
        day, left = day0, n
        while left:
            day += timedelta(days=1)
            left -= self.calendar.worked(court, day)
        return day

    def _opening(self, day: date, court_id: int) -> datetime:
        return datetime.combine(day, time(9), tzinfo=self.courts[court_id].zone)

    def _opening_after(self, instant: datetime, court_id: int) -> datetime:
        court = self.courts[court_id]
        day = instant.astimezone(court.zone).date()
        while self._opening(day, court_id) <= instant or not self.calendar.worked(court, day):
            day += timedelta(days=1)
        return self._opening(day, court_id)

    def _open_steps(self, matter: Matter) -> list[Due]:
        found = []
        for step in matter.steps:
            day0 = self._day0(step, matter)
            if day0 is None:
                continue
            if step.primary_only and not self.courts[matter.unit.court].is_primary:
                continue
            for occurrence in range(1, step.times + 1):
                if (step.key, occurrence) in matter.fired:
                    continue
                n = step.more_than + occurrence
                day = self._business_day(day0, n, matter)
                found.append(Due(self._opening(day, matter.unit.court), step, occurrence))
        return found

    def _day0(self, step: Step, matter: Matter) -> date | None:
        if step.anchor == "fixed":
            return matter.fixed
        anchor = matter.opened if step.anchor == "opened" else matter.assigned
        return self._local(anchor, matter) if anchor else None

    def _may_fire(self, matter: Matter, due: Due) -> datetime:
        if matter.rejected is None or matter.held_until is None or due.at > matter.rejected:
            return due.at  # it was not missed behind a rejected reply
        return max(due.at, matter.held_until)

    def _settle(self, matter: Matter, at: datetime, *, answered: bool = False) -> None:
        if matter.stopped is not None:
            return
        now = [due for due in self._open_steps(matter) if self._may_fire(matter, due) <= at]
        missed = [due for due in now if matter.rejected and due.at <= matter.rejected]
        highest = max(missed, key=lambda due: (due.step.level, due.at), default=None)
        for due in now:
            matter.fired[due.key] = Fired(
                due,
                at,
                matter.unit,
                behind_rejection=due in missed,
                silent=due in missed and due is not highest,
                attempted=matter.attempted is not None and matter.attempted <= due.at,
                settled=answered,
            )


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)


def _latest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)
