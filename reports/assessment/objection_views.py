"""Objections before the Case Filing Chamber: those that wait, those answered, and one of them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courts.access import action_required
from courts.paging import page
from reports.assessment import services
from reports.assessment.asking import OBJECTIONS, tabs
from reports.assessment.forms import AnswerForm
from reports.assessment.lifecycle import ObjectionState
from reports.assessment.words import rate_name
from reports.leadership.asking import reader
from reports.models import Objection
from workorders.sight import requests_in_sight
from workorders.submission import submitted

ANSWERED = "answered"


@require_safe
@action_required("objections.answer")
def objections(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the oldest first; or what was answered, the latest first."""
    person = reader(request)
    rows = Objection.objects.answerable_by(person)
    answered = request.GET.get("show") == ANSWERED
    waiting = rows.waiting()
    found = page(
        (rows.exclude(state=ObjectionState.OPEN) if answered else waiting).select_related(
            "request", "person", "court", "department", "answered_by"
        ),
        "answered_at" if answered else "made_at",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        descending=answered,
    )
    parts = [
        {
            "label": _("Waiting"),
            "url": "?",
            "active": not answered,
            "count": waiting.count(),
        },
        {"label": _("Answered"), "url": f"?show={ANSWERED}", "active": answered},
    ]
    return render(
        request,
        "reports/assessment/objections.html",
        {
            "tabs": tabs(person, OBJECTIONS),
            "parts": parts,
            "answered": answered,
            "rows": [(one, rate_name(one.indicator)) for one in found.rows],
            "page": found,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@action_required("objections.answer")
def objection(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One objection, and its answer."""
    person = reader(request)
    rows = Objection.objects.answerable_by(person).select_related(
        "request", "person", "court", "department", "answered_by"
    )
    found = get_object_or_404(rows, public_id=public_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and submitted(
        form, services.answer_objection, objection_id=found.pk, by=person
    ):
        messages.success(request, _("The answer is with the person who objected."))
        return redirect(OBJECTIONS)
    may_read = requests_in_sight(person).filter(pk=found.request_id).exists()
    return render(
        request,
        "reports/assessment/objection.html",
        {
            "objection": found,
            "rate": rate_name(found.indicator),
            "may_read": may_read,
            "may_answer": found.state == ObjectionState.OPEN and found.person_id != person.pk,
            "form": form,
        },
        status=400 if form.errors else 200,
    )
