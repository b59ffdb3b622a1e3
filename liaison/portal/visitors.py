"""What the portal knows of a visitor: the address, and which requests the session has opened.

Nothing here is written to a log. A session keeps public ids and instants only, and a request
opened by its code closes again an hour after it was last looked at, or when the visitor says so:
in a hall, people come to the same machine one after another.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from courts import attempts
from courts.client_address import client_address
from courts.errors import TooMany
from liaison.models import Request

# Who has signed in as a party; see ``liaison.portal.party``.
PARTY = "party"
_OPENED = "tracking"
_RECEIPTS = "receipts"
_OPEN_SECONDS = 60 * 60
# The receipt shows the access code: long enough to print it or to write it down.
_RECEIPT_SECONDS = 15 * 60
_MOST_KEPT = 20
# A litigation service hall stands behind one address, so this is generous.
_REGISTRATIONS = 60
_REGISTRATION_WINDOW_SECONDS = 60 * 60


def count_registration(request: HttpRequest) -> None:
    """Count one more registration from this address; raises ``TooMany`` past sixty an hour."""
    digest = hashlib.sha256(client_address(request).encode()).hexdigest()[:32]
    key = f"register:{digest}"
    if attempts.count(key, window_seconds=_REGISTRATION_WINDOW_SECONDS) > _REGISTRATIONS:
        raise TooMany


def open_for(request: HttpRequest, opened: Request) -> None:
    """Let this session read a request whose code it gave, under a key that nobody knew before."""
    request.session.cycle_key()
    _keep(request, _OPENED, opened.public_id)


def forget(request: HttpRequest) -> None:
    """Close all that this session opened. Whoever has signed in stays so."""
    if request.user.is_authenticated:
        request.session.pop(_OPENED, None)
        request.session.pop(_RECEIPTS, None)
        request.session.pop(PARTY, None)
    else:
        request.session.flush()


def may_read(request: HttpRequest, public_id: UUID) -> bool:
    """Whether this session opened the request within the last hour; a look prolongs it."""
    kept = request.session.get(_OPENED, {})
    since = kept.get(str(public_id))
    if since is None or timezone.now().timestamp() - since > _OPEN_SECONDS:
        return False
    _keep(request, _OPENED, public_id)
    return True


def give_receipt(request: HttpRequest, made: Request) -> None:
    """Let this session see the receipt of a request that it made."""
    _keep(request, _RECEIPTS, made.public_id)


def has_receipt(request: HttpRequest, public_id: UUID) -> bool:
    """Whether this session made the request, within the last quarter of an hour."""
    since = request.session.get(_RECEIPTS, {}).get(str(public_id))
    return since is not None and timezone.now().timestamp() - since <= _RECEIPT_SECONDS


def had_opened(request: HttpRequest, public_id: UUID) -> bool:
    """Whether this session had opened the request, however long ago."""
    return str(public_id) in request.session.get(_OPENED, {})


def had_receipt(request: HttpRequest, public_id: UUID) -> bool:
    """Whether this session made the request, however long ago."""
    return str(public_id) in request.session.get(_RECEIPTS, {})


def _keep(request: HttpRequest, name: str, public_id: UUID) -> None:
    kept = dict(request.session.get(name, {}))
    kept[str(public_id)] = timezone.now().timestamp()
    latest = sorted(kept.items(), key=lambda item: item[1])[-_MOST_KEPT:]
    request.session[name] = dict(latest)
