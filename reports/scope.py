"""Which units a reader's figures are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Q

from courts.models import Court, Department, Person
from courts.roles import Reach
from reports.indicators import Unit
from reports.months import Month

ACTION = "leadership.read"


@dataclass(frozen=True)
class Scope:
    """Whole courts, and single departments of other courts."""

    courts: frozenset[int]
    departments: frozenset[int]

    @classmethod
    def of(cls, person: Person) -> Scope:
        """What ``person`` may read the figures of (G2, G16)."""
        reach = Reach.of(person, ACTION)
        return cls(reach.courts, reach.departments)

    @classmethod
    def everything(cls) -> Scope:
        """All courts of all jurisdictions, for the command line."""
        rows = Court.objects.filter(jurisdiction__isnull=False).values_list("pk", flat=True)
        return cls(frozenset(rows), frozenset())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not (self.courts or self.departments)

    def covers(self, unit: Unit) -> bool:
        """Whether the figures of ``unit`` are within."""
        return unit.court_id in self.courts or unit.department_id in self.departments

    def q(self, prefix: str = "") -> Q:
        """A condition on the ``court`` and ``department`` of a row."""
        return Q(**{f"{prefix}court__in": self.courts}) | Q(
            **{f"{prefix}department__in": self.departments}
        )

    def only_court(self, court: Court) -> Scope:
        """What of this scope lies in one court."""
        if court.pk in self.courts:
            return Scope(frozenset([court.pk]), frozenset())
        inside = Department.objects.filter(court=court, pk__in=self.departments)
        return Scope(frozenset(), frozenset(inside.values_list("pk", flat=True)))

    def only_department(self, department: Department) -> Scope:
        """One department of this scope, or nothing."""
        if self.covers(Unit(department.court_id, department.pk)):
            return Scope(frozenset(), frozenset([department.pk]))
        return Scope(frozenset(), frozenset())


def zones() -> dict[int, ZoneInfo]:
    """The time zone of every court that belongs to a jurisdiction."""
    rows = Court.objects.filter(jurisdiction__isnull=False)
    return {
        court_id: ZoneInfo(name)
        for court_id, name in rows.values_list("pk", "jurisdiction__time_zone")
    }


def within_month(field: str, month: Month, places: dict[int, ZoneInfo], *, end_included: bool) -> Q:
    """A condition on an instant of a row with a ``court``: that it lies in the local month.

    Limits end at 24:00, so for them the end is included and the beginning is not.
    """
    after, before = ("gt", "lte") if end_included else ("gte", "lt")
    parts = []
    for zone in sorted(set(places.values()), key=str):
        start, end = month.bounds(zone)
        courts = [court_id for court_id, place in places.items() if place == zone]
        part = Q(**{f"{field}__{after}": start, f"{field}__{before}": end})
        parts.append(part & Q(court__in=courts) if len(set(places.values())) > 1 else part)
    return reduce(or_, parts, Q(pk__in=[]) if not parts else parts[0])


def local_month(at: datetime, scope: Scope) -> Month:
    """The month that it is at ``at`` where the courts of ``scope`` are."""
    courts = Court.objects.filter(Q(pk__in=scope.courts) | Q(departments__in=scope.departments))
    court = courts.select_related("jurisdiction").order_by("pk").first()
    zone = court.jurisdiction.zone if court and court.jurisdiction else ZoneInfo("UTC")
    return Month.of(at, zone)
