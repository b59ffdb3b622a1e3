"""What the supervision page of a request shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from courts.models import Person
from courts.roles import may
from escalation.models import Clock
from escalation.policy import by_version
from escalation.reading import readings
from liaison.kinds import ACCEPTANCE, REPLY, SUBJECT
from liaison.models import Request
from liaison.rating import rating_of
from notices.sent import sent_about
from workorders.judge.page import assisting, case_facts, transfers
from workorders.lifecycle import OPEN_STATES
from workorders.models import Reply, WorkOrder
from workorders.sight import CLOCKS, Verbs, risen_to
from workorders.supervision import forms
from workorders.supervision.history import whole_history
from workorders.units import ReassignForm, unit_choices


def lead_order(request: Request) -> WorkOrder | None:
    """The lead order of a request; none while it waits at the desk for its first dispatch."""
    rows = WorkOrder.objects.filter(request=request, is_lead=True).select_related(
        "request",
        "court__jurisdiction",
        "department__court",
        "handler",
        "first_department",
        "first_handler",
    )
    return rows.first()


def request_page(
    request: Request, person: Person, *, now: datetime, **bound: Any
) -> dict[str, Any]:
    """The context of the page. ``bound`` holds a form that came back with errors."""
    order = lead_order(request)
    clocks = {
        clock.kind: clock for clock in Clock.objects.filter(kind__in=CLOCKS, subject_id=request.pk)
    }
    read = readings(clocks.values(), now)
    acceptance = clocks.get(ACCEPTANCE)
    # Until the desk has taken it, the limit that runs is that of the acceptance.
    shown = acceptance if acceptance and acceptance.stopped_at is None else clocks[REPLY]
    mine = risen_to(person).filter(firing__clock__in=clocks.values(), firing__is_silent=False)
    standing = _standing(order)
    verbs = _verbs(order, standing, clocks[REPLY], person, now)
    return {
        "asked": request,
        "may_refer": may(person, "referrals.make"),
        "order": order,
        "clock": shown,
        "reading": read.get(shown.pk),
        "at_desk": shown.kind == ACCEPTANCE,
        "rose": mine.select_related("firing").order_by("-firing__due_at").first(),
        "answered_at": clocks[REPLY].stopped_at if request.answered_at else None,
        "standing": standing,
        "rating": rating_of(request),
        "is_own_reply": standing is not None and standing.person_id == person.pk,
        "verbs": verbs,
        "forms": _forms(order, verbs, now) | bound,
        "open_form": next(iter(bound), ""),
        "case_facts": case_facts(request),
        "sent": sent_about(request.contact, SUBJECT, request.pk),
        "transfers": transfers(order) if order else [],
        "assisting": assisting(request) if order else [],
        "entries": whole_history(request),
    }


def _standing(order: WorkOrder | None) -> Reply | None:
    if order is None:
        return None
    rows = order.replies.filter(rejected_at__isnull=True).select_related("entry", "person")
    return rows.first()


def _verbs(
    order: WorkOrder | None, standing: Reply | None, clock: Clock, person: Person, now: datetime
) -> set[str]:
    """What the person may do; judging a reply of one's own is not among it (G9)."""
    if order is None:
        return set()
    verbs = Verbs(person)
    found = verbs.of(order) & {"reassign"}
    if order.state in OPEN_STATES and order.request.is_open:
        rose = risen_to(person).filter(firing__level__gt=0, firing__clock=clock)
        if verbs.covers("supervision.urge", order) or rose.exists():
            found.add("instruct")
    if (
        standing is not None
        and standing.person_id != person.pk
        and "reopen" in verbs.of(order)
        and (order.request.disputed_at or now) <= _reopens_until(order, clock, now)
    ):
        found.add("reject")
        if order.request.disputed_at is not None:
            found.add("dismiss")
    return found


def _reopens_until(order: WorkOrder, clock: Clock, now: datetime) -> datetime:
    if order.completed_at is None:
        return now
    return order.completed_at + timedelta(days=by_version(clock.policy_id).reopen_within_days)


def _forms(order: WorkOrder | None, verbs: set[str], now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "instruct" in verbs:
        found["instruct"] = forms.InstructForm()
    if "reject" in verbs:
        found["reject"] = forms.RejectForm()
    if "dismiss" in verbs:
        found["dismiss"] = forms.DismissForm()
    if "reassign" in verbs and order is not None:
        found["reassign"] = ReassignForm(choices=unit_choices(order.court, now))
    return found
