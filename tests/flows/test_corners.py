"""Corners of the story, through the services: what must not be lost on the way."""

from __future__ import annotations

import pytest

from courts.errors import Invalid
from courts.models import Department, Post
from escalation.models import Clock, Firing
from escalation.sweep import sweep
from liaison import services as requests
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import RequestState
from tests import city
from tests.city import local
from workorders import services
from workorders.lifecycle import OrderState
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


def test_an_answer_at_the_desk_after_a_return_leaves_no_order_open() -> None:
    town = city.build()
    order = town.order(at=local(2026, 3, 2))
    other = town.division(index=1)
    services.assist(
        order_id=order.pk,
        department=other,
        handler=None,
        note="请提供查封情况",
        by=town.judge(),
        at=local(2026, 3, 2, 11),
    )
    services.return_to_desk(
        order_id=order.pk, reason="只问开庭时间", by=town.judge(), at=local(2026, 3, 3)
    )
    requests.answer(
        request_id=order.request_id, text="3月9日开庭。", by=town.staff(), at=local(2026, 3, 3, 11)
    )
    orders = WorkOrder.objects.filter(request=order.request)
    assert {one.state for one in orders} == {OrderState.WITHDRAWN}

    # The party disputes it, and the same lead order is dispatched again.
    requests.dispute(request_id=order.request_id, text="没有答复法庭地点", at=local(2026, 3, 4))
    request = requests.route(
        request_id=order.request_id,
        department=town.division(),
        handler=town.judge(),
        by=town.staff(),
        at=local(2026, 3, 4, 11),
    )
    assert request.state == RequestState.ROUTED
    lead = orders.get(is_lead=True)
    assert lead.pk == order.pk
    assert lead.state == OrderState.DISPATCHED
    assert Clock.objects.get(kind=REPLY, subject_id=request.pk).assigned_at == local(2026, 3, 2)


def test_merging_buys_no_time_for_acceptance() -> None:
    town = city.build()
    first = town.request(at=local(2026, 3, 2))
    second = town.request(at=local(2026, 3, 3), title="再问一次")
    requests.merge(
        request_id=first.pk, into_id=second.pk, by=town.staff(), at=local(2026, 3, 3, 12)
    )
    clock = Clock.objects.get(kind=ACCEPTANCE, subject_id=second.pk)
    assert clock.opened_at == local(2026, 3, 2)
    assert clock.limit_at == local(2026, 3, 4, 0)


def _set_aside(order: WorkOrder, **spoilt: str) -> Clock:
    clocks = Clock.objects.filter(kind=REPLY, subject_id=order.request_id)
    clocks.update(set_aside="ValueError: spoilt", **spoilt)
    return clocks.get()


def test_a_clock_set_aside_does_not_keep_an_answer_from_being_given() -> None:
    town = city.build()
    order = town.order(at=local(2026, 3, 2))
    clock = _set_aside(order, limit_name="nonsense")
    sweep(local(2026, 3, 20))
    services.reply(order_id=order.pk, text="已开庭。", by=town.judge(), at=local(2026, 3, 20))
    clock.refresh_from_db()
    assert clock.stopped_at == local(2026, 3, 20)
    assert "nonsense" in clock.set_aside
    assert not Firing.objects.filter(clock=clock).exists()


def test_a_clock_set_aside_that_can_be_judged_again_loses_no_rung_by_an_answer() -> None:
    town = city.build()
    order = town.order(at=local(2026, 3, 2))
    clock = _set_aside(order)
    sweep(local(2026, 3, 6, 9))
    assert not Firing.objects.filter(clock=clock).exists()
    services.reply(order_id=order.pk, text="已开庭。", by=town.judge(), at=local(2026, 3, 6, 10))
    clock.refresh_from_db()
    assert (clock.set_aside, clock.stopped_at) == ("", local(2026, 3, 6, 10))
    fired = Firing.objects.filter(clock=clock).order_by("due_at")
    assert [(one.step, one.was_settled) for one in fired] == [("warning", True), ("rung1", True)]


def test_nor_by_a_move() -> None:
    town = city.build()
    order = town.order(at=local(2026, 3, 2))
    clock, first = _set_aside(order), town.division()
    services.reassign(
        order_id=order.pk,
        department=town.division(index=1),
        handler=None,
        reason="分工调整",
        by=town.judge(),
        at=local(2026, 3, 6, 10),
    )
    fired = Firing.objects.filter(clock=clock).order_by("due_at")
    assert [(one.step, one.department) for one in fired] == [("warning", first), ("rung1", first)]


def test_an_order_goes_to_who_may_handle_it() -> None:
    town = city.build()
    request = town.request(at=local(2026, 3, 2))
    division = town.division()
    officer = town.holder(Post.Kind.LIAISON_OFFICER, department=division)
    service = Department.objects.get(court=town.east, kind=Department.Kind.LITIGATION_SERVICE)
    for department, handler in ((division, officer), (service, None)):
        with pytest.raises(Invalid):
            requests.route(
                request_id=request.pk,
                department=department,
                handler=handler,
                by=town.staff(),
                at=local(2026, 3, 2, 11),
            )
