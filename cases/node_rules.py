"""What is said of a node, and who may know it. Pure: values in, values out, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from courts.business_days import local_instant


class Outside(StrEnum):
    """How much a gateway outside the court's network says of a case."""

    NEWS = "news"  # your case has news, sign in
    NEUTRAL = "neutral"  # the court has a message for you
    NOTHING = "nothing"  # no gateway is used


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in a language, Chinese where it is no other that is known."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Detail:
    """A detail of nodes that may be shown; ``form`` is text, number, day or moment."""

    key: str
    name: Text
    form: str


@dataclass(frozen=True)
class HeldBack:
    """Until a node of another kind stands, these sides (``None``: all) are not told."""

    until: str
    sides: frozenset[str] | None


@dataclass(frozen=True)
class NodeRule:
    """One kind of node: how it reads, who may know it, whether it is pushed by itself."""

    kind: str
    source: str
    title: Text
    text: Text
    who: frozenset[str]
    sides: frozenset[str] | None
    details: tuple[Detail, ...]
    push: bool
    held_back: HeldBack | None

    def may_know(self, capacity: str, side: str, *, is_done: bool) -> bool:
        """Whether somebody who takes part in this way may know such a node.

        ``is_done`` says whether the node that ends the holding back stands.
        """
        if capacity not in self.who or (self.sides is not None and side not in self.sides):
            return False
        held = self.held_back
        return held is None or is_done or (held.sides is not None and side not in held.sides)


@dataclass(frozen=True)
class NodeList:
    """The list that holds in a jurisdiction."""

    oldest_days: int
    quiet_from: time
    quiet_until: time
    digest_at_least: int
    digest_minutes: int
    sensitive: Mapping[str, Outside]
    details: Mapping[str, Detail]
    rules: Mapping[str, NodeRule]

    def outside_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """``at``, or the end of the quiet hours in which it lies."""
        local = at.astimezone(zone)
        if self.quiet_from <= self.quiet_until:
            quiet = self.quiet_from <= local.time() < self.quiet_until
        else:
            quiet = local.time() >= self.quiet_from or local.time() < self.quiet_until
        if not quiet:
            return at
        day = local.date()
        if local.time() >= self.quiet_until:
            day += timedelta(days=1)
        return local_instant(day, self.quiet_until, zone)

    def outside(self, sensitivity: str, chosen: str | None) -> Outside:
        """How much is said outside of a case: for a sensitive one what the person chose, if so."""
        if sensitivity not in self.sensitive:
            return Outside.NEWS
        return Outside(chosen) if chosen else self.sensitive[sensitivity]
