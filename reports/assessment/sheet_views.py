"""Sheets of the annual assessment: those within reach, one of them, its lists and its verbs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courts.access import action_required
from courts.models import Court, Person
from courts.roles import posts_of
from reports.assessment import presentation, reading, services
from reports.assessment.asking import SHEETS, tabs
from reports.assessment.document import document
from reports.assessment.forms import CommentForm, StatementForm
from reports.assessment.lifecycle import SheetKind, SheetState
from reports.assessment.rows import Lists, entries, objections_by_item
from reports.assessment.year import Year
from reports.leadership.asking import public_id as asked_id
from reports.leadership.asking import reader
from reports.leadership.lists import INDICATORS, SATISFACTION, SATISFACTION_LABEL, page
from reports.models import Sheet
from reports.months import Month
from workorders.submission import submitted

_KIND_TITLES: Mapping[str, Callable[[], str]] = {
    SheetKind.JUDGE: lambda: _("Judges"),
    SheetKind.DEPARTMENT: lambda: _("Departments"),
    SheetKind.COURT: lambda: _("Court"),
}
_LISTS = INDICATORS | {SATISFACTION: SATISFACTION_LABEL}


def _find(request: HttpRequest, public_id: uuid.UUID) -> Sheet:
    rows = Sheet.objects.visible_to(reader(request)).select_related(
        "court__jurisdiction", "department", "person", "commented_by", "signed_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def _live(sheet: Sheet, at: datetime) -> Year | None:
    """The year as it stands at ``at``; None of a sheet whose figures are signed."""
    return None if sheet.state == SheetState.SIGNED else reading.of_sheet(sheet, at=at)


def _read(sheet: Sheet, live: Year | None) -> dict[str, Any]:
    """The figures: as they were signed, or as they are live."""
    if live is not None:
        return document(live)
    found: dict[str, Any] = json.loads(sheet.frozen)
    return found


@require_safe
@action_required("assessment.read")
def sheets(request: HttpRequest) -> HttpResponse:
    """The sheets of a year within reach, of one court: its judges, departments, and itself."""
    person = reader(request)
    seen = Sheet.objects.visible_to(person).order_by()
    years = list(seen.values_list("year", flat=True).distinct().order_by("-year"))
    year = _year(request, years)
    seen = seen.filter(year=year) if year else seen.none()
    courts = Court.objects.filter(pk__in=seen.values("court")).order_by("code", "pk")
    court = _court(request, person, list(courts))
    rows = seen.filter(court=court).select_related(
        "department", "person", "commented_by", "signed_by"
    )
    return render(
        request,
        "reports/assessment/sheets.html",
        {
            "tabs": tabs(person, SHEETS),
            "year": year,
            "years": _choices([(str(one), f"year={one}", one == year) for one in years]),
            "court": court,
            "courts": _choices(
                [
                    (one.display_name, f"year={year}&court={one.public_id}", one == court)
                    for one in courts
                ]
            ),
            "groups": _groups(rows),
        },
    )


def _year(request: HttpRequest, years: list[int]) -> int | None:
    asked = request.GET.get("year", "")
    if asked and asked not in [str(one) for one in years]:
        raise Http404
    return int(asked) if asked else next(iter(years), None)


def _court(request: HttpRequest, person: Person, courts: list[Court]) -> Court | None:
    """The court asked for; else the reader's own, or the first within reach."""
    if request.GET.get("court"):
        wanted = asked_id(request, "court")
        found = [one for one in courts if one.public_id == wanted]
        if not found:
            raise Http404
        return found[0]
    own = {post.court_id for post in posts_of(person)}
    return next((one for one in courts if one.pk in own), next(iter(courts), None))


def _choices(found: list[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    if len(found) < 2:
        return []
    return [
        {"label": label, "url": f"?{query}", "active": active} for label, query, active in found
    ]


def _groups(rows: QuerySet[Sheet]) -> list[dict[str, Any]]:
    found = list(rows.order_by("department_id", "person__name", "pk"))
    return [
        {"title": title(), "rows": [one for one in found if one.kind == kind]}
        for kind, title in _KIND_TITLES.items()
        if any(one.kind == kind for one in found)
    ]


@require_safe
@action_required("assessment.read")
def sheet(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One sheet: the year's figures, each opening its list, and what people say of them."""
    return _show(request, _find(request, public_id))


def _show(request: HttpRequest, found: Sheet, **bound: Any) -> HttpResponse:
    """The page of a sheet; with a form in ``bound`` that came back with errors, status 400."""
    at = timezone.now()
    person = reader(request)
    live = _live(found, at)
    figures = _read(found, live)
    year = figures["year"]

    def address(month: Month | None, name: str) -> str:
        query = f"indicator={name}" + (f"&month={month}" if month else "")
        return f"{reverse('assessment:sheet_items', args=[found.public_id])}?{query}"

    first = presentation.score(year, figures["weights"], figures["objections"])
    return render(
        request,
        "reports/assessment/sheet.html",
        {
            "sheet": found,
            "title": str(found.person or found.department or found.court),
            "back_url": f"{reverse(SHEETS)}?year={found.year}&court={found.court.public_id}",
            "cards": [
                first,
                *presentation.cards(year, figures["objections"], lambda name: address(None, name)),
            ],
            "rungs": presentation.rungs(year),
            "requests": year["requests"],
            "months": list(presentation.month_rows(figures["months"], address)),
            "total": list(presentation.rates(year, lambda name: address(None, name))),
            "rungs_total": sum(year["rungs"].values()),
            "hindrance": services.hindrance(found, live, at)
            if live is not None and _may_sign(found, person)
            else None,
            "may_sign": _may_sign(found, person),
            **_forms(found, person, at),
            **bound,
        },
        status=400 if bound else 200,
    )


def _may_sign(found: Sheet, person: Person) -> bool:
    return found.state == SheetState.COMMENTED and services.may_sign(found, person)


def _forms(found: Sheet, person: Person, at: datetime) -> dict[str, Any]:
    """What the reader may write on the sheet now."""
    forms: dict[str, Any] = {}
    is_own = found.person_id == person.pk
    if is_own and not found.statement and found.state != SheetState.SIGNED:
        forms["statement_form"] = StatementForm()
    if found.state == SheetState.DRAFT and services.may_comment(found, person):
        if at >= services.year_ends_at(found):
            forms["comment_form"] = CommentForm()
        else:
            forms["comment_waits"] = True
    return forms


@require_safe
@action_required("assessment.read")
def items(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The requests behind one figure of a sheet, month by month."""
    found = _find(request, public_id)
    name = request.GET.get("indicator", "")
    if name not in _LISTS:
        raise Http404
    person = reader(request)
    months = _read(found, _live(found, timezone.now()))["months"]
    if request.GET.get("month"):
        months = [one for one in months if one["month"] == request.GET["month"]]
        if not months:
            raise Http404
    whole = entries(months, name)
    part = page(whole, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    shown: dict[str, list[Mapping[str, Any]]] = {}
    for entry in part.rows:
        shown.setdefault(entry.month, []).append(entry.item)
    lists = Lists(
        person,
        shown,
        objections_by_item(
            reading.objections_to(found).filter(indicator=name), lambda one: f"{one.month:%Y-%m}"
        ),
    )
    return render(
        request,
        "reports/assessment/sheet_items.html",
        {
            "sheet": found,
            "title": _LISTS[name],
            "of": str(found.person or found.department or found.court),
            "back_url": reverse("assessment:sheet", args=[found.public_id]),
            "name": name,
            "count": len(whole),
            "page": part,
            "sections": [
                {"month": Month.parse(month).first_day, "rows": lists.rows(month)}
                for month in shown
            ],
        },
    )


def _verb(view: Callable[[HttpRequest, Sheet], HttpResponse]) -> Callable[..., HttpResponse]:
    """A verb's address takes a submission; opened by a link it leads to the sheet."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @action_required("assessment.read")
    @wraps(view)
    def submit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        found = _find(request, public_id)
        if request.method != "POST":
            return redirect("assessment:sheet", found.public_id)
        return view(request, found)

    return submit


def _done(request: HttpRequest, found: Sheet, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("assessment:sheet", found.public_id)


@_verb
def state(request: HttpRequest, found: Sheet) -> HttpResponse:
    """The judge's own word on the year."""
    form = StatementForm(request.POST)
    if not submitted(form, services.make_statement, sheet_id=found.pk, by=reader(request)):
        return _show(request, found, statement_form=form)
    return _done(request, found, _("Your statement stands on the sheet."))


@_verb
def comment(request: HttpRequest, found: Sheet) -> HttpResponse:
    """The comment on the year."""
    form = CommentForm(request.POST)
    if not submitted(form, services.comment_on, sheet_id=found.pk, by=reader(request)):
        return _show(request, found, comment_form=form)
    return _done(request, found, _("The comment stands on the sheet; it can be signed now."))


@_verb
def sign(request: HttpRequest, found: Sheet) -> HttpResponse:
    """Sign the sheet."""
    services.sign(sheet_id=found.pk, by=reader(request))
    return _done(request, found, _("The sheet is signed, and its figures stay as they are."))
