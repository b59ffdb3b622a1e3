"""The lists behind the figures of a month, in one shape and paged by keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from courts.models import Person
from courts.paging import Page, read_cursor, write_cursor
from liaison.models import Grade
from reports import board
from reports.facts import month_items, month_outcomes
from reports.holders import Unit
from reports.indicators import Indicator, Outcome, Result
from reports.months import Month
from reports.published import Published
from reports.satisfaction import Rated
from reports.scope import Scope

OVERDUE = "overdue"
RUNGS = "rungs"
# Distinct requests of which anything was due; and all rungs without the warnings.
DUE = "due"
RISEN = "1-4"
# Requests that parties rated, with the grade in place of a result.
SATISFACTION = "satisfaction"
SATISFACTION_LABEL = _("Satisfaction")

INDICATORS: dict[str, Any] = {
    Indicator.ACCEPTANCE: _("Timely acceptance rate"),
    Indicator.LIAISON: _("Judge liaison rate"),
    Indicator.COMPLETION: _("Timely completion rate"),
}
LISTS: dict[str, Any] = {
    **INDICATORS,
    SATISFACTION: SATISFACTION_LABEL,
    DUE: _("Requests due"),
    OVERDUE: _("Overdue now"),
    RUNGS: _("Sent up the supervision ladder"),
}
RESULTS: dict[str, Any] = {
    Result.IN_TIME: _("In time"),
    Result.LATE: _("Late"),
    Result.WITHDRAWN: _("Withdrawn before the limit"),
    Result.MERGED: _("Merged"),
}
GRADES: dict[str, Any] = dict(Grade.choices)
# In the list, and in no rate.
UNCOUNTED = (Result.WITHDRAWN, Result.MERGED)
PAGE = 50


class Keyed(Protocol):
    """What has its place in a list."""

    @property
    def key(self) -> tuple[datetime, int]:
        """The instant and the number that it is ordered by."""


Entry = TypeVar("Entry", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list: a request, whose it is, and the instant that it is ordered by."""

    key: tuple[datetime, int]
    request_id: int
    unit: Unit
    limit_at: datetime | None = None
    result: str = ""
    done_at: datetime | None = None
    level: int | None = None
    fired_at: datetime | None = None


def entries(
    kind: str,
    month: Month,
    scope: Scope,
    *,
    at: datetime,
    handler: Person | None = None,
    published: Published | None = None,
) -> list[Listed]:
    """All entries of a list in ``scope``, the earliest first; ``kind`` is a key of ``LISTS``.

    With ``handler`` only what counts for that person; with ``published`` what an edition lists.
    """
    if kind == OVERDUE:
        found = _overdue(scope, at, handler)
    elif kind == RUNGS:
        found = _published_rungs(published, scope) if published else _rungs(month, scope, handler)
    elif kind == SATISFACTION:
        rated = published.rated(scope) if published else month_items(month, scope, at=at).ratings
        found = _rated(rated, handler)
    elif published:
        found = _items(kind, published.outcomes(scope), None)
    else:
        found = _items(kind, month_outcomes(month, scope, at=at), handler)
    return sorted(found, key=lambda entry: entry.key)


def _overdue(scope: Scope, at: datetime, handler: Person | None) -> list[Listed]:
    clocks = board.overdue(scope, at)
    if handler is not None:
        clocks = clocks.filter(handler=handler)
    return [
        Listed((limit_at, pk), pk, Unit(court, department), limit_at, Result.LATE)
        for pk, limit_at, court, department in clocks.values_list(
            "subject_id", "limit_at", "court_id", "department_id"
        )
        if limit_at is not None
    ]


def _rungs(month: Month, scope: Scope, handler: Person | None) -> list[Listed]:
    firings = board.fired(month, scope)
    if handler is not None:
        firings = firings.filter(handler=handler)
    rows = firings.values_list(
        "pk",
        "clock__subject_id",
        "clock__limit_at",
        "court_id",
        "department_id",
        "level",
        "due_at",
    )
    return [
        Listed(
            (due_at, pk),
            request_id,
            Unit(court, department),
            limit_at,
            level=level,
            fired_at=due_at,
        )
        for pk, request_id, limit_at, court, department, level, due_at in rows
    ]


def _published_rungs(published: Published, scope: Scope) -> list[Listed]:
    return [
        Listed((at, key), request_id, unit, level=level, fired_at=at)
        for key, request_id, unit, level, at in published.fired(scope)
    ]


def _items(kind: str, outcomes: Iterable[Outcome], handler: Person | None) -> list[Listed]:
    items = [
        item
        for item in outcomes
        if (item.indicator == kind or kind == DUE)
        and (handler is None or item.handler_id == handler.pk)
    ]
    if kind == DUE:
        return _requests(items)
    return [
        Listed(
            (item.limit_at, item.request_id),
            item.request_id,
            item.unit,
            item.limit_at,
            item.result,
            item.done_at,
        )
        for item in items
    ]


def _rated(ratings: Iterable[Rated], handler: Person | None) -> list[Listed]:
    return [
        Listed(
            (item.limit_at, item.request_id),
            item.request_id,
            item.unit,
            item.limit_at,
            item.rating.grade,
            item.rating.rated_at,
        )
        for item in ratings
        if handler is None or item.handler_id == handler.pk
    ]


def _requests(items: Sequence[Outcome]) -> list[Listed]:
    """Each request of which anything was due, once, at the first of its limits.

    It is late if any of what was due is.
    """
    found: dict[int, Outcome] = {}
    late = set()
    for item in items:
        if item.result in UNCOUNTED:
            continue
        if item.result is Result.LATE:
            late.add(item.request_id)
        first = found.setdefault(item.request_id, item)
        if item.limit_at < first.limit_at:
            found[item.request_id] = item
    return [
        Listed(
            (item.limit_at, pk),
            pk,
            item.unit,
            item.limit_at,
            Result.LATE if pk in late else Result.IN_TIME,
        )
        for pk, item in found.items()
    ]


def page(
    rows: Sequence[Entry], *, after: str = "", before: str = "", size: int = PAGE
) -> Page[Entry]:
    """The entries after or before a cursor. A cursor that cannot be read counts as none."""
    back, on = read_cursor(before), read_cursor(after)
    if back is not None:
        earlier = [row for row in rows if row.key < back]
        shown, more = earlier[-size:], len(earlier) > size
        return _page(shown, newer=more, older=True)
    rest = rows if on is None else [row for row in rows if row.key > on]
    return _page(rest[:size], newer=on is not None, older=len(rest) > size)


def _page(shown: Sequence[Entry], *, newer: bool, older: bool) -> Page[Entry]:
    if not shown:
        return Page([])
    return Page(
        shown,
        newer=write_cursor(*shown[0].key) if newer else "",
        older=write_cursor(*shown[-1].key) if older else "",
    )
