"""Who gets a page at all, and the record of looks that must be answered for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from courts.models import AccessRecord, Person
from courts.roles import leader_post, may

View = Callable[..., HttpResponse]


def action_required(action: str) -> Callable[[View], View]:
    """Let a view be reached by those whose posts allow ``action`` (see ``courts.roles``).

    A stranger is sent to sign in; for anyone else the page does not exist. No browser keeps the
    page, so that after signing out the way back shows nothing of a party.
    """

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, Person):
                return _sent_to_sign_in(request)
            if not may(request.user, action):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def sign_in_required(view: View) -> View:
    """Let a view be reached by any member of staff, with or without a post; no browser keeps it."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, Person):
            return _sent_to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def _sent_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here. Where htmx asked, the whole page goes there.

    Else the sign-in page would be swapped into a fragment of a page whose session has ended. What
    was being sent when it ended is shown, with the way to the sign-in page.
    """
    htmx = getattr(request, "htmx", None)
    if not htmx and request.method == "POST":
        context = {"sign_in_url": redirect_to_login(request.get_full_path()).url}
        return render(request, "registration/session_ended.html", context, status=403)
    if not htmx:
        return redirect_to_login(request.get_full_path())
    page = htmx.current_url_abs_path or request.get_full_path()
    return HttpResponseClientRedirect(redirect_to_login(page).url)


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
