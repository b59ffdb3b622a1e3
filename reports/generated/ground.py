"""What a generated city stands on: its courts, units and people, read once as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from courts import calendar
from courts.models import Court, Department, Jurisdiction, Post, Tenure
from escalation import policy
from escalation.models import PolicyVersion
from escalation.places import Places
from escalation.recipients import POSTS, Roster

# How a branch of law is seen in the name of a division; anything else takes whatever comes.
_BRANCHES = {"民事": "civil", "刑事": "criminal", "行政": "admin", "执行": "enforcement"}


@dataclass(frozen=True)
class Unit:
    """A division that takes orders, with the judges who handle them."""

    pk: int
    court_id: int
    name: str
    branch: str
    judges: tuple[int, ...]
    officer: int


@dataclass(frozen=True)
class Desk:
    """A court with its litigation service, and its divisions."""

    court_id: int
    code: str
    is_leading: bool
    name: str
    department_id: int
    clerks: tuple[int, ...]
    agent: int
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Ground:
    """The jurisdiction as it stands. ``names`` are of people, ``departments`` of departments."""

    jurisdiction_id: int
    prefix: str
    policy: str
    zone: ZoneInfo
    version_id: int
    desks: Mapping[int, Desk]
    departments: Mapping[int, str]
    names: Mapping[int, str]
    places: Places
    roster: Roster
    climbers: frozenset[int]
    acting: Mapping[int, Sequence[Tenure]]
    policies: Sequence[tuple[date, int]]

    @property
    def policy_ids(self) -> frozenset[int]:
        """Every version of the policy that may hold."""
        return frozenset(pk for _day, pk in self.policies)

    def policy_id(self, on: date) -> int:
        """The version of the policy that holds on a local date; before the first, the first."""
        held = [pk for day, pk in self.policies if day <= on]
        return held[-1] if held else self.policies[0][1]


def survey(jurisdiction: Jurisdiction) -> Ground:
    """Read a founded jurisdiction; raises ``LookupError`` for a court without staff or desk."""
    courts = list(jurisdiction.courts.filter(status=Court.Status.CURRENT).order_by("pk"))
    rows = Tenure.objects.filter(post__court__in=courts).select_related("post", "person")
    rows = rows.prefetch_related("post__departments_in_charge")
    tenures = list(rows.order_by("post_id", "-from_at"))
    by_post: dict[tuple[str, int, int | None], list[int]] = defaultdict(list)
    acting: dict[int, list[Tenure]] = defaultdict(list)
    for tenure in tenures:
        if tenure.is_acting:
            acting[tenure.person_id].append(tenure)
        elif tenure.until_at is None:
            seat = tenure.post
            by_post[seat.kind, seat.court_id, seat.department_id].append(tenure.person_id)
    places = Places(court.pk for court in courts)
    versions = PolicyVersion.objects.filter(slug=jurisdiction.policy).order_by("holds_from")
    return Ground(
        jurisdiction_id=jurisdiction.pk,
        prefix=jurisdiction.number_prefix,
        policy=jurisdiction.policy,
        zone=jurisdiction.zone,
        version_id=calendar.current_version().pk,
        desks={
            court.pk: _desk(court, court.pk == jurisdiction.leading_court_id, by_post)
            for court in courts
        },
        departments=dict(Department.objects.filter(court__in=courts).values_list("pk", "name")),
        names={tenure.person_id: tenure.person.name for tenure in tenures},
        places=places,
        roster=Roster(
            places.courts.values(),
            since=min((tenure.from_at for tenure in tenures), default=timezone.now()),
        ),
        climbers=frozenset(tenure.person_id for tenure in tenures if tenure.post.kind in POSTS),
        acting=acting,
        policies=[
            (day, policy.version_for(jurisdiction.policy, day).pk)
            for day in sorted(set(versions.values_list("holds_from", flat=True)))
        ],
    )


def _desk(
    court: Court, is_leading: bool, by_post: Mapping[tuple[str, int, int | None], list[int]]
) -> Desk:
    def held(kind: str, department: Department) -> tuple[int, ...]:
        return tuple(by_post.get((kind, court.pk, department.pk), ()))

    # Where every court has one contact person, divisions have no officer of their own (B7).
    contact_person = by_post.get((Post.Kind.LIAISON_OFFICER, court.pk, None), [])
    departments = list(court.departments.order_by("pk"))
    service = next(
        (one for one in departments if one.kind == Department.Kind.LITIGATION_SERVICE), None
    )
    kinds = (Department.Kind.TRIAL, Department.Kind.ENFORCEMENT)
    units = tuple(
        Unit(
            one.pk,
            court.pk,
            one.name,
            next((branch for mark, branch in _BRANCHES.items() if mark in one.name), "any"),
            held(Post.Kind.JUDGE, one),
            (held(Post.Kind.LIAISON_OFFICER, one) or contact_person)[0],
        )
        for one in departments
        if one.kind in kinds and one.is_open and held(Post.Kind.JUDGE, one)
    )
    if service is None or not units:
        raise LookupError(court.code)
    return Desk(
        court.pk,
        court.code,
        is_leading,
        court.name,
        service.pk,
        held(Post.Kind.SERVICE_STAFF, service),
        held(Post.Kind.HOTLINE_AGENT, service)[0],
        units,
    )
