"""Reads the months of a person or a unit: a constant number of statements, however many months.

A person's items lie in the departments in which they were ever given orders by name; an item
counts for the person who answered for it when its limit ended (``reports.holders``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from courts.models import Court, Jurisdiction, Person, Post
from courts.roles import ACTIONS
from reports.assessment.lifecycle import SheetKind
from reports.assessment.year import Answer, Item, MonthOf, Year
from reports.board import fired
from reports.facts import months_items
from reports.indicators import Indicator
from reports.models import Objection, Sheet
from reports.models.assessment import ObjectionQuerySet
from reports.months import Month
from reports.scope import Scope
from reports.standings import rule_of

_KNOWN = frozenset(one.value for one in Indicator)


def scope_of(person: Person) -> Scope:
    """The departments in which ``person`` ever could be given an order by name."""
    seats = Post.objects.filter(
        tenures__person=person, kind__in=ACTIONS["orders.handle"], department__isnull=False
    )
    return Scope(frozenset(), frozenset(seats.values_list("department_id", flat=True)))


def of_person(person: Person, city: Jurisdiction, months: Sequence[Month], *, at: datetime) -> Year:
    """What counts for a person in ``months``, which follow each other, as it stands at ``at``."""
    return _year(scope_of(person), city, months, at, person)


def of_sheet(sheet: Sheet, *, at: datetime) -> Year:
    """What a sheet is about, live. The court must be loaded with its jurisdiction."""
    city = sheet.court.jurisdiction
    assert city is not None
    if sheet.kind == SheetKind.JUDGE:
        assert sheet.person is not None
        return of_person(sheet.person, city, sheet.months, at=at)
    if sheet.department_id is not None:
        scope = Scope(frozenset(), frozenset([sheet.department_id]))
    else:
        scope = Scope(frozenset([sheet.court_id]), frozenset())
    return _year(scope, city, sheet.months, at, None)


def courts_of(sheet: Sheet) -> list[Court]:
    """The courts in which the items of a sheet may lie; a judge may have moved."""
    if sheet.person is None:
        return [sheet.court]
    departments = scope_of(sheet.person).departments
    found = Court.objects.filter(departments__in=departments).select_related("jurisdiction")
    return [sheet.court, *found.exclude(pk=sheet.court_id).distinct()]


def objections_to(sheet: Sheet) -> ObjectionQuerySet:
    """The objections to figures of a sheet's year, of the judge or of anyone in the unit."""
    rows = Objection.objects.of_months(sheet.months[0], sheet.months[-1])
    if sheet.kind == SheetKind.JUDGE:
        return rows.filter(person=sheet.person)
    if sheet.kind == SheetKind.DEPARTMENT:
        return rows.filter(department=sheet.department)
    return rows.filter(court=sheet.court)


def _year(
    scope: Scope, city: Jurisdiction, months: Sequence[Month], at: datetime, person: Person | None
) -> Year:
    found = months_items(months, scope, at=at)
    firings = fired(months[0], scope, until=months[-1]).filter(level__gte=1)
    objections = Objection.objects.of_months(months[0], months[-1])
    if person is None:
        objections = objections.filter(scope.q())
    else:
        firings, objections = firings.filter(handler=person), objections.filter(person=person)
    rungs = _rungs(firings, city)
    return Year(
        tuple(
            MonthOf(
                month,
                tuple(
                    item
                    for item in found[month].outcomes
                    if person is None or item.handler_id == person.pk
                ),
                tuple(
                    one
                    for one in found[month].ratings
                    if person is None or one.handler_id == person.pk
                ),
                rungs[month],
            )
            for month in months
        ),
        _answers(objections.values_list("month", "indicator", "request_id", "state")),
        rule_of(city, months[0]),
    )


def _rungs(firings: QuerySet[Any], city: Jurisdiction) -> dict[Month, Counter[int]]:
    rungs: dict[Month, Counter[int]] = defaultdict(Counter)
    rows = firings.annotate(month=TruncMonth("due_at", tzinfo=city.zone))
    for first, level, number in rows.values_list("month", "level").annotate(number=Count("pk")):
        rungs[Month(first.year, first.month)][level] = number
    return rungs


def _answers(rows: Iterable[tuple[Any, ...]]) -> dict[Item, Answer]:
    return {
        Item(Month(month.year, month.month), Indicator(indicator), request_id): Answer(state)
        for month, indicator, request_id, state in rows
        # One that a newer version wrote is none of a rate known here.
        if indicator in _KNOWN
    }
