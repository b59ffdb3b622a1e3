"""Verbs at random, one after the other, on the requests of a small city."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from courts.errors import Refused
from courts.models import Department, Person, Post
from escalation.calendar_changes import DayChange, change_calendar
from escalation.sweep import sweep
from liaison import services as requests
from liaison.models import Matter, Request
from liaison.rating import rate
from tests.city import City
from workorders import services as orders
from workorders.models import WorkOrder

_DESK = ("registered", "returned")
_WITH_JUDGE = ("dispatched", "acknowledged")
_GRADES = ("very_satisfied", "satisfied", "partly_satisfied", "dissatisfied")


class Lives:
    """Leads lives from ``at`` on, some hours at a time; what is refused changes nothing."""

    def __init__(self, town: City, seed: int, at: datetime) -> None:
        self.town, self.random, self.at = town, random.Random(seed), at
        self.verbs: dict[str, Callable[[], object]] = {
            "register": self.register,
            "register again": self.register,
            "answer": self.answer,
            "route": self.route,
            "route to somebody": self.route,
            "contact": self.contact,
            "reply": self.reply,
            "reply again": self.reply,
            "contact again": self.contact,
            "reject again": self.reject,
            "dispute again": self.dispute,
            "dismiss again": self.dismiss,
            "reject": self.reject,
            "return": self.give_back,
            "reassign": self.reassign,
            "assist": self.assist,
            "withdraw": self.withdraw,
            "dispute": self.dispute,
            "dismiss": self.dismiss,
            "rate": self.rate,
            "merge": self.merge,
            "calendar": self.calendar,
            "sweep": lambda: sweep(self.at),
        }

    def step(self) -> str | None:
        """One verb, some hours later; its name, or None if it was refused or had no object."""
        self.at += timedelta(hours=self.random.choice([1, 1, 2, 5, 9, 30]))
        name = self.random.choice(list(self.verbs))
        try:
            self.verbs[name]()
        except (Refused, IndexError):
            return None
        return name.split()[0]

    def _one(self, *states: str, **having: object) -> Request:
        """One of the last requests in one of some states."""
        rows = Request.objects.filter(state__in=states, **having).select_related("court")
        return self.random.choice(list(rows.order_by("-pk")[:8]))

    def _order(self, *states: str) -> WorkOrder:
        rows = WorkOrder.objects.filter(is_lead=True, state__in=states)
        return self.random.choice(list(rows.select_related("court").order_by("-pk")[:8]))

    def _unit(self, court: object) -> tuple[Department, Person | None]:
        division = self.town.division(court, index=self.random.randrange(2))  # type: ignore[arg-type]
        seats = Post.objects.filter(kind=Post.Kind.JUDGE, department=division).order_by("pk")
        judges = [seat.tenures.get().person for seat in seats]
        return division, self.random.choice([None, *judges])

    def register(self) -> None:
        court = self.random.choice([self.town.east, self.town.west, self.town.intermediate])
        matter = self.random.choice([Matter.CONTACT_JUDGE, Matter.CONSULTATION, Matter.OTHER])
        self.town.request(at=self.at, court=court, matter=matter)

    def answer(self) -> None:
        one = self._one(*_DESK)
        requests.answer(
            request_id=one.pk, text="已告知。", by=self.town.staff(one.court), at=self.at
        )

    def route(self) -> None:
        one = self._one(*_DESK)
        division, judge = self._unit(one.court)
        requests.route(
            request_id=one.pk, department=division, handler=judge,
            by=self.town.staff(one.court), at=self.at,
        )  # fmt: skip

    def contact(self) -> None:
        order = self._order(*_WITH_JUDGE)
        outcome = self.random.choice(["reached", "reached", "not_reached"])
        orders.record_contact(
            order_id=order.pk, means="call", outcome=outcome, summary="已通话。",
            by=self._handler(order), at=self.at,
        )  # fmt: skip

    def reply(self) -> None:
        order = self._order(*_WITH_JUDGE)
        orders.reply(order_id=order.pk, text="已答复。", by=self._handler(order), at=self.at)

    def reject(self) -> None:
        order = self._order("replied", "completed")
        orders.reject_reply(
            order_id=order.pk, reason="没有答到点上", by=self._officer(order), at=self.at
        )

    def give_back(self) -> None:
        order = self._order(*_WITH_JUDGE)
        orders.return_to_desk(
            order_id=order.pk, reason="不属本庭", by=self._handler(order), at=self.at
        )

    def reassign(self) -> None:
        order = self._order(*_WITH_JUDGE)
        division, judge = self._unit(order.court)
        leader = self.town.holder("department_leader", department=order.department)
        orders.reassign(
            order_id=order.pk, department=division, handler=judge, reason="归口办理",
            by=leader, at=self.at,
        )  # fmt: skip

    def assist(self) -> None:
        order = self._order(*_WITH_JUDGE)
        division, judge = self._unit(order.court)
        orders.assist(
            order_id=order.pk, department=division, handler=judge, note="请协助。",
            by=self._handler(order), at=self.at,
        )  # fmt: skip

    def withdraw(self) -> None:
        one = self._one("registered", "routed", "returned")
        requests.withdraw(request_id=one.pk, at=self.at)

    def dispute(self) -> None:
        one = self._one("answered", "closed")
        requests.dispute(request_id=one.pk, text="没有答复我的问题。", at=self.at)

    def dismiss(self) -> None:
        one = self._one("answered", "closed", disputed_at__isnull=False)
        requests.dismiss_dispute(
            request_id=one.pk, reason="已答复清楚", by=self._officer(one), at=self.at
        )

    def rate(self) -> None:
        one = self._one("answered", "closed")
        rate(request_id=one.pk, grade=self.random.choice(_GRADES), at=self.at)

    def merge(self) -> None:
        one = self._one(*_DESK, "routed")
        into = self._one(*_DESK, "routed", court=one.court)
        requests.merge(
            request_id=one.pk, into_id=into.pk, by=self.town.staff(one.court), at=self.at
        )

    def calendar(self) -> None:
        """A day of this week becomes a day off, or one of the weekend is worked."""
        day = (self.at + timedelta(days=self.random.randrange(1, 6))).date()
        kind = self.random.choice([True, False, None])
        change_calendar(
            [DayChange(day, kind, "" if kind is None else "停电", court=self.town.east)],
            reason="演练", approval="示中院〔2026〕1号", by=None, at=self.at,
        )  # fmt: skip

    def _handler(self, order: WorkOrder) -> Person:
        return order.handler or self.town.holder("department_leader", department=order.department)

    def _officer(self, one: WorkOrder | Request) -> Person:
        return self.town.holder("liaison_officer", department=one.department)
