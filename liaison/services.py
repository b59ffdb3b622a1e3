"""The verbs of a request after its registration (see ``liaison.intake``).

Locks are taken in the order request, work order, clock. Commands go down as plain calls; news
goes up as signals, heard within the same transaction.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_fsm import can_proceed

from courts import commands
from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Department, Person
from courts.roles import ACTIONS, require
from escalation import services as clocks
from escalation.models import Clock
from liaison.kinds import ACCEPTANCE, REPLY, limit_of, tell_party
from liaison.lifecycle import OPEN_STATES, RequestState
from liaison.models import Matter, Procedure, Request, TimelineEntry
from liaison.replies import may_dispute, standing_reply
from liaison.signals import (
    reply_disputed,
    request_answered_at_desk,
    request_merged,
    request_routed,
    request_withdrawn,
)
from liaison.timeline import record


def lock(request_id: int) -> Request:
    """The request and its clocks, locked until the transaction ends.

    An instant that is read afterwards lies behind every rung that a sweep has recorded, so that
    none is recorded as due after an answer.
    """
    rows = Request.objects.select_for_update(of=("self",))
    request = rows.select_related("court", "jurisdiction").get(pk=request_id)
    clocks.hold(kinds=(REPLY, ACCEPTANCE), subject_id=request_id)
    return request


def _check(request: Request, move: str) -> None:
    if not can_proceed(getattr(request, move)):
        raise WrongState


def _require_desk(by: Person | None, request: Request, at: datetime) -> None:
    require(by, "desk.triage", court_id=request.court_id, department_id=None, at=at)


def _accepted(request: Request, at: datetime) -> None:
    """Triage is the acceptance: it ends the acceptance clock, once."""
    if request.triaged_at is None:
        request.triaged_at = at
        clocks.stop(kind=ACCEPTANCE, subject_id=request.pk, reason="triaged", at=at)


def written(text: str, field: str = "text") -> str:
    """The words without blanks around them; raises ``Invalid`` at ``field`` for none."""
    if not text.strip():
        raise Invalid(field=field)
    return text.strip()


@transaction.atomic
def answer(
    *,
    request_id: int,
    text: str,
    by: Person,
    matter: str | None = None,
    at: datetime | None = None,
) -> Request:
    """Answer a simple matter on the spot (G4, B5): the summary procedure.

    Raises ``WrongState`` if somebody was faster, ``NotAllowed``, ``Invalid`` for no text.
    """
    request = lock(request_id)
    at = at or timezone.now()
    _require_desk(by, request, at)
    _check(request, "answer")
    text = written(text)
    came_back = request.state == RequestState.RETURNED
    request.answer()
    request.procedure, request.answered_at = Procedure.SUMMARY, at
    request.disputed_at = None
    request.matter = _matter(request, matter)
    _accepted(request, at)
    request.save()
    entry = record(request, "answered", at=at, person=by, text=text, public=True)
    if came_back:
        request_answered_at_desk.send(Request, request=request, at=at)
    clocks.stop(kind=REPLY, subject_id=request.pk, reason="answered", at=at)
    tell_party(request, "request.answered", f"answered:{entry.pk}", at=at)
    return request


def _matter(request: Request, matter: str | None) -> str:
    if matter and matter not in Matter.values:
        raise Invalid(field="matter")
    return matter or request.matter


@transaction.atomic
def route(
    *,
    request_id: int,
    department: Department,
    handler: Person | None,
    by: Person | None,
    matter: str | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Request:
    """Dispatch a request as a work order to a department, and a person in it (G5, B6).

    The first dispatch sets the ``assigned`` anchor of the reply clock; a later one, after a
    return, does not. Raises ``WrongState``, ``NotAllowed``, or ``Invalid`` for a department of
    another jurisdiction or a handler who holds no post there.
    """
    request = lock(request_id)
    at = at or timezone.now()
    _require_desk(by, request, at)
    _check(request, "route")
    check_unit(request, department, handler, at)
    request.route()
    request.procedure = Procedure.ORDINARY
    request.court_id, request.department = department.court_id, department
    request.matter = _matter(request, matter)
    _accepted(request, at)
    request.save()
    record(
        request,
        "routed",
        at=at,
        person=by,
        public=True,
        department=department.pk,
        handler=handler.pk if handler else None,
    )
    request_routed.send(
        Request,
        request=request,
        court=department.court,
        department=department,
        handler=handler,
        by=by,
        note=note,
        at=at,
    )
    clocks.assign(
        kind=REPLY,
        subject_id=request.pk,
        court_id=department.court_id,
        department_id=department.pk,
        handler_id=handler.pk if handler else None,
        limit_name=_reply_limit(request),
        at=at,
    )
    return request


def _reply_limit(request: Request) -> str:
    """The limit of the reply from the dispatch on, by the policy that its clock started with."""
    timed = clocks.policy_of(Clock.objects.of(REPLY, request.pk).get()).clocks[REPLY]
    return limit_of(request, timed, "ordinary")


def check_unit(
    request: Request, department: Department, handler: Person | None, at: datetime
) -> None:
    """Raise ``Invalid`` unless the unit takes work orders and the handler may handle them in it.

    The Litigation Service takes none: what it can answer, it answers on the spot.
    """
    if department.court.jurisdiction_id != request.jurisdiction_id or not department.is_open:
        raise Invalid(field="department")
    if department.kind == Department.Kind.LITIGATION_SERVICE:
        raise Invalid(field="department")
    if handler is None:
        return
    kinds = ACTIONS["orders.handle"]
    held = handler.tenures.at(at).filter(
        post__department=department, post__is_open=True, post__kind__in=kinds
    )
    if not handler.is_active or not held.exists():
        raise Invalid(field="handler")


@transaction.atomic
def record_reply(
    *, request_id: int, text: str, spoken: bool, by: Person, at: datetime | None = None
) -> TimelineEntry:
    """Put the judge's reply on the timeline, stop the clock, tell the party (G5, G8).

    Called by ``workorders``. The entry's commit is what makes the reply readable by tracking.
    """
    request = lock(request_id)
    at = at or timezone.now()
    _check(request, "receive_reply")
    request.receive_reply()
    request.answered_at, request.disputed_at = at, None
    request.save()
    kind = "answered_by_word" if spoken else "replied"
    entry = record(request, kind, at=at, person=by, text=written(text), public=True)
    clocks.stop(kind=REPLY, subject_id=request.pk, reason=kind, at=at)
    notice = "request.spoken_answer" if spoken else "request.answered"
    tell_party(request, notice, f"answered:{entry.pk}", at=at)
    return entry


@transaction.atomic
def record_return(
    *, request_id: int, reason: str, by: Person, at: datetime | None = None
) -> Request:
    """Take a request back to the desk; the clock runs on for the unit that returned it."""
    request = lock(request_id)
    at = at or timezone.now()
    _check(request, "receive_back")
    request.receive_back()
    request.save()
    record(request, "returned", at=at, person=by, text=written(reason, "reason"))
    return request


@transaction.atomic
def record_rejection(
    *,
    request_id: int,
    replied_at: datetime,
    by: Person | None,
    reason: str = "",
    disputed: TimelineEntry | None = None,
    at: datetime | None = None,
) -> Request:
    """Let the clock run on as if the reply of ``replied_at`` had never been sent (G9).

    Why stands in the ``reason`` of the officer, kept for staff; or in the party's own words,
    the entry ``disputed``, and then the request goes back to the desk. The party is told that
    the matter is taken up again.
    """
    request = lock(request_id)
    at = at or timezone.now()
    move = "receive_rejection_at_desk" if disputed else "receive_rejection"
    _check(request, move)
    getattr(request, move)()
    request.answered_at = request.ended_at = request.disputed_at = None
    request.save()
    # What was thought of the reply falls with it; the next one may be rated anew.
    request.ratings.current().update(reply_rejected_at=at)
    entry = record(request, "reply_rejected", at=at, person=by, public=True, replied_at=replied_at)
    words = disputed or record(
        request, "rejection_reason", at=at, person=by, text=written(reason, "reason")
    )
    clocks.resume(
        kind=REPLY, subject_id=request.pk, words_id=words.pk, replied_at=replied_at, at=at
    )
    tell_party(request, "request.reopened", f"reopened:{entry.pk}", at=at)
    return request


@transaction.atomic
def move_unit(
    *,
    request_id: int,
    department: Department,
    handler: Person | None,
    by: Person | None,
    reason: str,
    at: datetime | None = None,
) -> Request:
    """Follow a reassigned lead order: the clock moves with it, its anchors unchanged (G17)."""
    request = lock(request_id)
    at = at or timezone.now()
    request.court_id, request.department = department.court_id, department
    request.save()
    record(request, "reassigned", at=at, person=by, text=reason, department=department.pk)
    clocks.move(
        kind=REPLY,
        subject_id=request.pk,
        court_id=department.court_id,
        department_id=department.pk,
        handler_id=handler.pk if handler else None,
        at=at,
    )
    return request


@transaction.atomic
def close(*, request_id: int, at: datetime | None = None) -> Request:
    """Close an answered request when its order is completed. Closing twice changes nothing."""
    request = lock(request_id)
    at = at or timezone.now()
    if request.state == RequestState.CLOSED:
        return request
    _check(request, "close")
    request.close()
    request.ended_at = at
    request.save()
    record(request, "closed", at=at, public=True)
    return request


@transaction.atomic
def withdraw(
    *,
    request_id: int,
    command_id: uuid.UUID | None = None,
    by: Person | None = None,
    at: datetime | None = None,
) -> Request:
    """Withdraw a request by the party's own act: the access code, or a call that ``by`` records.

    Applied once per ``command_id``. Raises ``WrongState`` when it is answered or ended, and
    ``Invalid`` for an id that came with another request.
    """
    if commands.claim(command_id, "withdraw", commands.digest_of(request_id)) is not None:
        return Request.objects.get(pk=request_id)
    request = lock(request_id)
    at = at or timezone.now()
    if by is not None:
        _require_desk(by, request, at)
    _check(request, "withdraw")
    request.withdraw()
    request.ended_at = at
    request.save()
    record(request, "withdrawn", at=at, person=by, by_party=by is None, public=True)
    request_withdrawn.send(Request, request=request, at=at)
    for kind in (ACCEPTANCE, REPLY):
        clocks.stop(kind=kind, subject_id=request.pk, reason="withdrawn", at=at)
    commands.applied(command_id, request.pk)
    return request


@transaction.atomic
def dispute(
    *,
    request_id: int,
    text: str,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Request:
    """The party says that the reply is no answer.

    An answer given on the spot goes back to the desk at once, as one that could not satisfy
    (G5). A reply to a work order waits for the liaison officer's judgment (G9). Raises
    ``WrongState`` when it is too late, or disputed already, and ``Invalid`` for no words or for
    a ``command_id`` that came with others.
    """
    asked = commands.digest_of(request_id, text)
    if commands.claim(command_id, "dispute", asked) is not None:
        return Request.objects.get(pk=request_id)
    request = lock(request_id)
    at = at or timezone.now()
    if not may_dispute(request, at):
        raise WrongState
    text = written(text)
    answered_at = request.answered_at
    request.disputed_at, request.dispute_text = at, text
    request.save()
    disputed = record(request, "disputed", at=at, by_party=True, text=text, public=True)
    if request.procedure == Procedure.SUMMARY and answered_at is not None:
        record_rejection(
            request_id=request.pk, replied_at=answered_at, by=None, disputed=disputed, at=at
        )
    else:
        reply_disputed.send(Request, request=request, at=at)
    commands.applied(command_id, request.pk)
    return request


@transaction.atomic
def dismiss_dispute(
    *, request_id: int, reason: str, by: Person, at: datetime | None = None
) -> Request:
    """The liaison officer finds that the disputed reply stands; the party is told why.

    Nobody rules on a reply that they wrote (``NotAllowed``, G9).
    """
    request = lock(request_id)
    at = at or timezone.now()
    require(
        by,
        "supervision.reject",
        court_id=request.court_id,
        department_id=request.department_id,
        at=at,
    )
    if request.disputed_at is None:
        raise WrongState
    disputed = standing_reply(request)
    if disputed is not None and disputed.person_id == by.pk:
        raise NotAllowed
    request.disputed_at = None
    request.save()
    reason = written(reason, "reason")
    entry = record(request, "dispute_dismissed", at=at, person=by, text=reason, public=True)
    tell_party(request, "request.dispute_dismissed", f"dismissed:{entry.pk}", at=at)
    return request


@transaction.atomic
def merge(*, request_id: int, into_id: int, by: Person, at: datetime | None = None) -> Request:
    """Merge an open request into another of the same party; returns the one that goes on.

    It takes the earliest anchors and all fired rungs of both, so merging buys no time.
    """
    if request_id == into_id:
        raise Invalid(field="into")
    first, second = sorted((request_id, into_id))
    locked = {first: lock(first), second: lock(second)}
    at = at or timezone.now()
    request, into = locked[request_id], locked[into_id]
    for one in (request, into):
        _require_desk(by, one, at)
    if into.state not in OPEN_STATES or request.contact_id != into.contact_id:
        raise Invalid(field="into")
    _check(request, "merge")
    request.merge()
    request.merged_into, request.ended_at = into, at
    request.save()
    record(request, "merged", at=at, person=by, public=True, into=into.number)
    record(into, "took_over", at=at, person=by, other=request.number)
    request_merged.send(Request, request=request, into=into, at=at)
    if request.triaged_at is None and into.triaged_at is None:
        clocks.merge(kind=ACCEPTANCE, survivor_id=into.pk, other_id=request.pk, at=at)
    clocks.stop(kind=ACCEPTANCE, subject_id=request.pk, reason="merged", at=at)
    clocks.merge(kind=REPLY, survivor_id=into.pk, other_id=request.pk, at=at)
    return into
