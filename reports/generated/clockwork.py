"""The clocks of a story, counted by the engine's own rule and remembered for all that read alike.

A sweep is taken to come at the very instant at which something is due, so nothing is ever left
for a settling. Nothing here asks the database once ``Clockwork`` stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from courts.business_days import local_date
from escalation import opening_hours
from escalation.counting import Counted, Outcome, Rung, judge
from escalation.places import Place
from escalation.policy import Policy
from escalation.recipients import ANYONE, Found, Unit
from liaison.kinds import within_party_hours
from reports.generated.ground import Ground

_KEPT = 200_000


@dataclass(slots=True)
class Timer:
    """A clock as it stands in memory; the instants are UTC, the last attempts in order."""

    pk: int
    kind: str
    subject_id: int
    policy_id: int
    court_id: int
    department_id: int | None
    opened_at: datetime
    opened_on: date
    limit_name: str
    counts_minutes: bool
    handler_id: int | None = None
    assigned_at: datetime | None = None
    assigned_on: date | None = None
    fired: int = 0
    limit_at: datetime | None = None
    next_due_at: datetime | None = None
    not_before_at: datetime | None = None
    resumed_at: datetime | None = None
    attempted_at: datetime | None = None
    stopped_at: datetime | None = None
    attempts: list[datetime] = field(default_factory=list)

    @property
    def dates(self) -> tuple[datetime | None, datetime | None]:
        """What a move may change: the next instant and the limit."""
        return self.next_due_at, self.limit_at


class Clockwork:
    """Counts, finds recipients, and knows the hours of courts and parties."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._outcomes: dict[tuple[Any, ...], Outcome] = {}
        self._found: dict[tuple[Any, ...], Found] = {}
        # Courts whose count is the same share a number.
        self._frames: dict[tuple[int, int], tuple[int, Place]] = {}
        numbers: dict[Any, int] = {}
        for policy_id in ground.policy_ids:
            for court_id in ground.desks:
                place = ground.places.of(court_id, policy_id, ground.version_id)
                key = (place.frame, policy_id)
                number = numbers.setdefault(key, len(numbers))
                self._frames[court_id, policy_id] = (number, place)
        self._local_date = lru_cache(maxsize=_KEPT)(self._date_of)

    def place(self, court_id: int, policy_id: int) -> Place:
        """The court's side of the count."""
        return self._frames[court_id, policy_id][1]

    def rules(self, at: datetime) -> Policy:
        """The policy that holds at an instant."""
        first = next(iter(self.ground.desks))
        return self.place(first, self.ground.policy_id(self.day(at))).policy

    def day(self, at: datetime) -> date:
        """The local date of an instant."""
        return self._local_date(at)

    def _date_of(self, at: datetime) -> date:
        return local_date(at, self.ground.zone)

    # --- counting ----------------------------------------------------------------------------

    def retime(self, timer: Timer) -> None:
        """Count a running clock from its anchors; a stopped one stays as it is."""
        if timer.stopped_at is not None:
            return
        outcome = self._outcome(timer, None)
        timer.limit_at, timer.next_due_at = outcome.limit_at, outcome.next_due_at
        timer.not_before_at = outcome.not_before_at

    def fire(self, timer: Timer, at: datetime) -> tuple[Rung, ...]:
        """What is due at or before ``at``; the clock then stands as after its recording."""
        outcome = self._outcome(timer, at)
        timer.limit_at, timer.next_due_at = outcome.limit_at, outcome.next_due_at
        timer.not_before_at, timer.fired = outcome.not_before_at, outcome.fired
        return outcome.rungs

    def _outcome(self, timer: Timer, at: datetime | None) -> Outcome:
        number, place = self._frames[timer.court_id, timer.policy_id]
        minutes = timer.counts_minutes
        key = (
            number, timer.kind, timer.limit_name, timer.fired, timer.opened_on, timer.assigned_on,
            timer.not_before_at, timer.resumed_at, timer.attempted_at if at else None, at,
            (timer.opened_at, timer.assigned_at) if minutes else None,
        )  # fmt: skip
        found = self._outcomes.get(key)
        if found is None:
            if len(self._outcomes) >= _KEPT:
                self._outcomes.clear()
            counted = Counted(
                court_id=timer.court_id,
                kind=timer.kind,
                policy_id=timer.policy_id,
                version_id=self.ground.version_id,
                limit_name=timer.limit_name,
                fired=timer.fired,
                opened_on=timer.opened_on,
                assigned_on=timer.assigned_on,
                fixed_on=None,
                opened_at=timer.opened_at if minutes else None,
                assigned_at=timer.assigned_at if minutes else None,
                not_before_at=timer.not_before_at,
                resumed_at=timer.resumed_at,
                attempted_at=timer.attempted_at,
                is_stale=False,
                next_due_at=None,
                limit_at=None,
            )
            found = judge(counted, place, at or timer.opened_at, fire=at is not None)
            found = self._outcomes[key] = replace(
                found,
                limit_at=_utc(found.limit_at),
                next_due_at=_utc(found.next_due_at),
                not_before_at=_utc(found.not_before_at),
            )
        return found

    def recipients(self, timer: Timer, rung: Rung, at: datetime) -> Found:
        """To whom a rung goes that fires at ``at``; the roles are in order."""
        return self.resolve(
            rung.due.step.to,
            Unit(timer.court_id, timer.department_id, timer.handler_id),
            due_at=rung.due.due_at,
            fired_at=at,
        )

    def resolve(
        self, to: tuple[str, ...], unit: Unit, *, due_at: datetime, fired_at: datetime
    ) -> Found:
        """The people behind roles; ``ANYONE`` among them is the handler of the unit."""
        handler = unit.handler_id
        if handler is not None and handler not in self.ground.climbers:
            handler = ANYONE
        key = (to, unit.court_id, unit.department_id, handler, due_at, fired_at)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _KEPT:
                self._found.clear()
            reads_as = Unit(unit.court_id, unit.department_id, handler)
            found = self.ground.roster.resolve(to, reads_as, due_at=due_at, fired_at=fired_at)
            self._found[key] = found
        return found

    def attempt(self, timer: Timer, at: datetime) -> None:
        """Count an attempt to reach the party; enough of them mark the rungs that follow."""
        timer.attempts.append(at)
        if timer.attempted_at is not None:
            return
        if self.place(timer.court_id, timer.policy_id).are_enough(timer.attempts):
            timer.attempted_at = at

    def completes_at(self, timer: Timer, at: datetime) -> datetime:
        """When a reply counts as accepted."""
        return self.place(timer.court_id, timer.policy_id).completes_at(at).astimezone(UTC)

    # --- hours -------------------------------------------------------------------------------

    def staff_hours(self, court_id: int, at: datetime) -> datetime:
        """From ``at`` on, the first instant within the opening hours of a court."""
        place = self.place(court_id, self.ground.policy_id(self.day(at)))
        return opening_hours.within(place.policy, place.frame.calendar, place.frame.zone, at)

    def clock_hours(self, timer: Timer, at: datetime) -> datetime:
        """The same by the policy that a clock started with."""
        place = self.place(timer.court_id, timer.policy_id)
        return opening_hours.within(place.policy, place.frame.calendar, place.frame.zone, at)

    def party_hours(self, at: datetime) -> datetime:
        """From ``at`` on, the first instant at which a party may be written to."""
        return within_party_hours(self.rules(at), self.ground.zone, at)


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None
