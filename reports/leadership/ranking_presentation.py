"""Turns a month's ranking into what its pages show: words, signs and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from reports import ranking
from reports.indicators import Figure, Indicator, in_percent
from reports.leadership.asking import month_url
from reports.leadership.lists import DUE, INDICATORS, RISEN, RUNGS, SATISFACTION
from reports.leadership.presentation import (
    items_url,
    rate_card,
    satisfaction_card,
    satisfaction_cell,
    tone,
)
from reports.months import Month
from reports.ranking import Lift, Movement, Ranking, Reason, Row
from reports.standings import Months

_SIGNS = {
    Movement.UP: ("done", "trending-up"),
    Movement.DOWN: ("late", "trending-down"),
    Movement.SAME: ("neutral", "minus"),
    Movement.NEW: ("neutral", "plus"),
    Movement.WAS_UNRANKED: ("neutral", "plus"),
}


@dataclass(frozen=True)
class Shown:
    """How a unit is named, and where its figures lead: empty where the reader may not go.

    ``within`` names the court of a department, ``place`` are the parameters of its lists.
    """

    name: str
    within: str = ""
    url: str = ""
    place: Mapping[str, object] | None = None


def unit_url(month: Month, **place: object) -> str:
    """The address of the page of a court or department."""
    query = {name: str(value) for name, value in place.items()}
    return month_url(reverse("leadership:ranking_unit"), month, **query)


def rows(
    found: Iterable[Row[int]],
    months: Months,
    month: Month,
    shown: Mapping[int, Shown],
) -> Iterator[dict[str, Any]]:
    """The rows of a table, of the units that ``shown`` knows."""
    places = [row.place for row in months.now.ranked]
    for row in found:
        if row.unit not in shown:
            continue
        one = shown[row.unit]
        yield {
            "name": one.name,
            "within": one.within,
            "url": one.url,
            "place": row.place,
            "is_shared": row.place is not None and places.count(row.place) > 1,
            "movement": movement(row, months),
            "score": row.percent,
            "rates": list(_rates(row, month, one.place)),
            "rungs": row.standing.rungs,
            "rungs_url": _url(month, RUNGS, one.place, level=RISEN) if row.standing.rungs else "",
            "requests": row.standing.requests,
            "requests_url": _url(month, DUE, one.place) if row.standing.requests else "",
            "is_lagging": bool(row.lagging),
            "reasons": reasons(row, months.now),
        }


def _rates(
    row: Row[int], month: Month, place: Mapping[str, object] | None
) -> Iterator[dict[str, Any]]:
    for indicator, label in INDICATORS.items():
        figure = row.standing.figures[Indicator(indicator)]
        yield {
            "label": label,
            "figure": figure,
            "tone": tone(figure)[0],
            "url": _url(month, indicator, place) if figure != Figure() else "",
        }
    rated = row.standing.satisfaction
    yield satisfaction_cell(rated, _url(month, SATISFACTION, place) if rated.due else "")


def _url(month: Month, kind: str, place: Mapping[str, object] | None, **others: object) -> str:
    return "" if place is None else items_url(month, kind, **place, **others)


def movement(row: Row[int], months: Months) -> dict[str, str] | None:
    """The arrow and its words; None for a unit without a place or a month without one before."""
    if row.place is None or months.before is None:
        return None
    what, number = ranking.movement(row, months.before)
    words = {
        Movement.UP: _("up %(number)s"),
        Movement.DOWN: _("down %(number)s"),
        Movement.SAME: _("unchanged"),
        Movement.NEW: _("new"),
        Movement.WAS_UNRANKED: _("was unranked"),
    }
    colour, sign = _SIGNS[what]
    return {"tone": colour, "icon": sign, "label": words[what] % {"number": number}}


def reasons(row: Row[int], month: Ranking[int]) -> list[str]:
    """Why a unit lags, in words."""
    rule = month.rule
    words = {
        Reason.LOW_SCORE: _("score under %(number)s%%") % {"number": rule.lagging_under},
        Reason.AMONG_LAST: _("among the last %(number)s%%") % {"number": rule.lagging_last},
    }
    return [words[reason] for reason in row.lagging]


def proposed(months: Months, shown: Mapping[int, Shown]) -> list[dict[str, Any]]:
    """For whom an interview is proposed, with how often they lagged."""
    rule = months.now.rule
    found = ranking.interviews(months.rankings, rule)
    return [
        {"name": one.name, "within": one.within, "url": one.url, "why": _often(found[pk], rule)}
        for pk, one in shown.items()
        if pk in found
    ]


def _often(number: int, rule: ranking.Rule) -> str:
    return _("lagging in %(number)s of the last %(months)s months") % {
        "number": number,
        "months": rule.interview_months,
    }


def explained(rule: ranking.Rule) -> list[str]:
    """The rule in sentences, with the numbers of the policy that the month is ranked by."""
    weights = rule.weights
    if len(set(weights.values())) == 1:
        how = _("The score is the mean of the three rates.")
    else:
        how = _(
            "The score is the mean of the three rates, weighted %(acceptance)s : %(liaison)s : "
            "%(completion)s."
        ) % {one.value: weights[one] for one in Indicator}
    return [
        how,
        _("A rate in which nothing was due is left out."),
        _(
            "Equal scores are ordered by satisfaction, then by fewer rungs fired per item due, "
            "then by more items due; who is equal in all shares a place."
        ),
        _(
            "Lagging: a score under %(under)s%%, or among the last %(last)s%% of the ranked and "
            "under 100%%."
        )
        % {"under": rule.lagging_under, "last": rule.lagging_last},
        _("An interview is proposed after %(number)s lagging months out of %(months)s.")
        % {"number": rule.interview_lagging, "months": rule.interview_months},
    ]


# --- the page of one unit ---------------------------------------------------------------------


def cards(row: Row[int], month: Month, months: Months, one: Shown) -> list[dict[str, Any]]:
    """The score and the three rates of a unit beside the medians of its peers, and satisfaction."""
    usual = ranking.peers(months.now, row.unit)
    score = Figure() if row.score is None else Figure(row.score.numerator, row.score.denominator)
    shown = [rate_card(_("Score"), score, note=_beside(usual.score), url="")]
    for indicator, label in INDICATORS.items():
        figure = row.standing.figures[Indicator(indicator)]
        note = _beside(usual.rates[Indicator(indicator)])
        if figure.due:
            count = _("%(done)s of %(due)s in time") % {"done": figure.done, "due": figure.due}
            note = f"{count} · {note}"
        url = _url(month, indicator, one.place) if figure != Figure() else ""
        shown.append(rate_card(label, figure, note=note, url=url))
    rated = row.standing.satisfaction
    url = _url(month, SATISFACTION, one.place) if rated.due else ""
    return [*shown, satisfaction_card(rated, url)]


def _beside(usual: Fraction | None) -> str:
    """What is usual among the other units, in words."""
    if usual is None:
        return _("no other ranked unit to compare with")
    return _("median of the others %(share)s%%") % {"share": in_percent(usual)}


def lifts(row: Row[int], month: Month, months: Months, one: Shown) -> list[dict[str, Any]]:
    """What would lift a unit, the rate that would lift it most first, with its late items."""
    return [
        {
            "label": INDICATORS[indicator],
            "late": row.standing.figures[indicator].late,
            "url": _url(month, indicator, one.place, result="late"),
            "steps": [_step(step, row) for step in steps],
        }
        for indicator, steps in ranking.lifts(months.now, row.unit).items()
    ]


def _step(step: Lift, row: Row[int]) -> dict[str, Any]:
    gain = in_percent(step.gain)
    return {
        "more": _("%(number)s more in time") % {"number": step.more},
        "score": in_percent(step.score),
        "gain": f"+{gain}" if gain != "0.0" else "< 0.1",
        "place": step.place,
        "is_risen": step.place is not None and step.place != row.place,
    }


def past(unit: int, month: Month, months: Months) -> list[dict[str, Any]]:
    """The months that the proposal of an interview looks back on, the latest first."""
    found = []
    for back, earlier in enumerate(reversed(months.rankings)):
        row = earlier.row(unit)
        found.append(
            {
                "month": month.plus(-back).first_day,
                "place": row.place if row else None,
                "of": len(earlier.ranked),
                "score": row.percent if row else None,
                "requests": row.standing.requests if row else 0,
                "reasons": _(", ").join(reasons(row, earlier)) if row else "",
            }
        )
    return found
