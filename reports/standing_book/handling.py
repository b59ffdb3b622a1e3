"""The whole handling of some requests: a fixed number of statements, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q

from courts import calendar
from courts.business_days import BusinessCalendar
from courts.models import Person
from escalation.models import Clock, Firing
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import RequestState
from liaison.models import Rating, Request, TimelineEntry
from reports.scope import zones
from reports.standing_book.rules import Timeliness, business_days_to, timeliness
from workorders.models import ContactRecord, Transfer, WorkOrder


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the book. Instants are UTC; ``zone`` is that of the request's court.

    ``limit_at`` is the exclusive end of the reply's limit, ``accepted`` and ``completed`` how the
    two limits stand. ``rungs`` gives the instant at which each rung that fired was due; one that
    a merged request handed on stands there. ``reached_at`` is the first contact that was made,
    ``rating`` that of the reply that stands (none while it is in dispute).
    """

    request: Request
    zone: ZoneInfo
    accepted: Timeliness
    completed: Timeliness
    limit_at: datetime | None
    business_days: int | None
    handler: Person | None = None
    first_handler: Person | None = None
    rungs: Mapping[int, datetime] = field(default_factory=dict)
    returns: int = 0
    reassignments: int = 0
    rejections: int = 0
    attempts: int = 0
    contacts: int = 0
    reached_at: datetime | None = None
    rating: Rating | None = None


@dataclass(slots=True)
class _Contacts:
    attempts: int = 0
    reached: int = 0
    first: datetime | None = None


def gather(ids: Sequence[int], *, at: datetime) -> list[Entry]:
    """The entries of these requests, in their order, as they stand at ``at``."""
    requests = (
        Request.objects.select_related(
            "court", "department", "contact", "merged_into", "jurisdiction"
        )
        .defer("text", "title", "dispute_text", "judge_name", "merged_into__text")
        .in_bulk(ids)
    )
    clocks: dict[tuple[str, int], Clock] = {
        (clock.kind, clock.subject_id): clock
        for clock in Clock.objects.filter(kind__in=(REPLY, ACCEPTANCE), subject_id__in=ids)
    }
    orders = {
        order.request_id: order
        for order in WorkOrder.objects.filter(request__in=ids, is_lead=True)
        .select_related("handler", "first_handler")
        .defer("note")
    }
    rungs, transfers = _rungs(clocks), _transfers(ids)
    rejections, contacts, ratings = _rejections(ids), _contacts(ids), _ratings(ids)
    places = zones()
    entries = []
    for pk in ids:
        one = requests.get(pk)
        if one is None:
            continue
        zone = places.get(one.court_id) or one.jurisdiction.zone
        reply, acceptance = clocks.get((REPLY, pk)), clocks.get((ACCEPTANCE, pk))
        order = orders.get(pk)
        met = contacts.get(pk, _Contacts())
        moved = transfers.get(pk, {})
        ended: dict[str, bool | datetime | None] = {
            "is_merged": one.state == RequestState.MERGED,
            "withdrawn_at": one.ended_at if one.state == RequestState.WITHDRAWN else None,
        }
        entries.append(
            Entry(
                request=one,
                zone=zone,
                accepted=timeliness(
                    limit_at=acceptance.limit_at if acceptance else None,
                    done_at=one.triaged_at,
                    at=at,
                    **ended,  # type: ignore[arg-type]
                ),
                completed=timeliness(
                    limit_at=reply.limit_at if reply else None,
                    done_at=one.answered_at,
                    at=at,
                    **ended,  # type: ignore[arg-type]
                ),
                limit_at=reply.limit_at if reply else None,
                business_days=_days(one, reply, zone),
                handler=order.handler if order else None,
                first_handler=order.first_handler if order else None,
                rungs=rungs.get(pk, {}),
                returns=moved.get(Transfer.Kind.RETURN, 0),
                reassignments=moved.get(Transfer.Kind.REASSIGN, 0),
                rejections=rejections.get(pk, 0),
                attempts=met.attempts,
                contacts=met.reached,
                reached_at=met.first,
                rating=ratings.get(pk),
            )
        )
    return entries


def _days(one: Request, clock: Clock | None, zone: ZoneInfo) -> int | None:
    if clock is None:
        return None
    counted: BusinessCalendar = calendar.for_court(one.court_id, clock.calendar_version_id)
    return business_days_to(clock.opened_at, one.answered_at, calendar=counted, zone=zone)


def _rungs(clocks: Mapping[tuple[str, int], Clock]) -> dict[int, dict[int, datetime]]:
    """When each rung was due, by request: the first time, where one fired again."""
    of = {clock.pk: pk for (kind, pk), clock in clocks.items() if kind == REPLY}
    firings = Firing.objects.filter(clock__in=of, level__gte=1)
    firings = firings.exclude(detail__has_key="merged_from").order_by()
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    rows = firings.values("clock_id", "level").annotate(first=Min("due_at"))
    for row in rows.order_by("clock_id", "level"):
        found[of[row["clock_id"]]][row["level"]] = row["first"]
    return found


def _transfers(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How often the lead order went back or on, by request."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Transfer.objects.filter(order__request__in=ids, order__is_lead=True).order_by()
    for row in rows.values("order__request_id", "kind").annotate(number=Count("pk")):
        found[row["order__request_id"]][row["kind"]] = row["number"]
    return found


def _rejections(ids: Sequence[int]) -> dict[int, int]:
    """How many replies did not stand, those of the desk included, by request."""
    rows = TimelineEntry.objects.filter(request__in=ids, kind="reply_rejected").order_by()
    counted = rows.values("request_id").annotate(number=Count("pk"))
    return {row["request_id"]: row["number"] for row in counted}


def _ratings(ids: Sequence[int]) -> dict[int, Rating]:
    """What parties think of the replies that stand, by request; not what they remarked."""
    rows = Rating.objects.standing().filter(request__in=ids).defer("remark")
    return {row.request_id: row for row in rows}


def _contacts(ids: Sequence[int]) -> dict[int, _Contacts]:
    """How often the party was called or met, how often reached, and when first."""
    reached = Q(outcome=ContactRecord.Outcome.REACHED)
    rows = ContactRecord.objects.filter(order__request__in=ids).order_by()
    counted = rows.values("order__request_id").annotate(
        attempts=Count("pk"),
        reached=Count("pk", filter=reached),
        first=Min("at", filter=reached),
    )
    return {
        row["order__request_id"]: _Contacts(row["attempts"], row["reached"], row["first"])
        for row in counted
    }
