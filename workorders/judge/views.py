"""Pages of the orders: the queue, one order, and one address per verb."""

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

from courts.access import action_required, record_access, record_leader_look
from courts.errors import NotAllowed
from courts.models import AccessRecord, Person
from liaison.kinds import SUBJECT
from workorders import services
from workorders.judge import forms
from workorders.judge.page import order_page
from workorders.judge.queue import TABS, tab_named
from workorders.judge.queue import queue as orders_queue
from workorders.models import ContactRecord, WorkOrder
from workorders.sight import Verbs, requests_in_sight
from workorders.submission import submitted
from workorders.units import ReassignForm, unit_choices


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _find(person: Person, public_id: uuid.UUID) -> WorkOrder:
    rows = WorkOrder.objects.handled_by(person).select_related(
        "request__contact",
        "request__court",
        "court__jurisdiction",
        "department__court",
        "handler",
        "first_department",
        "first_handler",
    )
    return get_object_or_404(rows, public_id=public_id)


def _record_look(request: HttpRequest, order: WorkOrder) -> None:
    """That a leader looks at another's order is recorded."""
    if order.handler_id != _person(request).pk:
        record_leader_look(
            person=_person(request), subject_kind=SUBJECT, subject_id=order.request_id
        )


def _show(
    request: HttpRequest, order: WorkOrder, *, revealed: bool = False, **bound: Any
) -> HttpResponse:
    """The page of an order; with a form in ``bound`` that came back with errors, status 400."""
    _record_look(request, order)
    context = order_page(order, _person(request), now=timezone.now(), revealed=revealed, **bound)
    return render(request, "orders/order.html", context, status=400 if bound else 200)


def _done(request: HttpRequest, order: WorkOrder, text: str) -> HttpResponse:
    """Back to the order, or to the queue when it has left the person's hands."""
    messages.success(request, text)
    if WorkOrder.objects.handled_by(_person(request)).filter(pk=order.pk).exists():
        return redirect("orders:order", order.public_id)
    return redirect("orders:queue")


def _verb(view: Callable[[HttpRequest, WorkOrder], HttpResponse]) -> Callable[..., HttpResponse]:
    """A verb's address takes a submission; opened by a link it leads to the order's page."""

    @action_required("orders.handle")
    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @wraps(view)
    def submit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        order = _find(_person(request), public_id)
        if request.method != "POST":
            return redirect("orders:order", order.public_id)
        return view(request, order)

    return submit


@action_required("orders.handle")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The orders that the person handles: what is due, late ones first."""
    tab = tab_named(request.GET.get("show", ""))
    found = orders_queue(
        _person(request),
        tab,
        now=timezone.now(),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    tabs = [
        {
            "url": f"?show={each.name}",
            "label": each.label,
            "count": found.counts[each.name],
            "active": each is tab,
        }
        for each in TABS
    ]
    return render(request, "orders/queue.html", {"queue": found, "tabs": tabs})


@action_required("orders.handle")
@require_safe
def order(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One order: what the party wrote, what happened, and what can be done."""
    return _show(request, _find(_person(request), public_id))


@action_required("orders.handle")
@require_safe
def on_paper(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The order on A4 for a hearing: the same facts and words, no buttons, lines to write on."""
    found = _find(_person(request), public_id)
    _record_look(request, found)
    context = order_page(found, _person(request), now=timezone.now())
    return render(request, "orders/print.html", context)


@action_required("orders.read")
@require_safe
def by_request(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """From a request to the person's own order about it, or to its supervision page."""
    person = _person(request)
    mine = WorkOrder.objects.handled_by(person).filter(request__public_id=public_id)
    found = mine.order_by("-is_lead", "pk").first()
    if found is not None:
        return redirect("orders:order", found.public_id)
    if requests_in_sight(person).filter(public_id=public_id).exists():
        return redirect("supervision:request", public_id)
    raise Http404


@_verb
def acknowledge(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Acknowledge receipt."""
    services.acknowledge(order_id=order.pk, by=_person(request))
    return _done(request, order, _("Receipt is acknowledged."))


@_verb
def contact(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Log a call or a meeting; the button pressed says whether the party was reached."""
    form = forms.ContactForm(request.POST)
    if not submitted(form, services.record_contact, order_id=order.pk, by=_person(request)):
        return _show(request, order, contact=form)
    if form.cleaned_data["is_answer"]:
        text = _("The answer is recorded, and the party is sent what was said.")
    elif form.cleaned_data["outcome"] == ContactRecord.Outcome.REACHED:
        text = _("Recorded: the party was reached. The matter still needs its answer.")
    else:
        text = _("Recorded: the party was not reached.")
    return _done(request, order, text)


@_verb
def reply(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Reply in writing, or report to the lead."""
    form = forms.ReplyForm(request.POST, order=order)
    if not submitted(form, services.reply, order_id=order.pk, by=_person(request)):
        return _show(request, order, reply=form)
    if order.is_lead:
        return _done(request, order, _("The reply is sent, and the clock has stopped."))
    return _done(request, order, _("Your report is with the lead."))


@_verb
def return_to_desk(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Return with a reason."""
    form = forms.ReturnForm(request.POST)
    if not submitted(form, services.return_to_desk, order_id=order.pk, by=_person(request)):
        bound: dict[str, Any] = {"return": form}  # a word that Python keeps for itself
        return _show(request, order, **bound)
    if order.is_lead:
        return _done(request, order, _("The order is back at the desk. The clock runs on."))
    return _done(request, order, _("The order is returned, and the lead is told."))


@_verb
def reassign(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Give the order to another unit or person, with a reason."""
    form = ReassignForm(request.POST, choices=unit_choices(order.court, timezone.now()))
    if not submitted(form, services.reassign, order_id=order.pk, by=_person(request)):
        return _show(request, order, reassign=form)
    return _done(request, order, _("The order is passed on. The clock runs on with it."))


@_verb
def assist(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Ask another unit to assist."""
    form = forms.AssistForm(request.POST, choices=unit_choices(order.court, timezone.now()))
    if not submitted(form, services.assist, order_id=order.pk, by=_person(request)):
        return _show(request, order, assist=form)
    return _done(request, order, _("The other unit is asked. Its report will stand here."))


@_verb
def complete(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Complete a replied order."""
    services.complete(order_id=order.pk, by=_person(request))
    return _done(request, order, _("The order is completed."))


@_verb
def reveal(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """Show the party's telephone; the look is recorded."""
    person = _person(request)
    if "reveal" not in Verbs(person).of(order):
        raise NotAllowed
    record_access(
        person=person,
        action=AccessRecord.Action.REVEAL_CONTACT,
        subject_kind=SUBJECT,
        subject_id=order.request_id,
    )
    if getattr(request, "htmx", False):
        shown = {"contact": order.request.contact, "revealed": True}
        return render(request, "components/telephone.html", shown)
    return _show(request, order, revealed=True)
