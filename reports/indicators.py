"""The three rates of a month (G2, B2, G16, B14); pure: facts in, figures out.

A month's figures are over the items whose limit ended in that local month, whenever they were
received: nothing that could still be in time is counted as late, and nothing escapes by being
received on the last day. Done before the end of the limit is in time; at it or after is late.

The facts come from ``reports.facts``; nothing here reads a database or the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar
from reports.holders import Holding, Unit, handler_at_limit, unit_at_limit
from reports.months import Month


class Indicator(StrEnum):
    """The rates whose goal is 100 %."""

    ACCEPTANCE = "acceptance"
    LIAISON = "liaison"
    COMPLETION = "completion"


class Result(StrEnum):
    """What became of an item; the last two are left out of the rate and counted apart."""

    IN_TIME = "in_time"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


# What is counted in a rate; the others are left out of it and counted apart.
COUNTED = (Result.IN_TIME, Result.LATE)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The acceptance limit of a request: it stays with the Litigation Service (``unit``)."""

    opened_at: datetime
    limit_at: datetime
    unit: Unit


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply limit of a request, as it stands now: ordinary once dispatched, else summary.

    ``counts_from_assigned`` says which of the anchors the limit is counted from. ``holdings``
    are in order, the first at registration.
    """

    opened_at: datetime
    assigned_at: datetime | None
    counts_from_assigned: bool
    limit_at: datetime
    calendar_version: int
    holdings: tuple[Holding, ...]

    def anchor(self, of_assigned: bool) -> datetime | None:
        """The instant that a limit of this kind is counted from."""
        return self.assigned_at if of_assigned else self.opened_at


@dataclass(frozen=True, slots=True)
class Fact:
    """One request as the rates read it.

    ``answered_at`` is the answer or reply that stands now (a rejected one does not count),
    ``reached_at`` the first contact record with outcome "reached". ``for_judge``: its matter is
    to contact a judge, or it became a work order. ``ended_at`` is when it was withdrawn or
    merged into ``merged_into``.
    """

    request_id: int
    number: str
    acceptance: Acceptance
    reply: Reply | None
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    reached_at: datetime | None = None
    for_judge: bool = False
    withdrawn: bool = False
    merged_into: int | None = None
    ended_at: datetime | None = None


class Outcome(NamedTuple):
    """An item behind a figure: whose it is, when its limit ended, and what became of it.

    ``handler_id`` is who in the unit answered for it; None where that was nobody by name.
    """

    indicator: Indicator
    limit_at: datetime
    request_id: int
    number: str
    unit: Unit
    result: Result
    done_at: datetime | None
    handler_id: int | None = None


def in_percent(share: Fraction) -> str:
    """A share of at most 1 in per cent with one decimal; ``100.0`` only if exact."""
    tenths = (share * 2000 + 1) // 2
    if share < 1:
        tenths = min(tenths, 999)
    return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Figure:
    """``done`` in time of ``due``; withdrawn and merged items are counted apart."""

    done: int = 0
    due: int = 0
    withdrawn: int = 0
    merged: int = 0

    def __add__(self, other: Figure) -> Figure:
        return Figure(
            self.done + other.done,
            self.due + other.due,
            self.withdrawn + other.withdrawn,
            self.merged + other.merged,
        )

    @property
    def late(self) -> int:
        """How many were due and not done in time."""
        return self.due - self.done

    @property
    def rate(self) -> Fraction | None:
        """Exactly done / due; None where nothing was due, which is neither 0 nor 100 %."""
        return Fraction(self.done, self.due) if self.due else None

    @property
    def share(self) -> float | None:
        """The rate as charts and meters draw it; None where nothing was due."""
        return None if self.rate is None else float(self.rate)

    @property
    def percent(self) -> str | None:
        """The rate in per cent with one decimal, such as ``66.7``; ``100.0`` only if exact."""
        return None if self.rate is None else in_percent(self.rate)


K = TypeVar("K")
CalendarOf = Callable[[int, int], BusinessCalendar]


def outcomes(
    facts: Iterable[Fact],
    month: Month | None,
    *,
    at: datetime,
    zones: Mapping[int, ZoneInfo],
    calendar_of: CalendarOf,
) -> list[Outcome]:
    """The items of a month (None: of all), as things stand at ``at``, by limit and request.

    ``facts`` may hold more than the month; of merged requests it must hold every one of the
    family. ``zones`` gives the time zone of each court, ``calendar_of`` the business calendar of
    a court in a calendar version.
    """
    by_id = {fact.request_id: fact for fact in facts}
    families: dict[int, list[Fact]] = defaultdict(list)
    for fact in by_id.values():
        if fact.merged_into is not None:
            families[_goes_on(fact, by_id).request_id].append(fact)
    count = _Count(month, at, zones, calendar_of, by_id)
    for fact in by_id.values():
        count.add(fact, families.get(fact.request_id, []))
    return sorted(count.found)


def _goes_on(fact: Fact, by_id: Mapping[int, Fact]) -> Fact:
    while fact.merged_into is not None:
        fact = by_id[fact.merged_into]
    return fact


class _Count:
    """Collects the outcomes of one month, or of all."""

    def __init__(
        self,
        month: Month | None,
        at: datetime,
        zones: Mapping[int, ZoneInfo],
        calendar_of: CalendarOf,
        by_id: Mapping[int, Fact],
    ) -> None:
        self.month, self.at, self.zones = month, at, zones
        self.calendar_of, self.by_id = calendar_of, by_id
        self.found: list[Outcome] = []
        self._bounds = {zone: month.bounds(zone) for zone in set(zones.values())} if month else {}

    def add(self, fact: Fact, merged: Sequence[Fact]) -> None:
        """Count one request; ``merged`` are those that it took over."""
        family = [fact, *merged]
        self._acceptance(fact, family)
        if fact.reply is not None:
            self._reply(fact, fact.reply, family)

    def _in_month(self, limit_at: datetime, court_id: int) -> bool:
        if limit_at > self.at:
            return False
        if self.month is None:
            return True
        start, end = self._bounds[self.zones[court_id]]
        return start < limit_at <= end

    def _put(
        self,
        indicator: Indicator,
        fact: Fact,
        limit_at: datetime,
        unit: Unit,
        done_at: datetime | None,
        handler_id: int | None = None,
    ) -> None:
        if fact.merged_into is not None:
            result = Result.MERGED
        elif fact.withdrawn and fact.ended_at is not None and fact.ended_at < limit_at:
            result = Result.WITHDRAWN
        elif done_at is not None and done_at < limit_at:
            result = Result.IN_TIME
        else:
            result = Result.LATE
        self.found.append(
            Outcome(
                indicator,
                limit_at,
                fact.request_id,
                fact.number,
                unit,
                result,
                done_at,
                handler_id,
            )
        )

    def _acceptance(self, fact: Fact, family: Sequence[Fact]) -> None:
        # Merged requests count once, by the earliest anchor.
        first = min(family, key=lambda one: (one.acceptance.opened_at, one.request_id)).acceptance
        if self._in_month(first.limit_at, first.unit.court_id):
            accepted_at = _earliest(one.accepted_at for one in family)
            self._put(Indicator.ACCEPTANCE, fact, first.limit_at, first.unit, accepted_at)

    def _reply(self, fact: Fact, reply: Reply, family: Sequence[Fact]) -> None:
        # A clock that took others over bears their earliest anchors already.
        court_id = reply.holdings[-1].unit.court_id
        zone = self.zones[court_id]
        if not self._in_month(reply.limit_at, court_id):
            return
        version = reply.calendar_version
        holdings = _holdings(fact, reply, family, self.by_id)

        def calendar_of(court: int) -> BusinessCalendar:
            return self.calendar_of(court, version)

        unit = unit_at_limit(holdings, reply.limit_at, zone=zone, calendar_of=calendar_of)
        person = handler_at_limit(
            holdings, reply.limit_at, unit, zone=zone, calendar_of=calendar_of
        )
        self._put(Indicator.COMPLETION, fact, reply.limit_at, unit, fact.answered_at, person)
        if any(one.for_judge for one in family):
            contacts = [one.reached_at for one in family]
            reached_at = _earliest([fact.answered_at, *contacts])
            self._put(Indicator.LIAISON, fact, reply.limit_at, unit, reached_at, person)


def _earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)


def _holdings(
    fact: Fact, reply: Reply, family: Sequence[Fact], by_id: Mapping[int, Fact]
) -> Sequence[Holding]:
    """Who answered for an item from its earliest anchor on.

    Where that anchor came from a request merged into this one, who answered for that one until
    it was merged is part of the story.
    """
    if len(family) == 1:
        return reply.holdings
    anchor = reply.anchor(reply.counts_from_assigned)
    one: Fact | None = fact
    origin = fact
    while one is not None:
        origin = one
        # Each that went on bears the anchor it took over, so the origin is the innermost. Of
        # several that began at the same instant it is the one that was registered first.
        one = min(
            (
                member
                for member in family
                if member.merged_into == origin.request_id
                and member.reply is not None
                and member.reply.anchor(reply.counts_from_assigned) == anchor
            ),
            key=lambda member: member.request_id,
            default=None,
        )
    held: list[Holding] = []
    came: datetime | None = None
    while origin is not fact:
        held += _between(origin, came, origin.ended_at)
        assert origin.merged_into is not None
        came, origin = origin.ended_at, by_id[origin.merged_into]
    held += _between(fact, came, None)
    return held


def _between(fact: Fact, came: datetime | None, left: datetime | None) -> list[Holding]:
    if fact.reply is None:
        return []
    return [
        holding
        for holding in fact.reply.holdings
        if (came is None or holding.since >= came) and (left is None or holding.since < left)
    ]


Figures = Mapping[Indicator, Figure]
_ONE = {
    Result.IN_TIME: Figure(done=1, due=1),
    Result.LATE: Figure(due=1),
    Result.WITHDRAWN: Figure(withdrawn=1),
    Result.MERGED: Figure(merged=1),
}


def tally(items: Iterable[Outcome]) -> dict[Unit, dict[Indicator, Figure]]:
    """The figures of each unit that has any item; sums over units are sums of figures."""
    return tally_by(items, lambda item: item.unit)


def tally_by(
    items: Iterable[Outcome], whose: Callable[[Outcome], K]
) -> dict[K, dict[Indicator, Figure]]:
    """The figures of each court, unit or person that an item counts for."""
    counts: dict[tuple[K, Indicator, Result], int] = defaultdict(int)
    for item in items:
        counts[whose(item), item.indicator, item.result] += 1
    figures: dict[K, dict[Indicator, Figure]] = {}
    for (key, indicator, result), number in counts.items():
        row = figures.setdefault(key, dict.fromkeys(Indicator, Figure()))
        one = _ONE[result]
        row[indicator] += Figure(
            one.done * number, one.due * number, one.withdrawn * number, one.merged * number
        )
    return figures


def together(items: Iterable[Outcome]) -> dict[Indicator, Figure]:
    """The figures of all items as one."""
    nothing = dict.fromkeys(Indicator, Figure())
    return tally_by(items, lambda _item: None).get(None, nothing)


def total(rows: Iterable[Figures]) -> dict[Indicator, Figure]:
    """The sum of several units' figures."""
    result = dict.fromkeys(Indicator, Figure())
    for row in rows:
        for indicator, figure in row.items():
            result[indicator] += figure
    return result
