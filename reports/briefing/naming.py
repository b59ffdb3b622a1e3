"""Names and figures of a document as a reader is shown them; pure but for the active language."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liaison.models import Channel, Matter
from reports.indicators import in_percent

INDICATORS = ("acceptance", "liaison", "completion")


class Names:
    """The names of a document's courts and departments in the active language."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._english = (get_language() or "").startswith("en")
        jurisdiction = values["jurisdiction"]
        self.city = self._of(jurisdiction)
        self.leading_court = self._of(jurisdiction["court"])
        chamber = jurisdiction["chamber"]
        self.chamber = self._of(chamber) if chamber else ""
        self.courts = {one["id"]: self._of(one) for one in values["courts"]}
        self.departments = {
            one["id"]: (self._of(one), self.courts[court["id"]])
            for court in values["courts"]
            for one in court["departments"]
            if one["id"]
        }

    def _of(self, one: Mapping[str, str]) -> str:
        return one["name_en"] if self._english and one["name_en"] else one["name"]

    def unit(self, court: str, department: str | None) -> str:
        """A department with its court."""
        if department is None or department == "":
            return _("%(court)s, no department") % {"court": self.courts[court]}
        return self.department(department)

    def department(self, department: str) -> str:
        """A department with its court, by its id alone."""
        name, court = self.departments[department]
        return _("%(department)s of %(court)s") % {"department": name, "court": court}


def indicator(name: str) -> str:
    """What a rate is called."""
    words = {
        "acceptance": _("Timely acceptance rate"),
        "liaison": _("Judge liaison rate"),
        "completion": _("Timely completion rate"),
        "satisfaction": _("Satisfaction"),
    }
    return words[name]


def result(name: str) -> str:
    """What became of an item, in a word; '' is none."""
    words = {
        "in_time": _("In time"),
        "late": _("Late"),
        "withdrawn": _("Withdrawn before the limit"),
        "merged": _("Merged"),
        "": _("not counted"),
    }
    return words[name]


def level(number: int) -> str:
    """A step of the ladder."""
    return _("Rung %(level)s") % {"level": number} if number else _("Warning")


def channel(code: str) -> str:
    """A channel; the code where it is one no more."""
    return str(dict(Channel.choices).get(code, code))


def matter(code: str) -> str:
    """A matter; the code where it is one no more."""
    return str(dict(Matter.choices).get(code, code))


def percent(done: int, due: int) -> str:
    """A rate in per cent with one decimal, a dash where nothing was due."""
    return f"{in_percent(Fraction(done, due))}%" if due else "–"


def score(text: str | None) -> str:
    """A score in per cent with one decimal, a dash where there is none."""
    return "–" if text is None else in_percent(Fraction(text))


def listed(parts: list[str]) -> str:
    """Parts of a list, one after the other."""
    return str(_(", ")).join(parts)


def ordered(counts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Counts by code, the largest first; equal ones by their code."""
    return sorted(counts.items(), key=lambda pair: (-_number(pair[1]), pair[0]))


def _number(value: Any) -> int:
    return int(value[0] if isinstance(value, list) else value)


_NUMERALS = "一二三四五六七八九十"


def heading(place: int, title: str) -> str:
    """The title of a part with its number: 一、 in Chinese, 1. in English."""
    if (get_language() or "").startswith("en"):
        return f"{place}. {title}"
    return f"{_NUMERALS[place - 1]}、{title}"
