"""What a briefing and the leadership page say of a month's issues (G12, B10)."""

from __future__ import annotations

from typing import Any

from courts.models import Jurisdiction, Person
from reports.issues.lifecycle import IssueState
from reports.models import Issue
from reports.months import Month

_ORDER = {sort: place for place, sort in enumerate(Issue.Sort.values)}


MOST = 3


def hottest(person: Person, month: Month) -> list[Issue]:
    """The hot issues of a month that the person reads, the hottest first; none dismissed."""
    rows = Issue.objects.visible_to(person).filter(month=month.first_day, sort=Issue.Sort.HOT)
    return list(rows.exclude(state=IssueState.DISMISSED).order_by("-parties", "pk")[:MOST])


def issue_lines(jurisdiction: Jurisdiction, month: Month) -> list[dict[str, Any]]:
    """The issues of a month that were taken in, hot ones first: one statement.

    What became of one afterwards is not among it, so that a published briefing stays as it is.
    """
    rows = Issue.objects.filter(
        court=jurisdiction.leading_court_id, month=month.first_day, taken_in_at__isnull=False
    )
    ordered = sorted(rows, key=lambda one: (_ORDER[one.sort], -one.parties, one.key))
    return [
        {
            "sort": one.sort,
            "name": one.name,
            "requests": one.requests,
            "parties": one.parties,
            "courts": one.courts,
            "before": one.before,
        }
        for one in ordered
    ]
