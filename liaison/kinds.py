"""The clocks that a request has, and what is told of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from courts.business_days import local_date, local_instant
from escalation import policy
from escalation.ladder import TimedKind
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
