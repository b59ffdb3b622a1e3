"""How a node reads: title, text and the details that may be shown, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from cases.models import CaseNode
from cases.node_rules import Detail, NodeRule
from courts import date_words

_LONGEST = 200


@dataclass(frozen=True)
class NodeWords:
    """A node in words: ``facts`` are the names and values of what may be shown."""

    title: str
    text: str
    facts: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The facts as lines of a text."""
        return tuple(_("%(name)s: %(value)s") % {"name": n, "value": v} for n, v in self.facts)


def node_words(node: CaseNode, rule: NodeRule, *, language: str, zone: ZoneInfo) -> NodeWords:
    """A node in words; what its details lack is left out."""
    facts = []
    for detail in rule.details:
        value = shown(detail, node.details.get(detail.key), language, zone)
        if value:
            facts.append((detail.name.in_language(language), value))
    return NodeWords(
        rule.title.in_language(language), rule.text.in_language(language), tuple(facts)
    )


def changes(
    before: CaseNode, now: CaseNode, rule: NodeRule, *, language: str, zone: ZoneInfo
) -> tuple[str, ...]:
    """What a revision corrected of what may be shown, as lines."""
    lines = []
    for detail in rule.details:
        old = shown(detail, before.details.get(detail.key), language, zone)
        new = shown(detail, now.details.get(detail.key), language, zone)
        if old != new:
            lines.append(_changed(detail.name.in_language(language), old, new))
    if before.occurred_at != now.occurred_at:
        old, new = (
            date_words.moment_long(node.occurred_at, language, zone) for node in (before, now)
        )
        lines.append(_changed(_("When it happened"), old, new))
    return tuple(lines)


def _changed(name: str, old: str, new: str) -> str:
    words: Mapping[str, str] = {
        "name": name,
        "old": old or _("nothing"),
        "new": new or _("nothing"),
    }
    return _("%(name)s: it was %(old)s, it is %(new)s") % words


def shown(detail: Detail, value: Any, language: str, zone: ZoneInfo) -> str:
    """A detail's value as it is shown; '' for nothing, or for what is not of its form."""
    if value is None or isinstance(value, dict | bool):
        return ""
    if isinstance(value, list):
        words = [shown(detail, one, language, zone) for one in value if not isinstance(one, list)]
        return ("、" if not language.startswith("en") else ", ").join(filter(None, words))
    text = str(value).strip()[:_LONGEST]
    if detail.form == "moment":
        at = _read(parse_datetime, text)
        if not isinstance(at, datetime):
            return ""
        at = at if timezone.is_aware(at) else at.replace(tzinfo=zone)
        try:
            return date_words.moment_long(at, language, zone)
        except (ValueError, OverflowError):  # "the end of time" is no date in another zone
            return ""
    if detail.form == "day":
        on = _read(parse_date, text)
        return date_words.day_long(on, language, zone) if isinstance(on, date) else ""
    return text


def _read(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None
