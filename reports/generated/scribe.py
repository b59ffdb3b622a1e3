"""Writes down a story as the services would have: every row of every table, at every instant.

One verb of ``liaison.services`` or ``workorders.services`` is one method of the same name
(``request_verbs``, ``order_verbs``); what happens by itself in between is here.
``tests/reports/test_generated_rows.py`` tells stories to the services too and compares.
"""

from __future__ import annotations

from datetime import datetime

from reports.generated.clockwork import Clockwork
from reports.generated.matter import Matter
from reports.generated.order_verbs import OrderVerbs
from reports.generated.request_verbs import as_json
from reports.generated.story import Story
from reports.generated.tables import Sheets


class Scribe(OrderVerbs):
    """Tells stories to ``sheets``, up to the instant ``until``."""

    def __init__(self, clockwork: Clockwork, sheets: Sheets, until: datetime) -> None:
        super().__init__(clockwork, sheets, until)
        self._at = until

    def write_down(self, story: Story) -> int:
        """Write a story down; returns the id of the contact."""
        self.matters = []
        for act in story.acts:
            if act.at > self.until:
                break
            if self.matters:
                self._advance(act.at)
            self._at = act.at
            if act.verb == "register":
                self.register(act.at, act.given["card"])
            else:
                matter = self.matters[1 if act.again else 0]
                getattr(self, act.verb)(matter, act.at, **act.given)
        if self.matters:
            self._advance(self.until)
        for matter in self.matters:
            matter.write(self.sheets)
        return self.matters[0].contact_id if self.matters else 0

    def _advance(self, until: datetime) -> None:
        """Sweep, and complete what nobody disputed, up to and including an instant."""
        while True:
            due = min(
                (
                    timer.next_due_at
                    for matter in self.matters
                    for timer in matter.timers
                    if timer.next_due_at is not None
                ),
                default=None,
            )
            done = self._completing()
            at = min((one for one in (due, done and done[0]) if one), default=None)
            if at is None or at > until:
                return
            at = max(at, self._at)
            if due is not None and due <= at:
                self._sweep(at)
            elif done is not None:
                self.complete(done[1], at, by=None)

    def _completing(self) -> tuple[datetime, Matter] | None:
        for matter in self.matters:
            lead = matter.lead
            if lead and lead.state == "replied" and matter.disputed_at is None:
                assert lead.completes_at is not None
                return lead.completes_at, matter
        return None

    def _sweep(self, at: datetime) -> None:
        found = []
        for matter in self.matters:
            for timer in matter.timers:
                if timer.next_due_at is not None and timer.next_due_at <= at:
                    for rung in self.clockwork.fire(timer, at):
                        order = (rung.due.due_at, rung.due.step.level, timer.pk)
                        found.append((order, rung, timer, matter))
        found.sort(key=lambda one: one[0])
        put = self.sheets.put
        for _order, rung, timer, matter in found:
            step = rung.due.step
            people = self.clockwork.recipients(timer, rung, at)
            detail = people.detail | ({"after_rejection": True} if rung.is_behind else {})
            firing = put(
                "escalation_firing", timer.pk, step.key, rung.due.occurrence, step.level,
                rung.day0, self.ground.version_id, rung.due.due_at, at, timer.court_id,
                timer.department_id, timer.handler_id, rung.was_attempted, False, rung.is_silent,
                as_json(detail),
            )  # fmt: skip
            matter.has_risen = matter.has_risen or step.level > 0
            for person, role in people.people.items():
                person_id = person or timer.handler_id
                put("escalation_firingrecipient", firing, person_id, role)
                if not rung.is_silent:
                    assert person_id is not None
                    self.post.rung(matter, timer, rung, detail, firing, person_id, role, at)
