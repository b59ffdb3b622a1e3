"""The queue of orders: late ones first, then what is due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from courts.models import Person
from courts.paging import Page, page
from escalation.models import Clock
from escalation.reading import Reading, readings
from liaison.kinds import REPLY
from workorders.lifecycle import WAITING_STATES, OrderState
from workorders.models import Reply, WorkOrder


@dataclass(frozen=True)
class Tab:
    """A part of the queue: its states, and the instant that it is ordered by."""

    name: str
    label: Any
    states: tuple[str, ...]
    key: str
    descending: bool


TABS = (
    Tab("waiting", _("Waiting"), WAITING_STATES, "limit_at", False),
    Tab("replied", _("Replied"), (OrderState.REPLIED,), "replied_at", True),
    Tab("completed", _("Completed"), (OrderState.COMPLETED,), "completed_at", True),
    Tab(
        "ended",
        _("Returned or withdrawn"),
        (OrderState.RETURNED, OrderState.WITHDRAWN),
        "dispatched_at",
        True,
    ),
)
GROUPS = {
    "sent_back": _("Sent back: the reply was rejected"),
    "late": _("Late"),
    "due_today": _("Due today"),
    "running": _("Due later"),
}


@dataclass(frozen=True)
class Row:
    """An order of the list with how its clock reads."""

    order: WorkOrder
    reading: Reading | None
    is_sent_back: bool = False

    @property
    def group(self) -> Any:
        """The heading it stands under while it waits: sent back, late, due today, due later."""
        if self.is_sent_back:
            return GROUPS["sent_back"]
        state = self.reading.state if self.reading else "running"
        return GROUPS.get(state, _("Answered"))


@dataclass(frozen=True)
class Queue:
    """What the queue shows: one tab's page, and the number in each tab."""

    tab: Tab
    rows: list[Row]
    page: Page[WorkOrder]
    counts: dict[str, int]


def tab_named(name: str) -> Tab:
    """The tab of that name; the first for any other."""
    return next((tab for tab in TABS if tab.name == name), TABS[0])


def queue(person: Person, tab: Tab, *, now: datetime, after: str = "", before: str = "") -> Queue:
    """A page of the orders that ``person`` handles. The number of statements is constant.

    What waits again because the reply was rejected stands at the head of the first page, all of
    it: there are few of them, and the party has been waiting longest.
    """
    mine = WorkOrder.objects.handled_by(person).with_limit()
    by_state = dict(mine.order_by().values_list("state").annotate(Count("pk")))
    rows = mine.filter(state__in=tab.states, **{f"{tab.key}__isnull": False}).select_related(
        "request__contact", "department", "handler"
    )
    sent_back: list[WorkOrder] = []
    if tab.name == "waiting":
        sent_back_q = Exists(Reply.objects.filter(order=OuterRef("pk"), rejected_at__isnull=False))
        if not after and not before:
            sent_back = list(rows.filter(sent_back_q).order_by(tab.key, "pk"))
        rows = rows.exclude(sent_back_q)
    found = page(rows, tab.key, after=after, before=before, descending=tab.descending)
    shown = [*sent_back, *found.rows]
    clocks = Clock.objects.filter(kind=REPLY, subject_id__in=[order.request_id for order in shown])
    read = {reading.clock.subject_id: reading for reading in readings(clocks, now).values()}
    return Queue(
        tab=tab,
        rows=[Row(order, read.get(order.request_id), order in sent_back) for order in shown],
        page=found,
        counts={each.name: sum(by_state.get(state, 0) for state in each.states) for each in TABS},
    )
