"""The monthly ranking of courts, of departments and of judges (G16, B14); pure.

Figures of a month in, places out: what ranks, ties, who lags and why, what moved since the month
before, for whom an interview is proposed, and what would lift a unit most. Scores are exact
fractions and are compared as such. Where the figures come from is said in ``reports.standings``;
nothing here reads a database or the time.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Generic, TypeVar

from reports.indicators import Figure, Figures, Indicator, in_percent, total

K = TypeVar("K", bound=Hashable)
# What decides the order: the smaller comes first, and what is equal shares a place.
Key = tuple[Fraction, int, Fraction, Fraction, int]


@dataclass(frozen=True)
class Rule:
    """The numbers of the ranking: policy data, of which no clause says any (see ``of``).

    ``lagging_under`` is a score in per cent, ``lagging_last`` the last part of the ranked units
    in per cent. An interview is proposed after ``interview_lagging`` lagging months among the
    ``interview_months`` that end with the one in hand.
    """

    weights: Mapping[Indicator, int] = field(default_factory=lambda: dict.fromkeys(Indicator, 1))
    least_requests: int = 5
    lagging_under: int = 95
    lagging_last: int = 10
    interview_lagging: int = 3
    interview_months: int = 6

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> Rule:
        """The rule by what a policy says (``Policy.ranking``).

        What it does not say, because it was kept before rankings were, is as it was then.
        """
        weights = {one: numbers.get(f"weight_{one}", 1) for one in Indicator}
        rest = {name: number for name, number in numbers.items() if "weight_" not in name}
        return cls(weights, **rest)


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's month: what it is ranked by.

    ``satisfaction`` is the satisfied of the rated; ``rungs`` the steps 1 to 4 of the ladder that
    fired, without warnings; ``requests`` the distinct requests among the items that were due.
    """

    figures: Figures = field(default_factory=lambda: total([]))
    satisfaction: Figure = field(default_factory=Figure)
    rungs: int = 0
    requests: int = 0

    @property
    def items(self) -> int:
        """How many items were due in the three rates together."""
        return sum(figure.due for figure in self.figures.values())


class Reason(StrEnum):
    """Why a unit lags."""

    LOW_SCORE = "low_score"
    AMONG_LAST = "among_last"


class Movement(StrEnum):
    """What became of a place since the month before."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NEW = "new"
    WAS_UNRANKED = "was_unranked"


@dataclass(frozen=True, slots=True)
class Row(Generic[K]):
    """A unit in the ranking; ``place`` is None, and ``lagging`` empty, where it is unranked.

    ``score`` is None where nothing that has a weight was due.
    """

    unit: K
    standing: Standing
    score: Fraction | None
    place: int | None = None
    lagging: tuple[Reason, ...] = ()

    @property
    def percent(self) -> str | None:
        """The score in per cent with one decimal; ``100.0`` only if exact."""
        return None if self.score is None else in_percent(self.score)


@dataclass(frozen=True)
class Ranking(Generic[K]):
    """The units of a month, the ranked ones in their order."""

    rule: Rule
    ranked: tuple[Row[K], ...]
    unranked: tuple[Row[K], ...]

    def row(self, unit: K) -> Row[K] | None:
        """The row of a unit, ranked or not; None for one that was not in the month."""
        return next((row for row in (*self.ranked, *self.unranked) if row.unit == unit), None)


def score(figures: Figures, rule: Rule) -> Fraction | None:
    """The weighted mean of the rates in which anything was due; None if there are none."""
    parts = [
        (rule.weights[indicator], figure.rate)
        for indicator, figure in figures.items()
        if figure.rate is not None and rule.weights[indicator]
    ]
    weights = sum(weight for weight, _rate in parts)
    if not weights:
        return None
    return sum((weight * rate for weight, rate in parts), Fraction(0)) / weights


def rank(units: Mapping[K, Standing], rule: Rule) -> Ranking[K]:
    """The ranking of a month. Units that share a place stay in the order they are given in."""
    rows = [Row(unit, standing, score(standing.figures, rule)) for unit, standing in units.items()]
    ranked = [row for row in rows if _is_ranked(row, rule)]
    unranked = [row for row in rows if not _is_ranked(row, rule)]
    ranked.sort(key=_key)
    keys = [_key(row) for row in ranked]
    lasting = math.ceil(Fraction(len(ranked) * rule.lagging_last, 100))
    edge = keys[-lasting] if lasting else None
    return Ranking(
        rule,
        tuple(
            replace(row, place=bisect_left(keys, key) + 1, lagging=_reasons(row, key, edge, rule))
            for row, key in zip(ranked, keys, strict=True)
        ),
        tuple(unranked),
    )


def _is_ranked(row: Row[K], rule: Rule) -> bool:
    return row.score is not None and row.standing.requests >= rule.least_requests


def _key(row: Row[K]) -> Key:
    standing = row.standing
    assert row.score is not None
    satisfied = standing.satisfaction.rate
    return (
        -row.score,
        int(satisfied is None),  # no rating stands after any rating
        -(satisfied or Fraction(0)),
        Fraction(standing.rungs, standing.items),
        -standing.items,
    )


def _reasons(row: Row[K], key: Key, edge: Key | None, rule: Rule) -> tuple[Reason, ...]:
    assert row.score is not None
    reasons = []
    if row.score * 100 < rule.lagging_under:
        reasons.append(Reason.LOW_SCORE)
    if edge is not None and key >= edge and row.score < 1:
        reasons.append(Reason.AMONG_LAST)
    return tuple(reasons)


def movement(row: Row[K], before: Ranking[K]) -> tuple[Movement, int]:
    """What became of a ranked unit's place since the ``before`` month, and by how many places.

    A unit with nothing due then is new.
    """
    earlier = before.row(row.unit)
    assert row.place is not None
    if earlier is None or not earlier.standing.requests:
        return Movement.NEW, 0
    if earlier.place is None:
        return Movement.WAS_UNRANKED, 0
    risen = earlier.place - row.place
    if risen == 0:
        return Movement.SAME, 0
    return (Movement.UP if risen > 0 else Movement.DOWN), abs(risen)


def lagging_months(months: Sequence[Ranking[K]]) -> Counter[K]:
    """In how many of some months each unit lagged; an unranked month is not lagging."""
    return Counter(row.unit for month in months for row in month.ranked if row.lagging)


def interviews(months: Sequence[Ranking[K]], rule: Rule) -> dict[K, int]:
    """For whom an interview is proposed, each with the number of months lagging.

    ``months`` are in order and end with the month in hand; earlier ones than the policy counts
    may be among them.
    """
    counted = lagging_months(months[-rule.interview_months :])
    return {unit: number for unit, number in counted.items() if number >= rule.interview_lagging}


@dataclass(frozen=True, slots=True)
class Peers:
    """The medians of the other ranked units: of the score, and of each rate that any has."""

    score: Fraction | None
    rates: Mapping[Indicator, Fraction | None]
    number: int


def peers(ranking: Ranking[K], unit: K) -> Peers:
    """What is usual among the other ranked units; None where none of them has any."""
    others = [row for row in ranking.ranked if row.unit != unit]
    return Peers(
        _median(row.score for row in others),
        {one: _median(row.standing.figures[one].rate for row in others) for one in Indicator},
        len(others),
    )


def _median(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


@dataclass(frozen=True, slots=True)
class Lift:
    """What ``more`` items done in time in one rate would make of a unit's score and place.

    ``place`` is None for a unit that is unranked.
    """

    indicator: Indicator
    more: int
    score: Fraction
    gain: Fraction
    place: int | None


def lifts(ranking: Ranking[K], unit: K) -> dict[Indicator, list[Lift]]:
    """What would lift a unit, the rate that would lift it most first.

    For each rate with late items: one more in time, as many as lift the place (where any
    number does), and all of them. Nothing else of the month changes: neither the rungs that
    fired nor the other units.
    """
    row = ranking.row(unit)
    if row is None or row.score is None:
        return {}
    others = sorted(_key(one) for one in ranking.ranked if one.unit != unit)
    found = {}
    for indicator, figure in row.standing.figures.items():
        if not figure.late or not ranking.rule.weights[indicator]:
            continue
        steps = [
            _lift(row, indicator, more, ranking.rule, others) for more in range(1, figure.late + 1)
        ]
        rises = [step for step in steps if step.place != row.place][:1]
        wanted = {step.more: step for step in (steps[0], *rises, steps[-1])}
        found[indicator] = [wanted[more] for more in sorted(wanted)]
    most = sorted(found, key=lambda one: -found[one][-1].gain)
    return {indicator: found[indicator] for indicator in most}


def _lift(row: Row[K], indicator: Indicator, more: int, rule: Rule, others: Sequence[Key]) -> Lift:
    figures = dict(row.standing.figures)
    figures[indicator] = replace(figures[indicator], done=figures[indicator].done + more)
    standing = replace(row.standing, figures=figures)
    lifted = replace(row, standing=standing, score=score(figures, rule))
    assert row.score is not None
    assert lifted.score is not None
    place = None if row.place is None else bisect_left(others, _key(lifted)) + 1
    return Lift(indicator, more, lifted.score, lifted.score - row.score, place)
