"""Ways out of the application. Each takes one message at a time and says how it went.

A gateway is opened once for a batch, so that a connection is used again. It raises
``Undelivered`` when this one message could not be handed over, and ``Unreachable`` when nothing
can be handed over at present, which is no message's fault.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from notices.kinds import Level


@dataclass(frozen=True)
class Message:
    """What is sent: kept words to one address. ``ident`` is the same at every attempt."""

    ident: str
    address: str
    subject: str
    body: str


class Undelivered(Exception):
    """This message was not taken; the reason names no person and no address.

    ``permanent`` says that the other side will not take it later either. ``suspect`` says that
    it may have been the connection's fault rather than the message's.
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
    """An open way out."""

    def send(self, message: Message) -> None:
        """Hand one message over, or raise ``Undelivered`` or ``Unreachable``."""


class Gateway(Protocol):
    """A way out of the application."""

    channel: str
    batch: int
    max_attempts: int
    staff_level: Level

    def open(self) -> AbstractContextManager[Session]:
        """A session for one batch. It connects when the first message is sent."""
