"""Difficult issues: the requests that went worst, told without anybody's name (G12, B9).

Difficult are the items with the most rungs, returns and reopenings. What the party wrote is left
out whole: no text can be made nameless by a rule. Grouping of requests with similar texts (hot
issues) is not done here; hot is told by matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count

from liaison.models import Request
from reports import board
from reports.edition import instant_or_none
from reports.indicators import Indicator, Outcome, Result
from reports.months import Month
from reports.scope import Scope
from workorders.models import Reply, Transfer

MOST = 5
# A request that went through this many troubles at least is called difficult.
LEAST = 2


def difficult(
    items: Iterable[Outcome], fired: Iterable[list[Any]], *, before: datetime
) -> list[dict[str, Any]]:
    """The difficult among the requests of a month's completion rate, the worst first.

    ``fired`` are the document's steps of the ladder; what happened at or after ``before`` is
    another month's. Three statements.
    """
    due = {
        item.request_id: item
        for item in items
        if item.indicator is Indicator.COMPLETION and item.result in (Result.IN_TIME, Result.LATE)
    }
    rungs: dict[str, list[int]] = defaultdict(list)
    for number, level, *_rest in fired:
        if level:
            rungs[number].append(level)
    returns = _count(Transfer.objects.filter(kind=Transfer.Kind.RETURN, at__lt=before), due)
    reopened = _count(Reply.objects.filter(rejected_at__lt=before), due)
    troubles = {
        pk: len(rungs[item.number]) + returns[pk] + reopened[pk] for pk, item in due.items()
    }
    worst = sorted(
        (pk for pk in due if troubles[pk] >= LEAST),
        key=lambda pk: (-troubles[pk], due[pk].number),
    )[:MOST]
    requests = Request.objects.select_related("court").in_bulk(worst)
    return [
        {
            "number": due[pk].number,
            "case_number": masked(requests[pk]),
            "court": str(requests[pk].court.public_id),
            "matter": requests[pk].matter,
            "channel": requests[pk].channel,
            "rungs": len(rungs[due[pk].number]),
            "highest": max(rungs[due[pk].number], default=0),
            "returns": returns[pk],
            "reopened": reopened[pk],
            "result": due[pk].result.value,
            "is_answered": _is_done(due[pk], before),
        }
        for pk in worst
    ]


def fired_steps(month: Month, scope: Scope) -> list[list[Any]]:
    """The steps of the ladder of a month: request, level, instant, court, department, key."""
    rows = board.fired(month, scope).values_list(
        "clock__subject_id", "level", "due_at", "court__public_id", "department__public_id", "pk"
    )
    listed = list(rows)
    numbers = dict(
        Request.objects.filter(pk__in={row[0] for row in listed}).values_list("pk", "number")
    )
    return sorted(
        [numbers[pk], level, instant_or_none(at), str(court), str(unit) if unit else "", key]
        for pk, level, at, court, unit, key in listed
    )


def _is_done(item: Outcome, before: datetime) -> bool:
    return item.done_at is not None and item.done_at < before


def _count(rows: Any, due: dict[int, Outcome]) -> Counter[int]:
    found = rows.filter(order__request__in=list(due)).order_by().values_list("order__request")
    return Counter(dict(found.annotate(number=Count("pk"))))


def masked(request: Request) -> str:
    """The case number without its serial number; '' where none was given or it was not read."""
    if not (request.case_year and request.case_court_code and request.case_type_code):
        return ""
    return f"（{request.case_year}）{request.case_court_code}{request.case_type_code}××号"
