"""Gateways that are spoken to over HTTP: one adapter, with a provider's shape as data."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from urllib3.exceptions import ConnectTimeoutError as ConnectTimeout
from urllib3.exceptions import (
    HTTPError,
    LocationParseError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from notices.gateways import Message, Taken, Undelivered, Unreachable
from notices.gateways.options import price_of, rate_of
from notices.gateways.shape import Shape, ShapeError, at, code_of, filled, holds, needed
from notices.gateways.signing import SCHEMES, Call, Signer
from notices.kinds import Level

# The most of an answer that is read (bytes).
_LONGEST_ANSWER = 64 * 1024
_OF_MESSAGE = ("ident", "key", "address", "subject", "body", "number", "url", "language",
               "recipient")  # fmt: skip
# What is worked out from a message and SMS_PARAMS or WECHAT_FIELDS.
_OF_PARAMS = ("params_json", "params_list", "params_list_json", "fields")
# Status codes that say that the gateway, not a message, is not in order.
_NOT_IN_ORDER = frozenset({401, 403, 404, 405, 407, 429, 502, 503})


@lru_cache(maxsize=4)
def _pool(_process: int, proxy: str, size: int) -> urllib3.PoolManager:
    if proxy:
        return urllib3.ProxyManager(proxy, maxsize=size, retries=False)
    return urllib3.PoolManager(maxsize=size, retries=False)


@lru_cache(maxsize=4)
def _timeout(wait: float) -> urllib3.Timeout:
    return urllib3.Timeout(connect=wait, read=wait, total=wait * 1.5)


def pool() -> urllib3.PoolManager:
    """The connections of this process, kept alive and shared by its threads."""
    return _pool(os.getpid(), settings.GATEWAY_PROXY, settings.GATEWAY_IN_FLIGHT)


def post(call: Call) -> tuple[int, bytes]:
    """Send a call: status and body. Raises ``Unreachable`` where nobody could be spoken to, and a
    suspect ``Undelivered`` where nobody knows what became of it."""
    try:
        answer = pool().urlopen(
            "POST",
            call.url,
            body=call.body,
            headers={"Content-Type": call.content_type} | call.headers,
            timeout=_timeout(settings.GATEWAY_TIMEOUT),
            redirect=False,
            preload_content=False,
        )
        with answer:  # a connection with more to say than is read is not kept
            return answer.status, answer.read(_LONGEST_ANSWER, decode_content=True)
    except (NewConnectionError, ConnectTimeout, ProxyError, SSLError, LocationParseError) as error:
        raise Unreachable(type(error).__name__) from None
    except (HTTPError, OSError) as error:
        raise Undelivered(type(error).__name__, suspect=True) from None


class HttpGateway:
    """A provider of some shape. ``options`` are the deployment's: account, template, and so on."""

    batch: int = 500

    def __init__(
        self,
        shape: Shape,
        *,
        url: str = "",
        account: str = "",
        secret: str = "",
        options: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        is_short: bool = False,
    ) -> None:
        self.shape, self.url = shape, url
        self.channel = shape.channel
        self.account, self.secret = account, secret
        self.options, self.params = dict(options or {}), dict(params or {})
        self.is_short = is_short
        self.in_flight: int = settings.GATEWAY_IN_FLIGHT
        self.max_attempts: int = settings.GATEWAY_MAX_ATTEMPTS
        # No HTTP gateway lies within the court's network as far as we can know.
        self.staff_level = Level.OUTSIDE
        self.rate, self.price = rate_of(self.channel), price_of(self.channel)
        given = {*self.options, *_OF_MESSAGE, *(_OF_PARAMS if self.params else ())}
        lacking = needed(shape) - given
        if lacking:
            raise ShapeError(f"{shape.name} needs {', '.join(sorted(lacking))}")
        if wrong := set(self.params.values()) - set(_OF_MESSAGE):
            raise ShapeError(f"{', '.join(sorted(wrong))}: no field of a message")

    @contextmanager
    def open(self) -> Iterator[HttpSession]:
        """A session; its connections are kept for the next."""
        yield HttpSession(self)

    def target(self, message: Message) -> str:
        """Where a message is posted to."""
        if not self.shape.hosts:
            return self.url
        allowed = {*self.shape.hosts, *settings.CHAT_HOSTS}
        if urlsplit(message.address).netloc not in allowed:
            raise Undelivered("no server of this chat", permanent=True)
        return message.address

    def call(self, message: Message) -> Call:
        """The call that hands a message over, signed."""
        call = Call(self.target(message), self.shape.format, {})
        values = self._values(message)
        call.fields = filled(self.shape.body, values)
        call.headers = filled(self.shape.headers, values)
        signer = Signer(self.account, self.secret, time.time(), secrets.token_hex(16))
        SCHEMES[self.shape.sign](call, signer)
        return call

    def _values(self, message: Message) -> dict[str, Any]:
        values: dict[str, Any] = self.options | {
            name: getattr(message, name) for name in _OF_MESSAGE
        }
        if message.is_code and "code_template" in self.options:
            values["template"] = self.options["code_template"]
        if self.params:
            named = {name: values[field] for name, field in self.params.items()}
            listed = list(named.values())
            values |= {
                "params_json": _json(named),
                "params_list": listed,
                "params_list_json": _json(listed),
                "fields": {name: {"value": value} for name, value in named.items()},
            }
        return values

    def units(self, message: Message) -> int:
        """How many messages a text counts for."""
        if self.shape.lengths is None:
            return 1
        one, part = self.shape.lengths
        length = len(message.body) + len(str(self.options.get("sign_name", ""))) + 2
        return 1 if length <= one else -(-length // part)

    def judge(self, message: Message, status: int, body: bytes) -> Taken:
        """What an answer means; raises what ``Session.send`` raises."""
        answer = self.shape.answer
        found = _read(body)
        code = code_of(at(answer.error, found)) or code_of(at(answer.other_error, found))
        reason = f"{status} {code}".strip()
        is_success = 200 <= status < 300
        if answer.success is not None:
            is_success = is_success and holds(answer.success, found)
        if is_success or code in answer.repeated:
            units = at(answer.units, found) if answer.units else None
            if type(units) is not int or not 0 < units <= _MOST_UNITS:
                units = self.units(message)
            return Taken(
                provider_id=_ident(at(answer.id, found)) if answer.id else None,
                units=units,
                is_repeat=not is_success,
            )
        if code in answer.out_of_order or (not code and status in _NOT_IN_ORDER):
            raise Unreachable(reason)
        if code in answer.permanent:
            raise Undelivered(reason, permanent=True)
        if code and status < 500:
            raise Undelivered(reason)
        # No word that we know: an answer of something in between, or of a server in distress.
        raise Undelivered(reason, permanent=400 <= status < 500, suspect=not 400 <= status < 500)


class HttpSession:
    """A way out over the connections of this process; any number of threads may use it."""

    def __init__(self, gateway: HttpGateway) -> None:
        self._gateway = gateway

    def send(self, message: Message) -> Taken:
        """Hand one message over."""
        status, body = post(self._gateway.call(message))
        return self._gateway.judge(message, status, body)


# What is counted for more than so many messages is no count of one.
_MOST_UNITS = 100


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _ident(value: Any) -> str | None:
    text = "" if value is None else str(value)
    return text if 0 < len(text) <= 80 and text.isprintable() else None
