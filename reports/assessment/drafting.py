"""The drafts of a year: one sheet for every judge, department and court, made once.

Who becomes a judge during the year gets a sheet by the next draft; who moves to another
department takes the draft along, and its leader comments on it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courts.models import Court, Department, Jurisdiction, Post, Tenure
from reports.assessment.lifecycle import SheetKind, SheetState
from reports.models import Sheet
from reports.months import Month


def draft_all(at: datetime | None = None) -> int:
    """The drafts of the year that it is at ``at``, and in January of the one before, everywhere.

    Returns how many sheets are new.
    """
    at = at or timezone.now()
    made = 0
    for city in Jurisdiction.objects.order_by("pk"):
        present = Month.of(at, city.zone)
        years = {present.year, present.plus(-1).year}
        made += sum(draft(jurisdiction=city, year=year, at=at) for year in sorted(years))
    return made


@transaction.atomic
def draft(*, jurisdiction: Jurisdiction, year: int, at: datetime | None = None) -> int:
    """Make the missing sheets of a year; returns how many there were.

    A handful of statements, but for drafts whose judge has moved. Run twice, or twice at once, it
    makes each sheet once: its constraint keeps it so.
    """
    at = at or timezone.now()
    before = Sheet.objects.filter(court__jurisdiction=jurisdiction, year=year).count()
    courts = Court.objects.filter(jurisdiction=jurisdiction, status=Court.Status.CURRENT)
    wanted = [
        Sheet(kind=SheetKind.COURT, year=year, court_id=pk, drafted_at=at)
        for pk in courts.order_by("pk").values_list("pk", flat=True)
    ]
    departments = Department.objects.filter(court__in=courts, is_open=True).order_by("pk")
    wanted += [
        Sheet(kind=SheetKind.DEPARTMENT, year=year, court_id=court, department_id=pk, drafted_at=at)
        for pk, court in departments.values_list("pk", "court_id")
    ]
    seats = _seats(jurisdiction, year, at)
    wanted += [
        Sheet(
            kind=SheetKind.JUDGE,
            year=year,
            court_id=court,
            department_id=department,
            person_id=person,
            drafted_at=at,
        )
        for person, (court, department) in seats.items()
    ]
    Sheet.objects.bulk_create(wanted, ignore_conflicts=True)
    drafts = Sheet.objects.filter(
        kind=SheetKind.JUDGE, year=year, person__in=seats, state=SheetState.DRAFT
    )
    for pk, person, court, department in drafts.values_list(
        "pk", "person_id", "court_id", "department_id"
    ):
        seat = seats[person]
        if seat != (court, department):
            drafts.filter(pk=pk).update(court_id=seat[0], department_id=seat[1])
    return Sheet.objects.filter(court__jurisdiction=jurisdiction, year=year).count() - before


def _seats(city: Jurisdiction, year: int, at: datetime) -> dict[int, tuple[int, int]]:
    """Court and department of the judge's seat that each held last in the year, up to ``at``."""
    start, _end = Month(year, 1).bounds(city.zone)
    _start, end = Month(year, 12).bounds(city.zone)
    tenures = Tenure.objects.filter(
        Q(until_at__isnull=True) | Q(until_at__gt=start),
        post__kind=Post.Kind.JUDGE,
        post__court__jurisdiction=city,
        from_at__lt=min(end, at),
        is_acting=False,
    )
    rows = tenures.order_by("from_at", "pk").values_list(
        "person_id", "post__court_id", "post__department_id"
    )
    return {person: (court, department) for person, court, department in rows if department}
