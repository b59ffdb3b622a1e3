"""Who receives a rung: found through posts, never through names kept with the order.

Whoever held the post, or acted for it, at the rung's due instant; if that person has left
since, whoever holds it at firing. A vacant post, or a holder who is the handler, sends the rung
to the next post up as well; if nobody is left, to the Case Filing Chamber of the leading court.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q

from courts.models import Court, Post

# The posts up the ladder. Each is asked in turn when the one before it is vacant.
CHAIN = (
    "handler",
    "liaison_officer",
    "department_leader",
    "deputy_president",
    "president",
    "superior_president",
    "filing_chamber",
)
# The posts that receive rungs.
POSTS = (
    Post.Kind.LIAISON_OFFICER,
    Post.Kind.DEPARTMENT_LEADER,
    Post.Kind.DEPUTY_PRESIDENT,
    Post.Kind.PRESIDENT,
    Post.Kind.FILING_CHAMBER,
)


# A handler who never held one of these posts: for the recipients it does not matter who it is.
ANYONE = 0


class _Tenure(NamedTuple):
    """Who holds a post and when; ``is_active``: whether that person is still with the courts."""

    from_at: datetime
    until_at: datetime | None
    person_id: int
    is_active: bool


@dataclass(frozen=True)
class Unit:
    """The unit and person that answer for a clock; the handler None if there is none any more."""

    court_id: int
    department_id: int | None
    handler_id: int | None


@dataclass
class Found:
    """Recipients in order, each once with the role that found them first, and what to note."""

    people: dict[int, str] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)

    def add(self, person_id: int, role: str) -> None:
        """One person in two roles gets one notice."""
        self.people.setdefault(person_id, role)

    def note(self, key: str, role: str) -> None:
        """Remember that a role was vacant, passed on, or had a successor."""
        self.detail.setdefault(key, []).append(role)


class Roster:
    """The posts of some courts, their superiors and their leading courts, with their tenures.

    Tenures that ended at or before ``since`` are left out: nothing may be resolved that was due
    before. One statement, whatever the number of clocks; then only look-ups.
    """

    def __init__(self, courts: Iterable[Court], *, since: datetime) -> None:
        self._parent: dict[int, int | None] = {}
        self._leading: dict[int, int | None] = {}
        wanted = set()
        for court in courts:
            leading = court.jurisdiction.leading_court_id if court.jurisdiction else None
            self._parent[court.pk], self._leading[court.pk] = court.parent_id, leading
            wanted |= {one for one in (court.pk, court.parent_id, leading) if one}
        self._posts: dict[tuple[str, int, int | None], list[int]] = defaultdict(list)
        self._tenures: dict[int, list[_Tenure]] = defaultdict(list)
        seats = Post.objects.filter(court_id__in=wanted, kind__in=POSTS, is_open=True)
        not_over = Q(tenures__until_at__isnull=True) | Q(tenures__until_at__gt=since)
        seats = seats.annotate(held=FilteredRelation("tenures", condition=not_over))
        rows = seats.order_by("pk", "-held__is_acting", "-held__from_at").values_list(
            "pk",
            "kind",
            "court_id",
            "department_id",
            "departments_in_charge__pk",
            "held__from_at",
            "held__until_at",
            "held__person_id",
            "held__person__is_active",
        )
        for pk, kind, court_id, department_id, in_charge_id, *held in rows:
            department = in_charge_id if kind == Post.Kind.DEPUTY_PRESIDENT else department_id
            posts = self._posts[kind, court_id, department]
            if pk not in posts:
                posts.append(pk)
            tenure = _Tenure._make(held)
            # A vacant post has none; one in charge of departments comes once for each of them.
            if tenure.person_id and tenure not in self._tenures[pk]:
                self._tenures[pk].append(tenure)

    def _holders(self, post_id: int, at: datetime, *, with_left: bool) -> list[int]:
        """Who acts for the post at ``at``, then who holds it.

        ``with_left`` names those too who have left the courts since.
        """
        return [
            person_id
            for from_at, until_at, person_id, is_active in self._tenures[post_id]
            if from_at <= at and (until_at is None or at < until_at) and (is_active or with_left)
        ]

    def _seats(self, role: str, unit: Unit) -> list[int]:
        """The posts that a role of the policy means for a unit."""
        court, department = unit.court_id, unit.department_id
        if role == "superior_president":
            parent = self._parent.get(court)
            return self._posts[Post.Kind.PRESIDENT, parent, None] if parent else []
        if role == "filing_chamber":
            leading = self._leading.get(court)
            if not leading:
                return []
            return [
                post
                for (kind, court_id, _department), posts in self._posts.items()
                if kind == Post.Kind.FILING_CHAMBER and court_id == leading
                for post in posts
            ]
        if role == "president":
            return self._posts[Post.Kind.PRESIDENT, court, None]
        seats = self._posts[role, court, department] if department else []
        if role == "liaison_officer":
            return seats or self._posts[role, court, None]
        return seats

    def _people(self, role: str, unit: Unit, due_at: datetime, at: datetime, found: Found) -> set:
        people = set()
        for post_id in self._seats(role, unit):
            at_due = self._holders(post_id, due_at, with_left=True)
            if not at_due:
                continue
            at_firing = self._holders(post_id, at, with_left=False)
            if at_due[0] in at_firing:
                people.add(at_due[0])
            else:
                found.note("successor", role)
                people.update(at_firing[:1])
        return people

    def resolve(
        self, to: Iterable[str], unit: Unit, *, due_at: datetime, fired_at: datetime
    ) -> Found:
        """The recipients of a step for a unit, due and fired at the given instants."""
        found = Found()
        for role in to:
            if role == "handler":
                if unit.handler_id is not None:
                    found.add(unit.handler_id, role)
                    continue
                people: set[int] = set()
            else:
                people = self._people(role, unit, due_at, fired_at, found)
                for person_id in people:
                    found.add(person_id, role)
                if people - {unit.handler_id}:
                    continue
            found.note("holder_is_handler" if people else "vacant", role)
            self._climb(role, unit, due_at, fired_at, found)
        if not found.people:
            found.detail["nobody"] = True
        return found

    def _climb(
        self, role: str, unit: Unit, due_at: datetime, fired_at: datetime, found: Found
    ) -> None:
        """Send it to the next post up that has a holder other than the handler."""
        for higher in CHAIN[CHAIN.index(role) + 1 :]:
            if higher == "liaison_officer":
                continue  # beside the ladder, not above it
            people = self._people(higher, unit, due_at, fired_at, found) - {unit.handler_id}
            if people:
                for person_id in sorted(people):
                    found.add(person_id, higher)
                found.note("passed_to", higher)
                return
