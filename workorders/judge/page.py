"""What the page of an order shows beside the order itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courts.models import Court, Person
from escalation.models import Clock
from escalation.reading import readings
from liaison.kinds import REPLY, SUBJECT
from liaison.models import Request
from liaison.rating import rating_of
from liaison.timeline_texts import history
from notices.sent import sent_about
from workorders.judge import forms
from workorders.lifecycle import OPEN_STATES, WAITING_STATES
from workorders.models import ContactRecord, WorkOrder
from workorders.sight import Verbs
from workorders.units import ReassignForm, unit_choices


def case_facts(request: Request) -> list[tuple[str, str]]:
    """The case number and its parts, and the judge whom the party asked for."""
    facts: list[tuple[str, str]] = []
    if request.case_number:
        code = request.case_court_code
        court = Court.objects.filter(code=code, status=Court.Status.CURRENT).first()
        facts = [
            (_("Case number"), request.case_number),
            (_("Year"), str(request.case_year or "")),
            (_("Court"), _named(court.display_name, code) if court else code),
            (_("Case type"), request.case_type_code),
            (_("Serial number"), f"{request.case_serial}{request.case_suffix}"),
        ]
    if request.judge_name:
        facts.append((_("Judge asked for"), request.judge_name))
    return [(term, fact) for term, fact in facts if fact]


def _named(name: str, aside: str) -> str:
    return _("%(name)s (%(aside)s)") % {"name": name, "aside": aside}


def bound_forms(
    order: WorkOrder, verbs: set[str], now: datetime, bound: dict[str, Any]
) -> dict[str, Any]:
    """The forms of the verbs there are; ``bound`` holds the one that came back with errors."""
    found: dict[str, Any] = {}
    if "reply" in verbs:
        found["reply"] = forms.ReplyForm(order=order)
    if "contact" in verbs:
        found["contact"] = forms.ContactForm()
    if "return_to_desk" in verbs:
        found["return"] = forms.ReturnForm()
    if verbs & {"reassign", "assist"}:
        choices = unit_choices(order.court, now)
        if "reassign" in verbs:
            found["reassign"] = ReassignForm(choices=choices)
        if "assist" in verbs:
            found["assist"] = forms.AssistForm(choices=choices)
    return found | bound


def order_page(
    order: WorkOrder,
    person: Person,
    *,
    now: datetime,
    revealed: bool = False,
    **bound: Any,
) -> dict[str, Any]:
    """The context of the page. ``revealed`` shows the party's telephone (recorded before)."""
    request = order.request
    verbs = Verbs(person).of(order)
    waits = order.state in WAITING_STATES
    clocks = Clock.objects.of(REPLY, request.pk)
    replies = list(order.replies.select_related("person", "rejected_by", "entry"))
    rejected = [reply for reply in replies if reply.rejected_at is not None]
    standing = [reply for reply in replies if reply.rejected_at is None]
    contacts = ContactRecord.objects.filter(order__request=request)
    return {
        "order": order,
        "asked": request,
        "verbs": verbs,
        "forms": bound_forms(order, verbs, now, bound),
        "open_form": next(iter(bound), ""),
        "reading": next(iter(readings(clocks, now).values()), None),
        "case_facts": case_facts(request),
        "sent": sent_about(request.contact, SUBJECT, request.pk),
        "revealed": revealed,
        "contacts": contacts.select_related("person").order_by("-at", "-pk"),
        "transfers": transfers(order),
        "standing": standing[-1] if standing else None,
        "rating": rating_of(request) if order.is_lead else None,
        "rejected": rejected[-1] if rejected and waits else None,
        "instructions": order.instructions.select_related("person").order_by("-at")[:3]
        if order.state in OPEN_STATES
        else [],
        "lead": None if order.is_lead else _lead(request),
        "assisting": assisting(request) if order.is_lead else [],
        "entries": history(request),
    }


def transfers(order: WorkOrder) -> Any:
    """The order's way through the house, from the first dispatch on (G17)."""
    return order.transfers.select_related(
        "from_department", "from_handler", "to_department", "to_handler", "person"
    )


def assisting(request: Request) -> Any:
    """The assisting orders of a request with their reports."""
    orders = WorkOrder.objects.filter(request=request, is_lead=False).select_related(
        "department__court", "handler"
    )
    return orders.prefetch_related("replies__entry", "replies__person").order_by("pk")


def _lead(request: Request) -> WorkOrder | None:
    return (
        WorkOrder.objects.filter(request=request, is_lead=True)
        .select_related("department__court", "handler")
        .first()
    )
