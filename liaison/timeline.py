"""Writing to a request's timeline: codes and parameters, and the words people wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from courts.models import Person
from liaison.models import Request, TimelineEntry


def record(
    request: Request,
    kind: str,
    *,
    at: datetime,
    person: Person | None = None,
    by_party: bool = False,
    text: str = "",
    public: bool = False,
    **params: Any,
) -> TimelineEntry:
    """Write an entry. ``public`` entries are read by the party on the tracking page."""
    actor = TimelineEntry.Actor.PLATFORM
    if by_party:
        actor = TimelineEntry.Actor.PARTY
    elif person is not None:
        actor = TimelineEntry.Actor.STAFF
    return TimelineEntry.objects.create(
        request=request,
        kind=kind,
        at=at,
        actor=actor,
        person=person,
        params=params,
        text=text,
        is_public=public,
    )
