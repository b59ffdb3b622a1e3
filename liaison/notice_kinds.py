"""What the notices about a request say: the ladder's, to staff, and those to the party."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.functional import lazy

from courts import roles
from escalation import policy
from escalation.acting import acted, acting_tenures
from escalation.ladder import Step
from escalation.models import Clock, ClockEvent, Firing, FiringRecipient
from escalation.reading import ROLES
from escalation.sight import still_meant
from escalation.spans import waited
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import RequestState
from liaison.models import Request, TimelineEntry
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Notice


def register_kinds() -> None:
    """Make the notices of this app known."""
    register(
        NoticeKind("ladder.reply", read_ladder, inside="ladder_reply"),
        NoticeKind("ladder.acceptance", read_ladder, inside="ladder_acceptance"),
        NoticeKind("request.registered", read_registrations, outside="request_registered"),
        NoticeKind("request.answered", read_requests, outside="request_answered"),
        NoticeKind("request.spoken_answer", read_requests, outside="request_spoken_answer"),
        NoticeKind("request.reopened", read_requests, outside="request_reopened"),
        NoticeKind("request.dispute_dismissed", read_requests, outside="request_dispute_dismissed"),
        NoticeKind("request.not_satisfied", read_ratings, inside="request_not_satisfied"),
    )


def message_of(request: Request) -> dict[str, Any]:
    """The party's own message, for the inside level. The contact must be loaded."""
    return {
        "party": request.contact.name,
        "title": request.title,
        "message": request.text,
        "case_number": request.case_number,
    }


def limits_of(request_ids: Iterable[int], kind: str = REPLY) -> dict[int, datetime | None]:
    """When the limit of each request's reply (or other clock) ends: one statement."""
    clocks = Clock.objects.filter(kind=kind, subject_id__in=set(request_ids))
    return dict(clocks.values_list("subject_id", "limit_at"))


def requests_by_id(request_ids: Iterable[int]) -> dict[int, Request]:
    """Requests with what their notices are worded from: one statement."""
    rows = Request.objects.filter(pk__in=set(request_ids))
    # What no notice tells is not deciphered.
    rows = rows.defer("contact__phone", "contact__id_number", "contact__email")
    return {row.pk: row for row in rows.select_related("contact", "jurisdiction")}


def read_requests(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """Notices to the party of a request: number and limit, and where to track it."""
    limits = limits_of(notice.subject_id for notice in notices)
    return _to_party(notices, lambda request: limits.get(request.pk) if request.is_open else None)


def read_registrations(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """The same of a request just registered: its limit is that of being taken up.

    Nothing is said of it once the request is taken up, because another limit runs from then on.
    """
    limits = limits_of((notice.subject_id for notice in notices), ACCEPTANCE)
    waits = RequestState.REGISTERED
    return _to_party(
        notices, lambda request: limits.get(request.pk) if request.state == waits else None
    )


def _to_party(
    notices: Sequence[Notice], limit_of: Callable[[Request], datetime | None]
) -> dict[int, NoticeContext | None]:
    rows = Request.objects.only("number", "contact_id", "state", "jurisdiction")
    # Thousands at a time, of one jurisdiction or a few: each of these is read once.
    rows = rows.prefetch_related("jurisdiction")
    requests = rows.in_bulk({notice.subject_id for notice in notices})
    found: dict[int, NoticeContext | None] = {}
    for notice in notices:
        request = requests.get(notice.subject_id)
        if request is None or request.contact_id != notice.contact_id:
            found[notice.pk] = None
            continue
        found[notice.pk] = NoticeContext(
            number=request.number,
            limit_at=limit_of(request),
            zone=request.jurisdiction.zone,
            opens=("portal:track", {}),
            query={"number": request.number},
        )
    return found


def read_ratings(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """Notices that a party was not satisfied, as it was said then, to who supervises the unit."""
    rows = Request.objects.filter(pk__in=[notice.subject_id for notice in notices])
    related = rows.select_related("contact", "jurisdiction", "court", "department")
    requests = {request.pk: request for request in related}
    entries = TimelineEntry.objects.in_bulk([notice.params["entry"] for notice in notices])
    people = {notice.person_id for notice in notices if notice.person_id}
    reading = roles.reaches(people, "supervision.read")

    def context(notice: Notice) -> NoticeContext | None:
        request, entry = requests.get(notice.subject_id), entries.get(notice.params["entry"])
        if request is None or entry is None or notice.person_id is None:
            return None
        reach = reading[notice.person_id]
        if not reach.covers(court_id=request.court_id, department_id=request.department_id):
            return None
        return NoticeContext(
            number=request.number,
            limit_at=None,
            zone=request.jurisdiction.zone,
            opens=("supervision:request", {"public_id": request.public_id}),
            inside=message_of(request)
            | {
                "court": request.court,
                "department": request.department,
                "handler": None,
                "remark": entry.text,
            },
        )

    return {notice.pk: context(notice) for notice in notices}


def read_ladder(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """Notices of a firing: what rose to whom, and why (G8).

    A recipient may still see it while they hold the post that the firing went to; the handler,
    while the matter is theirs.
    """
    ids = [notice.params["firing"] for notice in notices]
    rows = Firing.objects.filter(pk__in=ids)
    related = rows.select_related("clock", "court__jurisdiction", "department", "handler")
    firings = {firing.pk: firing for firing in related}
    requests = requests_by_id(notice.subject_id for notice in notices)
    people = {notice.person_id for notice in notices if notice.person_id}
    still = Q(role="handler") | still_meant(roles.posts_by_person(people))
    rows_told = FiringRecipient.objects.filter(still, firing__in=firings, person__in=people)
    told = set(rows_told.values_list("firing_id", "person_id"))
    acting = acting_tenures(people)
    events = _events({firing.clock_id for firing in firings.values()})
    reasons = _reasons(events)

    def context(notice: Notice) -> NoticeContext | None:
        firing = firings.get(notice.params["firing"])
        request = requests.get(notice.subject_id)
        person_id = notice.person_id
        if firing is None or request is None or person_id is None:
            return None
        role, clock = notice.params["role"], firing.clock
        if (firing.pk, person_id) not in told:
            return None
        if role == "handler":
            if clock.handler_id != person_id:
                return None
            opens = ("orders:by_request", {"public_id": request.public_id})
        else:
            opens = ("supervision:request", {"public_id": request.public_id})
        rules = policy.by_version(clock.policy_id)
        step = _step(rules, firing)
        return NoticeContext(
            number=request.number,
            limit_at=clock.limit_at,
            zone=request.jurisdiction.zone,
            opens=opens,
            inside=message_of(request)
            | {
                "level": firing.level,
                "role": ROLES[role][2],
                "anchor": step.anchor,
                # The language is the recipient's, and known when the words are made.
                "waited": lazy(waited, str)(step, firing.occurrence),
                "in_minutes": rules.clocks[clock.kind].limits[clock.limit_name].minutes > 0,
                "limit_is_over": bool(clock.limit_at and clock.limit_at <= firing.fired_at),
                "court": firing.court,
                "department": firing.department,
                "handler": firing.handler,
                "attempts": rules.attempts if firing.was_attempted else 0,
                "settled": _settled_by(firing, events[clock.pk]),
                "rejection": _rejection(firing, events[clock.pk], reasons),
                "is_acting": acted(firing, role, acting[person_id]),
            }
            | _passed_on(role, firing),
        )

    return {notice.pk: context(notice) for notice in notices}


def _step(rules: policy.Policy, firing: Firing) -> Step:
    steps = rules.clocks[firing.clock.kind].steps
    return next(step for step in steps if step.key == firing.step)


def _events(clock_ids: Iterable[int]) -> dict[int, list[ClockEvent]]:
    """The stops and the rejections of some clocks, in order: one statement."""
    kinds = (ClockEvent.Kind.STOPPED, ClockEvent.Kind.RESUMED)
    found: dict[int, list[ClockEvent]] = defaultdict(list)
    for event in ClockEvent.objects.filter(clock__in=set(clock_ids), kind__in=kinds):
        found[event.clock_id].append(event)
    return found


def _settled_by(firing: Firing, events: Sequence[ClockEvent]) -> str:
    """Why the clock stopped at the very instant that recorded this firing; '' if it did not."""
    if not firing.was_settled:
        return ""
    for event in events:
        if event.kind == ClockEvent.Kind.STOPPED and event.at == firing.fired_at:
            return str(event.params.get("reason", ""))
    return "answered"


def _reasons(events: Mapping[int, Sequence[ClockEvent]]) -> dict[int, TimelineEntry]:
    """The entries where it stands why replies were rejected: one statement."""
    ids = {event.params.get("words") for found in events.values() for event in found}
    return TimelineEntry.objects.in_bulk(ids - {None})


def _rejection(
    firing: Firing, events: Sequence[ClockEvent], reasons: Mapping[int, TimelineEntry]
) -> dict[str, Any] | None:
    """The reply that was rejected, when, and why, if this rung was missed behind it."""
    if not firing.detail.get("after_rejection"):
        return None
    resumed = [
        event
        for event in events
        if event.kind == ClockEvent.Kind.RESUMED and event.at <= firing.fired_at
    ]
    if not resumed:
        return None
    event = resumed[-1]
    written = reasons.get(event.params["words"])
    return {
        "replied_at": parse_datetime(event.params["replied_at"]),
        "rejected_at": event.at,
        "reason": written.text if written else "",
    }


def _passed_on(role: str, firing: Firing) -> dict[str, Any]:
    """Why it came to this role, where another was meant."""
    detail = firing.detail
    if role not in detail.get("passed_to", ()):
        return {"vacant": [], "own_matter": []}
    return {
        "vacant": [ROLES[other][2] for other in detail.get("vacant", ())],
        "own_matter": [ROLES[other][2] for other in detail.get("holder_is_handler", ())],
    }
