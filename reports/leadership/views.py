"""The rates of a month, and the list behind every figure (G2, G16, B2, B14)."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts.access import action_required
from courts.models import Court, Department, Person
from courts.roles import posts_of
from liaison.models import Request
from reports import board
from reports.indicators import Indicator
from reports.leadership import presentation
from reports.leadership.lists import (
    LISTS,
    OVERDUE,
    RESULTS,
    RUNGS,
    UNCOUNTED,
    Listed,
    entries,
    page,
)
from reports.months import Month
from reports.scope import ACTION, Scope, local_month
from workorders.models import WorkOrder


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _month(request: HttpRequest, present: Month) -> Month:
    """The month asked for; the present one for none, one that is no month, or one to come."""
    try:
        return min(Month.parse(request.GET.get("month", "")), present)
    except ValueError:
        return present


@require_safe
@action_required(ACTION)
def rates(request: HttpRequest) -> HttpResponse:
    """The three rates by court and department, the ladder, and what is overdue."""
    at = timezone.now()
    scope = Scope.of(_person(request))
    present = local_month(at, scope)
    month = _month(request, present)
    found = board.read(month, scope, at=at)
    return render(
        request,
        "leadership/rates.html",
        {
            "place": _place(_person(request)),
            "month": month.first_day,
            "is_present": month == present,
            "previous": _month_url(month.plus(-1)) if _known(month, -1) else "",
            "next": _month_url(month.plus(1)) if month < present else "",
            "show_all_url": f"{_month_url(month)}&court=all" if len(found.courts) > 1 else "",
            "cards": presentation.cards(found),
            "courts": list(presentation.court_rows(found, request.GET.get("court", ""))),
            "funnel": presentation.funnel(found, at),
            "overdue": found.total.overdue,
            "overdue_url": presentation.items_url(month, OVERDUE),
            "oldest": found.total.oldest,
            "left_out": presentation.left_out(found),
            "left_out_url": presentation.left_out_url(found),
            "at": at,
        },
    )


def _place(person: Person) -> str:
    """The court for which the reader reads: that of the first post held."""
    posts = posts_of(person)
    return posts[0].court.display_name if posts else ""


def _known(month: Month, months: int) -> bool:
    try:
        month.plus(months)
    except ValueError:
        return False
    return True


def _month_url(month: Month) -> str:
    return f"{reverse('leadership:rates')}?month={month}"


@require_safe
@action_required(ACTION)
def items(request: HttpRequest) -> HttpResponse:
    """The requests behind one figure; what lies outside the reader's reach does not exist."""
    at = timezone.now()
    person = _person(request)
    scope = Scope.of(person)
    month = _month(request, local_month(at, scope))
    kind = request.GET.get("indicator", "")
    if kind not in LISTS:
        raise Http404
    scope, place = _narrowed(request, scope)
    found = entries(kind, month, scope, at=at)
    tabs, shown = _tabs(request, kind, month, found)
    part = page(shown, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    return render(
        request,
        "leadership/items.html",
        {
            "title": LISTS[kind],
            "kind": kind,
            "is_rungs": kind == RUNGS,
            "is_overdue": kind == OVERDUE,
            "is_acceptance": kind == Indicator.ACCEPTANCE,
            "place": place,
            "month": month.first_day,
            "back_url": _month_url(month),
            "tabs": tabs,
            "count": len(shown),
            "uncounted": sum(1 for entry in shown if entry.result in UNCOUNTED),
            "rows": _rows(person, part.rows),
            "page": part,
        },
    )


def _narrowed(request: HttpRequest, scope: Scope) -> tuple[Scope, Court | Department | None]:
    place: Court | Department | None = None
    if request.GET.get("department"):
        place = get_object_or_404(
            Department.objects.select_related("court"), public_id=_uuid(request, "department")
        )
        scope = scope.only_department(place)
    elif request.GET.get("court"):
        place = get_object_or_404(Court, public_id=_uuid(request, "court"))
        scope = scope.only_court(place)
    if scope.is_empty:
        raise Http404
    return scope, place


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.GET[name])
    except ValueError:
        raise Http404 from None


def _tabs(
    request: HttpRequest, kind: str, month: Month, found: list[Listed]
) -> tuple[list[dict[str, Any]], list[Listed]]:
    """The list cut by result or by level, with the number in each part."""
    place = {name: request.GET.get(name) for name in ("court", "department")}
    if kind == OVERDUE:
        return [], found
    name = "level" if kind == RUNGS else "result"
    labels: dict[str, Any] = RESULTS
    if kind == RUNGS:
        labels = {str(level): presentation.level_label(level) for level in board.LEVELS}
    chosen = request.GET.get(name, "")
    if chosen and chosen not in labels:
        raise Http404
    counts = Counter(_part(kind, entry) for entry in found)
    tabs = [
        {
            "label": label,
            "url": presentation.items_url(month, kind, **place, **{name: value}),
            "active": chosen == value,
            "count": counts[value] if value else len(found),
        }
        for value, label in [("", _("All")), *labels.items()]
        if not value or counts[value] or chosen == value
    ]
    return tabs, [entry for entry in found if not chosen or _part(kind, entry) == chosen]


def _part(kind: str, entry: Listed) -> str:
    return str(entry.level) if kind == RUNGS else entry.result


def _rows(person: Person, shown: Any) -> list[dict[str, Any]]:
    """Entries with their request. Its subject is shown, and a link, to who may read it."""
    ids = [entry.request_id for entry in shown]
    requests = Request.objects.in_bulk(ids)
    orders = WorkOrder.objects.visible_to(person, "supervision.read")
    readable = set(
        orders.filter(request__in=ids, is_lead=True).values_list("request_id", flat=True)
    )
    units = {entry.unit.department_id for entry in shown if entry.unit.department_id}
    departments = Department.objects.select_related("court").in_bulk(units)
    courts = Court.objects.in_bulk({entry.unit.court_id for entry in shown})
    rows = []
    for entry in shown:
        one = requests[entry.request_id]
        may_read = one.pk in readable
        level = entry.level
        rows.append(
            {
                "entry": entry,
                "request": one,
                "may_read": may_read,
                "url": reverse("supervision:request", args=[one.public_id]) if may_read else "",
                "court": courts[entry.unit.court_id],
                "department": departments.get(entry.unit.department_id or 0),
                "state": "done" if entry.result == "in_time" else entry.result,
                "state_label": RESULTS.get(entry.result, ""),
                "level_label": "" if level is None else presentation.level_label(level),
            }
        )
    return rows
