"""The verbs of a work order as rows: what ``workorders.services`` writes."""

from __future__ import annotations

from datetime import datetime

from reports.generated.matter import Matter, Order
from reports.generated.request_verbs import RequestVerbs


class OrderVerbs(RequestVerbs):
    """Writes what happens to the orders of a story as well."""

    def acknowledge(self, matter: Matter, at: datetime, *, by: int) -> None:
        """See ``workorders.services.acknowledge``."""
        order = matter.led
        order.state, order.acknowledged_at = "acknowledged", at
        order.save(self.sheets, at)
        self._entry(matter, "acknowledged", at, by=by, public=True)

    def record_contact(
        self, matter: Matter, at: datetime, *, by: int, means: str, outcome: str, summary: str,
        is_answer: bool = False,
    ) -> None:  # fmt: skip
        """See ``workorders.services.record_contact``."""
        order = matter.led
        self.sheets.put(
            "workorders_contactrecord", order.pk, means, outcome, is_answer, summary, by, at
        )
        if is_answer:
            self._reply(matter, order, at, by, summary, spoken=True)
            return
        self._entry(matter, f"contact_{outcome}", at, by=by, text=summary, means=means)
        if outcome == "not_reached":
            self._clock_event(matter.reply, "attempted", at)
            self.clockwork.attempt(matter.reply, at)

    def reply(self, matter: Matter, at: datetime, *, by: int, text: str) -> None:
        """See ``workorders.services.reply`` of the lead order."""
        self._reply(matter, matter.led, at, by, text, spoken=False)

    def assist_reply(self, matter: Matter, at: datetime, *, text: str) -> None:
        """The same of the assisting order."""
        order = matter.orders[1]
        assert order.handler_id is not None
        self._reply(matter, order, at, order.handler_id, text, spoken=False)

    def _reply(
        self, matter: Matter, order: Order, at: datetime, by: int, text: str, *, spoken: bool
    ) -> None:
        if order.state == "dispatched":
            order.acknowledged_at = at
        order.state, order.replied_at = "replied", at
        if order.is_lead:
            order.completes_at = self.clockwork.completes_at(matter.reply, at)
            order.save(self.sheets, at)
            matter.state, matter.answered_at, matter.disputed_at = "answered", at, None
            matter.save(self.sheets, at)
            kind = "answered_by_word" if spoken else "replied"
            entry = self._entry(matter, kind, at, by=by, text=text, public=True)
            matter.answer = entry
            self._stop(matter.reply, kind, at)
            notice = "request.spoken_answer" if spoken else "request.answered"
            self.post.party(matter, notice, f"answered:{entry}", at)
        else:
            order.save(self.sheets, at)
            entry = self._entry(matter, "assist_replied", at, by=by, text=text)
            self.post.order(
                matter, matter.led, "order.assist_replied", at, event=str(entry),
                told=(by, text), entry=entry,
            )  # fmt: skip
        order.reply(self.sheets, entry, "spoken" if spoken else "written", by, at)

    def return_to_desk(self, matter: Matter, at: datetime, *, by: int, reason: str) -> None:
        """See ``workorders.services.return_to_desk`` of the lead order."""
        order = matter.led
        order.state = "returned"
        order.save(self.sheets, at)
        origin = (order.department_id, order.handler_id)
        self._transfer(order, "return", at, by, reason, origin)
        matter.state = "returned"
        matter.save(self.sheets, at)
        self._entry(matter, "returned", at, by=by, text=reason)

    def reassign(
        self, matter: Matter, at: datetime, *, by: int, court: int, unit: int, handler: int,
        reason: str,
    ) -> None:  # fmt: skip
        """See ``workorders.services.reassign`` of the lead order."""
        order = matter.led
        origin = (order.department_id, order.handler_id)
        order.court_id, order.department_id, order.handler_id = court, unit, handler
        order.save(self.sheets, at)
        self._transfer(order, "reassign", at, by, reason, origin)
        matter.court_id, matter.department_id = court, unit
        matter.save(self.sheets, at)
        self._entry(matter, "reassigned", at, by=by, text=reason, department=unit)
        self._place(matter.reply, matter, at, first=False)
        self.post.order(matter, order, "order.dispatched", at, event=str(order.transfers))

    def assist(
        self, matter: Matter, at: datetime, *, by: int, court: int, unit: int, handler: int,
        note: str,
    ) -> None:  # fmt: skip
        """See ``workorders.services.assist``."""
        order = Order(self.sheets, matter, court, unit, handler, at, by, is_lead=False, note=note)
        matter.orders.append(order)
        order.save(self.sheets, at, "insert")
        self._transfer(order, "dispatch", at, by, note)
        self._entry(matter, "assist_asked", at, by=by, text=note, department=unit)
        self.post.order(matter, order, "order.dispatched", at)

    def complete(self, matter: Matter, at: datetime, *, by: int | None) -> None:
        """See ``workorders.services.complete`` of the lead order."""
        order = matter.led
        order.state, order.completed_at = "completed", at
        order.save(self.sheets, at)
        self._end_orders(matter, at, assisting=True)
        matter.state, matter.ended_at = "closed", at
        matter.save(self.sheets, at)
        self._entry(matter, "closed", at, public=True)

    def reject_reply(self, matter: Matter, at: datetime, *, by: int, reason: str) -> None:
        """See ``workorders.services.reject_reply``."""
        order = matter.led
        standing = order.reject(self.sheets, at, by, reason)
        order.state = "acknowledged"
        order.completes_at = order.completed_at = order.replied_at = None
        order.save(self.sheets, at)
        self._reject(matter, at, standing.at, by, None, reason)
        self.post.order(
            matter, order, "order.reply_rejected", at, event=str(standing.pk),
            rejected=(standing.at, by, reason), reply=standing.pk,
        )  # fmt: skip

    def instruct(self, matter: Matter, at: datetime, *, by: int, kind: str, text: str) -> None:
        """See ``workorders.services.instruct``."""
        order = matter.led
        row = self.sheets.put("workorders_instruction", order.pk, kind, text, by, at)
        self._entry(matter, kind, at, by=by, text=text)
        self.post.order(
            matter, order, f"order.{kind}", at, event=str(row),
            instruction=row, instructed=(kind, by, text),
        )  # fmt: skip
