"""A judge's own figures of a month, the items behind them, and the objection to one (G16, B14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courts.access import action_required
from courts.models import Court, Person
from liaison.models import Request
from reports.assessment import presentation, reading, services
from reports.assessment.asking import OWN, pages_of, tabs
from reports.assessment.document import document
from reports.assessment.forms import ObjectionForm
from reports.assessment.rows import Lists, objections_by_item
from reports.assessment.window import Rejections, Window
from reports.assessment.year import MonthOf
from reports.indicators import Indicator, Result
from reports.leadership.asking import month_asked, month_url, neighbours, public_id, reader
from reports.leadership.lists import INDICATORS, SATISFACTION, SATISFACTION_LABEL
from reports.models import Objection
from reports.months import Month
from reports.scope import city_of
from workorders.submission import submitted


@require_safe
@action_required("assessment.read")
def start(request: HttpRequest) -> HttpResponse:
    """To the first page of the assessment that the person's posts allow."""
    return redirect(pages_of(reader(request))[0])


@require_safe
@action_required("assessment.own")
def own(request: HttpRequest) -> HttpResponse:
    """The own rates of a month, twelve months of them, and every item behind the month's."""
    at = timezone.now()
    person = reader(request)
    city = city_of(reading.scope_of(person))
    if city is None:
        raise Http404
    present = Month.of(at, city.zone)
    month = month_asked(request, present)
    year = reading.of_person(person, city, month.year_until(), at=at)
    found = document(year)
    shown = found["months"][-1]
    series, labels = presentation.lines(found["months"])
    windows = _windows(year.months[-1], month)
    sections = _sections(person, month, shown, at, windows)
    closing = [
        row["closes_at"] for part in sections for row in part["rows"] if row.get("closes_at")
    ]
    return render(
        request,
        "reports/assessment/own.html",
        {
            "tabs": tabs(person, OWN),
            "month": month.first_day,
            "is_present": month == present,
            **neighbours(reverse(OWN), month, present),
            "cards": presentation.cards(shown, shown["objections"], lambda name: f"#{name}"),
            "rungs": sum(shown["rungs"].values()),
            "series": series,
            "labels": labels,
            "sections": sections,
            "closes_at": max(closing, default=None),
            "is_closed": all(at >= until for until in closing),
        },
    )


def _windows(found: MonthOf, month: Month) -> dict[int, Window]:
    """The days in which late items can be objected to, by the court that they count for."""
    late = {item.unit.court_id for item in found.items if item.result is Result.LATE}
    courts = Court.objects.filter(pk__in=late).select_related("jurisdiction")
    return {court.pk: Window.of(court, month) for court in courts}


def _sections(
    person: Person,
    month: Month,
    shown: dict[str, Any],
    at: datetime,
    windows: Mapping[int, Window],
) -> list[dict[str, Any]]:
    mine = Objection.objects.filter(person=person, month=month.first_day)
    lists = Lists(person, shown["items"], objections_by_item(mine, lambda one: one.indicator))
    listed = {name: lists.rows(name) for name in INDICATORS}
    late = [row["request"].pk for rows in listed.values() for row in rows if row["is_late"]]
    rejections = Rejections(late)

    def closes_at(name: str, row: dict[str, Any]) -> datetime:
        late_at = rejections.made_late_at(row["request"].pk, name, row["limit_at"])
        return max(window.closes_at(late_at) for window in windows.values())

    sections = []
    for name, label in INDICATORS.items():
        rows = listed[name]
        for row in rows:
            row["closes_at"] = closes_at(name, row) if row["is_late"] else None
            may = row["is_late"] and row["objection"] is None and at < row["closes_at"]
            row["object_url"] = _object_url(row["request"], name, month) if may else ""
        sections.append({"name": name, "label": label, "rows": rows})
    if rated := lists.rows(SATISFACTION):
        sections.append({"name": SATISFACTION, "label": SATISFACTION_LABEL, "rows": rated})
    return sections


def _object_url(request: Request, indicator: str, month: Month) -> str:
    query = {"month": str(month), "indicator": indicator, "request": str(request.public_id)}
    return f"{reverse('assessment:object')}?{urlencode(query)}"


@require_http_methods(["GET", "HEAD", "POST"])
@action_required("assessment.own")
def object_to(request: HttpRequest) -> HttpResponse:
    """Object to one late item of one's own, with the reason."""
    at = timezone.now()
    person = reader(request)
    indicator, month = _named(request)
    asked = get_object_or_404(Request, public_id=public_id(request, "request"))
    item = services.own_item(person, asked.pk, indicator, month, at=at)
    if item is None or item.result is not Result.LATE:
        raise Http404
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and submitted(
        form, services.object_to, request_id=asked.pk, indicator=indicator, month=month, by=person
    ):
        messages.success(request, _("Your objection is with the Case Filing Chamber."))
        return redirect(month_url(reverse(OWN), month))
    court = Court.objects.select_related("jurisdiction").get(pk=item.unit.court_id)
    late_at = Rejections([asked.pk]).made_late_at(asked.pk, indicator, item.limit_at)
    until = Window.of(court, month).closes_at(late_at)
    return render(
        request,
        "reports/assessment/object.html",
        {
            "asked": asked,
            "item": item,
            "rate": INDICATORS.get(indicator, indicator),
            "month": month.first_day,
            "back_url": month_url(reverse(OWN), month),
            "closes_at": until,
            "is_over": at >= until,
            "form": form,
        },
        status=400 if form.errors else 200,
    )


def _named(request: HttpRequest) -> tuple[Indicator, Month]:
    """The rate and month in the address; what is none is not found."""
    try:
        return Indicator(request.GET["indicator"]), Month.parse(request.GET["month"])
    except (KeyError, ValueError):
        raise Http404 from None
