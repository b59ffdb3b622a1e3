"""A briefing put together for its readers: words, tables and bars of each section in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.briefing import naming, tables
from reports.briefing.lifecycle import Section
from reports.briefing.naming import Names
from reports.briefing.tables import Bars, Table


@dataclass(frozen=True)
class Part:
    """A section as it is read."""

    section: Section
    heading: str
    paragraphs: list[str]
    tables: list[Table] = field(default_factory=list)
    bars: list[Bars] = field(default_factory=list)


def parts(values: Mapping[str, Any], texts: Mapping[str, str]) -> list[Part]:
    """The sections that ``texts`` (in the active language) has words for, numbered."""
    names = Names(values)
    found: list[Part] = []
    for section in Section:
        if section not in texts:
            continue
        place = len(found) + 1
        paragraphs = [one.strip() for one in texts[section].split("\n") if one.strip()]
        heading = naming.heading(place, str(section.label))
        drawn = [one for one in _bars(section, values) if any(n for _label, n in one.bars)]
        listed = [one for one in _tables(section, values, names) if one.rows]
        found.append(Part(section, heading, paragraphs, listed, drawn))
    return found


def _tables(section: Section, values: Mapping[str, Any], names: Names) -> list[Table]:
    if section is Section.COMPLETION:
        return [tables.rates(values, names)]
    if section is Section.RANKING:
        return [tables.ranking(values, names, of) for of in ("courts", "departments")]
    return []


def _bars(section: Section, values: Mapping[str, Any]) -> list[Bars]:
    if section is Section.BASIC:
        return [tables.channels(values), tables.matters(values)]
    if section is Section.COMPLETION:
        return [tables.funnel(values), tables.speed(values)]
    return []
