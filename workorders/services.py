"""The verbs of a work order. Locks are taken in the order request, work order, clock."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from courts import commands
from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Department, Person
from courts.roles import posts_of, require
from escalation import services as clocks
from escalation.models import Clock
from liaison import services as requests
from liaison.kinds import REPLY
from liaison.models import Request
from liaison.timeline import record
from workorders.kinds import tell
from workorders.lifecycle import OPEN_STATES, WAITING_STATES, OrderState
from workorders.models import ContactRecord, Instruction, Reply, Transfer, WorkOrder
from workorders.sight import risen_to

COMPLETE_BATCH = 200


def lock(order_id: int) -> tuple[Request, WorkOrder]:
    """The request and the order, locked in this order until the transaction ends."""
    request_id = WorkOrder.objects.values_list("request_id", flat=True).get(pk=order_id)
    request = requests.lock(request_id)
    rows = WorkOrder.objects.select_for_update(of=("self",))
    order = rows.select_related("department", "court", "handler").get(pk=order_id)
    return request, order


def _require(by: Person, action: str, order: WorkOrder, at: datetime) -> None:
    require(
        by,
        action,
        court_id=order.court_id,
        department_id=order.department_id,
        handler_id=order.handler_id,
        at=at,
    )


def _check(order: WorkOrder, move: str) -> None:
    if not can_proceed(getattr(order, move)):
        raise WrongState


def record_transfer(
    order: WorkOrder,
    kind: str,
    *,
    at: datetime,
    by: Person | None,
    reason: str = "",
    origin: tuple[int | None, int | None] = (None, None),
) -> None:
    """Keep a step of the order's way; ``origin`` is the department and handler it came from."""
    Transfer.objects.create(
        order=order,
        kind=kind,
        from_department_id=origin[0],
        from_handler_id=origin[1],
        to_department_id=order.department_id if kind != Transfer.Kind.RETURN else None,
        to_handler_id=order.handler_id if kind != Transfer.Kind.RETURN else None,
        reason=reason,
        person=by,
        at=at,
    )


@transaction.atomic
def assist(
    *,
    order_id: int,
    department: Department,
    handler: Person | None,
    note: str,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> WorkOrder:
    """Ask another unit to assist the lead order; it reports to the lead, never to the party."""
    asked = commands.digest_of(order_id, department.pk, handler.pk if handler else None, note)
    if (before := commands.claim(command_id, "assist", asked)) is not None:
        return WorkOrder.objects.get(pk=before.subject_id or 0)
    request, lead = lock(order_id)
    at = at or timezone.now()
    _require(by, "orders.handle", lead, at)
    if not lead.is_lead or lead.state not in WAITING_STATES:
        raise WrongState
    requests.check_unit(request, department, handler, at)
    order = WorkOrder.objects.create(
        request=request,
        is_lead=False,
        court_id=department.court_id,
        department=department,
        handler=handler,
        first_department=department,
        first_handler=handler,
        dispatched_at=at,
        dispatched_by=by,
        note=requests.written(note, "note"),
    )
    record_transfer(order, Transfer.Kind.DISPATCH, at=at, by=by, reason=note)
    record(request, "assist_asked", at=at, person=by, text=note, department=department.pk)
    tell(order, "order.dispatched", at=at)
    commands.applied(command_id, order.pk)
    return order


@transaction.atomic
def acknowledge(*, order_id: int, by: Person, at: datetime | None = None) -> WorkOrder:
    """Acknowledge receipt. It stops no clock."""
    request, order = lock(order_id)
    at = at or timezone.now()
    _require(by, "orders.handle", order, at)
    _check(order, "acknowledge")
    order.acknowledge()
    order.acknowledged_at = at
    order.save()
    record(request, "acknowledged", at=at, person=by, public=order.is_lead)
    return order


@transaction.atomic
def record_contact(
    *,
    order_id: int,
    means: str,
    outcome: str,
    summary: str = "",
    is_answer: bool = False,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> ContactRecord:
    """Record a call or a meeting, or the attempt at one (G5, G8).

    A contact "reached" and marked as the answer is a spoken reply: it stops the clock, and the
    party is sent what was said. Any other stops nothing; three attempts on two days mark the
    rungs that follow. An assisting order speaks to the lead and not to the party, so it has
    none (``WrongState``).
    """
    asked = commands.digest_of(order_id, means, outcome, summary, is_answer)
    if (before := commands.claim(command_id, "contact", asked)) is not None:
        return ContactRecord.objects.get(pk=before.subject_id or 0)
    request, order = lock(order_id)
    at = at or timezone.now()
    _require(by, "orders.handle", order, at)
    if not order.is_lead or order.state not in WAITING_STATES:
        raise WrongState
    if means not in ContactRecord.Means.values:
        raise Invalid(field="means")
    if outcome not in ContactRecord.Outcome.values:
        raise Invalid(field="outcome")
    reached = outcome == ContactRecord.Outcome.REACHED
    if is_answer and not reached:
        raise Invalid(field="outcome")
    if is_answer:
        summary = requests.written(summary, "summary")
    row = ContactRecord.objects.create(
        order=order,
        means=means,
        outcome=outcome,
        is_answer=is_answer,
        summary=summary.strip(),
        person=by,
        at=at,
    )
    commands.applied(command_id, row.pk)
    if is_answer:
        _reply(request, order, text=summary, spoken=True, by=by, at=at)
        return row
    record(
        request,
        f"contact_{outcome}",
        at=at,
        person=by,
        text=summary.strip(),
        means=means,
    )
    if not reached:
        clocks.record_attempt(kind=REPLY, subject_id=request.pk, at=at)
    return row


@transaction.atomic
def reply(*, order_id: int, text: str, by: Person, at: datetime | None = None) -> Reply:
    """Reply in writing. The lead order's reply answers the request and stops its clock (G5, G8).

    An assisting order's reply goes to the lead and is not shown to the party.
    """
    request, order = lock(order_id)
    at = at or timezone.now()
    _require(by, "orders.handle", order, at)
    return _reply(request, order, text=requests.written(text, "text"), spoken=False, by=by, at=at)


def _reply(
    request: Request, order: WorkOrder, *, text: str, spoken: bool, by: Person, at: datetime
) -> Reply:
    _check(order, "reply")
    if order.state == OrderState.DISPATCHED:
        order.acknowledged_at = at
    order.reply()
    order.replied_at = at
    if order.is_lead:
        clock = Clock.objects.of(REPLY, request.pk).get()
        order.completes_at = clocks.auto_complete_at(clock, at)
        order.save()
        entry = requests.record_reply(request_id=request.pk, text=text, spoken=spoken, by=by, at=at)
    else:
        order.save()
        entry = record(request, "assist_replied", at=at, person=by, text=text)
        lead = WorkOrder.objects.get(request=request, is_lead=True)
        tell(lead, "order.assist_replied", at=at, event=str(entry.pk), entry=entry.pk)
    return Reply.objects.create(
        order=order,
        entry=entry,
        kind=Reply.Kind.SPOKEN if spoken else Reply.Kind.WRITTEN,
        person=by,
        at=at,
    )


@transaction.atomic
def return_to_desk(
    *, order_id: int, reason: str, by: Person, at: datetime | None = None
) -> WorkOrder:
    """Return an order with a reason; it waits at the desk, and the clock runs on (G17)."""
    request, order = lock(order_id)
    at = at or timezone.now()
    _require(by, "orders.handle", order, at)
    _check(order, "return_to_desk")
    reason = requests.written(reason, "reason")
    order.return_to_desk()
    order.save()
    origin = (order.department_id, order.handler_id)
    record_transfer(order, Transfer.Kind.RETURN, at=at, by=by, reason=reason, origin=origin)
    if order.is_lead:
        requests.record_return(request_id=request.pk, reason=reason, by=by, at=at)
    else:
        entry = record(request, "assist_returned", at=at, person=by, text=reason)
        lead = WorkOrder.objects.get(request=request, is_lead=True)
        tell(
            lead,
            "order.assist_replied",
            at=at,
            event=str(entry.pk),
            entry=entry.pk,
            returned=True,
        )
    return order


@transaction.atomic
def reassign(
    *,
    order_id: int,
    department: Department,
    handler: Person | None,
    reason: str,
    by: Person,
    at: datetime | None = None,
) -> WorkOrder:
    """Give an order to another unit or person, with a reason.

    The state stays, the clock follows with its anchors unchanged, and the first handler stays
    on record (G17, B15).
    """
    request, order = lock(order_id)
    at = at or timezone.now()
    _require(by, "orders.reassign", order, at)
    if order.state not in WAITING_STATES:
        raise WrongState
    reason = requests.written(reason, "reason")
    requests.check_unit(request, department, handler, at)
    same_handler = order.handler_id == (handler.pk if handler else None)
    if order.department_id == department.pk and same_handler:
        raise Invalid(_("The order is there already."), field="department")
    origin = (order.department_id, order.handler_id)
    order.court_id, order.department, order.handler = department.court_id, department, handler
    order.save()
    record_transfer(order, Transfer.Kind.REASSIGN, at=at, by=by, reason=reason, origin=origin)
    if order.is_lead:
        requests.move_unit(
            request_id=request.pk,
            department=department,
            handler=handler,
            by=by,
            reason=reason,
            at=at,
        )
    tell(order, "order.dispatched", at=at, event=str(order.transfers.count()))
    return order


@transaction.atomic
def complete(*, order_id: int, by: Person | None, at: datetime | None = None) -> WorkOrder:
    """Complete a replied order: by its handler, or by the platform (``by`` None).

    Not while the party disputes the reply. With the lead order its assisting orders end too.
    """
    request, order = lock(order_id)
    at = at or timezone.now()
    if by is not None:
        _require(by, "orders.handle", order, at)
    _check(order, "complete")
    if order.is_lead and request.disputed_at is not None:
        raise WrongState
    order.complete()
    order.completed_at = at
    order.save()
    if order.is_lead:
        end(WorkOrder.objects.filter(request=request, is_lead=False), at)
        requests.close(request_id=request.pk, at=at)
    return order


def end(orders: QuerySet[WorkOrder], at: datetime) -> None:
    """End what is left of a request's orders: open ones are withdrawn, reports received."""
    for order in orders.select_for_update().order_by("pk"):
        if can_proceed(order.withdraw):
            order.withdraw()
            order.save()
            tell(order, "order.withdrawn", at=at, event=str(order.transfers.count()))
        elif not order.is_lead and can_proceed(order.complete):
            order.complete()
            order.completed_at = at
            order.save()


def complete_due(at: datetime | None = None) -> int:
    """Complete every replied order that nobody disputed in time (policy: 5 business days).

    Safe to run twice at once and after any outage; returns how many were completed.
    """
    at = at or timezone.now()
    done, refused = 0, set[int]()
    while True:
        due = WorkOrder.objects.filter(state=OrderState.REPLIED, completes_at__lte=at)
        due = due.filter(request__disputed_at__isnull=True, is_lead=True)
        due = due.exclude(pk__in=refused)
        due = due.order_by("completes_at", "pk")
        batch = list(due.values_list("pk", flat=True)[:COMPLETE_BATCH])
        if not batch:
            return done
        for order_id in batch:
            try:
                complete(order_id=order_id, by=None, at=at)
                done += 1
            except WrongState:  # another worker, or the party, was faster
                refused.add(order_id)


@transaction.atomic
def reject_reply(
    *, order_id: int, reason: str, by: Person, at: datetime | None = None
) -> WorkOrder:
    """Reject the reply that stands as improper, or as the party says unanswered (G9, G17).

    The order is reopened and the clock runs on as if the reply had never been sent. Nobody
    rules on a reply that they wrote. Raises ``WrongState`` when there is none, or it is later
    than the policy allows after completion (30 days). A reply that the party disputed within
    that time is ruled on whenever the officer comes to it.
    """
    request, order = lock(order_id)
    at = at or timezone.now()
    _require(by, "supervision.reject", order, at)
    _check(order, "reopen")
    if not order.is_lead:
        raise WrongState
    reason = requests.written(reason, "reason")
    standing = Reply.objects.select_for_update().get(order=order, rejected_at__isnull=True)
    if standing.person_id == by.pk:
        raise NotAllowed
    clock = Clock.objects.of(REPLY, request.pk).get()
    days = clocks.policy_of(clock).reopen_within_days
    asked_at = request.disputed_at or at
    if order.completed_at is not None and asked_at > order.completed_at + timedelta(days=days):
        raise WrongState
    standing.rejected_at, standing.rejected_by, standing.rejection_reason = at, by, reason
    standing.save()
    order.reopen()
    order.completes_at = order.completed_at = order.replied_at = None
    order.save()
    requests.record_rejection(
        request_id=request.pk, reason=reason, replied_at=standing.at, by=by, at=at
    )
    tell(order, "order.reply_rejected", at=at, event=str(standing.pk), reply=standing.pk)
    return order


@transaction.atomic
def instruct(
    *,
    order_id: int,
    kind: str,
    text: str,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Instruction:
    """Urge the handler, or instruct on timeliness and manner; never on the outcome (G8, G9).

    Whoever the ladder sent the matter to may do so while they hold the post it went to, also
    across courts (the president of the superior court). Of a returned order, which waits at the
    desk, the desk reads it in the history and nobody is told. Raises ``WrongState`` once the
    party has the answer.
    """
    asked = commands.digest_of(order_id, kind, text)
    if (before := commands.claim(command_id, "instruct", asked)) is not None:
        return Instruction.objects.get(pk=before.subject_id or 0)
    request, order = lock(order_id)
    at = at or timezone.now()
    if not _risen_to(by, request, at):
        _require(by, "supervision.urge", order, at)
    if kind not in Instruction.Kind.values:
        raise Invalid(field="kind")
    if order.state not in OPEN_STATES or not request.is_open:
        raise WrongState
    if kind == Instruction.Kind.INSTRUCT:
        text = requests.written(text, "text")
    row = Instruction.objects.create(order=order, kind=kind, text=text.strip(), person=by, at=at)
    commands.applied(command_id, row.pk)
    record(request, kind, at=at, person=by, text=row.text)
    if order.state in WAITING_STATES:
        tell(order, f"order.{kind}", at=at, event=str(row.pk), instruction=row.pk)
    return row


def _risen_to(person: Person, request: Request, at: datetime) -> bool:
    """Whether a rung above the warning went to a post of ``person`` (a warning to the handler)."""
    rungs = risen_to(person, posts_of(person, at)).filter(firing__level__gt=0)
    clock = {"firing__clock__kind": REPLY, "firing__clock__subject_id": request.pk}
    return rungs.filter(**clock).exists()
