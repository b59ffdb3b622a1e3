"""The rate of satisfaction of a month; pure: outcomes and ratings in, items and figures out.

Counted are the requests that parties rated, as completion counts them: in the month in which the
reply limit ended, and for the unit and person that answered for the request then. A request that
nobody rated is in no figure, and where none was rated there is a dash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from reports.holders import Unit
from reports.indicators import COUNTED, Figure, Indicator, Outcome

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Rating:
    """What a party thinks of the reply that stands."""

    grade: str
    is_satisfied: bool
    rated_at: datetime


class Rated(NamedTuple):
    """A rated request behind a figure: whose it is, and when its reply limit ended."""

    limit_at: datetime
    request_id: int
    number: str
    unit: Unit
    rating: Rating
    handler_id: int | None = None


def rated(outcomes: Iterable[Outcome], ratings: Mapping[int, Rating]) -> Iterator[Rated]:
    """The rated requests among the items of a month, in their order; ``ratings`` by request."""
    for item in outcomes:
        if item.indicator is not Indicator.COMPLETION or item.result not in COUNTED:
            continue
        rating = ratings.get(item.request_id)
        if rating is not None:
            yield Rated(
                item.limit_at, item.request_id, item.number, item.unit, rating, item.handler_id
            )


def tally_ratings(items: Iterable[Rated], whose: Callable[[Rated], K]) -> dict[K, Figure]:
    """The satisfied of the rated, for each court, unit or person that a request counts for."""
    counts = Counter((whose(item), item.rating.is_satisfied) for item in items)
    return {
        key: Figure(counts[key, True], counts[key, True] + counts[key, False])
        for key, _satisfied in counts
    }


def satisfied(items: Iterable[Rated]) -> Figure:
    """The satisfied of all that were rated."""
    return tally_ratings(items, lambda _item: None).get(None, Figure())
