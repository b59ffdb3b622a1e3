"""The notices of a story: written as sent and read, since no worker shall deliver those of years.

Staff read them in the application. Outside it nobody is told: no one in a generated city has an
address, and the parties refuse every channel.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from escalation import subjects
from escalation.acting import is_acting
from escalation.counting import Rung
from escalation.reading import ROLES
from escalation.recipients import Unit
from escalation.spans import waited
from notices.channels import Channel
from reports.generated.assumed import READ_AFTER_MINUTES
from reports.generated.clockwork import Clockwork, Timer
from reports.generated.matter import Matter, Order, Rating
from reports.generated.tables import Sheets
from reports.generated.wording import LANGUAGE, Values, Words


class PostRoom:
    """Writes notices and their deliveries."""

    def __init__(self, clockwork: Clockwork, sheets: Sheets, until: datetime) -> None:
        self.clockwork, self.sheets, self.until = clockwork, sheets, until
        self.ground = clockwork.ground
        self.words = Words(self.ground.zone)
        self._tells = "notices_notice" in sheets.wanted

    def party(self, matter: Matter, kind: str, event: str, at: datetime) -> None:
        """See ``liaison.kinds.tell_party``."""
        if self._tells:
            self.sheets.put(
                "notices_notice", self.sheets.uuid(), f"request:{matter.pk}:{event}:contact", kind,
                None, matter.contact_id, "request", matter.pk, "{}", at,
                self.clockwork.party_hours(at), None,
            )  # fmt: skip

    def order(
        self,
        matter: Matter,
        order: Order,
        kind: str,
        at: datetime,
        *,
        event: str = "",
        officer: bool = False,
        told: tuple[int, str] | None = None,
        rejected: tuple[datetime, int, str] | None = None,
        instructed: tuple[str, int, str] | None = None,
        **params: Any,
    ) -> None:
        """See ``workorders.kinds.tell``."""
        if not self._tells:
            return
        people = {order.handler_id: "handler"}
        if officer:
            unit = Unit(order.court_id, order.department_id, order.handler_id)
            found = self.clockwork.ground.roster.resolve(
                ("handler", "liaison_officer"), unit, due_at=at, fired_at=at
            )
            people = dict(found.people)
        outside_at = self.clockwork.staff_hours(order.court_id, at)
        name = self.ground.names.__getitem__
        values = Values(number=matter.number, limit_at=matter.reply.limit_at)
        self._message(values, matter)
        values.fixed = (order.is_lead, matter.state)
        values.inside = {"is_lead": order.is_lead, "request_state": matter.state}
        values.mark("note", order.note)
        values.mark("dispute", matter.dispute_text)
        values.mark("merged_into", matter.merged_into.number if matter.merged_into else "")
        if told is not None:
            values.inside["entry"] = SimpleNamespace(
                person=SimpleNamespace(display_name=values.put("who", name(told[0]))),
                text=values.put("told", told[1]),
            )
        if rejected is not None:
            values.fixed += (self.clockwork.day(rejected[0]),)
            values.inside["reply"] = SimpleNamespace(
                at=rejected[0],
                rejected_by=SimpleNamespace(display_name=values.put("who", name(rejected[1]))),
                rejection_reason=values.put("told", rejected[2]),
            )
        if instructed is not None:
            values.fixed += (instructed[0],)
            values.inside["instruction"] = SimpleNamespace(
                kind=instructed[0],
                person=SimpleNamespace(display_name=values.put("who", name(instructed[1]))),
                text=values.put("told", instructed[2]),
            )
        for person_id, role in people.items():
            key = ":".join(part for part in (kind, str(order.pk), event, str(person_id)) if part)
            told_of = json.dumps(params | {"role": role})
            self._staff(
                key, kind, person_id, "workorder", order.pk, told_of, at, outside_at, values
            )

    def not_satisfied(self, matter: Matter, rating: Rating, entry: int, at: datetime) -> None:
        """See ``liaison.kinds.tell_officer`` and ``liaison.notice_kinds.read_ratings``."""
        if not self._tells:
            return
        unit = Unit(matter.court_id, matter.department_id, None)
        roster = self.ground.roster
        found = roster.resolve(("liaison_officer",), unit, due_at=at, fired_at=at)
        values = Values(number=matter.number, limit_at=None)
        self._message(values, matter)
        values.mark("remark", rating.remark)
        values.inside |= {
            "court": _named(values.put("court", self.ground.desks[matter.court_id].name)),
            "department": _named(
                values.put("department", self.ground.departments[matter.department_id])
            ),
            "handler": None,
        }
        for person_id, role in found.people.items():
            if role == "liaison_officer":
                key = f"request:{matter.pk}:not_satisfied:{rating.reply}:{person_id}"
                self._staff(
                    key, "request.not_satisfied", person_id, "request", matter.pk,
                    json.dumps({"entry": entry}), at,
                    self.clockwork.staff_hours(matter.court_id, at), values,
                )  # fmt: skip

    def rung(
        self,
        matter: Matter,
        timer: Timer,
        rung: Rung,
        detail: dict[str, Any],
        firing: int,
        person_id: int,
        role: str,
        at: datetime,
    ) -> None:
        """See the notices of ``escalation.firing`` and ``liaison.notice_kinds.read_ladder``."""
        if not self._tells:
            return
        step, occurrence = rung.due.step, rung.due.occurrence
        place = self.clockwork.place(timer.court_id, timer.policy_id)
        values = Values(number=matter.number, limit_at=timer.limit_at)
        self._message(values, matter)
        over = bool(timer.limit_at and timer.limit_at <= at)
        unit = Unit(timer.court_id, timer.department_id, timer.handler_id)
        held = self.ground.acting.get(person_id, ())
        acting = is_acting(role, unit, held, rung.due.due_at, at)
        attempts = place.policy.attempts if rung.was_attempted else 0
        passed = role in detail.get("passed_to", ())
        vacant = tuple(detail.get("vacant", ())) if passed else ()
        own = tuple(detail.get("holder_is_handler", ())) if passed else ()
        rejection = matter.rejection if rung.is_behind else None
        days = tuple(self.clockwork.day(one) for one in rejection[:2]) if rejection else ()
        values.fixed = (
            step.key, occurrence, timer.policy_id, role, over, acting, attempts, vacant, own, days,
        )  # fmt: skip
        limit = place.policy.clocks[timer.kind].limits[timer.limit_name]
        values.inside = {
            "level": step.level,
            "role": ROLES[role][2],
            "anchor": step.anchor,
            "waited": Waited(step, occurrence),
            "in_minutes": limit.minutes > 0,
            "limit_is_over": over,
            "court": _named(values.put("court", self.ground.desks[timer.court_id].name)),
            "department": None,
            "handler": None,
            "attempts": attempts,
            "settled": "",
            "rejection": None,
            "is_acting": acting,
            "vacant": [ROLES[other][2] for other in vacant],
            "own_matter": [ROLES[other][2] for other in own],
        }
        if timer.department_id is not None:
            name = self.ground.departments[timer.department_id]
            values.inside["department"] = _named(values.put("department", name))
        if timer.handler_id is not None:
            handler = self.ground.names[timer.handler_id]
            values.inside["handler"] = _named(values.put("handler", handler))
        if rejection:
            values.inside["rejection"] = {
                "replied_at": rejection[0],
                "rejected_at": rejection[1],
                "reason": values.put("told", rejection[2]),
            }
        key = f"{timer.kind}:{timer.subject_id}:{step.key}:{occurrence}:{person_id}"
        params = json.dumps({"firing": firing, "step": step.key, "role": role})
        kind = subjects.of(timer.kind).notice_kind
        outside_at = self.clockwork.clock_hours(timer, at)
        self._staff(
            key, kind, person_id, timer.kind, timer.subject_id, params, at, outside_at, values
        )

    def _message(self, values: Values, matter: Matter) -> None:
        card = matter.card
        values.mark("party", card.party.name)
        values.mark("title", card.title)
        values.mark("message", card.text)
        values.mark("case_number", card.case.number if card.case else "")

    def _staff(
        self,
        key: str,
        kind: str,
        person_id: int | None,
        subject_kind: str,
        subject_id: int,
        params: str,
        at: datetime,
        outside_at: datetime,
        values: Values,
    ) -> None:
        sheets = self.sheets
        number = sheets.next_ids["notices_notice"]
        least, most = READ_AFTER_MINUTES
        read_at = at + timedelta(minutes=least + number * 7919 % (most - least))
        notice = sheets.put(
            "notices_notice", sheets.uuid(), key, kind, person_id, None, subject_kind, subject_id,
            params, at, outside_at, read_at if read_at <= self.until else None,
        )  # fmt: skip
        subject, body = self.words.of(kind, values)
        sheets.put(
            "notices_delivery", notice, str(Channel.IN_APP), "sent", None, 1, at, LANGUAGE, subject,
            body, None, "", 0,
        )  # fmt: skip


class Waited:
    """How long was waited, in the language in which it is asked."""

    def __init__(self, *of: Any) -> None:
        self._of = of

    def __str__(self) -> str:
        return waited(*self._of)


def _named(mark: str) -> SimpleNamespace:
    return SimpleNamespace(display_name=mark)
