"""Gathers a closed month of a jurisdiction into one document: the same data, the same bytes.

Nothing in it depends on when it is gathered: what counts in the month is counted up to the end of
the month, and only what somebody corrects afterwards makes another document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from courts import calendar
from courts.business_days import local_date
from courts.errors import Invalid
from courts.models import Department, Jurisdiction, Post
from escalation.models import Clock
from liaison.kinds import REPLY
from liaison.models import Request
from reports import board, edition, standings
from reports.briefing.issues import difficult, fired_steps
from reports.edition import instant_or_none
from reports.indicators import Indicator, Outcome, Result
from reports.issues.lines import issue_lines
from reports.months import Month
from reports.ranking import Ranking, Rule
from reports.referred import referral_lines
from reports.scope import Scope
from workorders.models import Reply, Transfer

FORMAT = 1


def of_month(jurisdiction: Jurisdiction, month: Month, *, at: datetime) -> bytes:
    """The document of a month that has ended, as canonical JSON in UTF-8.

    Raises ``Invalid`` for a month that has not ended at ``at``.
    """
    start, end = month.bounds(jurisdiction.zone)
    if end > at:
        raise Invalid(_("This month has not ended yet."), code="month_open", field="month")
    scope = Scope.of_city(jurisdiction)
    found = board.read(month, scope, at=at)
    city = standings.city(jurisdiction, month, at=at)
    units = {pk: str(one.public_id) for pk, one in city.departments.items()}
    courts = {pk: str(one.public_id) for pk, one in city.courts.items()}
    fired = fired_steps(month, scope)
    values = edition.document(found) | {
        "format": FORMAT,
        "jurisdiction": _jurisdiction(jurisdiction),
        "requests": _instants(found.items),
        "fired": fired,
        "ranking": {
            "courts": _rankings(city.by_court, courts, month),
            "departments": _rankings(city.by_department, units, month),
        },
        "received": {
            "now": _received(jurisdiction, start, end),
            "before": _received_before(jurisdiction, month),
        },
        "speed": _speed(found.items, jurisdiction),
        "handling": _handling(scope, start, end),
        "difficult": difficult(found.items, fired, before=end),
        "issues": issue_lines(jurisdiction, month),
        "referrals": referral_lines(jurisdiction, month),
    }
    return edition.as_text(values).encode()


def _jurisdiction(jurisdiction: Jurisdiction) -> dict[str, Any]:
    court = jurisdiction.leading_court
    assert court is not None
    # A High Court has its Litigation Service Office do it (B10).
    seat = Post.objects.filter(court=court, kind=Post.Kind.FILING_CHAMBER, is_open=True)
    chamber = Department.objects.filter(posts__in=seat).order_by("pk").first()
    named: dict[str, Any] = {
        "code": jurisdiction.code,
        "time_zone": jurisdiction.time_zone,
        **_names(jurisdiction),
        "court": _names(court),
        "chamber": _names(chamber) if chamber else None,
    }
    return named


def _names(one: Any) -> dict[str, str]:
    return {"name": one.name, "name_en": one.name_en}


def _instants(items: Iterable[Outcome]) -> dict[str, dict[str, list[str | None]]]:
    """When the limits of each request ended and when it was done, by rate."""
    found: dict[str, dict[str, list[str | None]]] = {}
    for item in items:
        by_rate = found.setdefault(item.number, {})
        by_rate[item.indicator.value] = [
            instant_or_none(item.limit_at),
            instant_or_none(item.done_at),
        ]
    return found


def _rankings(
    months: standings.Months, ids: Mapping[int, str], month: Month
) -> list[dict[str, Any]]:
    """The rankings that end with the month, the earliest first."""
    first = 1 - len(months.rankings)
    return [
        {"month": str(month.plus(first + index)), **ranking_values(one, ids)}
        for index, one in enumerate(months.rankings)
    ]


def ranking_values(ranking: Ranking[int], ids: Mapping[int, str]) -> dict[str, Any]:
    """A ranking as plain values, its units by their ids."""
    rows = [
        {
            "unit": ids[row.unit],
            "place": row.place,
            "score": None if row.score is None else str(row.score),
            "lagging": [reason.value for reason in row.lagging],
            "rungs": row.standing.rungs,
            "requests": row.standing.requests,
            "satisfaction": [row.standing.satisfaction.done, row.standing.satisfaction.due],
            "rates": {
                indicator.value: [figure.done, figure.due, figure.withdrawn, figure.merged]
                for indicator, figure in row.standing.figures.items()
            },
        }
        for row in (*ranking.ranked, *ranking.unranked)
    ]
    return {"rule": _rule(ranking.rule), "rows": rows}


def _rule(rule: Rule) -> dict[str, Any]:
    weights = {one.value: rule.weights[one] for one in Indicator}
    names = (
        "least_requests",
        "lagging_under",
        "lagging_last",
        "interview_lagging",
        "interview_months",
    )
    return {"weights": weights, **{name: getattr(rule, name) for name in names}}


def _received_before(jurisdiction: Jurisdiction, month: Month) -> dict[str, Any]:
    """The same of the month before; nothing before the first month that there is."""
    start, _end = month.bounds(jurisdiction.zone)
    try:
        return _received(jurisdiction, *month.plus(-1).bounds(jurisdiction.zone))
    except ValueError:
        return _received(jurisdiction, start, start)


def _received(jurisdiction: Jurisdiction, start: datetime, end: datetime) -> dict[str, Any]:
    """What came in between two instants, by channel and by matter, with the courts touched."""
    rows = Request.objects.filter(
        jurisdiction=jurisdiction, registered_at__gte=start, registered_at__lt=end
    ).order_by()
    channels = rows.values_list("channel").annotate(number=Count("pk"))
    matters = rows.values_list("matter").annotate(
        number=Count("pk"), courts=Count("court", distinct=True)
    )
    by_matter = {matter: [number, courts] for matter, number, courts in matters}
    return {
        "total": sum(number for number, _courts in by_matter.values()),
        "channels": dict(channels),
        "matters": by_matter,
    }


def _speed(items: Iterable[Outcome], jurisdiction: Jurisdiction) -> dict[str, Any]:
    """Business days from registration to the answer, over the requests due for completion."""
    due = [
        item
        for item in items
        if item.indicator is Indicator.COMPLETION and item.result in (Result.IN_TIME, Result.LATE)
    ]
    opened = dict(
        Clock.objects.filter(
            kind=REPLY, subject_id__in=[item.request_id for item in due]
        ).values_list("subject_id", "opened_at")
    )
    zone = jurisdiction.zone
    version = calendar.current_version().pk
    courts = {item.unit.court_id for item in due}
    calendars = {court_id: calendar.for_court(court_id, version) for court_id in courts}
    days = sorted(
        calendars[item.unit.court_id].number_of(
            local_date(opened[item.request_id], zone), local_date(item.done_at, zone)
        )
        for item in due
        if item.done_at is not None
    )
    return {
        "answered": len(days),
        "unanswered": len(due) - len(days),
        "median": nearest_rank(days, 50),
        "ninth_tenth": nearest_rank(days, 90),
        "days": {str(day): number for day, number in Counter(days).items()},
    }


def nearest_rank(ordered: list[int], percent: int) -> int | None:
    """The smallest value that so many per cent do not exceed; None of nothing."""
    if not ordered:
        return None
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def _handling(scope: Scope, start: datetime, end: datetime) -> dict[str, int]:
    """Returns, reassignments and replies rejected in the month."""
    in_month = Q(at__gte=start, at__lt=end) & Q(order__court__in=scope.courts)
    moved = Counter(Transfer.objects.filter(in_month).values_list("kind", flat=True))
    rejected = Reply.objects.filter(
        rejected_at__gte=start, rejected_at__lt=end, order__court__in=scope.courts
    )
    return {
        "returns": moved[Transfer.Kind.RETURN],
        "reassignments": moved[Transfer.Kind.REASSIGN],
        "rejected": rejected.count(),
    }
