"""What the items of the rates add up to, by day and by whose they are; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from courts.date_words import last_day
from reports.indicators import COUNTED, Indicator, Outcome, Result
from reports.satisfaction import Rated

_COLUMNS = {
    Result.IN_TIME: ("done", "due"),
    Result.LATE: ("due",),
    Result.WITHDRAWN: ("withdrawn",),
    Result.MERGED: ("merged",),
}


class Key(NamedTuple):
    """A local day, a department of a court, and in it a person; None for nobody by name."""

    day: date
    court_id: int
    department_id: int | None
    handler_id: int | None


def counts(
    items: Iterable[Outcome], ratings: Iterable[Rated], zones: Mapping[int, ZoneInfo]
) -> dict[Key, Counter[str]]:
    """The counts of a day's summary, by the names of its columns, without what fired.

    Of a request every item that counts must be among ``items``, in whichever month: of several it
    is counted once a month for each court, department and person, in the first of them.
    """
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    requests: dict[int, list[Outcome]] = defaultdict(list)
    for item in items:
        found[_key(item, zones)].update(
            f"{item.indicator}_{name}" for name in _COLUMNS[item.result]
        )
        if item.result in COUNTED and item.indicator is not Indicator.LIAISON:
            requests[item.request_id].append(item)
    for of_request in requests.values():
        _count_once(of_request, found, zones)
    for one in ratings:
        names = ("rated", "satisfied") if one.rating.is_satisfied else ("rated",)
        found[_key(one, zones)].update(names)
    return dict(found)


def _count_once(
    items: list[Outcome], found: dict[Key, Counter[str]], zones: Mapping[int, ZoneInfo]
) -> None:
    seen: set[tuple[str, date, object]] = set()
    for item in sorted(items, key=lambda one: (one.limit_at, one.indicator)):
        key = _key(item, zones)
        month = key.day.replace(day=1)
        whose = {
            "court_requests": key.court_id,
            "department_requests": item.unit,
            "handler_requests": key.handler_id,
        }
        new = {(name, month, who) for name, who in whose.items() if who is not None} - seen
        found[key].update(name for name, _month, _who in new)
        seen |= new


def _key(item: Outcome | Rated, zones: Mapping[int, ZoneInfo]) -> Key:
    court_id, department_id = item.unit
    return Key(last_day(item.limit_at, zones[court_id]), court_id, department_id, item.handler_id)
