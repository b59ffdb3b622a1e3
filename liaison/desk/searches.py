"""What the staff search for stays in their session: a party's name belongs in no address or log.

An address carries a short token instead, so that two windows may search for different things.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest

_KEY = "desk_searches"
_MOST_KEPT = 10


def keep(request: HttpRequest, words: str) -> str:
    """Keep ``words`` in the session; returns the token to find them by, '' for no words."""
    if not words:
        return ""
    kept = dict(request.session.get(_KEY, {}))
    token = next((old for old, known in kept.items() if known == words), None)
    token = token or secrets.token_hex(4)
    kept.pop(token, None)
    kept[token] = words
    request.session[_KEY] = dict(list(kept.items())[-_MOST_KEPT:])
    return token


def words_of(request: HttpRequest, token: str) -> str:
    """The words kept under ``token``; '' once they are forgotten."""
    return str(request.session.get(_KEY, {}).get(token, ""))
