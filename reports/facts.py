"""Reads what the rates of a month are counted from: a constant number of statements.

Rows are read as plain values, set by set; what they mean is decided in ``reports.indicators``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from courts import calendar
from escalation.ladder import ASSIGNED
from escalation.models import Clock, ClockEvent
from escalation.policy import by_version
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import RequestState
from liaison.models import SATISFIED, Matter, Request
from liaison.models import Rating as RatingRow
from reports.holders import Holding, Unit
from reports.indicators import Acceptance, Fact, Outcome, Reply, outcomes
from reports.months import Month
from reports.satisfaction import Rated, Rating, rated
from reports.scope import Scope, within_month, zones
from reports.snapshot import snapshot
from workorders.models import ContactRecord, WorkOrder

# Events after which another unit may answer for a clock than the one it was first given to.
_PASSED_ON = (ClockEvent.Kind.MOVED, ClockEvent.Kind.MERGED)
_HOLDING = (ClockEvent.Kind.STARTED, ClockEvent.Kind.ASSIGNED, *_PASSED_ON)
_CHUNK = 10_000


@dataclass(frozen=True)
class Items:
    """What stands behind the figures of a month: items of the rates, and rated requests."""

    outcomes: list[Outcome]
    ratings: list[Rated]


def month_outcomes(month: Month, scope: Scope, *, at: datetime) -> list[Outcome]:
    """The items behind the rates of a month that count for a unit of ``scope``.

    As things stand at ``at``: a limit that has not ended yet is not among them.
    """
    return month_items(month, scope, at=at).outcomes


def month_items(month: Month, scope: Scope, *, at: datetime) -> Items:
    """The items of a month with its rated requests, for a unit of ``scope``, as of ``at``."""
    return months_items([month], scope, at=at)[month]


def months_items(months: Sequence[Month], scope: Scope, *, at: datetime) -> dict[Month, Items]:
    """``month_items`` of months that follow each other: as many statements as for one."""
    if scope.is_empty:
        return {month: Items([], []) for month in months}
    places = zones()
    span = within_month("limit_at", months[0], places, end_included=True, until=months[-1])
    with snapshot():
        facts, ratings = _facts(scope, span)
    found = {}
    for month in months:
        items = outcomes(facts, month, at=at, zones=places, calendar_of=calendar.for_court)
        within = [item for item in items if scope.covers(item.unit)]
        found[month] = Items(within, list(rated(within, ratings)))
    return found


def takers_items(requests: QuerySet[Any, Any] | Collection[int], *, at: datetime) -> Items:
    """Every item that has ended at ``at`` of those of the requests that took others over.

    ``requests`` are keys, those of whole families.
    """
    found, ratings = _facts_of(requests)
    every = outcomes(found, None, at=at, zones=zones(), calendar_of=calendar.for_court)
    takers = {fact.merged_into for fact in found}
    items = [item for item in every if item.request_id in takers]
    return Items(items, list(rated(items, ratings)))


def _facts(scope: Scope, in_month: Q) -> tuple[list[Fact], dict[int, Rating]]:
    # A unit may answer for what it has passed on since, so a clock's earlier holders count too.
    held = ClockEvent.objects.filter(scope.q(), clock=OuterRef("pk"))
    clocks = Clock.objects.filter(in_month, kind__in=(REPLY, ACCEPTANCE))
    subjects = clocks.filter(scope.q() | Exists(held)).values("subject_id")
    return _facts_of(subjects, families(subjects))


def _facts_of(
    subjects: QuerySet[Any, Any] | Collection[int], extra: Collection[int] = ()
) -> tuple[list[Fact], dict[int, Rating]]:
    wanted = Q(pk__in=subjects)
    timed = Q(subject_id__in=subjects)
    if extra:
        wanted, timed = wanted | Q(pk__in=extra), timed | Q(subject_id__in=extra)
    acceptances, replies = _clocks(Clock.objects.filter(timed))
    requests = Request.objects.filter(wanted)
    reached = _reached(requests.values("pk"))
    facts = list(_requests(requests, acceptances, replies, reached))
    return facts, _ratings(requests.values("pk"))


def families(subjects: QuerySet[Any, Any] | Collection[int]) -> set[int]:
    """The requests that were merged with one of ``subjects``, however many times."""
    links = _links(subjects)
    seen: set[int] = set()
    while edge := {one for link in links for one in link} - seen:
        seen |= edge
        links = _links(edge)
    return seen


def _links(requests: QuerySet[Any, Any] | Collection[int]) -> set[tuple[int, int]]:
    """Who was merged into whom, where either is among ``requests``."""
    merged = Request.objects.filter(merged_into__isnull=False).order_by()
    ways = (merged.filter(pk__in=requests), merged.filter(merged_into__in=requests))
    # Each by its own index.
    by_one, by_other = (way.values_list("pk", "merged_into_id") for way in ways)
    return set(by_one.union(by_other))


def _clocks(clocks: QuerySet[Clock]) -> tuple[dict[int, Acceptance], dict[int, Reply]]:
    """The acceptance and reply limits of requests, by request."""
    acceptances: dict[int, Acceptance] = {}
    for row in _rows(
        clocks.filter(kind=ACCEPTANCE, limit_at__isnull=False),
        "subject_id",
        "opened_at",
        "limit_at",
        "court_id",
        "department_id",
    ):
        acceptances[row[0]] = Acceptance(row[1], row[2], Unit(row[3], row[4]))
    running = clocks.filter(kind=REPLY)
    passed_on = _passed_on(running)
    replies: dict[int, Reply] = {}
    anchors: dict[tuple[int, str], bool] = {}
    for row in _rows(
        running.filter(limit_at__isnull=False),
        "pk",
        "subject_id",
        "opened_at",
        "assigned_at",
        "limit_at",
        "calendar_version_id",
        "policy_id",
        "limit_name",
        "court_id",
        "department_id",
        "handler_id",
    ):
        pk, subject_id, opened_at, assigned_at, limit_at, version, policy, name, *holder = row
        court_id, department_id, handler_id = holder
        if (policy, name) not in anchors:
            limit = by_version(policy).clocks[REPLY].limits[name]
            anchors[policy, name] = limit.anchor == ASSIGNED
        held = passed_on.get(pk)
        if held is None:  # registered at the desk, and given to one unit at most
            held = [Holding(opened_at, acceptances[subject_id].unit)]
            if assigned_at is not None:
                unit = Unit(court_id, department_id)
                held.append(Holding(assigned_at, unit, handler_id))
        replies[subject_id] = Reply(
            opened_at, assigned_at, anchors[policy, name], limit_at, version, tuple(held)
        )
    return acceptances, replies


def _passed_on(clocks: QuerySet[Clock]) -> dict[int, list[Holding]]:
    """Who held the clocks that were passed on or merged, by clock, in order."""
    events = ClockEvent.objects.filter(clock__in=clocks.values("pk")).order_by()
    moved = events.filter(kind__in=_PASSED_ON).values("clock_id")
    held = ClockEvent.objects.filter(clock__in=moved, kind__in=_HOLDING).order_by("at", "id")
    found: dict[int, list[Holding]] = defaultdict(list)
    for clock_id, at, court_id, department_id, handler_id in _rows(
        held, "clock_id", "at", "court_id", "department_id", "handler_id"
    ):
        found[clock_id].append(Holding(at, Unit(court_id, department_id), handler_id))
    return found


def _reached(request_ids: QuerySet[Request, Any]) -> dict[int, datetime]:
    """When a party was first spoken to, by request."""
    records = ContactRecord.objects.filter(
        outcome=ContactRecord.Outcome.REACHED, order__request__in=request_ids
    ).order_by()
    return dict(
        records.values("order__request_id")
        .annotate(first=Min("at"))
        .values_list("order__request_id", "first")
    )


def _ratings(request_ids: QuerySet[Request, Any]) -> dict[int, Rating]:
    """What parties think of the replies that stand, by request."""
    rows = RatingRow.objects.standing().filter(request__in=request_ids).order_by()
    return {
        pk: Rating(grade, grade in SATISFIED, rated_at)
        for pk, grade, rated_at in _rows(rows, "request_id", "grade", "rated_at")
    }


def _requests(
    requests: QuerySet[Request],
    acceptances: dict[int, Acceptance],
    replies: dict[int, Reply],
    reached: dict[int, datetime],
) -> Iterator[Fact]:
    ordered = Exists(WorkOrder.objects.filter(request=OuterRef("pk"), is_lead=True))
    rows = requests.annotate(has_order=ordered).order_by()
    for row in _rows(
        rows,
        "pk",
        "number",
        "state",
        "matter",
        "has_order",
        "triaged_at",
        "answered_at",
        "merged_into_id",
        "ended_at",
    ):
        pk, number, state, matter, has_order, triaged_at, answered_at, merged_into, ended_at = row
        yield Fact(
            request_id=pk,
            number=number,
            acceptance=acceptances[pk],
            reply=replies.get(pk),
            accepted_at=triaged_at,
            answered_at=answered_at,
            reached_at=reached.get(pk),
            for_judge=has_order or matter == Matter.CONTACT_JUDGE,
            withdrawn=state == RequestState.WITHDRAWN,
            merged_into=merged_into,
            ended_at=ended_at,
        )


def _rows(rows: QuerySet[Any], *fields: str) -> Iterable[tuple[Any, ...]]:
    return rows.values_list(*fields).iterator(chunk_size=_CHUNK)
