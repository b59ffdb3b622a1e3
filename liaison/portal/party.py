"""Who has signed in on the portal: kept in the session, ended by rest, by the day, and on leaving.

The session holds a keyed digest of the telephone and the number of a contact. What it opens is
asked for anew with every page: who is no longer registered with the telephone is signed out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from liaison.portal import visitors
from liaison.sign_in import Attempt
from notices.models import Contact

_ASKED = "party_code"
_REST_SECONDS = 30 * 60
_DAY_SECONDS = 8 * 60 * 60


@dataclass(frozen=True)
class Party:
    """Somebody who has shown that they hold a telephone.

    ``registered`` is who they are by the court's records, if these know the telephone;
    ``contact_ids`` all that goes by it, the same person as far as can be told.
    """

    registered: Contact | None
    contact_ids: tuple[int, ...]
    masked_phone: str


def sign_in(request: HttpRequest, attempt: Attempt) -> None:
    """Begin a session under a key that nobody knew before; what was open before is closed."""
    visitors.forget(request)
    request.session.cycle_key()
    now = timezone.now().timestamp()
    request.session[visitors.PARTY] = {
        "phone": attempt.phone_index,
        "contact": attempt.contact_id,
        "since": now,
        "seen": now,
    }


def asked_for(request: HttpRequest, public_id: str = "") -> str:
    """Keep, or tell, which code this session has asked for."""
    if public_id:
        request.session[_ASKED] = public_id
    return str(request.session.get(_ASKED, ""))


def current(request: HttpRequest) -> Party | None:
    """Who has signed in; none after half an hour of rest, or eight hours. Two statements."""
    kept = request.session.get(visitors.PARTY)
    if not kept:
        return None
    now = timezone.now().timestamp()
    if now - kept["seen"] > _REST_SECONDS or now - kept["since"] > _DAY_SECONDS:
        del request.session[visitors.PARTY]
        return None
    found = _party(kept["phone"], kept["contact"])
    if found is None:
        del request.session[visitors.PARTY]
        return None
    request.session[visitors.PARTY] = kept | {"seen": now}
    return found


def _party(phone_index: str, contact_id: int | None) -> Party | None:
    rows = list(Contact.objects.filter(phone_index=phone_index).order_by("pk"))
    registered = [row for row in rows if row.identity_kind is not None]
    me = next((row for row in registered if row.pk == contact_id), None)
    if not rows or (contact_id is not None and me is None) or (contact_id is None and registered):
        return None  # the court's records have changed since
    others = [row for row in rows if row.identity_kind is None]
    if me is not None and len(registered) > 1:
        others = [row for row in others if row.name == me.name]
    mine = ([me] if me else []) + others
    return Party(me, tuple(row.pk for row in mine), rows[0].masked_phone)


def party_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view who has signed in as ``party``; anyone else is sent to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        party = current(request)
        if party is None:
            return redirect("portal:sign_in")
        return view(request, party, *args, **kwargs)

    return guarded
