"""Machines sign each call with their key; what they may do is in the key's scopes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle

from courts.models import ApiClient

if TYPE_CHECKING:
    from rest_framework.views import APIView

_USE_KEPT_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Machine:
    """Who calls. It is no person of the court staff, and history must not take it for one."""

    client: ApiClient
    is_authenticated: bool = True
    pk: None = None


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer KEY``; a missing key is left to the permissions to refuse."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Machine, ApiClient] | None:
        """The machine whose key this is; raises ``AuthenticationFailed`` for a wrong one."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Give the key as: Authorization: Bearer KEY."))
        client = ApiClient.objects.by_key(parts[1].decode("latin-1"))
        if client is None:
            raise AuthenticationFailed(_("This key is not known, or no longer valid."))
        _note_use(client)
        structlog.contextvars.bind_contextvars(api_client=str(client.public_id))
        return Machine(client), client

    def authenticate_header(self, request: Request) -> str:
        """How to sign a call; it makes the refusal a 401."""
        return self.keyword


def _note_use(client: ApiClient) -> None:
    """Keep when the key was last used, to the minute: a busy machine does not write each time."""
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _USE_KEPT_EVERY)
    if client.last_used_at is None or client.last_used_at < now - _USE_KEPT_EVERY:
        ApiClient.objects.filter(stale, pk=client.pk).update(last_used_at=now)


class HasScope(BasePermission):
    """The key must have the scope that the view's ``required_scopes`` names for the method."""

    message = _("This key does not allow that.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the call may be made at all."""
        if not isinstance(request.auth, ApiClient):
            return False
        scopes: Mapping[str, str] = getattr(view, "required_scopes", {})
        needed = scopes.get(str(request.method))
        return needed is None or needed in request.auth.scopes


class MachineThrottle(SimpleRateThrottle):
    """So many calls a minute for each key."""

    scope = "machine"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Calls are counted by key; a call without one is refused before it is counted."""
        if not isinstance(request.auth, ApiClient):
            return None
        return f"throttle:{self.scope}:{request.auth.pk}"


class PublicThrottle(AnonRateThrottle):
    """What is open to anyone, so many calls a minute for each address; a key has its own count.

    The address itself is kept nowhere.
    """

    scope = "public"

    def get_ident(self, request: Request) -> str:
        """The address, as a digest."""
        return hashlib.sha256(str(super().get_ident(request)).encode()).hexdigest()[:32]
