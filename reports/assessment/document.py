"""A sheet as plain values: what its page shows, and what is frozen when it is signed.

The same data give the same bytes of canonical JSON. Rates and scores are exact fractions; dates
are instants with their offset from UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from reports.assessment.year import MonthOf, Year
from reports.board import LEVELS
from reports.edition import instant_or_none
from reports.indicators import Figure, Figures, Indicator, Outcome, in_percent
from reports.leadership.lists import SATISFACTION
from reports.satisfaction import Rated

RUNGS = tuple(level for level in LEVELS if level)


def document(year: Year) -> dict[str, Any]:
    """The figures of a year, by month and together, with the items behind each."""
    return {
        "months": [_month(year, one) for one in year.months],
        "year": {
            "figures": _figures(year.figures),
            "without_upheld": _figures(year.figures_without),
            SATISFACTION: _figure(year.satisfaction),
            "rungs": _rungs(year.rungs),
            "requests": year.requests,
            **_score("score", year.score),
            **_score("score_without_upheld", year.score_without),
        },
        "objections": {one.value: year.objected(one)._asdict() for one in Indicator},
        "weights": {one.value: year.rule.weights[one] for one in Indicator},
    }


def _month(year: Year, one: MonthOf) -> dict[str, Any]:
    return {
        "month": str(one.month),
        "figures": _figures(one.figures),
        "without_upheld": _figures(one.without(year.upheld)),
        SATISFACTION: _figure(one.satisfaction),
        "rungs": _rungs(one.rungs),
        "objections": {name.value: year.objected(name, one.month)._asdict() for name in Indicator},
        "items": {
            **{name.value: [_item(year, one, item) for item in one.of(name)] for name in Indicator},
            SATISFACTION: [_rated(item) for item in one.ratings],
        },
    }


def _item(year: Year, one: MonthOf, item: Outcome) -> dict[str, Any]:
    answer = year.answers.get(one.name(item))
    return {
        "number": item.number,
        "limit_at": instant_or_none(item.limit_at),
        "done_at": instant_or_none(item.done_at),
        "result": item.result.value,
        "objection": answer.value if answer else None,
    }


def _rated(item: Rated) -> dict[str, Any]:
    return {
        "number": item.number,
        "limit_at": instant_or_none(item.limit_at),
        "done_at": instant_or_none(item.rating.rated_at),
        "result": item.rating.grade,
        "objection": None,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {one.value: _figure(figures[one]) for one in Indicator}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "done": figure.done,
        "due": figure.due,
        "withdrawn": figure.withdrawn,
        "merged": figure.merged,
        "percent": figure.percent,
    }


def figure_of(found: Mapping[str, Any]) -> Figure:
    """A figure of a document, to be reckoned with again."""
    return Figure(found["done"], found["due"], found["withdrawn"], found["merged"])


def _rungs(rungs: Counter[int]) -> dict[str, int]:
    return {str(level): rungs[level] for level in RUNGS}


def _score(name: str, score: Fraction | None) -> dict[str, Any]:
    return {
        name: None if score is None else f"{score.numerator}/{score.denominator}",
        f"{name}_percent": None if score is None else in_percent(score),
    }
