"""Plays generated stories through the product's own services, at frozen instants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import time_machine
from django.db.models import Min

from courts.business_days import local_date
from courts.models import Court, Department, NumberSeries, Person
from escalation.models import Clock
from escalation.sweep import sweep
from liaison import intake, rating
from liaison import services as requests
from notices.channels import PARTIES_MAY
from notices.delivery import deliver_due
from notices.models import Contact
from reports.generated.story import Act, Card, Story
from tests.city import SHANGHAI
from workorders import services as orders
from workorders.models import WorkOrder


class Teller:
    """Tells stories to the services, one after the other, up to ``until``."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.at = until
        self.ids: list[int] = []

    def tell(self, story: Story) -> None:
        """Each act at its instant; the ladder swept and orders completed in between."""
        self.ids = []
        for act in story.acts:
            if act.at > self.until:
                break
            if self.ids:
                self.advance(act.at)
            self.at = act.at
            with time_machine.travel(act.at, tick=False):
                getattr(self, act.verb)(act, **act.given)
                deliver_due(act.at, gateways=[])
        if self.ids:
            self.advance(self.until)

    def advance(self, until: datetime) -> None:
        """Beat, whenever it finds something: at the very instant at which that is due."""
        while True:
            due = Clock.objects.aggregate(at=Min("next_due_at"))["at"]
            waiting = WorkOrder.objects.filter(
                state="replied", is_lead=True, request__disputed_at=None
            )
            done = waiting.aggregate(at=Min("completes_at"))["at"]
            at = min((one for one in (due, done) if one), default=None)
            if at is None or at > until:
                return
            at = max(at, self.at)
            with time_machine.travel(at, tick=False):
                if due is not None and due <= at:
                    sweep(at, record=False)
                else:
                    orders.complete_due(at)
                deliver_due(at, gateways=[])

    def _order(self, *, lead: bool = True) -> int:
        return WorkOrder.objects.get(request_id=self.ids[0], is_lead=lead).pk

    def register(self, act: Act, *, card: Card) -> None:
        party = intake.Party(card.party.name, phone=card.party.phone)
        if not Contact.objects.filter(name=party.name).exists():
            # Known before to refuse every channel, as the people of a generated city do.
            Contact.objects.create(
                name=party.name, phone=party.phone, refused_channels=list(PARTIES_MAY)
            )
        # Stories are told one by one, and numbers are given in the order of coming.
        day, last = local_date(act.at, SHANGHAI), int(card.number[-5:]) - 1
        court = Court.objects.get(pk=card.court_id)
        NumberSeries.objects.update_or_create(
            jurisdiction_id=court.jurisdiction_id, day=day, defaults={"last": last}
        )
        request = intake.register(
            court=court,
            party=party,
            channel=card.channel,
            matter=card.matter,
            title=card.title,
            text=card.text,
            case_number=card.case.number if card.case else "",
            judge_name=card.judge_name,
            by=_person(card.by),
            at=act.at,
        )
        assert request.number == card.number
        self.ids.append(request.pk)

    def _request(self, act: Act) -> int:
        return self.ids[1 if act.again else 0]

    def answer(self, act: Act, *, by: int, text: str) -> None:
        requests.answer(request_id=self._request(act), text=text, by=_person(by), at=act.at)

    def route(self, act: Act, *, by: int, unit: int, handler: int, court: int) -> None:
        requests.route(
            request_id=self._request(act),
            department=_department(unit),
            handler=_person(handler),
            by=_person(by),
            at=act.at,
        )

    def withdraw(self, act: Act) -> None:
        requests.withdraw(request_id=self._request(act), at=act.at)

    def dispute(self, act: Act, *, text: str) -> None:
        requests.dispute(request_id=self._request(act), text=text, at=act.at)

    def dismiss_dispute(self, act: Act, *, by: int, reason: str) -> None:
        requests.dismiss_dispute(
            request_id=self._request(act), reason=reason, by=_person(by), at=act.at
        )

    def rate(self, act: Act, *, grade: str, remark: str) -> None:
        rating.rate(request_id=self._request(act), grade=grade, remark=remark, at=act.at)

    def merge(self, act: Act, *, by: int) -> None:
        requests.merge(request_id=self.ids[1], into_id=self.ids[0], by=_person(by), at=act.at)

    def acknowledge(self, act: Act, *, by: int) -> None:
        orders.acknowledge(order_id=self._order(), by=_person(by), at=act.at)

    def record_contact(self, act: Act, *, by: int, **given: Any) -> None:
        orders.record_contact(order_id=self._order(), by=_person(by), at=act.at, **given)

    def reply(self, act: Act, *, by: int, text: str) -> None:
        orders.reply(order_id=self._order(), text=text, by=_person(by), at=act.at)

    def assist_reply(self, act: Act, *, text: str) -> None:
        order = WorkOrder.objects.get(request_id=self.ids[0], is_lead=False)
        orders.reply(order_id=order.pk, text=text, by=order.handler, at=act.at)

    def return_to_desk(self, act: Act, *, by: int, reason: str) -> None:
        orders.return_to_desk(order_id=self._order(), reason=reason, by=_person(by), at=act.at)

    def reassign(
        self, act: Act, *, by: int, court: int, unit: int, handler: int, reason: str
    ) -> None:
        orders.reassign(
            order_id=self._order(),
            department=_department(unit),
            handler=_person(handler),
            reason=reason,
            by=_person(by),
            at=act.at,
        )

    def assist(self, act: Act, *, by: int, court: int, unit: int, handler: int, note: str) -> None:
        orders.assist(
            order_id=self._order(),
            department=_department(unit),
            handler=_person(handler),
            note=note,
            by=_person(by),
            at=act.at,
        )

    def complete(self, act: Act, *, by: int) -> None:
        orders.complete(order_id=self._order(), by=_person(by), at=act.at)

    def reject_reply(self, act: Act, *, by: int, reason: str) -> None:
        orders.reject_reply(order_id=self._order(), reason=reason, by=_person(by), at=act.at)

    def instruct(self, act: Act, *, by: int, kind: str, text: str) -> None:
        orders.instruct(order_id=self._order(), kind=kind, text=text, by=_person(by), at=act.at)


def _person(pk: int | None) -> Any:
    return Person.objects.get(pk=pk) if pk is not None else None


def _department(pk: int) -> Department:
    return Department.objects.select_related("court").get(pk=pk)
