"""The clocks that a request has, and what is told of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from courts.business_days import local_date, local_instant
from escalation import policy
from escalation.ladder import TimedKind
from escalation.opening_hours import staff_hours
from escalation.policy import Policy
from escalation.recipients import Roster, Unit
from liaison.models import Request
from notices.outbox import NewNotice, put

REPLY = "request.reply"
ACCEPTANCE = "request.acceptance"
SUBJECT = "request"


def limit_of(request: Request, timed: TimedKind, base: str) -> str:
    """The limit of a clock that holds for this matter and channel, by default ``base``."""
    return timed.limit_for(base, matter=request.matter, channel=request.channel)


def party_hours(request: Request, at: datetime) -> datetime:
    """``at``, or the next instant at which the policy lets a party be written to."""
    zone = request.jurisdiction.zone
    rules = policy.present(request.jurisdiction.policy, local_date(at, zone))
    return within_party_hours(rules, zone, at)


def within_party_hours(rules: Policy, zone: ZoneInfo, at: datetime) -> datetime:
    """The same by a policy and a local time."""
    local = at.astimezone(zone)
    if local.time() < rules.party_notices_from:
        return local_instant(local.date(), rules.party_notices_from, zone)
    if local.time() >= rules.party_notices_until:
        tomorrow = local.date() + timedelta(days=1)
        return local_instant(tomorrow, rules.party_notices_from, zone)
    return at


def tell_party(request: Request, kind: str, event: str, *, at: datetime, **params: Any) -> None:
    """Put a notice to the party in the outbox; ``event`` makes it unique for the request."""
    notice = NewNotice(
        key=f"{SUBJECT}:{request.pk}:{event}:contact",
        kind=kind,
        subject_kind=SUBJECT,
        subject_id=request.pk,
        contact_id=request.contact_id,
        params=params,
    )
    put([notice], at=at, outside_at=party_hours(request, at))


def tell_officer(request: Request, kind: str, event: str, *, at: datetime, **params: Any) -> None:
    """Put a notice to the liaison officer of the unit that answers for the request in the outbox.

    ``event`` makes it unique for the request and officer. A vacant post is told nothing, and
    nobody above it: this asks for no deed within a limit, and it stands on the request's page.
    """
    unit = Unit(request.court_id, request.department_id, None)
    found = Roster([request.court], since=at).resolve(
        ["liaison_officer"], unit, due_at=at, fired_at=at
    )
    put(
        [
            NewNotice(
                key=f"{SUBJECT}:{request.pk}:{event}:{person_id}",
                kind=kind,
                subject_kind=SUBJECT,
                subject_id=request.pk,
                person_id=person_id,
                params=params,
            )
            for person_id, role in found.people.items()
            if role == "liaison_officer"
        ],
        at=at,
        outside_at=staff_hours(request.court_id, at),
    )
