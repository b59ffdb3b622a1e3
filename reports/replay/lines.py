"""Reading the lines of a file of messages; pure."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

_NAMESPACE = uuid.UUID("5f0f9d52-6f0e-5a53-9a58-0e5a3e1f2b77")


_LONGEST_DISTRICT = 60


@dataclass(frozen=True)
class Message:
    """A message with its times as aware instants; ``reply_at`` is None if nobody replied."""

    line: int
    identity: str
    at: datetime
    title: str
    text: str
    district: str | None
    reply: str
    reply_at: datetime | None

    def command_id(self, policy: str) -> uuid.UUID:
        """The id of the command that registers it: the same line is registered once."""
        return uuid.uuid5(_NAMESPACE, f"{policy}:{self.identity}")


@dataclass(frozen=True)
class Rejected:
    """A line that cannot be played, and why."""

    line: int
    reason: str


def read(lines: Iterable[str], zone: ZoneInfo) -> Iterator[Message | Rejected]:
    """The messages of a JSON-lines text, in order; unreadable lines are told, not raised.

    Times without an offset are local times of ``zone``. A reply that came before its message is
    taken to have come with it. A line's identity is its ``id``, else its number with a hash of
    the whole line.
    """
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            yield _message(number, raw, zone)
        except ValueError as error:
            yield Rejected(number, str(error))


def _message(number: int, raw: str, zone: ZoneInfo) -> Message:
    try:
        row = json.loads(raw)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from None
    except RecursionError:
        raise ValueError("not JSON: nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    at = _instant(row, "time", zone)
    if at is None:
        raise ValueError("time is missing")
    title, text, reply = _text(row, "title"), _text(row, "text"), _text(row, "reply")
    district = _text(row, "district")
    if len(district) > _LONGEST_DISTRICT:
        raise ValueError(f"district is longer than {_LONGEST_DISTRICT} characters")
    if not text and not title:
        raise ValueError("text is missing")
    reply_at = _instant(row, "reply_time", zone)
    if reply and reply_at is None:
        raise ValueError("reply without reply_time")
    if reply_at is not None and not reply:
        raise ValueError("reply_time without reply")
    identity = row.get("id")
    if identity in (None, ""):
        identity = f"{number}:{hashlib.sha256(raw.strip().encode()).hexdigest()}"
    return Message(
        line=number,
        identity=str(identity),
        at=at,
        title=title[:200],
        text=text or title,
        district=district or None,
        reply=reply,
        reply_at=max(reply_at, at) if reply_at else None,
    )


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is not a text")
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(f"{key} holds a character that no text may hold")
    return value.strip()


def _instant(row: dict[str, Any], key: str, zone: ZoneInfo) -> datetime | None:
    value = _text(row, key)
    if not value:
        return None
    try:
        instant = datetime.fromisoformat(value.replace("/", "-"))
    except ValueError:
        raise ValueError(f"{key} is not a time: {value[:40]}") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
