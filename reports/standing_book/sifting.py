"""The filters of the standing book, as conditions on requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.case_number import CaseNumberError, normalise, parse
from cases.deployment import deployment_table
from courts.business_days import local_instant
from courts.models import Person
from escalation.models import Clock, Firing
from liaison.kinds import REPLY
from liaison.lifecycle import OPEN_STATES, RequestState
from liaison.models import Request
from reports.months import Month
from reports.standing_book.rules import Timeliness
from reports.standing_book.wishes import ANY_RUNG, Wish
from workorders.models import WorkOrder

Rows = QuerySet[Request]
# Above this many orders a name says so little that the book is looked through instead.
_MOST_ORDERS = 20_000


def registered(rows: Rows, wish: Wish, zone: ZoneInfo) -> Rows:
    """Those registered from the one local day to the other, both included."""
    if wish.registered_from:
        first = date.fromisoformat(wish.registered_from)
        rows = rows.filter(registered_at__gte=local_instant(first, time(0), zone))
    if wish.registered_until:
        after = date.fromisoformat(wish.registered_until) + timedelta(days=1)
        rows = rows.filter(registered_at__lt=local_instant(after, time(0), zone))
    return rows


def few(wish: Wish) -> Rows | None:
    """The few requests that a number, a case number or a handler's name lead to by an index.

    None where the wish names none of them, or a handler's name that half the house bears.
    """
    rows: Rows = Request.objects.all()
    if wish.number:
        return rows.filter(number=wish.number.strip().upper())
    if wish.case_number:
        return rows.filter(case_number=spelt(wish.case_number))
    if wish.handler:
        ids = list(_orders_of(wish.handler)[: _MOST_ORDERS + 1])
        return rows.filter(pk__in=ids) if len(ids) <= _MOST_ORDERS else None
    return None


def spelt(case_number: str) -> str:
    """A case number as requests keep it; what is none is looked for as it was written."""
    try:
        return parse(case_number, deployment_table()).normalised
    except CaseNumberError:
        return normalise(case_number)


def _orders_of(name: str) -> QuerySet[WorkOrder, int]:
    people = Person.objects.filter(Q(name__icontains=name) | Q(name_en__icontains=name))
    orders = WorkOrder.objects.filter(handler__in=people.order_by().values("pk"), is_lead=True)
    orders = orders.order_by()
    return orders.values_list("request_id", flat=True)


def sifted(rows: Rows, wish: Wish, zone: ZoneInfo, at: datetime) -> Rows:
    """Those that meet every filter but the period, at the instant ``at``."""
    for field in ("channel", "matter", "state"):
        if value := getattr(wish, field):
            rows = rows.filter(**{field: value})
    if wish.department:
        rows = rows.filter(department__public_id=wish.department)
    if wish.number:
        rows = rows.filter(number=wish.number.strip().upper())
    if wish.case_number:
        rows = rows.filter(case_number=spelt(wish.case_number))
    if wish.handler:
        rows = rows.filter(pk__in=_orders_of(wish.handler))
    if wish.limit_month:
        start, end = Month.parse(wish.limit_month).bounds(zone)
        ends = Exists(_clocks().filter(limit_at__gt=start, limit_at__lte=end))
        rows = rows.filter(ends, registered_at__lt=end)
    if wish.timeliness:
        rows = rows.filter(TIMELINESS[Timeliness(wish.timeliness)](at))
    if wish.rung:
        rows = rows.filter(_fired(wish.rung))
    return rows


def _clocks() -> QuerySet[Clock]:
    return Clock.objects.filter(kind=REPLY, subject_id=OuterRef("pk"))


def _fired(rung: str) -> Exists:
    firings = Firing.objects.filter(clock__kind=REPLY, clock__subject_id=OuterRef("pk"))
    firings = firings.exclude(detail__has_key="merged_from")
    if rung == ANY_RUNG:
        return Exists(firings.filter(level__gte=1))
    return Exists(firings.filter(level=int(rung)))


_WITHDRAWN = Q(state=RequestState.WITHDRAWN)
_OPEN = Q(state__in=OPEN_STATES)
_ANSWERED = Q(state__in=(RequestState.ANSWERED, RequestState.CLOSED))


def _by(field: str) -> Exists:
    """That the limit had ended at an instant of the request."""
    return Exists(_clocks().filter(limit_at__lte=OuterRef(field)))


def _over(at: datetime) -> Exists:
    return Exists(_clocks().filter(limit_at__lte=at))


# The same as ``rules.timeliness`` says of one row, for a whole column; a test holds them together.
TIMELINESS: dict[Timeliness, Callable[[datetime], Q]] = {
    Timeliness.IN_TIME: lambda at: _ANSWERED & ~Q(_by("answered_at")),
    Timeliness.LATE: lambda at: (
        (_ANSWERED & Q(_by("answered_at")))
        | (_WITHDRAWN & Q(_by("ended_at")))
        | (_OPEN & Q(_over(at)))
    ),
    Timeliness.OPEN: lambda at: _OPEN & ~Q(_over(at)),
    Timeliness.WITHDRAWN: lambda at: _WITHDRAWN & ~Q(_by("ended_at")),
    Timeliness.MERGED: lambda at: Q(state=RequestState.MERGED),
}
