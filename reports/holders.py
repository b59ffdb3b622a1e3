"""Who answers for a request, and whose an item is when its limit ends; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar, local_date


class Unit(NamedTuple):
    """A department of a court."""

    court_id: int
    department_id: int | None


class Holding(NamedTuple):
    """From ``since`` on, ``unit`` answered for the request, and in it the person named (if any)."""

    since: datetime
    unit: Unit
    handler_id: int | None = None


def unit_at_limit(
    holdings: Sequence[Holding],
    limit_at: datetime,
    *,
    zone: ZoneInfo,
    calendar_of: Callable[[int], BusinessCalendar],
) -> Unit:
    """The unit that an item counts for: the one that answered for it when its limit ended.

    A unit that had it for less than one full business day does not answer for it: the one that
    passed it on does, by the same measure. The day on which it came never is a full day.
    ``calendar_of`` gives the business calendar of a court.
    """
    found = _at_limit(holdings, limit_at, zone, calendar_of, who=lambda one: one.unit)
    return found.unit


def handler_at_limit(
    holdings: Sequence[Holding],
    limit_at: datetime,
    unit: Unit,
    *,
    zone: ZoneInfo,
    calendar_of: Callable[[int], BusinessCalendar],
) -> int | None:
    """The person in ``unit`` that its item counts for, by the same measure as the unit itself.

    ``unit`` is what ``unit_at_limit`` found. None where it lay with nobody by name.
    """
    return _at_limit(
        holdings,
        limit_at,
        zone,
        calendar_of,
        who=lambda one: (one.unit, one.handler_id),
        within=unit,
    ).handler_id


def _at_limit(
    holdings: Sequence[Holding],
    limit_at: datetime,
    zone: ZoneInfo,
    calendar_of: Callable[[int], BusinessCalendar],
    *,
    who: Callable[[Holding], object],
    within: Unit | None = None,
) -> Holding:
    spells: list[Holding] = []
    for holding in holdings:
        if spells and holding.since >= limit_at:
            break
        if not spells or who(spells[-1]) != who(holding):
            spells.append(holding)
    until = limit_at
    for spell in reversed(spells):
        came = local_date(spell.since, zone)
        last_full_day = local_date(until, zone) - timedelta(days=1)
        if within in (None, spell.unit) and last_full_day > came:
            calendar = calendar_of(spell.unit.court_id)
            if calendar.number_of(came, last_full_day) >= 1:
                return spell
        until = spell.since
    return next(spell for spell in spells if within in (None, spell.unit))
