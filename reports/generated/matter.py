"""A request, its orders and its replies in memory while their story is told; lines of COPY."""

from __future__ import annotations

from datetime import datetime

from reports.generated.clockwork import Timer
from reports.generated.ground import Ground
from reports.generated.story import Card
from reports.generated.tables import Sheets, cells


class Given:
    """A reply that was given."""

    __slots__ = ("at", "entry", "kind", "person_id", "pk", "rejected", "tracked")

    def __init__(self, pk: int, entry: int, kind: str, person_id: int, at: datetime) -> None:
        self.pk, self.entry, self.kind, self.person_id, self.at = pk, entry, kind, person_id, at
        self.rejected: tuple[datetime, int, str] | None = None
        self.tracked = ""

    def save(self, sheets: Sheets, order_id: int, at: datetime, label: str) -> None:
        """Write its state to its history."""
        ruled = self.rejected[:2] if self.rejected else (None, None)
        self.tracked = cells(
            (self.pk, order_id, self.entry, self.kind, self.person_id, self.at, *ruled)
        )
        sheets.put_event("workorders_replyevent", at, label, self.pk, self.tracked)


class Rating:
    """What the party thinks of a reply, whose timeline entry is ``reply``."""

    __slots__ = ("at", "grade", "pk", "rejected_at", "remark", "reply", "tracked")

    def __init__(self, pk: int, reply: int, grade: str, remark: str, at: datetime) -> None:
        self.pk, self.reply, self.grade, self.remark, self.at = pk, reply, grade, remark, at
        self.rejected_at: datetime | None = None
        self.tracked = ""

    def save(self, sheets: Sheets, request_id: int, at: datetime, label: str) -> None:
        """Write its state to its history."""
        self.tracked = cells(
            (self.pk, request_id, self.reply, self.grade, self.at, self.rejected_at)
        )
        sheets.put_event("liaison_ratingevent", at, label, self.pk, self.tracked)


class Order:
    """A work order."""

    __slots__ = (
        "_fixed", "_seen", "acknowledged_at", "completed_at", "completes_at", "court_id",
        "department_id", "dispatched", "first", "handler_id", "is_lead", "note", "pk", "replied_at",
        "replies", "state", "transfers",
    )  # fmt: skip

    def __init__(
        self,
        sheets: Sheets,
        matter: Matter,
        court_id: int,
        department_id: int,
        handler_id: int,
        at: datetime,
        by: int,
        *,
        is_lead: bool,
        note: str = "",
    ) -> None:
        self.pk = sheets.new_id("workorders_workorder")
        self._fixed = cells((self.pk, sheets.uuid(), matter.pk, is_lead))
        self.is_lead, self.note = is_lead, note
        self.court_id, self.department_id, self.handler_id = court_id, department_id, handler_id
        self.first = cells((department_id, handler_id))
        self.dispatched = cells((at, by))
        self.state = "dispatched"
        self.acknowledged_at: datetime | None = None
        self.replied_at: datetime | None = None
        self.completed_at: datetime | None = None
        self.completes_at: datetime | None = None
        self.transfers = 0
        self.replies: list[Given] = []
        self._seen = ""

    def save(self, sheets: Sheets, at: datetime, label: str = "update") -> None:
        """Write its state to its history, where it differs from before."""
        if "workorders_workorderevent" in sheets.wanted and (now := self._state()) != self._seen:
            self._seen = now
            sheets.put_event("workorders_workorderevent", at, label, self.pk, now)

    def _state(self) -> str:
        answering = cells((self.court_id, self.department_id, self.handler_id))
        stands = cells(
            (self.acknowledged_at, self.replied_at, self.completed_at, self.completes_at)
        )
        return (
            f"{self._fixed}\t{answering}\t{self.first}\t{self.state}\t{self.dispatched}\t{stands}"
        )

    def reply(self, sheets: Sheets, entry: int, kind: str, by: int, at: datetime) -> None:
        """A reply of this order."""
        given = Given(sheets.new_id("workorders_reply"), entry, kind, by, at)
        self.replies.append(given)
        given.save(sheets, self.pk, at, "insert")

    def reject(self, sheets: Sheets, at: datetime, by: int, reason: str) -> Given:
        """The reply that stands is rejected."""
        given = self.replies[-1]
        given.rejected = (at, by, reason)
        given.save(sheets, self.pk, at, "update")
        return given

    def write(self, sheets: Sheets) -> None:
        """The rows as they stand in the end."""
        sheets.put_line("workorders_workorder", f"{self._state()}\t{cells((self.note,))}")
        for given in self.replies:
            reason = given.rejected[2] if given.rejected else ""
            sheets.put_line("workorders_reply", f"{given.tracked}\t{cells((reason,))}")


class Matter:
    """A request with its clocks and orders."""

    __slots__ = (
        "_came",
        "_case",
        "_head",
        "_seen",
        "_version",
        "answer",
        "answered_at",
        "card",
        "channel",
        "contact_id",
        "court_id",
        "department_id",
        "dispute_text",
        "disputed_at",
        "ended_at",
        "has_risen",
        "matter",
        "merged_into",
        "number",
        "orders",
        "pk",
        "procedure",
        "ratings",
        "rejection",
        "state",
        "timers",
        "triaged_at",
    )  # fmt: skip

    def __init__(
        self, sheets: Sheets, ground: Ground, card: Card, contact_id: int, department_id: int
    ) -> None:
        self.card, self.contact_id, self.number = card, contact_id, card.number
        self.pk = sheets.new_id("liaison_request")
        self.channel, self.matter = card.channel, card.matter
        self.court_id, self.department_id = card.court_id, department_id
        self._head = cells((self.pk, sheets.uuid(), card.number, ground.jurisdiction_id))
        case = card.case
        parts = (*case, "") if case else ("", None, "", "", "", "")
        self._case = cells(parts)
        self._came = cells((card.at, card.by, None))
        self.state, self.procedure = "registered", ""
        self.triaged_at: datetime | None = None
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.disputed_at: datetime | None = None
        self.dispute_text = ""
        self.merged_into: Matter | None = None
        # The rejection behind which rungs were missed: reply, ruling, and why.
        self.rejection: tuple[datetime, datetime, str] | None = None
        # The timeline entry of the reply given last.
        self.answer = 0
        self.ratings: list[Rating] = []
        self.has_risen = False
        self.timers: list[Timer] = []
        self.orders: list[Order] = []
        self._version = ground.version_id
        self._seen = ""

    @property
    def reply(self) -> Timer:
        """The clock of the reply."""
        return self.timers[0]

    @property
    def acceptance(self) -> Timer:
        """The clock of the acceptance."""
        return self.timers[1]

    @property
    def lead(self) -> Order | None:
        """The lead order, once there is one."""
        return self.orders[0] if self.orders else None

    @property
    def led(self) -> Order:
        """The lead order that must be there."""
        return self.orders[0]

    def save(self, sheets: Sheets, at: datetime, label: str = "update") -> None:
        """Write its state to its history, where it differs from before."""
        if "liaison_requestevent" in sheets.wanted and (now := self._state()) != self._seen:
            self._seen = now
            sheets.put_event("liaison_requestevent", at, label, self.pk, now)

    def _state(self) -> str:
        where = cells((self.court_id, self.department_id, self.contact_id))
        what = cells((self.channel, self.matter, self.procedure))
        into = self.merged_into.pk if self.merged_into else None
        stands = cells(
            (self.triaged_at, self.answered_at, self.ended_at, self.disputed_at, into, None)
        )
        return f"{self._head}\t{where}\t{what}\t{self._case}\t{self.state}\t{self._came}\t{stands}"

    def write(self, sheets: Sheets) -> None:
        """The rows as they stand in the end."""
        card = self.card
        words = cells((card.title, card.text, card.judge_name, self.dispute_text))
        sheets.put_line("liaison_request", f"{self._state()}\t{words}")
        for timer in self.timers:
            sheets.put_line(
                "escalation_clock",
                cells(
                    (timer.pk, timer.kind, timer.subject_id, timer.policy_id, self._version,
                     timer.court_id, timer.department_id, timer.handler_id, timer.opened_at,
                     timer.assigned_at, timer.limit_name, None, timer.fired, timer.counts_minutes,
                     timer.limit_at,
                     timer.next_due_at, timer.not_before_at, timer.resumed_at, timer.attempted_at,
                     timer.stopped_at, "")
                ),
            )  # fmt: skip
        for rating in self.ratings:
            line = f"{rating.tracked}\t{cells((rating.remark,))}"
            sheets.put_line("liaison_rating", line)
        for order in self.orders:
            order.write(sheets)
