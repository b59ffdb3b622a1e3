"""Who gets a page at all, and the record of looks that must be answered for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from courts.models import AccessRecord, Person
from courts.roles import leader_post, may

View = Callable[..., HttpResponse]


def action_required(action: str) -> Callable[[View], View]:
    """Let a view be reached by those whose posts allow ``action`` (see ``courts.roles``).

    A stranger is sent to sign in; for anyone else the page does not exist.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            assert isinstance(request.user, Person)
            if not may(request.user, action):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def record_access(
    *,
    person: Person,
    action: str,
    subject_kind: str,
    subject_id: int,
    at: datetime | None = None,
) -> None:
    """Record a look: a telephone number shown, or a leader's reading of a request."""
    AccessRecord.objects.create(
        person=person,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        at=at or timezone.now(),
    )


def record_leader_look(*, person: Person, subject_kind: str, subject_id: int) -> None:
    """Record that ``person`` read this, if they read it as a leader."""
    if leader_post(person):
        record_access(
            person=person,
            action=AccessRecord.Action.LEADER_LOOK,
            subject_kind=subject_kind,
            subject_id=subject_id,
        )
