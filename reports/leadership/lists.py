"""The lists behind the figures of a month, in one shape and paged by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from courts.paging import Page, read_cursor, write_cursor
from reports import board
from reports.facts import month_outcomes
from reports.indicators import Indicator, Result, Unit
from reports.months import Month
from reports.scope import Scope

OVERDUE = "overdue"
RUNGS = "rungs"

INDICATORS: dict[str, Any] = {
    Indicator.ACCEPTANCE: _("Timely acceptance rate"),
    Indicator.LIAISON: _("Judge liaison rate"),
    Indicator.COMPLETION: _("Timely completion rate"),
}
LISTS: dict[str, Any] = {
    **INDICATORS,
    OVERDUE: _("Overdue now"),
    RUNGS: _("Sent up the supervision ladder"),
}
RESULTS: dict[str, Any] = {
    Result.IN_TIME: _("In time"),
    Result.LATE: _("Late"),
    Result.WITHDRAWN: _("Withdrawn before the limit"),
    Result.MERGED: _("Merged"),
}
# In the list, and in no rate.
UNCOUNTED = (Result.WITHDRAWN, Result.MERGED)
PAGE = 50


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


def entries(kind: str, month: Month, scope: Scope, *, at: datetime) -> list[Listed]:
    """All entries of a list in ``scope``, the earliest first; ``kind`` is a key of ``LISTS``."""
    if kind == OVERDUE:
        clocks = board.overdue(scope, at)
        return sorted(
            (
                Listed((limit_at, pk), pk, Unit(court, department), limit_at, Result.LATE)
                for pk, limit_at, court, department in clocks.values_list(
                    "subject_id", "limit_at", "court_id", "department_id"
                )
                if limit_at is not None
            ),
            key=lambda entry: entry.key,
        )
    if kind == RUNGS:
        firings = board.fired(month, scope).values_list(
            "pk",
            "clock__subject_id",
            "clock__limit_at",
            "court_id",
            "department_id",
            "level",
            "due_at",
        )
        return sorted(
            (
                Listed(
                    (due_at, pk),
                    request_id,
                    Unit(court, department),
                    limit_at,
                    level=level,
                    fired_at=due_at,
                )
                for pk, request_id, limit_at, court, department, level, due_at in firings
            ),
            key=lambda entry: entry.key,
        )
    return [
        Listed(
            (item.limit_at, item.request_id),
            item.request_id,
            item.unit,
            item.limit_at,
            item.result,
            item.done_at,
        )
        for item in month_outcomes(month, scope, at=at)
        if item.indicator == kind
    ]


def page(
    rows: Sequence[Listed], *, after: str = "", before: str = "", size: int = PAGE
) -> Page[Listed]:
    """The entries after or before a cursor. A cursor that cannot be read counts as none."""
    back, on = read_cursor(before), read_cursor(after)
    if back is not None:
        earlier = [row for row in rows if row.key < back]
        shown, more = earlier[-size:], len(earlier) > size
        return _page(shown, newer=more, older=True)
    rest = rows if on is None else [row for row in rows if row.key > on]
    return _page(rest[:size], newer=on is not None, older=len(rest) > size)


def _page(shown: Sequence[Listed], *, newer: bool, older: bool) -> Page[Listed]:
    if not shown:
        return Page([])
    return Page(
        shown,
        newer=write_cursor(*shown[0].key) if newer else "",
        older=write_cursor(*shown[-1].key) if older else "",
    )
