"""The access code: with the request number it opens the tracking page, and nothing else does.

It is derived from the request's public id under the server's key, so it is not stored, and a
repeated submission is given the same one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata

from django.conf import settings

from courts import attempts
from courts.errors import TooMany
from liaison.models import Request

LENGTH = 8
_WINDOW_SECONDS = 15 * 60
# Wrong attempts in the window: on one number from one address, on a number from everywhere (a
# stranger elsewhere must not lock a party out soon), and from one address (a hall has only one).
_TRIES_HERE, _TRIES_ON_NUMBER, _TRIES_FROM_ADDRESS = 10, 50, 200
# Letters that are not mistaken for digits when read out on the telephone.
_ALPHABET = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
)


def access_code(request: Request) -> str:
    """The access code of a request: eight letters and digits without I, O, 0 and 1."""
    message = f"access:{request.public_id}".encode()
    digest = hmac.new(settings.BLIND_INDEX_KEY.encode(), message, hashlib.sha256).digest()
    return base64.b32encode(digest).translate(_ALPHABET).decode()[:LENGTH]


def find(number: str, code: str, *, address: str) -> Request | None:
    """The request with this number, if the code is its own.

    Raises ``TooMany`` within a quarter of an hour after ten wrong attempts on a number from one
    address, fifty on the number, or two hundred from the address. A wrong number and a wrong
    code are told apart by nobody.
    """
    number = _as_printed(number)
    code = _as_printed(code).replace("-", "").replace(" ", "")
    limits = {
        f"track:here:{_digest(f'{number} {address}')}": _TRIES_HERE,
        f"track:number:{_digest(number)}": _TRIES_ON_NUMBER,
        f"track:address:{_digest(address)}": _TRIES_FROM_ADDRESS,
    }
    if any(attempts.tried(key) >= limit for key, limit in limits.items()):
        raise TooMany
    request = Request.objects.select_related("court__jurisdiction").filter(number=number).first()
    if request is not None and hmac.compare_digest(access_code(request).encode(), code.encode()):
        return request
    for key in limits:
        attempts.count(key, window_seconds=_WINDOW_SECONDS)
    return None


def _as_printed(typed: str) -> str:
    """What was typed, perhaps in full-width letters, as it stands on the receipt."""
    return unicodedata.normalize("NFKC", typed).strip().upper()


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:32]
