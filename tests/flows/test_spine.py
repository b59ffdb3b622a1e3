"""A request travels from a party to the president and back, through the services."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.models import Clock, Firing
from escalation.sweep import sweep
from liaison.kinds import REPLY
from liaison.lifecycle import RequestState
from notices.models import Notice
from tests import city
from tests.city import local
from workorders import services
from workorders.lifecycle import OrderState

pytestmark = pytest.mark.django_db


def test_an_unanswered_request_climbs_to_the_president_and_is_answered() -> None:
    town = city.build()
    opened = local(2020, 6, 5)
    order = town.order(at=opened, case_number="（2020）示0101民初123号")
    clock = Clock.objects.get(kind=REPLY, subject_id=order.request_id)
    assert clock.limit_at == local(2020, 6, 11, 0)
    assert clock.next_due_at == local(2020, 6, 10, 9)

    sweep(local(2020, 6, 17, 12))
    steps = Firing.objects.filter(clock=clock).values_list("step", "due_at")
    assert list(steps) == [
        ("warning", local(2020, 6, 10, 9)),
        ("rung1", local(2020, 6, 11, 9)),
        ("rung2", local(2020, 6, 15, 9)),
        ("rung3", local(2020, 6, 17, 9)),
    ]
    assert Notice.objects.filter(kind="ladder.reply").count() == 5

    services.reply(
        order_id=order.pk, text="已安排开庭。", by=town.judge(), at=local(2020, 6, 17, 15)
    )
    order.refresh_from_db()
    assert order.state == OrderState.REPLIED
    assert order.request.state == RequestState.ANSWERED
    sweep(local(2020, 7, 30))
    assert Firing.objects.filter(clock=clock).count() == 4

    services.complete_due(order.completes_at + timedelta(seconds=1))
    order.refresh_from_db()
    order.request.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert order.request.state == RequestState.CLOSED
