"""From which address a call comes, for whatever counts attempts."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address; forwarded ones are believed only from our own proxies.

    Each proxy adds to the right of the header whom it heard: as many from there as are our own.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def client_ip(request: HttpRequest) -> str | None:
    """The same for a column of addresses: ``None`` for what is none."""
    try:
        return str(ip_address(client_address(request)))
    except ValueError:
        return None
