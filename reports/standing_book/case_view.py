"""The book set against the cases, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.node_rules import NodeRule
from cases.wishes import kinds_of_nodes
from courts.business_days import OutOfCalendar
from courts.models import Court, Department
from courts.roles import Reach
from reports.leadership.asking import month_asked, neighbours, reader
from reports.push_effect import WITHIN_BUSINESS_DAYS
from reports.scope import Scope, local_month
from reports.standing_book.book import ACTION
from reports.standing_book.case_figures import (
    EVERY_CASE,
    Lift,
    Load,
    by_court,
    lifts,
    loads,
)
from reports.standing_book.views import book_read


@require_safe
@book_read
def cases(http: HttpRequest) -> HttpResponse:
    """Requests per hundred open cases, and after which events of a case people ask."""
    at = timezone.now()
    reach = Reach.of(reader(http), ACTION)
    present = local_month(at, Scope(reach.courts, reach.departments))
    month = month_asked(http, present)
    try:
        found = lifts(month, reach, at=at)
    except OutOfCalendar:  # a case of before the first year that the calendar knows
        found = []
    rules = kinds_of_nodes()
    context = {
        "month": month.first_day,
        "days": WITHIN_BUSINESS_DAYS,
        **neighbours(reverse("book:cases"), month, present),
        "courts": _courts(reach, loads(month, reach)),
        "every": found[0] if found else None,
        "every_share": in_percent(found[0].share) if found else "",
        "lifts": [_lift(one, rules) for one in found[1:]],
    }
    return render(http, "reports/book_cases.html", context)


def _courts(reach: Reach, found: Mapping[Any, Load]) -> list[dict[str, Any]]:
    """Each court with its departments; the sum only of a court that is read whole."""
    departments = Department.objects.in_bulk(
        {unit.department_id for unit in found if unit.department_id}
    )
    sums = by_court(found)
    rows = []
    for court in Court.objects.filter(pk__in=sums).order_by("code", "pk"):
        inside = sorted(
            (unit for unit in found if unit.court_id == court.pk),
            key=lambda unit: unit.department_id or 0,
        )
        rows.append(
            {
                "court": court,
                "load": _load(sums[court.pk]) if court.pk in reach.courts else None,
                "departments": [
                    {
                        "department": departments.get(unit.department_id or 0),
                        "load": _load(found[unit]),
                    }
                    for unit in inside
                ],
            }
        )
    return rows


def _load(load: Load) -> dict[str, Any]:
    rate = load.per_hundred
    return {
        "cases": load.cases,
        "requests": load.requests,
        "per_hundred": "–" if rate is None else in_decimal(rate),
    }


def _lift(one: Lift, rules: Mapping[str, NodeRule]) -> dict[str, Any]:
    return {
        "name": event_name(one.kind, rules),
        "cases": one.cases,
        "asked": one.asked,
        "share": in_percent(one.share),
        "lift": "–" if one.lift is None else f"{in_decimal(one.lift)} ×",
        "is_above": one.lift is not None and one.lift > 1,
    }


def event_name(kind: str, rules: Mapping[str, NodeRule]) -> str:
    """What a kind of event (of a ``Lift``) is called; ``rules`` are the nodes of the policy."""
    assert kind != EVERY_CASE
    sort, _colon, what = kind.partition(":")
    if sort == "silence":
        return _("No node for %(days)s days") % {"days": what}
    rule = rules.get(what)
    if rule is None:  # of the trial business system, and on no list of the policy
        return _("Another step (%(code)s)") % {"code": what}
    return rule.title.in_language((get_language() or "").lower())


def in_percent(share: Fraction | None) -> str:
    """A share in per cent with one decimal; a dash for none."""
    return "–" if share is None else f"{in_decimal(share * 100)}%"


def in_decimal(number: Fraction) -> str:
    """A number with one decimal, halves up."""
    tenths = (number * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"
