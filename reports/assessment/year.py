"""The months of a judge or unit and their sum, with what was objected to; pure.

A year's figures are over the items of its months: each counts where the limit ended, once. An
upheld objection changes no figure. What the figure would be without the item stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from reports.indicators import COUNTED, Figure, Figures, Indicator, Outcome, together, total
from reports.months import Month
from reports.ranking import Rule, score
from reports.satisfaction import Rated, satisfied


class Answer(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


class Item(NamedTuple):
    """An item by what an objection names: a request, in a rate, in a month."""

    month: Month
    indicator: Indicator
    request_id: int


class Objected(NamedTuple):
    """How many items were objected to, how many of these objections are upheld, and wait."""

    made: int = 0
    upheld: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class MonthOf:
    """What counts of one month for a judge or unit: items, rated requests, rungs fired by level."""

    month: Month
    items: tuple[Outcome, ...] = ()
    ratings: tuple[Rated, ...] = ()
    rungs: Counter[int] = field(default_factory=Counter)

    @property
    def figures(self) -> Figures:
        """The rates of the month."""
        return together(self.items)

    @property
    def satisfaction(self) -> Figure:
        """The satisfied of the rated requests; an objection to a reply's limit is none to it."""
        return satisfied(self.ratings)

    def of(self, indicator: Indicator) -> list[Outcome]:
        """The items behind one rate, the earliest limit first."""
        return [item for item in self.items if item.indicator is indicator]

    def name(self, item: Outcome) -> Item:
        """What an objection to one of its items would name."""
        return Item(self.month, item.indicator, item.request_id)

    def without(self, upheld: Set[Item]) -> Figures:
        """The rates without the items of which an objection is upheld."""
        return together(item for item in self.items if self.name(item) not in upheld)


@dataclass(frozen=True)
class Year:
    """Some months that follow each other, what was objected to in them, and the rule of scores."""

    months: tuple[MonthOf, ...]
    answers: dict[Item, Answer]
    rule: Rule

    @property
    def figures(self) -> Figures:
        """The sum of the months."""
        return total(month.figures for month in self.months)

    @property
    def satisfaction(self) -> Figure:
        """The satisfied of the rated requests of all months."""
        return sum((month.satisfaction for month in self.months), Figure())

    @property
    def upheld(self) -> frozenset[Item]:
        """The items of which an objection is upheld."""
        return frozenset(item for item, answer in self.answers.items() if answer is Answer.UPHELD)

    @property
    def figures_without(self) -> Figures:
        """The sum of the months without the items of which an objection is upheld."""
        return total(month.without(self.upheld) for month in self.months)

    @property
    def score(self) -> Fraction | None:
        """The weighted mean of the rates; None where nothing that has a weight was due."""
        return score(self.figures, self.rule)

    @property
    def score_without(self) -> Fraction | None:
        """The same without the items of which an objection is upheld."""
        return score(self.figures_without, self.rule)

    @property
    def rungs(self) -> Counter[int]:
        """The rungs fired, by level."""
        return sum((month.rungs for month in self.months), Counter())

    @property
    def requests(self) -> int:
        """The distinct requests of which anything was due."""
        return len(
            {item.request_id for one in self.months for item in one.items if item.result in COUNTED}
        )

    def objected(self, indicator: Indicator | None = None, month: Month | None = None) -> Objected:
        """What was objected to: in one rate or all, in one month or all."""
        found = [
            answer
            for item, answer in self.answers.items()
            if indicator in (None, item.indicator) and month in (None, item.month)
        ]
        return Objected(len(found), found.count(Answer.UPHELD), found.count(Answer.OPEN))
