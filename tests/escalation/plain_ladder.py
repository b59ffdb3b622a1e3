"""A second count of the ladder, in plain loops; it shares no code with the engine.

It plays a list of verbs and walks the calendar from day to day. What it says is what the record
must show, whenever anybody swept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Guangzhou: key, level, anchor, "after more than n business days", to, primary courts only
STEPS = (
    ("warning", 0, "assigned", 2, ("handler", "liaison_officer"), False),
    ("rung1", 1, "assigned", 3, ("department_leader",), False),
    ("rung2", 2, "assigned", 5, ("deputy_president",), False),
    ("rung3", 3, "assigned", 7, ("president",), False),
    ("rung4", 4, "opened", 8, ("superior_president",), True),
)
UP = ("department_leader", "deputy_president", "president", "superior_president", "filing_chamber")


@dataclass(frozen=True)
class Unit:
    """Who answers for the clock."""

    court: int
    department: int
    handler: int | None


@dataclass(frozen=True)
class Held:
    """Somebody holds a post, or acts for it."""

    person: int
    since: datetime
    until: datetime | None
    acting: bool

    def at(self, instant: datetime) -> bool:
        return self.since <= instant and (self.until is None or instant < self.until)


Post = list[Held]


@dataclass
class World:
    """What the ladder knows of the courts."""

    worked: Callable[[int, date], bool]
    is_primary: dict[int, bool]
    posts: Callable[[str, Unit], list[Post]]


@dataclass(frozen=True)
class Act:
    """A verb applied at an instant: assign, move, stop, resume."""

    at: datetime
    verb: str
    unit: Unit | None = None


@dataclass
class Fired:
    """A step as it must be recorded."""

    due_at: datetime
    unit: Unit
    silent: bool


@dataclass
class Play:
    """The clock of one matter."""

    world: World
    opened: datetime
    unit: Unit
    assigned: datetime | None = None
    runs: bool = True
    resumed: datetime | None = None
    held_until: datetime | None = None
    fired: dict[str, Fired] = field(default_factory=dict)

    def through(self, acts: list[Act], until: datetime) -> dict[str, Fired]:
        """Everything fired at or before ``until``."""
        for act in acts:
            self._fire(act.at)
            getattr(self, act.verb)(act)
        self._fire(until)
        return self.fired

    def assign(self, act: Act) -> None:
        self.assigned = self.assigned or act.at
        self.move(act)

    def move(self, act: Act) -> None:
        assert act.unit is not None
        self.unit = act.unit

    def stop(self, act: Act) -> None:
        self.runs = False

    def resume(self, act: Act) -> None:
        if not self.runs:
            self.runs, self.resumed = True, act.at
            self.held_until = self._next_opening(act.at)

    def _next_opening(self, instant: datetime) -> datetime:
        day = instant.astimezone(SHANGHAI).date()
        while True:
            opening = datetime.combine(day, time(9), tzinfo=SHANGHAI)
            if opening > instant and self.world.worked(self.unit.court, day):
                return opening
            day += timedelta(days=1)

    def _due(self, anchor: datetime, more_than: int) -> datetime:
        day, left = anchor.astimezone(SHANGHAI).date(), more_than + 1
        while left:
            day += timedelta(days=1)
            left -= self.world.worked(self.unit.court, day)
        return datetime.combine(day, time(9), tzinfo=SHANGHAI)

    def _fire(self, until: datetime) -> None:
        if not self.runs:
            return
        now: list[tuple[int, str, datetime]] = []
        for key, level, anchor, n, _to, primary_only in STEPS:
            begin = self.opened if anchor == "opened" else self.assigned
            if key in self.fired or begin is None:
                continue
            if primary_only and not self.world.is_primary[self.unit.court]:
                continue
            due = self._due(begin, n)
            if due <= until and (self.held_until is None or self.held_until <= until):
                now.append((level, key, due))
        missed = [row for row in now if self.resumed and row[2] <= self.resumed]
        for level, key, due in now:
            silent = (level, key, due) in missed and level < max(row[0] for row in missed)
            self.fired[key] = Fired(due, self.unit, silent)


def recipients(world: World, key: str, fired: Fired, fired_at: datetime) -> dict[int, str]:
    """Who must have received a step that was recorded at ``fired_at``, and as what."""
    found: dict[int, str] = {}
    to = next(step[4] for step in STEPS if step[0] == key)
    for role in to:
        people = _people(world, role, fired, fired_at)
        for person in people:
            found.setdefault(person, role)
        others = set(people) if role == "handler" else set(people) - {fired.unit.handler}
        for higher in UP[UP.index(role) + 1 if role in UP else 0 :]:
            if others:
                break
            # An officer stands beside the leader of the department: above both is the leader,
            # and above a leader the deputy president.
            others = set(_people(world, higher, fired, fired_at)) - {fired.unit.handler}
            for person in sorted(others):
                found.setdefault(person, higher)
    return found


def _people(world: World, role: str, fired: Fired, fired_at: datetime) -> list[int]:
    if role == "handler":
        return [] if fired.unit.handler is None else [fired.unit.handler]
    people = []
    for post in world.posts(role, fired.unit):
        then = _in_post(post, fired.due_at)
        if then:
            now = _in_post(post, fired_at)
            people += then[:1] if then[0] in now else now[:1]
    return people


def _in_post(post: Post, instant: datetime) -> list[int]:
    """Who acts for it, then who holds it."""
    held = [one for one in post if one.at(instant)]
    return [one.person for one in sorted(held, key=lambda one: not one.acting)]
