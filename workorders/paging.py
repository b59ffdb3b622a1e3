"""Keyset pages: a list stays in its place while rows come and go, and page 400 costs as page 1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

Row = TypeVar("Row", bound=Model)

PAGE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in their order, and the cursors of the pages beside them ('' if none)."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def page(
    rows: QuerySet[Row],
    key: str,
    *,
    after: str = "",
    before: str = "",
    descending: bool = False,
    size: int = PAGE,
) -> Page[Row]:
    """The page of ``rows`` after or before a cursor, ordered by the instant ``key`` and the id.

    ``key`` must not be null. A cursor that cannot be read counts as none.
    """
    start = _read(before) or _read(after)
    backwards = _read(before) is not None
    upwards = descending == backwards
    if start is not None:
        at, pk = start
        way = "gt" if upwards else "lt"
        rows = rows.filter(Q(**{f"{key}__{way}": at}) | Q(**{key: at, f"pk__{way}": pk}))
    order = (key, "pk") if upwards else (f"-{key}", "-pk")
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    return Page(
        rows=found,
        newer=_cursor(found[0], key) if (more if backwards else start is not None) else "",
        older=_cursor(found[-1], key) if (backwards or more) else "",
    )


def _cursor(row: Any, key: str) -> str:
    return f"{getattr(row, key).isoformat()}_{row.pk}"


def _read(cursor: str) -> tuple[datetime, int] | None:
    instant, _, pk = cursor.partition("_")
    try:
        at = parse_datetime(instant)
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not pk.isdecimal():
        return None
    return at, int(pk)
