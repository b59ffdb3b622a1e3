"""Returning to the desk, and reassigning: passing on buys no time (G17)."""

from __future__ import annotations

from courts.models import Department, Post
from escalation.models import Clock
from liaison.kinds import REPLY
from liaison.lifecycle import RequestState
from tests.workorders.addresses import of_order
from workorders.lifecycle import OrderState
from workorders.models import Transfer
from workorders.units import unit_choices


def _limit(order):
    clock = Clock.objects.get(kind=REPLY, subject_id=order.request_id)
    return clock.limit_at, clock.assigned_at


def test_a_returned_order_waits_at_the_desk_and_its_limit_runs_on(order, judge, signed_in) -> None:
    before = _limit(order)
    browser = signed_in(judge)
    browser.post(of_order(order, "return"), {"reason": "不属本庭。"})
    order.refresh_from_db()
    assert order.state == OrderState.RETURNED
    assert order.request.state == RequestState.RETURNED
    assert _limit(order) == before
    ended = browser.get("/orders/?show=ended").context["queue"]
    assert [row.order for row in ended.rows] == [order]
    assert "不属本庭。" in browser.get(of_order(order)).content.decode()


def test_a_return_needs_its_reason(order, judge, signed_in) -> None:
    answer = signed_in(judge).post(of_order(order, "return"), {"reason": ""})
    assert answer.status_code == 400
    assert list(answer.context["forms"]["return"].errors) == ["reason"]
    assert answer.context["open_form"] == "return"


def _choose(department, person=None) -> str:
    return f"{department.pk}:{person.pk}" if person else str(department.pk)


def test_a_reassigned_order_leaves_the_judge_and_keeps_its_first_handler(
    town, order, judge, signed_in
) -> None:
    bureau = town.division(index=1)
    other = town.judge(bureau)
    before = _limit(order)
    browser = signed_in(judge)
    given = {"department": _choose(bureau, other), "reason": "执行事项"}
    answer = browser.post(of_order(order, "reassign"), given)
    assert answer.url == "/orders/"
    assert browser.get(of_order(order)).status_code == 404
    order.refresh_from_db()
    assert (order.department, order.handler) == (bureau, other)
    assert (order.first_handler, order.first_department) == (judge, town.division())
    assert _limit(order) == before
    page = signed_in(other).get(of_order(order))
    shown = page.content.decode()
    assert "First given to" in shown
    assert judge.display_name in shown or judge.name_en in shown
    kinds = [step.kind for step in page.context["transfers"]]
    assert kinds == [Transfer.Kind.DISPATCH, Transfer.Kind.REASSIGN]


def test_the_litigation_service_is_no_unit_to_choose(town, order, now) -> None:
    desks = Department.objects.filter(kind=Department.Kind.LITIGATION_SERVICE)
    own, *_names, others = unit_choices(town.east, now)[1:]
    offered = {value.partition(":")[0] for _label, group in (own, others) for value, _name in group}
    assert str(town.division().pk) in offered
    assert not offered & {str(desk.pk) for desk in desks}


def test_an_order_goes_to_a_department_of_another_court(town, order, judge, signed_in) -> None:
    far = town.division(town.west)
    given = {"department": _choose(far), "reason": "西岭区法院案件"}
    signed_in(judge).post(of_order(order, "reassign"), given)
    order.refresh_from_db()
    assert (order.court, order.handler) == (town.west, None)
    chief = town.holder(Post.Kind.DEPARTMENT_LEADER, department=far)
    assert signed_in(chief).get(of_order(order)).status_code == 200


def test_reassigning_needs_a_unit_and_a_reason(order, judge, signed_in) -> None:
    answer = signed_in(judge).post(of_order(order, "reassign"), {})
    assert answer.status_code == 400
    assert set(answer.context["forms"]["reassign"].errors) == {"department", "reason"}


def test_reassigning_to_where_it_is_changes_nothing(order, judge, division, signed_in) -> None:
    given = {"department": _choose(division, judge), "reason": "再派"}
    answer = signed_in(judge).post(of_order(order, "reassign"), given)
    assert answer.status_code == 400
    assert list(answer.context["forms"]["reassign"].errors) == ["department"]
    assert order.transfers.count() == 1


def test_no_person_outside_the_department_can_be_chosen(
    town, order, judge, division, signed_in
) -> None:
    outsider = town.judge(town.division(index=1))
    given = {"department": _choose(division, outsider), "reason": "再派"}
    answer = signed_in(judge).post(of_order(order, "reassign"), given)
    assert answer.status_code == 400
    assert list(answer.context["forms"]["reassign"].errors) == ["department"]


def test_an_assistant_may_not_reassign(town, order, division, signed_in) -> None:
    assistant = town.holder(Post.Kind.JUDGE_ASSISTANT, department=division)
    browser = signed_in(assistant)
    given = {"department": _choose(town.division(index=1)), "reason": "再派"}
    assert browser.post(of_order(order, "reassign"), given).status_code == 403
    assert "reassign" not in browser.get(of_order(order)).context["forms"]


def test_an_answered_order_is_not_passed_on(town, order, judge, signed_in) -> None:
    browser = signed_in(judge)
    browser.post(of_order(order, "reply"), {"text": "已安排。"})
    given = {"department": _choose(town.division(index=1)), "reason": "再派"}
    assert browser.post(of_order(order, "reassign"), given).status_code == 409
