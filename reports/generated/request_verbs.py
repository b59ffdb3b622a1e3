"""The verbs of a request as rows: what ``liaison.services`` writes, and the clocks with it.

Each method is named after the verb and writes in its order, so that the ids are the same too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from courts.fields import blind_index, seal
from escalation.counting import dates_moved
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.models import Grade
from notices.channels import PARTIES_MAY
from reports.generated.clockwork import Clockwork, Timer
from reports.generated.matter import Matter, Order, Rating
from reports.generated.post import PostRoom
from reports.generated.story import Card, CaseFile, CaseParts, Party
from reports.generated.tables import Sheets, cells

# No feed of a trial business system has this name, so none will ever touch these cases.
SOURCE = "generated"
# Nobody in a generated city can be reached, and nobody shall be tried.
_REFUSED = json.dumps([str(channel) for channel in PARTIES_MAY])


def as_json(params: Mapping[str, Any]) -> str:
    """Parameters as JSON; instants are text already."""
    if not params:
        return "{}"
    if params.keys() == {"reason"}:  # by far the most, and always a plain code
        return f'{{"reason": "{params["reason"]}"}}'
    return json.dumps(params, ensure_ascii=False)


def json_instant(at: datetime) -> str:
    """An instant as the services keep it among parameters: to the millisecond, in UTC."""
    text = at.astimezone(UTC).isoformat()
    if at.microsecond:
        text = text[:23] + text[26:]
    return text.removesuffix("+00:00") + "Z"


class RequestVerbs:
    """Writes to ``sheets`` what happens to the requests of one story, its ``matters``."""

    def __init__(self, clockwork: Clockwork, sheets: Sheets, until: datetime) -> None:
        self.clockwork, self.sheets, self.until = clockwork, sheets, until
        self.ground = clockwork.ground
        self.post = PostRoom(clockwork, sheets, until)
        self.matters: list[Matter] = []

    # --- clocks ------------------------------------------------------------------------------

    def _clock_event(self, timer: Timer, kind: str, at: datetime, **params: Any) -> None:
        self.sheets.put(
            "escalation_clockevent", timer.pk, kind, at, timer.court_id, timer.department_id,
            timer.handler_id, as_json(params),
        )  # fmt: skip

    def _start(self, matter: Matter, kind: str, base: str, at: datetime) -> None:
        day = self.clockwork.day(at)
        policy_id = self.ground.policy_id(day)
        timed = self.clockwork.place(matter.court_id, policy_id).policy.clocks[kind]
        name = timed.limit_for(base, matter=matter.matter, channel=matter.channel)
        timer = Timer(
            self.sheets.new_id("escalation_clock"), kind, matter.pk, policy_id, matter.court_id,
            matter.department_id, at, day, name, timed.counts_minutes,
        )  # fmt: skip
        matter.timers.append(timer)
        self.clockwork.retime(timer)
        self._clock_event(timer, "started", at)

    def _stop(self, timer: Timer, reason: str, at: datetime) -> None:
        if timer.stopped_at is None:
            timer.stopped_at, timer.next_due_at = at, None
            self._clock_event(timer, "stopped", at, reason=reason)

    def _place(self, timer: Timer, matter: Matter, at: datetime, *, first: bool) -> None:
        """The clock is where the lead order is now, counted anew."""
        before = timer.dates
        lead = matter.lead
        assert lead is not None
        timer.court_id, timer.department_id = lead.court_id, lead.department_id
        timer.handler_id = lead.handler_id
        if first:
            timer.assigned_at, timer.assigned_on = at, self.clockwork.day(at)
        if timer.not_before_at and timer.not_before_at > at:
            timer.not_before_at = None
        self.clockwork.retime(timer)
        zone = self.ground.zone  # the services count in it, and read in UTC what is kept
        now = tuple(one.astimezone(zone) if one else None for one in timer.dates)
        moved = dates_moved(before, (now[0], now[1]))
        self._clock_event(timer, "assigned" if first else "moved", at, **moved)

    # --- requests ----------------------------------------------------------------------------

    def _entry(
        self,
        matter: Matter,
        kind: str,
        at: datetime,
        *,
        by: int | None = None,
        by_party: bool = False,
        text: str = "",
        public: bool = False,
        **params: Any,
    ) -> int:
        if "liaison_timelineentry" not in self.sheets.wanted:
            return self.sheets.new_id("liaison_timelineentry")
        actor = "party" if by_party else "platform" if by is None else "staff"
        return self.sheets.put(
            "liaison_timelineentry", matter.pk, kind, at, actor, by, as_json(params), text, public
        )

    def _contact(self, party: Party, at: datetime) -> int:
        if party.contact_id is not None:
            return party.contact_id
        sheets = self.sheets
        pk = sheets.new_id("notices_contact")
        tracked = cells(
            (pk, sheets.uuid(), seal(party.phone), blind_index(party.phone), "", "", "", "zh-hans",
             _REFUSED, at)
        )  # fmt: skip
        sheets.put_line("notices_contact", f"{tracked}\t{cells((party.name, None))}")
        sheets.put_event("notices_contactevent", at, "insert", pk, tracked)
        return pk

    def _case(
        self, court_id: int, case: CaseParts, file: CaseFile, party: Party, at: datetime
    ) -> None:
        """A case of the mirror, as of its filing; nobody in it is identified by a number."""
        put, number = self.sheets.put, case.number
        received = at - timedelta(days=(self.clockwork.day(at) - file.filed_on).days)
        digest = hashlib.blake2b(number.encode(), digest_size=16).digest()
        pk = put(
            "cases_case", self.sheets.uuid(), SOURCE, number, number, number, court_id,
            file.unit_id, file.unit_name, file.judge_id, "", file.judge_name, "", file.procedure,
            "", file.cause, file.filed_on, file.closed_on, "", "none", False, 1, digest, received,
            received,
        )  # fmt: skip
        sides = (("1", party.name, "plaintiff"), ("2", file.opponent, "defendant"))
        for place, name, role in sides:
            put(
                "cases_caseparticipant", pk, place, name, role, "party", None, None, "", None,
                False, 1, digest,
            )  # fmt: skip

    def register(self, at: datetime, card: Card) -> None:
        """See ``liaison.intake.register``."""
        known = self.matters[0].contact_id if self.matters else None
        contact_id = known or self._contact(card.party, at)
        if card.case and card.file and "cases_case" in self.sheets.wanted:
            self._case(card.court_id, card.case, card.file, card.party, at)
        desk = self.ground.desks[card.court_id]
        matter = Matter(self.sheets, self.ground, card, contact_id, desk.department_id)
        self.matters.append(matter)
        matter.save(self.sheets, at, "insert")
        self._entry(matter, "registered", at, by=card.by, by_party=card.by is None, public=True)
        self._start(matter, REPLY, "summary", at)
        self._start(matter, ACCEPTANCE, "acceptance", at)
        self.post.party(matter, "request.registered", "registered", at)

    def _accept(self, matter: Matter, at: datetime) -> None:
        if matter.triaged_at is None:
            matter.triaged_at = at
            self._stop(matter.acceptance, "triaged", at)

    def answer(self, matter: Matter, at: datetime, *, by: int, text: str) -> None:
        """See ``liaison.services.answer``."""
        came_back = matter.state == "returned"
        matter.state, matter.procedure = "answered", "summary"
        matter.answered_at, matter.disputed_at = at, None
        self._accept(matter, at)
        matter.save(self.sheets, at)
        entry = self._entry(matter, "answered", at, by=by, text=text, public=True)
        matter.answer = entry
        if came_back:
            self._end_orders(matter, at)
        self._stop(matter.reply, "answered", at)
        self.post.party(matter, "request.answered", f"answered:{entry}", at)

    def route(
        self, matter: Matter, at: datetime, *, by: int, unit: int, handler: int, court: int
    ) -> None:
        """See ``liaison.services.route`` and ``workorders.following.open_lead``."""
        matter.state, matter.procedure = "routed", "ordinary"
        matter.court_id, matter.department_id = court, unit
        self._accept(matter, at)
        matter.save(self.sheets, at)
        self._entry(matter, "routed", at, by=by, public=True, department=unit, handler=handler)
        origin: tuple[int | None, int | None] = (None, None)
        if matter.lead is None:
            order = Order(self.sheets, matter, court, unit, handler, at, by, is_lead=True)
            matter.orders.append(order)
            order.save(self.sheets, at, "insert")
        else:
            order = matter.lead
            origin = (order.department_id, order.handler_id)
            order.state, order.acknowledged_at = "dispatched", None
            order.court_id, order.department_id, order.handler_id = court, unit, handler
            order.save(self.sheets, at)
        self._transfer(order, "dispatch", at, by, origin=origin)
        timer = matter.reply
        timed = self.clockwork.place(timer.court_id, timer.policy_id).policy.clocks[REPLY]
        timer.limit_name = timed.limit_for("ordinary", matter=matter.matter, channel=matter.channel)
        self._place(timer, matter, at, first=timer.assigned_at is None)
        self.post.order(matter, order, "order.dispatched", at, event=str(order.transfers))

    def withdraw(self, matter: Matter, at: datetime) -> None:
        """See ``liaison.services.withdraw``: by the party's own act."""
        matter.state, matter.ended_at = "withdrawn", at
        matter.save(self.sheets, at)
        self._entry(matter, "withdrawn", at, by_party=True, public=True)
        self._end_orders(matter, at)
        self._stop(matter.acceptance, "withdrawn", at)
        self._stop(matter.reply, "withdrawn", at)

    def dispute(self, matter: Matter, at: datetime, *, text: str) -> None:
        """See ``liaison.services.dispute``."""
        answered_at = matter.answered_at
        assert answered_at is not None
        matter.disputed_at, matter.dispute_text = at, text
        matter.save(self.sheets, at)
        entry = self._entry(matter, "disputed", at, by_party=True, text=text, public=True)
        if matter.procedure == "summary":
            self._reject(matter, at, answered_at, None, entry, text)
        else:
            assert matter.lead is not None
            self.post.order(
                matter, matter.lead, "order.disputed", at, event=at.isoformat(), officer=True
            )

    def dismiss_dispute(self, matter: Matter, at: datetime, *, by: int, reason: str) -> None:
        """See ``liaison.services.dismiss_dispute``."""
        matter.disputed_at = None
        matter.save(self.sheets, at)
        entry = self._entry(matter, "dispute_dismissed", at, by=by, text=reason, public=True)
        self.post.party(matter, "request.dispute_dismissed", f"dismissed:{entry}", at)

    def _reject(
        self, matter: Matter, at: datetime, replied_at: datetime, by: int | None, words: int | None,
        reason: str = "",
    ) -> None:  # fmt: skip
        """See ``liaison.services.record_rejection``."""
        matter.state = "routed" if words is None else "returned"
        matter.answered_at = matter.ended_at = matter.disputed_at = None
        matter.save(self.sheets, at)
        entry = self._entry(
            matter, "reply_rejected", at, by=by, public=True, replied_at=json_instant(replied_at)
        )
        for rating in matter.ratings:
            if rating.rejected_at is None:
                rating.rejected_at = at
                rating.save(self.sheets, matter.pk, at, "update")
        if words is None:
            words = self._entry(matter, "rejection_reason", at, by=by, text=reason)
        timer = matter.reply
        if timer.stopped_at is not None:
            timer.stopped_at, timer.resumed_at, timer.not_before_at = None, at, None
            self.clockwork.retime(timer)
            self._clock_event(
                timer, "resumed", at, words=words, replied_at=json_instant(replied_at)
            )
            matter.rejection = (replied_at, at, reason)
        self.post.party(matter, "request.reopened", f"reopened:{entry}", at)

    def rate(self, matter: Matter, at: datetime, *, grade: str, remark: str) -> None:
        """See ``liaison.rating.rate``, of a reply that was not rated before."""
        pk = self.sheets.new_id("liaison_rating")
        rating = Rating(pk, matter.answer, grade, remark, at)
        matter.ratings.append(rating)
        rating.save(self.sheets, matter.pk, at, "insert")
        entry = self._entry(
            matter, "rated", at, by_party=True, text=remark, public=True, grade=grade
        )
        if grade == Grade.NOT_SATISFIED:
            self.post.not_satisfied(matter, rating, entry, at)

    def merge(self, matter: Matter, at: datetime, *, by: int) -> None:
        """See ``liaison.services.merge``: ``matter``, not taken up yet, goes into the first."""
        into = self.matters[0]
        matter.state, matter.merged_into, matter.ended_at = "merged", into, at
        matter.save(self.sheets, at)
        self._entry(matter, "merged", at, by=by, public=True, into=into.number)
        self._entry(into, "took_over", at, by=by, other=matter.number)
        if into.triaged_at is None:
            self._merge_clock(into.acceptance, matter.acceptance, at)
        self._stop(matter.acceptance, "merged", at)
        self._merge_clock(into.reply, matter.reply, at)

    def _merge_clock(self, survivor: Timer, other: Timer, at: datetime) -> None:
        """See ``escalation.services.merge``; the other is younger, and nothing has fired of it."""
        if other.fired or other.attempts or other.opened_at < survivor.opened_at:
            raise ValueError("only a younger request that nothing happened to is merged")
        self.clockwork.retime(survivor)
        self._clock_event(survivor, "merged", at, other=other.subject_id)
        other.stopped_at, other.next_due_at = at, None
        self._clock_event(other, "stopped", at, reason="merged", into=survivor.subject_id)

    def _transfer(
        self, order: Order, kind: str, at: datetime, by: int | None, reason: str = "",
        origin: tuple[int | None, int | None] = (None, None),
    ) -> None:  # fmt: skip
        gone = kind == "return"
        self.sheets.put(
            "workorders_transfer", order.pk, kind, *origin, None if gone else order.department_id,
            None if gone else order.handler_id, reason, by, at,
        )  # fmt: skip
        order.transfers += 1

    def _end_orders(self, matter: Matter, at: datetime, *, assisting: bool = False) -> None:
        for order in matter.orders:
            if assisting and order.is_lead:
                continue
            if order.state in ("dispatched", "acknowledged", "returned"):
                order.state = "withdrawn"
                order.save(self.sheets, at)
                self.post.order(matter, order, "order.withdrawn", at, event=str(order.transfers))
            elif not order.is_lead and order.state == "replied":
                order.state, order.completed_at = "completed", at
                order.save(self.sheets, at)
