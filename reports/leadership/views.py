"""The rates of a month, and the list behind every figure (G2, G16, B2, B14)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts.access import action_required
from courts.models import Court, Department, Jurisdiction, Person
from liaison.models import Request
from reports import board, published
from reports.indicators import Indicator
from reports.issues.lines import hottest
from reports.leadership import frozen, presentation
from reports.leadership.asking import (
    month_asked,
    month_url,
    neighbours,
    place_of,
    public_id,
    reader,
)
from reports.leadership.lists import (
    DUE,
    GRADES,
    LISTS,
    OVERDUE,
    RESULTS,
    RISEN,
    RUNGS,
    SATISFACTION,
    UNCOUNTED,
    Listed,
    entries,
    page,
)
from reports.months import Month
from reports.scope import ACTION, Scope, city_of, local_month
from workorders.models import WorkOrder


@require_safe
@action_required(ACTION)
def rates(request: HttpRequest) -> HttpResponse:
    """The rates by court and department, the ladder, and what is overdue."""
    at = timezone.now()
    person = reader(request)
    scope = Scope.of(person)
    present = local_month(at, scope)
    month = month_asked(request, present)
    address = reverse("leadership:rates")
    found = live = board.glance(month, scope, at=at)
    choice = frozen.chosen(request, _only_city(scope, live), month)
    edition_line = None
    if choice is not None:
        then = published.Published(choice.edition).board(scope, live=live)
        differing = published.differences(then, live)
        edition_line = frozen.line(choice, person, month, address, differing=differing)
        found = live if choice.is_live else then
    figures = frozen.carried(edition_line)
    return render(
        request,
        "leadership/rates.html",
        {
            "edition_line": edition_line,
            "place": place_of(person),
            "month": month.first_day,
            "is_present": month == present,
            **neighbours(address, month, present),
            "ranking_url": month_url(reverse("leadership:ranking"), month, figures=figures),
            "trends_url": month_url(reverse("leadership:trends"), month),
            "show_all_url": month_url(address, month, court="all", figures=figures)
            if len(found.courts) > 1
            else "",
            "cards": presentation.cards(found),
            "courts": list(presentation.court_rows(found, request.GET.get("court", ""), figures)),
            "funnel": presentation.funnel(found, at),
            "overdue": found.total.overdue,
            "overdue_url": presentation.items_url(month, OVERDUE),
            "oldest": found.total.oldest,
            "hot": hottest(person, month),
            "left_out": presentation.left_out(found),
            "left_out_url": presentation.left_out_url(found),
            "at": at,
        },
    )


@require_safe
@action_required(ACTION)
def items(request: HttpRequest) -> HttpResponse:
    """The requests behind one figure; what lies outside the reader's reach does not exist."""
    at = timezone.now()
    person = reader(request)
    scope = Scope.of(person)
    month = month_asked(request, local_month(at, scope))
    kind = request.GET.get("indicator", "")
    if kind not in LISTS:
        raise Http404
    scope, place = _narrowed(request, scope)
    handler = _handler(request, scope, place)
    edition = None if handler else frozen.asked_for(request, city_of(scope), month)
    found = entries(kind, month, scope, at=at, handler=handler, published=edition)
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
            "is_due": kind == DUE,
            "is_satisfaction": kind == SATISFACTION,
            "is_acceptance": kind == Indicator.ACCEPTANCE,
            "place": place,
            "handler": handler,
            "month": month.first_day,
            "edition": edition.edition if edition else None,
            "back_url": month_url(reverse("leadership:rates"), month),
            "tabs": tabs,
            "count": len(shown),
            "uncounted": sum(1 for entry in shown if entry.result in UNCOUNTED),
            "rows": _rows(person, part.rows),
            "page": part,
        },
    )


def _only_city(scope: Scope, live: board.Board) -> Jurisdiction | None:
    """The jurisdiction of all that is shown; None for who reads of several: an edition has one."""
    home = city_of(scope)
    several = {one.court.jurisdiction_id for one in live.courts} - {home.pk if home else None}
    return None if several else home


def _narrowed(request: HttpRequest, scope: Scope) -> tuple[Scope, Court | Department | None]:
    place: Court | Department | None = None
    if request.GET.get("department"):
        place = get_object_or_404(
            Department.objects.select_related("court"), public_id=public_id(request, "department")
        )
        scope = scope.only_department(place)
    elif request.GET.get("court"):
        place = get_object_or_404(Court, public_id=public_id(request, "court"))
        scope = scope.only_court(place)
    if scope.is_empty:
        raise Http404
    return scope, place


def _handler(request: HttpRequest, scope: Scope, place: Court | Department | None) -> Person | None:
    """The person whose items are asked for: of a court whose figures the reader reads whole."""
    if not request.GET.get("handler"):
        return None
    if not isinstance(place, Court) or place.pk not in scope.courts:
        raise Http404
    return get_object_or_404(Person, public_id=public_id(request, "handler"))


def _tabs(
    request: HttpRequest, kind: str, month: Month, found: list[Listed]
) -> tuple[list[dict[str, Any]], list[Listed]]:
    """The list cut by result or by level, with the number in each part."""
    place = {name: request.GET.get(name) for name in ("court", "department", "handler", "edition")}
    if kind == OVERDUE:
        return [], found
    name = "level" if kind == RUNGS else "result"
    labels: dict[str, Any] = GRADES if kind == SATISFACTION else RESULTS
    if kind == RUNGS:
        labels = {str(level): presentation.level_label(level) for level in board.LEVELS}
        labels[RISEN] = _("Rungs 1 to 4")
    chosen = request.GET.get(name, "")
    if chosen and chosen not in labels:
        raise Http404
    counts = Counter(part for entry in found for part in _parts(kind, entry))
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
    return tabs, [entry for entry in found if not chosen or chosen in _parts(kind, entry)]


def _parts(kind: str, entry: Listed) -> list[str]:
    if kind != RUNGS:
        return [entry.result]
    return [str(entry.level), RISEN] if entry.level else ["0"]


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
                "state_label": RESULTS.get(entry.result, GRADES.get(entry.result, "")),
                "level_label": "" if level is None else presentation.level_label(level),
            }
        )
    return rows
