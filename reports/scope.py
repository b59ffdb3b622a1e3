"""Which units a reader's figures are about."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from courts.models import Court, Department, Jurisdiction, Person
from courts.roles import Reach
from reports.holders import Unit
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
    def of_city(cls, jurisdiction: Jurisdiction) -> Scope:
        """All courts of a jurisdiction: what its briefing is made of."""
        rows = Court.objects.filter(jurisdiction=jurisdiction).values_list("pk", flat=True)
        return cls(frozenset(rows), frozenset())

    @classmethod
    def everything(cls) -> Scope:
        """All courts of all jurisdictions, for the command line."""
        rows = Court.objects.filter(jurisdiction__isnull=False).values_list("pk", flat=True)
        return cls(frozenset(rows), frozenset())

    @property
    def reach(self) -> Reach:
        """The same as a reach that is nobody's: of the platform, or of a machine."""
        return Reach(0, self.courts, self.departments, own=False)

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


def within_month(
    field: str,
    month: Month,
    places: dict[int, ZoneInfo],
    *,
    end_included: bool,
    until: Month | None = None,
) -> Q:
    """A condition on an instant of a row with a ``court``: that it lies in the local month.

    Limits end at 24:00, so for them the end is included and the beginning is not. With ``until``
    it may lie in any month from the one to the other.
    """
    after, before = ("gt", "lte") if end_included else ("gte", "lt")
    parts = []
    for zone in sorted(set(places.values()), key=str):
        start, _end = month.bounds(zone)
        _start, end = (until or month).bounds(zone)
        courts = [court_id for court_id, place in places.items() if place == zone]
        part = Q(**{f"{field}__{after}": start, f"{field}__{before}": end})
        parts.append(part & Q(court__in=courts) if len(set(places.values())) > 1 else part)
    return reduce(or_, parts, Q(pk__in=[]) if not parts else parts[0])


def over_cases(month: Month, whole: Set[int], departments: Set[int]) -> dict[str, Any]:
    """What a statement over the cases of ``whole`` courts and of ``departments`` is given.

    All ``courts`` that these lie in with their ``zones``, and the local days of the month:
    ``from``, and ``before`` which it lies. Without any court there is nothing to ask.
    """
    places = zones()
    of_departments = Department.objects.filter(pk__in=departments)
    wanted = whole | set(of_departments.values_list("court_id", flat=True))
    courts = sorted(wanted & set(places))
    return {
        "courts": courts,
        "zones": [str(places[court_id]) for court_id in courts],
        "whole": list(whole),
        "departments": list(departments),
        "from": month.first_day.isoformat(),
        "before": month.plus(1).first_day.isoformat(),
    }


def local_month(at: datetime, scope: Scope) -> Month:
    """The month that it is at ``at`` where the courts of ``scope`` are."""
    found = city_of(scope)
    return Month.of(at, found.zone if found else ZoneInfo("UTC"))


def city_of(scope: Scope) -> Jurisdiction | None:
    """The jurisdiction of the courts of ``scope``; of several, that of the first court."""
    courts = Court.objects.filter(Q(pk__in=scope.courts) | Q(departments__in=scope.departments))
    court = courts.select_related("jurisdiction").order_by("pk").first()
    return court.jurisdiction if court else None
