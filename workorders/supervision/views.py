"""Pages of the supervision desk: the queue, one request, and one address per verb."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.access import action_required, record_leader_look
from courts.models import Person
from liaison import services as requests
from liaison.kinds import SUBJECT
from liaison.models import Request
from workorders import services
from workorders.lifecycle import WAITING_STATES
from workorders.models import Instruction, WorkOrder
from workorders.sight import requests_in_sight
from workorders.submission import submitted
from workorders.supervision import forms
from workorders.supervision.page import lead_order
from workorders.supervision.page import request_page as page_of
from workorders.supervision.queue import GLANCE, Supervision
from workorders.units import ReassignForm, unit_choices


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _find(person: Person, public_id: uuid.UUID) -> Request:
    rows = requests_in_sight(person).select_related("contact", "court", "department")
    return get_object_or_404(rows, public_id=public_id)


def _show(request: HttpRequest, asked: Request, **bound: Any) -> HttpResponse:
    """The page of a request; with a form in ``bound`` that came back with errors, status 400.

    A leader's look is recorded.
    """
    record_leader_look(person=_person(request), subject_kind=SUBJECT, subject_id=asked.pk)
    context = page_of(asked, _person(request), now=timezone.now(), **bound)
    return render(request, "supervision/request.html", context, status=400 if bound else 200)


def _done(request: HttpRequest, asked: Request, text: str) -> HttpResponse:
    """Back to the request, or to the queue when it has left the person's reach."""
    messages.success(request, text)
    if requests_in_sight(_person(request)).filter(pk=asked.pk).exists():
        return redirect("supervision:request", asked.public_id)
    return redirect("supervision:queue")


def _verb(
    view: Callable[[HttpRequest, Request, WorkOrder], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A verb's address takes a submission; opened by a link it leads to the request's page.

    A request that was never dispatched has no order to act on: for it the verbs do not exist.
    """

    @action_required("supervision.read")
    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @wraps(view)
    def submit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        asked = _find(_person(request), public_id)
        if request.method != "POST":
            return redirect("supervision:request", asked.public_id)
        order = lead_order(asked)
        if order is None:
            raise Http404
        return view(request, asked, order)

    return submit


@action_required("supervision.read")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What the ladder sent first, then who is late, then the replies to judge."""
    supervision = Supervision(_person(request), timezone.now())
    parts = supervision.parts()
    shown = request.GET.get("show", "")
    counts = {name: part.clocks.count() for name, part in parts.items()}
    tabs = [
        {"url": "?", "label": _("Overview"), "active": shown not in parts},
        *(
            {
                "url": f"?show={name}",
                "label": part.title,
                "count": counts[name],
                "active": shown == name,
            }
            for name, part in parts.items()
        ),
    ]
    context: dict[str, Any] = {"tabs": tabs, "home_courts": supervision.home_courts}
    if shown in parts:
        part = parts[shown]
        rows, found = supervision.page(
            part, after=request.GET.get("after", ""), before=request.GET.get("before", "")
        )
        context |= {"part": part, "rows": rows, "page": found}
    else:
        context["sections"] = [
            {
                "part": part,
                "rows": supervision.page(part, size=GLANCE)[0],
                "more": counts[name] if counts[name] > GLANCE else 0,
            }
            for name, part in parts.items()
            if name != "settled"
        ]
        context["units"] = supervision.units()
        context["whole_courts"] = supervision.is_whole_court
        context["figures_url"] = supervision.figures_url
    return render(request, "supervision/queue.html", context)


@action_required("supervision.read")
@require_safe
def request_page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One request with its whole history."""
    return _show(request, _find(_person(request), public_id))


@_verb
def instruct(request: HttpRequest, asked: Request, order: WorkOrder) -> HttpResponse:
    """Urge, or instruct on timeliness and manner."""
    form = forms.InstructForm(request.POST)
    if not submitted(form, services.instruct, order_id=order.pk, by=_person(request)):
        return _show(request, asked, instruct=form)
    if order.state not in WAITING_STATES:
        return _done(request, asked, _("It stands on the request, which waits at the desk."))
    if form.cleaned_data["kind"] == Instruction.Kind.URGE:
        return _done(request, asked, _("The handler is urged."))
    return _done(request, asked, _("The instruction is with the handler."))


@_verb
def reject(request: HttpRequest, asked: Request, order: WorkOrder) -> HttpResponse:
    """Reject the reply that stands."""
    form = forms.RejectForm(request.POST)
    if not submitted(form, services.reject_reply, order_id=order.pk, by=_person(request)):
        return _show(request, asked, reject=form)
    text = _("The reply is rejected. The clock runs on as if it had never been sent.")
    return _done(request, asked, text)


@_verb
def dismiss(request: HttpRequest, asked: Request, order: WorkOrder) -> HttpResponse:
    """Find that the disputed reply stands."""
    form = forms.DismissForm(request.POST)
    if not submitted(form, requests.dismiss_dispute, request_id=asked.pk, by=_person(request)):
        return _show(request, asked, dismiss=form)
    return _done(request, asked, _("The reply stands. The party can read why."))


@_verb
def reassign(request: HttpRequest, asked: Request, order: WorkOrder) -> HttpResponse:
    """Give the order to another unit or person, with a reason."""
    form = ReassignForm(request.POST, choices=unit_choices(order.court, timezone.now()))
    if not submitted(form, services.reassign, order_id=order.pk, by=_person(request)):
        return _show(request, asked, reassign=form)
    return _done(request, asked, _("The order is passed on. The clock runs on with it."))
