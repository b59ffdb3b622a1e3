"""Template messages of a WeChat official account. The access token is kept, renewed and shared."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.cache import cache

from courts.fields import seal, unseal
from notices.gateways import Message, Taken, Unreachable
from notices.gateways.http import HttpGateway, post
from notices.gateways.shape import code_of, load
from notices.gateways.signing import Call

# Renewed so long before it ends (seconds); the old one goes on for a while beside the new.
_MARGIN = 300
# The token is not, or no longer, valid: it was renewed elsewhere, or the secret was changed.
_STALE = frozenset({40001, 40014, 42001})
# How much a field of a template takes, by the beginning of its name.
_LENGTHS = {"thing": 20, "character_string": 32, "phrase": 5, "const": 20}


class WeChatGateway(HttpGateway):
    """The official account of the court, towards those who follow it."""

    def __init__(self) -> None:
        super().__init__(
            load("wechat"),
            url=f"{settings.WECHAT_URL}/cgi-bin/message/template/send",
            account=settings.WECHAT_APP_ID,
            secret=settings.WECHAT_APP_SECRET,
            options={"template": settings.WECHAT_TEMPLATE},
            params=settings.WECHAT_FIELDS,
        )

    def call(self, message: Message) -> Call:
        """The call with the present token in its address."""
        call = super().call(message)
        for name, held in call.fields["data"].items():
            longest = _LENGTHS.get(name.rstrip("0123456789"))
            if longest is not None:
                held["value"] = held["value"][:longest]
        call.url = f"{self.url}?access_token={self.token()}"
        return call

    def judge(self, message: Message, status: int, body: bytes) -> Taken:
        """As for every gateway; where the token was refused, the next attempt has another."""
        try:
            code = json.loads(body).get("errcode")
        except (ValueError, RecursionError, AttributeError):
            code = None
        if code in _STALE:
            cache.delete(self._key)
            raise Unreachable(f"{status} {code}")
        return super().judge(message, status, body)

    @property
    def _key(self) -> str:
        return f"wechat-token-{self.account}"

    def token(self) -> str:
        """The access token, from the cache that all workers share or, if it ends soon, a new one.

        The interface asked gives all who ask the same token while it is valid, so two workers
        that ask at once do not take it from each other.
        """
        kept = cache.get(self._key)
        if kept:
            return unseal(kept)
        call = Call(
            f"{settings.WECHAT_URL}/cgi-bin/stable_token",
            "json",
            {
                "grant_type": "client_credential",
                "appid": self.account,
                "secret": self.secret,
                "force_refresh": False,
            },
        )
        status, body = post(call)
        try:
            answer: dict[str, Any] = json.loads(body)
            token, seconds = str(answer["access_token"]), int(answer["expires_in"])
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            raise Unreachable(f"no access token: {status} {_code(body)}".strip()) from None
        cache.set(self._key, seal(token), max(seconds - _MARGIN, 1))
        return token


def _code(body: bytes) -> str:
    try:
        return code_of(json.loads(body).get("errcode"))
    except (ValueError, RecursionError, AttributeError):
        return ""
