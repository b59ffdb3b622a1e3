"""What the desk sees: the queue in the order of its limits, counted and searched.

Constant numbers of statements, whatever the number of rows; pages are cut by keyset, so they
hold while requests come and go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from courts import paging
from courts.models import Person
from escalation.models import Clock
from escalation.reading import Reading, readings
from liaison.kinds import REPLY
from liaison.lifecycle import DESK_STATES, RequestState
from liaison.models import Request, RequestQuerySet

PAGE = 25
# A tab of the desk -> the states in it. The first two wait for the desk.
TABS: Mapping[str, tuple[str, ...]] = {
    "waiting": tuple(DESK_STATES),
    "returned": (RequestState.RETURNED,),
    "routed": (RequestState.ROUTED,),
    "answered": (RequestState.ANSWERED, RequestState.CLOSED),
    "ended": (RequestState.WITHDRAWN, RequestState.MERGED),
}
# What a request goes by, its message left aside.
NAMED = ("number", "contact__name", "case_number", "title")
_BY_LIMIT = ("waiting", "returned", "routed")


@dataclass(frozen=True)
class Wish:
    """What of the queue is asked for: a tab ('' for every state) and filters, '' for none."""

    tab: str = "waiting"
    matter: str = ""
    channel: str = ""
    words: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Row:
    """A request of the list, with how its reply clock reads."""

    request: Request
    reading: Reading | None


@dataclass(frozen=True)
class Page:
    """One page of the queue. ``newer`` and ``older`` are cursors, '' at either end.

    ``digest`` changes when anything that the page shows may have changed.
    """

    rows: Sequence[Row]
    counts: Mapping[str, int]
    newer: str
    older: str
    digest: str


def _due() -> Subquery:
    """When the limit of a request's reply ends."""
    clock = Clock.objects.filter(kind=REPLY, subject_id=OuterRef("pk"))
    return Subquery(clock.values("limit_at")[:1])


def worded(words: str, fields: Sequence[str], of: str = "") -> Q:
    """A condition that one of a request's ``fields`` holds ``words``, whatever their case.

    ``of`` leads to the request from another model: ``"request__"``.
    """
    found = ((f"{of}{field}__icontains", words) for field in fields)
    return Q(*found, _connector=Q.OR)


def filtered(person: Person, wish: Wish) -> RequestQuerySet:
    """The requests within ``person``'s reach that fit the filters, in whatever state."""
    rows = Request.objects.visible_to(person, "desk.triage")
    if wish.matter:
        rows = rows.filter(matter=wish.matter)
    if wish.channel:
        rows = rows.filter(channel=wish.channel)
    if wish.words:
        rows = rows.filter(worded(wish.words, (*NAMED, "text")))
    return rows


def next_waiting(person: Person) -> Request | None:
    """What the desk takes next: of all that waits for it, the one whose limit ends first."""
    rows = Request.objects.visible_to(person, "desk.triage").filter(state__in=DESK_STATES)
    return rows.annotate(rank=Coalesce(_due(), "registered_at")).order_by("rank", "pk").first()


def page(person: Person, wish: Wish, now: datetime) -> Page:
    """The page asked for: what waits by its limit, the rest by its registration, latest first."""
    rows = filtered(person, wish)
    grouped = rows.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    by_state = dict(grouped)
    counts = {tab: sum(by_state.get(state, 0) for state in TABS[tab]) for tab in TABS}
    if wish.tab:
        rows = rows.filter(state__in=TABS[wish.tab])
    by_limit = wish.tab in _BY_LIMIT
    field = Coalesce(_due(), "registered_at") if by_limit else F("registered_at")
    cut = paging.page(
        rows.annotate(rank=field)
        .select_related("contact", "department", "court")
        .defer("text", "dispute_text"),
        "rank",
        after=wish.after,
        before=wish.before,
        descending=not by_limit,
        size=PAGE,
    )
    ids = [one.pk for one in cut.rows]
    clocks = list(Clock.objects.filter(kind=REPLY, subject_id__in=ids))
    read = readings(clocks, now) if clocks else {}
    by_request = {clock.subject_id: read.get(clock.pk) for clock in clocks}
    listed = [Row(one, by_request.get(one.pk)) for one in cut.rows]
    digest = _digest(listed, counts, cut.newer, cut.older)
    return Page(listed, counts, cut.newer, cut.older, digest)


def _digest(rows: Sequence[Row], counts: Mapping[str, int], newer: str, older: str) -> str:
    """Limits read differently each day and at their end, so the reading's state goes in too."""
    parts = [
        f"{row.request.pk}:{row.request.state}:"
        + (f"{row.reading.state}{row.reading.day}" if row.reading else "")
        for row in rows
    ]
    text = "|".join([*parts, repr(sorted(counts.items())), newer, older])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
