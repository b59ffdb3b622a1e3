"""What changed from one edition of a month to the next; pure: two documents in, differences out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]
Place = tuple[str, str | None]
SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A rate of a department that is another now; each as (done, due), None if it was not."""

    court: str
    department: str | None
    indicator: str
    before: tuple[int, int] | None
    after: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class RungChange:
    """How often a level of the ladder fired for a department, then and now."""

    court: str
    department: str | None
    level: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A request that counts differently for a rate; '' where it did not or does not count.

    ``before`` and ``after`` are results, or the same result with another unit or instant.
    """

    number: str
    indicator: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A unit that stands elsewhere; None is unranked."""

    of: str
    unit: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Changes:
    """All differences; ``others`` says whether anything else differs (a name, what came in)."""

    figures: tuple[FigureChange, ...]
    rungs: tuple[RungChange, ...]
    items: tuple[ItemChange, ...]
    places: tuple[PlaceChange, ...]
    others: bool

    @property
    def is_nothing(self) -> bool:
        """Whether the two documents say the same."""
        return not (self.figures or self.rungs or self.items or self.places or self.others)


def compare(before: Values, after: Values) -> Changes:
    """What ``after`` says otherwise than ``before``, in the order of courts and numbers."""
    figures = tuple(_figures(before, after))
    rungs = tuple(_rungs(before, after))
    items = tuple(_items(before, after))
    places = tuple(_places(before, after))
    others = before != after and not (figures or rungs or items or places)
    return Changes(figures, rungs, items, places, others)


def _order(*documents: Values) -> list[Place]:
    found: dict[Place, None] = {}
    for values in documents:
        for court in values["courts"]:
            for one in court["departments"]:
                found[court["id"], one["id"]] = None
    return list(found)


def _departments(values: Values) -> dict[Place, Values]:
    return {
        (court["id"], one["id"]): one for court in values["courts"] for one in court["departments"]
    }


def _figures(before: Values, after: Values) -> Iterator[FigureChange]:
    old, new = _departments(before), _departments(after)
    for place in _order(after, before):
        for indicator in ("acceptance", "liaison", "completion", SATISFACTION):
            then, now = (_figure(one.get(place), indicator) for one in (old, new))
            if then != now and (then or (0, 0), now or (0, 0)) != ((0, 0), (0, 0)):
                yield FigureChange(*place, indicator, then, now)


def _figure(values: Values | None, indicator: str) -> tuple[int, int] | None:
    if values is None:
        return None
    if indicator == SATISFACTION:
        return values[SATISFACTION]["satisfied"], values[SATISFACTION]["rated"]
    one = values["rates"][indicator]
    return one["done"], one["due"]


def _rungs(before: Values, after: Values) -> Iterator[RungChange]:
    old, new = _departments(before), _departments(after)
    for place in _order(after, before):
        then, now = (one[place]["rungs"] if place in one else {} for one in (old, new))
        for level in sorted(then.keys() | now.keys()):
            if then.get(level, 0) != now.get(level, 0):
                yield RungChange(*place, int(level), then.get(level, 0), now.get(level, 0))


def _results(values: Values) -> dict[tuple[str, str], tuple[str, Place, Any]]:
    return {
        (number, indicator): (result, place, values["requests"][number][indicator])
        for place, one in _departments(values).items()
        for indicator, by_result in one["items"].items()
        for result, numbers in by_result.items()
        for number in numbers
    }


def _items(before: Values, after: Values) -> Iterator[ItemChange]:
    old, new = _results(before), _results(after)
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            then, now = (one[key][0] if key in one else "" for one in (old, new))
            yield ItemChange(*key, then, now)


def _places(before: Values, after: Values) -> Iterator[PlaceChange]:
    for of in ("courts", "departments"):
        then, now = (_standing(values["ranking"][of]) for values in (before, after))
        for unit in [*now, *(unit for unit in then if unit not in now)]:
            if then.get(unit) != now.get(unit):
                yield PlaceChange(of, unit, then.get(unit), now.get(unit))


def _standing(months: list[Values]) -> dict[str, int | None]:
    return {row["unit"]: row["place"] for row in months[-1]["rows"]}
