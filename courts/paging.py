"""Keyset pages: a list stays in its place while rows come and go, and page 400 costs as page 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)

PAGE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in their order, and the cursors of the pages beside them ('' if none)."""

    rows: Sequence[Row]
    newer: str = ""
    older: str = ""


def page(
    rows: QuerySet[ModelRow],
    key: str,
    *,
    after: str = "",
    before: str = "",
    descending: bool = False,
    size: int = PAGE,
) -> Page[ModelRow]:
    """The page of ``rows`` after or before a cursor, ordered by the instant ``key`` and the id.

    ``key`` must not be null. A cursor that cannot be read counts as none.
    """
    start = read_cursor(before) or read_cursor(after)
    backwards = read_cursor(before) is not None
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
        newer=_cursor_of(found[0], key) if (more if backwards else start is not None) else "",
        older=_cursor_of(found[-1], key) if (backwards or more) else "",
    )


def _cursor_of(row: Any, key: str) -> str:
    return write_cursor(getattr(row, key), row.pk)


def write_cursor(at: datetime, pk: int) -> str:
    """The cursor of a row's place: its instant and its id."""
    return f"{at.isoformat()}_{pk}"


def read_cursor(cursor: str) -> tuple[datetime, int] | None:
    """The place that a cursor names; ``None`` for what is none."""
    instant, _, pk = cursor.partition("_")
    at = read_instant(instant)
    if at is None or not (pk.isascii() and pk.isdecimal() and len(pk) < 20):
        return None
    return at, int(pk)


def read_instant(text: str) -> datetime | None:
    """An aware instant in UTC, since the database knows no offset of sixteen hours and more.

    ``None`` for what is none.
    """
    try:
        at = parse_datetime(text)
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
