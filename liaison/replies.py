"""The reply that a request has now: which it is, and until when its party may judge it.

What may be disputed may be rated, and for as long: by the policy that the reply clock started with.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from escalation.models import Clock
from escalation.services import policy_of
from liaison.kinds import REPLY
from liaison.lifecycle import RequestState
from liaison.models import Request, TimelineEntry
from liaison.timeline_texts import ANSWERS


def standing_reply(request: Request) -> TimelineEntry | None:
    """The answer that a request has now, in dispute or not; None where it has none."""
    if request.answered_at is None:
        return None
    replies = TimelineEntry.objects.filter(request=request, kind__in=ANSWERS)
    return replies.order_by("-at", "-id").first()


def may_dispute(request: Request, at: datetime) -> bool:
    """Whether the party may still say that the reply is no answer (policy: within 30 days)."""
    return request.pk in disputable([request], at)


def disputable(requests: Iterable[Request], at: datetime) -> set[int]:
    """``may_dispute`` for many requests at once, by id: one statement, however many."""
    answered = {one.pk: one for one in requests if _has_standing_reply(one)}
    if not answered:
        return set()
    clocks = Clock.objects.filter(kind=REPLY, subject_id__in=answered)
    return {
        clock.subject_id
        for clock in clocks
        if at <= _reopens_until(answered[clock.subject_id], clock)
    }


def _has_standing_reply(request: Request) -> bool:
    """Whether the party has an answer that was neither sent back nor is in dispute."""
    return (
        request.state in (RequestState.ANSWERED, RequestState.CLOSED)
        and request.answered_at is not None
        and request.disputed_at is None
    )


def _reopens_until(request: Request, clock: Clock) -> datetime:
    """Until when an answered request may be taken up again."""
    assert request.answered_at is not None
    days = policy_of(clock).reopen_within_days
    return (request.ended_at or request.answered_at) + timedelta(days=days)
