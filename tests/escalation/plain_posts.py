"""Who must receive a rung, found a second time: post by post, without looking ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

UP = ("department_leader", "deputy_president", "president", "superior_president", "filing_chamber")


@dataclass(frozen=True)
class Unit:
    """Who answers for a clock."""

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
class Posts:
    """The posts that a role means for a unit, and who has left the courts altogether."""

    seats: Callable[[str, Unit], list[Post]]
    gone: frozenset[int] = frozenset()

    def recipients(
        self, to: tuple[str, ...], unit: Unit, due: datetime, fired: datetime
    ) -> dict[int, str]:
        """Who must have received a step due at ``due`` and recorded at ``fired``, and as what."""
        found: dict[int, str] = {}
        for role in to:
            people = self._people(role, unit, due, fired)
            for person in people:
                found.setdefault(person, role)
            others = set(people) if role == "handler" else set(people) - {unit.handler}
            # An officer stands beside the leader of the department: above both is the leader,
            # and above a leader the deputy president.
            for higher in UP[UP.index(role) + 1 if role in UP else 0 :]:
                if others:
                    break
                others = set(self._people(higher, unit, due, fired)) - {unit.handler}
                for person in sorted(others):
                    found.setdefault(person, higher)
        return found

    def _people(self, role: str, unit: Unit, due: datetime, fired: datetime) -> list[int]:
        if role == "handler":
            return [] if unit.handler is None or unit.handler in self.gone else [unit.handler]
        people = []
        for post in self.seats(role, unit):
            then = _in_post(post, due)
            if then:
                now = [person for person in _in_post(post, fired) if person not in self.gone]
                people += then[:1] if then[0] in now else now[:1]
        return people


def _in_post(post: Post, instant: datetime) -> list[int]:
    """Who acts for it, then who holds it."""
    held = [one for one in post if one.at(instant)]
    return [one.person for one in sorted(held, key=lambda one: not one.acting)]
