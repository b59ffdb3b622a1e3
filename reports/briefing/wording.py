"""The words of a briefing, written from the figures of its document; pure but for the language.

Each section is paragraphs that a person edits afterwards. The language is the active one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courts import date_words
from reports.briefing import naming
from reports.briefing.changes import compare
from reports.briefing.corrections import told
from reports.briefing.lifecycle import Section
from reports.briefing.naming import INDICATORS, Names, listed, ordered
from reports.briefing.proposals import proposals
from reports.briefing.standing_words import standing

Values = Mapping[str, Any]


def sections(values: Values, before: Values | None, language: str) -> dict[str, str]:
    """The text of every section in ``language``; ``before`` is the edition that is corrected."""
    with translation.override(language):
        names = Names(values)
        found: dict[str, str] = {}
        if before is not None:
            found[Section.CHANGES] = _joined(told(compare(before, values), values, before))
        for section, write in _WRITERS.items():
            found[section] = _joined(write(values, names))
        return found


def _joined(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def month_words(values: Values) -> str:
    """The month, such as October 2026."""
    year, month = map(int, values["month"].split("-"))
    return date_words.month(date(year, month, 1), get_language() or "", UTC)


def basic(values: Values, names: Names) -> list[str]:
    """What came in, through which channels, about what."""
    now, before = values["received"]["now"], values["received"]["before"]
    number, more = now["total"], now["total"] - before["total"]
    opening = ngettext(
        "In %(month)s the courts of %(city)s received %(number)s request through the litigation "
        "information service platform",
        "In %(month)s the courts of %(city)s received %(number)s requests through the litigation "
        "information service platform",
        number,
    ) % {"month": month_words(values), "city": names.city, "number": number}
    paragraphs = [
        _("%(opening)s, %(trend)s.") % {"opening": opening, "trend": _trend(more, before["total"])}
    ]
    if number:
        channels = [
            _part(naming.channel(code), count, number) for code, count in ordered(now["channels"])
        ]
        matters = [
            _part(naming.matter(code), count, number)
            for code, (count, _courts) in ordered(now["matters"])
        ]
        paragraphs += [
            _("By channel: %(parts)s.") % {"parts": listed(channels)},
            _("By matter: %(parts)s.") % {"parts": listed(matters)},
        ]
    return paragraphs


def _trend(more: int, before: int) -> str:
    if more == 0:
        return _("as many as in the month before")
    share = ""
    if abs(more) <= before:
        share = _(" (%(share)s)") % {"share": naming.percent(abs(more), before)}
    words = (
        _("%(number)s more than in the month before%(share)s")
        if more > 0
        else _("%(number)s fewer than in the month before%(share)s")
    )
    return words % {"number": abs(more), "share": share}


def _part(name: str, count: int, of: int) -> str:
    return _("%(name)s %(count)s (%(share)s)") % {
        "name": name,
        "count": count,
        "share": naming.percent(count, of),
    }


def completion(values: Values, names: Names) -> list[str]:
    """The three rates, what is in none of them, the ladder, and how long answers took."""
    rates = values["all"]["rates"]
    figures = [
        _("%(name)s %(percent)s (%(done)s of %(due)s in time)")
        % {
            "name": naming.indicator(one),
            "percent": naming.percent(rates[one]["done"], rates[one]["due"]),
            "done": rates[one]["done"],
            "due": rates[one]["due"],
        }
        for one in INDICATORS
    ]
    paragraphs = [
        _(
            "Counted are the requests whose limit ended in this month. %(figures)s. "
            "The goal of each is 100%%."
        )
        % {"figures": listed(figures)}
    ]
    whole = rates["completion"]
    if whole["withdrawn"] or whole["merged"]:
        paragraphs.append(
            _(
                "In no rate are %(withdrawn)s withdrawn before the limit and %(merged)s merged "
                "into another."
            )
            % {"withdrawn": whole["withdrawn"], "merged": whole["merged"]}
        )
    paragraphs += [_satisfaction(values["all"]["satisfaction"]), _ladder(values)]
    return [*paragraphs, *_speed(values["speed"]), _handling(values["handling"])]


def _satisfaction(figure: Values) -> str:
    if not figure["rated"]:
        return _("No party rated a reply to these requests.")
    return ngettext(
        "Of %(rated)s of these requests the party rated the reply: %(satisfied)s satisfied or "
        "very satisfied (%(percent)s).",
        "Of %(rated)s of these requests the parties rated the replies: %(satisfied)s satisfied or "
        "very satisfied (%(percent)s).",
        figure["rated"],
    ) % {
        "rated": figure["rated"],
        "satisfied": figure["satisfied"],
        "percent": naming.percent(figure["satisfied"], figure["rated"]),
    }


def _ladder(values: Values) -> str:
    rungs = {int(level): number for level, number in values["all"]["rungs"].items() if number}
    if not rungs:
        return _("No reply was so late that the supervision ladder had to warn or rise.")
    parts = [
        _("%(step)s %(number)s") % {"step": naming.level(level), "number": number}
        for level, number in sorted(rungs.items())
    ]
    return _("The supervision ladder acted this often: %(parts)s.") % {"parts": listed(parts)}


def _speed(speed: Values) -> list[str]:
    if not speed["answered"]:
        return []
    words = _(
        "Of the answered requests, half were answered by business day %(median)s after "
        "registration, nine tenths by business day %(ninth)s; unanswered: %(unanswered)s."
    )
    return [
        words
        % {
            "median": speed["median"],
            "ninth": speed["ninth_tenth"],
            "unanswered": speed["unanswered"],
        }
    ]


def _handling(handling: Values) -> str:
    return _(
        "Work orders returned to the desk: %(returns)s; reassigned: %(reassignments)s; replies "
        "rejected and sent back: %(rejected)s."
    ) % dict(handling)


def issues(values: Values, names: Names) -> list[str]:
    """The issues that the chamber took in, else the matters asked about most; typical cases."""
    # An edition of before there were issues has none.
    taken_in = [_issue(place, one) for place, one in enumerate(values.get("issues", ()), start=1)]
    paragraphs = taken_in or _most_asked(values["received"]["now"], values["received"]["before"])
    cases = [_case(place, one, names) for place, one in enumerate(values["difficult"], start=1)]
    none = _("No request rose, was returned or was reopened so often as to be called difficult.")
    return [*paragraphs, *(cases or [none])]


def _issue(place: int, one: Values) -> str:
    if one["sort"] == "hot":
        words = _(
            "Hot issue %(place)s: %(name)s. %(requests)s requests of %(parties)s parties at "
            "%(courts)s courts (%(before)s requests in the months before)."
        )
    elif one["sort"] == "difficult":
        words = _("Difficult issue %(place)s: %(name)s.")
    else:
        words = _("Key issue %(place)s: %(name)s.")
    return words % {**one, "place": place}


def _most_asked(now: Values, before: Values) -> list[str]:
    paragraphs = []
    for place, (code, (count, courts)) in enumerate(ordered(now["matters"])[:3], start=1):
        then = before["matters"].get(code, [0])[0]
        paragraphs.append(
            _(
                "Hot issue %(place)s: %(matter)s, %(count)s (%(before)s in the month before), "
                "courts concerned: %(courts)s."
            )
            % {
                "place": place,
                "matter": naming.matter(code),
                "count": count,
                "before": then,
                "courts": courts,
            }
        )
    return paragraphs


def _case(place: int, one: Values, names: Names) -> str:
    court = names.courts.get(one["court"], "")
    where = (
        _("in the case %(case)s of %(court)s") % {"case": one["case_number"], "court": court}
        if one["case_number"]
        else _("to %(court)s") % {"court": court}
    )
    course = []
    if one["rungs"]:
        course.append(
            _("rose up the ladder %(number)s times, as far as rung %(highest)s")
            % {"number": one["rungs"], "highest": one["highest"]}
        )
    if one["returns"]:
        course.append(_("was returned %(number)s times") % {"number": one["returns"]})
    if one["reopened"]:
        course.append(_("had %(number)s replies rejected") % {"number": one["reopened"]})
    if one["result"] == "in_time":
        course.append(_("was answered in time in the end"))
    else:
        course.append(
            _("was answered after its limit") if one["is_answered"] else _("was not answered")
        )
    words = _(
        "Typical case %(place)s: a request %(where)s (%(matter)s, by %(channel)s) %(course)s."
    )
    return words % {
        "place": place,
        "where": where,
        "matter": naming.matter(one["matter"]),
        "channel": naming.channel(one["channel"]),
        "course": listed(course),
    }


def feedback(values: Values, names: Names) -> list[str]:
    """What became of what was referred, and of special supervision."""
    key = "en" if (get_language() or "").startswith("en") else "zh"
    lines = [line[key] for line in values["referrals"]]
    return lines or [
        _("Nothing was referred to another office, so there is no feedback to report.")
    ]


_WRITERS: Mapping[str, Callable[[Values, Names], list[str]]] = {
    Section.BASIC: basic,
    Section.COMPLETION: completion,
    Section.RANKING: standing,
    Section.ISSUES: issues,
    Section.FEEDBACK: feedback,
    Section.PROPOSALS: proposals,
}


def title(values: Values, number: int) -> str:
    """What the briefing is called."""
    words = {"city": Names(values).city, "month": month_words(values), "number": number}
    if number > 1:
        return (
            _(
                "Briefing on judge liaison in the courts of %(city)s, %(month)s (correction, "
                "edition %(number)s)"
            )
            % words
        )
    return _("Briefing on judge liaison in the courts of %(city)s, %(month)s") % words
