"""The words of notices in the application: the product's own, made once for all that read alike.

A text is rendered with marks in place of what differs from notice to notice (the number, what
the party wrote, names), and kept by all that decides how it reads (the kind, the limit, which of
the values are empty). To fill the marks in is then all that is left.

The date of a limit is such a value too, but in a year whose schedule is not announced, of which the
words tell, and of a limit in minutes, which is told by the minute.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from courts import calendar, date_words
from courts.business_days import local_instant
from notices import kinds
from notices.kinds import Level, NoticeContext

LANGUAGE = "zh-hans"
_MARK = re.compile("\ue000(\\w+)\ue001")
_KEPT = 50_000
# The limit that texts are rendered with: a day that no text names by itself.
_STAND_IN = date(2019, 3, 8)


@dataclass(slots=True)
class Values:
    """What a notice is worded from; ``fixed`` is whatever decides how it reads besides."""

    number: str
    limit_at: datetime | None
    fixed: tuple[Any, ...] = ()
    inside: dict[str, Any] = field(default_factory=dict)
    filled: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: str) -> str:
        """Keep a value; returns the mark that stands for it, or nothing for nothing."""
        if not value:
            return ""
        self.filled[name] = value
        return f"\ue000{name}\ue001"

    def mark(self, name: str, value: str) -> None:
        """Keep a value that the template knows by this name."""
        self.put(name, value)


class Words:
    """Words by all that decides how they read."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._kept: dict[tuple[Any, ...], tuple[list[str], list[str]]] = {}
        self._spoken: dict[datetime, str] = {}
        self._stand_in = local_instant(_STAND_IN, time(0), zone)
        self._spoken_stand_in = self._speak(self._stand_in)
        # Held while a text is rendered: a template may ask the database.
        self.quiet: AbstractContextManager[Any] = nullcontext()

    def _speak(self, limit_at: datetime) -> str:
        day = date_words.last_day(limit_at, self._zone)
        if day.year in calendar.public_schedule()[1]:
            return ""
        return date_words.day_spoken(day, LANGUAGE, self._zone)

    def of(self, kind: str, values: Values) -> tuple[str, str]:
        """Subject and body as a worker would have kept them."""
        filled = values.filled
        filled["number"] = values.number
        limit_at = values.limit_at
        if limit_at is not None and not values.inside.get("in_minutes"):
            spoken = self._spoken.get(limit_at)
            if spoken is None:
                spoken = self._spoken[limit_at] = self._speak(limit_at)
            if spoken:
                filled["limit"], values.limit_at = spoken, self._stand_in
        key = (kind, values.limit_at, values.fixed, tuple(filled))
        parts = self._kept.get(key)
        if parts is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            parts = self._kept[key] = self._render(kind, values)
        return _fill(parts[0], filled), _fill(parts[1], filled)

    def _render(self, kind: str, values: Values) -> tuple[list[str], list[str]]:
        marks = {name: f"\ue000{name}\ue001" for name in values.filled}
        context = NoticeContext(
            number=marks["number"],
            limit_at=values.limit_at,
            zone=self._zone,
            opens=("", {}),
            inside=marks | values.inside,
        )
        with self.quiet:
            subject, body = kinds.words(kinds.of(kind), context, Level.INSIDE, language=LANGUAGE)
        body = body.replace(self._spoken_stand_in, "\ue000limit\ue001")
        return _MARK.split(subject), _MARK.split(body)


def _fill(parts: list[str], values: dict[str, str]) -> str:
    """Every second part is the name of a value."""
    if len(parts) == 1:
        return parts[0]
    made = list(parts)
    made[1::2] = [values[name] for name in parts[1::2]]
    return "".join(made)
