"""A month written down: canonical JSON of the figures and of the items behind each.

The same data give the same bytes. What changes by the mere passing of time (overdue now) is
not in it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from liaison.models import Grade
from reports.board import LEVELS, Board, Row
from reports.holders import Unit
from reports.indicators import Figure, Indicator, Outcome, Result
from reports.satisfaction import Rated


def canonical(board: Board) -> str:
    """The month as one line of JSON with sorted keys."""
    return as_text(document(board))


def as_text(values: dict[str, Any]) -> str:
    """Plain values as canonical JSON: one line, sorted keys, no spaces."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def instant(at: datetime) -> str:
    """An instant as documents write it: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat()


def instant_or_none(at: datetime | None) -> str | None:
    """The same of what may not have happened yet."""
    return None if at is None else instant(at)


def document(board: Board) -> dict[str, Any]:
    """The month as plain values: rates as exact fractions, None where nothing was due."""
    items: dict[Unit, list[Outcome]] = defaultdict(list)
    for item in board.items:
        items[item.unit].append(item)
    ratings: dict[Unit, list[Rated]] = defaultdict(list)
    for one in board.ratings:
        ratings[one.unit].append(one)
    courts = []
    for court in board.courts:
        departments = []
        for part in court.departments:
            department_id = part.department.pk if part.department else None
            unit = Unit(court.court.pk, department_id)
            departments.append(
                {
                    "id": str(part.department.public_id) if part.department else None,
                    "name": part.department.name if part.department else None,
                    "name_en": part.department.name_en if part.department else None,
                    "items": _lists(items[unit]),
                    "rated": _graded(ratings[unit]),
                    **_row(part.row),
                }
            )
        courts.append(
            {
                "id": str(court.court.public_id),
                "code": court.court.code,
                "name": court.court.name,
                "name_en": court.court.name_en,
                "departments": departments,
                **_row(court.row),
            }
        )
    return {"month": str(board.month), "courts": courts, "all": _row(board.total)}


def _row(row: Row) -> dict[str, Any]:
    rungs = {str(level): row.rungs[level] for level in LEVELS}
    figures = {indicator.value: _figure(row.figures[indicator]) for indicator in Indicator}
    return {"rates": figures, "satisfaction": _satisfaction(row.satisfaction), "rungs": rungs}


def _figure(figure: Figure) -> dict[str, Any]:
    rate = figure.rate
    return {
        "done": figure.done,
        "due": figure.due,
        "rate": None if rate is None else f"{rate.numerator}/{rate.denominator}",
        "percent": figure.percent,
        "withdrawn": figure.withdrawn,
        "merged": figure.merged,
    }


def _satisfaction(figure: Figure) -> dict[str, Any]:
    written = _figure(figure)
    names = {"done": "satisfied", "due": "rated", "rate": "rate", "percent": "percent"}
    return {name: written[key] for key, name in names.items()}


def _graded(items: list[Rated]) -> dict[str, dict[str, str]]:
    """The rated requests by grade: when each was rated, by its number."""
    graded: dict[str, dict[str, str]] = {grade: {} for grade in Grade.values}
    for item in items:
        rating = item.rating
        graded[rating.grade][item.number] = instant(rating.rated_at)
    return graded


def _lists(items: list[Outcome]) -> dict[str, dict[str, list[str]]]:
    lists: dict[str, dict[str, list[str]]] = {
        indicator.value: {result.value: [] for result in Result} for indicator in Indicator
    }
    for item in items:
        lists[item.indicator.value][item.result.value].append(item.number)
    for by_result in lists.values():
        for numbers in by_result.values():
            numbers.sort()
    return lists
