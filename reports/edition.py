"""A month written down: canonical JSON of the figures and of the items behind each.

The same data give the same bytes. What changes by the mere passing of time (overdue now) is
not in it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from reports.board import LEVELS, Board, Row
from reports.indicators import Figure, Indicator, Outcome, Result, Unit


def canonical(board: Board) -> str:
    """The month as one line of JSON with sorted keys."""
    return json.dumps(document(board), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def document(board: Board) -> dict[str, Any]:
    """The month as plain values: rates as exact fractions, None where nothing was due."""
    items: dict[Unit, list[Outcome]] = defaultdict(list)
    for item in board.items:
        items[item.unit].append(item)
    courts = []
    for court in board.courts:
        departments = []
        for one in court.departments:
            department_id = one.department.pk if one.department else None
            unit = Unit(court.court.pk, department_id)
            departments.append(
                {
                    "name": one.department.name if one.department else None,
                    "items": _lists(items[unit]),
                    **_row(one.row),
                }
            )
        courts.append(
            {
                "code": court.court.code,
                "name": court.court.name,
                "departments": departments,
                **_row(court.row),
            }
        )
    return {"month": str(board.month), "courts": courts, "all": _row(board.total)}


def _row(row: Row) -> dict[str, Any]:
    rungs = {str(level): row.rungs[level] for level in LEVELS}
    figures = {indicator.value: _figure(row.figures[indicator]) for indicator in Indicator}
    return {"rates": figures, "rungs": rungs}


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
