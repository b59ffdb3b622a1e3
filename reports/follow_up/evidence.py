"""What matters rest on, with a link where the reader may follow it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courts.models import Court, Department, Person
from reports.holders import Unit
from reports.leadership.asking import month_url
from reports.models.follow_up import Matter
from reports.months import Month
from reports.scope import Scope
from workorders.sight import requests_in_sight

_LINK = '<a href="{}">{}</a>'


class Sources:
    """Requests, cases and ranked units of some matters: as many statements, however many."""

    def __init__(self, person: Person, matters: Iterable[Any]) -> None:
        self._person = person
        ids = {one.request_id for one in matters if getattr(one, "request_id", None)}
        rows = requests_in_sight(person).filter(pk__in=ids) if ids else None
        self._open = set(rows.values_list("pk", flat=True)) if rows is not None else set()

    @cached_property
    def _scope(self) -> Scope:
        return Scope.of(self._person)

    def of(self, matter: Matter) -> list[tuple[Any, Any]]:
        """What one of them rests on, as facts of its page."""
        found: list[tuple[Any, Any]] = []
        request = getattr(matter, "request", None)
        if request is not None:
            shown: Any = request.number
            if request.pk in self._open:
                url = reverse("supervision:request", args=[request.public_id])
                shown = format_html(_LINK, url, shown)
            found.append((_("Request"), shown))
        case = getattr(matter, "case", None)
        if case is not None:
            number = format_html('<span class="case-number">{}</span>', case.number)
            found.append((_("Case"), number))
        court = getattr(matter, "unit_court", None)
        if court is not None:
            found.append((_("Unit concerned"), self._unit(matter, court)))
        return found

    def _unit(self, matter: Any, court: Court) -> Any:
        department: Department | None = matter.unit_department
        name = f"{department} · {court}" if department else str(court)
        month = matter.ranking_month
        if department:
            may = self._scope.covers(Unit(court.pk, department.pk))
            query = {"department": str(department.public_id)}
        else:
            may = court.pk in self._scope.courts
            query = {"court": str(court.public_id)}
        if month is None or not may:
            return name
        address = reverse("leadership:ranking_unit")
        return format_html(_LINK, month_url(address, Month(month.year, month.month), **query), name)
