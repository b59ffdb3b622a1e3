"""Ways out of the application. Each takes one message at a time and says how it went.

A gateway is opened once for a batch, so that a connection is used again. It raises
``Undelivered`` when this one message could not be handed over, and ``Unreachable`` when nothing
can be handed over at present, which is no message's fault.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from notices.kinds import Level


@dataclass(frozen=True)
class Message:
    """What is sent: kept words to one address. ``ident`` is the same at every attempt.

    ``number`` and ``url`` are what the words name, for gateways whose messages are filled in by
    the provider. ``recipient`` is the public id of who is told. ``is_code`` is a code to sign in,
    which is the ``number``: providers have templates of their own for those.
    """

    ident: str
    address: str
    subject: str
    body: str
    channel: str = ""
    number: str = ""
    url: str = ""
    language: str = ""
    recipient: str = ""
    is_code: bool = False

    @property
    def key(self) -> str:
        """The idempotency key: one notice through one channel, however often it is attempted."""
        return f"{self.ident}-{self.channel}"


@dataclass(frozen=True)
class Taken:
    """The other side has taken a message.

    ``provider_id`` is its own number for it, by which a receipt names it; ``units`` how many it
    counts for (a long text message is several); ``is_repeat`` that it had it already.
    """

    provider_id: str | None = None
    units: int = 1
    is_repeat: bool = False


@dataclass(frozen=True)
class Price:
    """What one unit costs, in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


class Undelivered(Exception):
    """This message was not taken; the reason names no person and no address.

    ``permanent`` says that the other side will not take it later either. ``suspect`` says that
    it may have been the connection's fault rather than the message's, and that it may have been
    taken all the same.
    """

    def __init__(self, reason: str, *, permanent: bool = False, suspect: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.suspect = reason, permanent, suspect


class Unreachable(Exception):
    """The other side cannot be spoken to at present; the reason names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Session(Protocol):
    """An open way out. Several threads may send through it where ``in_flight`` is above 1."""

    def send(self, message: Message) -> Taken:
        """Hand one message over, or raise ``Undelivered`` or ``Unreachable``."""


class Gateway(Protocol):
    """A way out of the application.

    ``batch`` messages are claimed at once and up to ``in_flight`` of them are under way together.
    ``rate`` is how many a second all workers together may send, None for any number. ``is_short``
    asks for one line and the address instead of a letter.
    """

    channel: str
    batch: int
    in_flight: int
    max_attempts: int
    staff_level: Level
    is_short: bool
    rate: float | None
    price: Price | None

    def open(self) -> AbstractContextManager[Session]:
        """A session for one batch. It connects when the first message is sent."""
