"""Replying in writing, and completing."""

from __future__ import annotations

from django.utils import timezone

from escalation.models import Clock
from liaison import services as requests
from liaison.access import access_code, find
from liaison.kinds import REPLY
from liaison.lifecycle import RequestState
from notices.models import Notice
from tests.workorders.addresses import of_order, supervised
from workorders import services
from workorders.lifecycle import OrderState
from workorders.models import Reply


def test_a_reply_answers_the_request(order, judge, signed_in) -> None:
    answer = signed_in(judge).post(of_order(order, "reply"), {"text": "已安排开庭。"}, follow=True)
    order.refresh_from_db()
    assert order.state == OrderState.REPLIED
    assert order.request.state == RequestState.ANSWERED
    assert Clock.objects.get(kind=REPLY, subject_id=order.request_id).stopped_at is not None
    assert "The reply is sent" in answer.content.decode()
    assert "已安排开庭。" in answer.content.decode()


def test_an_empty_reply_is_named_at_its_field(order, judge, signed_in) -> None:
    answer = signed_in(judge).post(of_order(order, "reply"), {"text": "  "})
    assert answer.status_code == 400
    assert list(answer.context["forms"]["reply"].errors) == ["text"]
    assert 'id="reply_text"' in answer.content.decode()
    assert not Reply.objects.exists()


def test_the_second_reply_comes_too_late(order, judge, signed_in) -> None:
    browser = signed_in(judge)
    browser.post(of_order(order, "reply"), {"text": "一"})
    assert browser.post(of_order(order, "reply"), {"text": "二"}).status_code == 409
    assert Reply.objects.get().entry.text == "一"


def test_the_assistant_of_the_department_replies_too(town, order, division, signed_in) -> None:
    assistant = town.holder("judge_assistant", department=division)
    signed_in(assistant).post(of_order(order, "reply"), {"text": "已安排。"})
    assert Reply.objects.get().person == assistant


def test_a_supervisor_has_no_hand_in_the_reply(order, officer, president, signed_in) -> None:
    for person in (officer, president):
        answer = signed_in(person).post(of_order(order, "reply"), {"text": "结果应当如此"})
        assert answer.status_code == 404


def test_a_replied_order_is_completed(order, judge, signed_in) -> None:
    browser = signed_in(judge)
    browser.post(of_order(order, "reply"), {"text": "已安排开庭。"})
    assert "complete" in browser.get(of_order(order)).context["verbs"]
    browser.post(of_order(order, "complete"))
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert order.request.state == RequestState.CLOSED


def test_what_is_not_answered_is_not_completed(order, judge, signed_in) -> None:
    assert signed_in(judge).post(of_order(order, "complete")).status_code == 409


def test_a_disputed_order_is_not_completed(order, judge, signed_in) -> None:
    browser = signed_in(judge)
    browser.post(of_order(order, "reply"), {"text": "已收悉。"})
    requests.dispute(request_id=order.request_id, text="没有回答。")
    page = browser.get(of_order(order))
    assert "complete" not in page.context["verbs"]
    assert "没有回答。" in page.content.decode()
    assert browser.post(of_order(order, "complete")).status_code == 409


def test_a_rejected_reply_brings_the_order_back(order, judge, officer, signed_in) -> None:
    browser = signed_in(judge)
    browser.post(of_order(order, "reply"), {"text": "已收悉。"})
    assert not browser.get("/orders/").context["queue"].rows
    signed_in(officer).post(supervised(order.request, "reject"), {"reason": "没有回答所问。"})
    assert [row.order for row in browser.get("/orders/").context["queue"].rows] == [order]
    page = browser.get(of_order(order)).content.decode()
    assert "没有回答所问。" in page
    assert browser.post(of_order(order, "reply"), {"text": "周五开庭。"}).status_code == 302


def test_the_reply_is_read_by_tracking(order, judge, signed_in) -> None:
    signed_in(judge).post(of_order(order, "reply"), {"text": "已安排开庭。"})
    found = find(order.request.number, access_code(order.request), address="192.0.2.1")
    public = found.timeline.filter(is_public=True, at__lte=timezone.now())
    assert "已安排开庭。" in public.values_list("text", flat=True)


def test_a_request_withdrawn_by_the_party_leaves_nothing_to_do(order, judge, signed_in) -> None:
    requests.withdraw(request_id=order.request_id)
    browser = signed_in(judge)
    assert browser.post(of_order(order, "reply"), {"text": "一"}).status_code == 409
    page = browser.get(of_order(order))
    assert page.context["forms"] == {}
    assert "Nothing is left to do here" in page.content.decode()


def test_an_order_withdrawn_a_second_time_is_told_again(town, order, judge, division) -> None:
    services.return_to_desk(order_id=order.pk, reason="不属本庭。", by=judge)
    requests.answer(request_id=order.request_id, text="已答复。", by=town.staff())
    requests.dispute(request_id=order.request_id, text="没有回答所问。")
    requests.route(request_id=order.request_id, department=division, handler=judge, by=town.staff())
    requests.withdraw(request_id=order.request_id)
    assert Notice.objects.filter(kind="order.withdrawn", person=judge).count() == 2


def test_assisting_orders_end_with_their_lead(town, order, judge) -> None:
    bureau = town.division(index=1)
    open_one, reported = (
        services.assist(order_id=order.pk, department=bureau, handler=None, note="问", by=judge)
        for _ in range(2)
    )
    services.reply(
        order_id=reported.pk, text="报告", by=town.holder("department_leader", department=bureau)
    )
    services.reply(order_id=order.pk, text="已安排。", by=judge)
    services.complete(order_id=order.pk, by=judge)
    open_one.refresh_from_db()
    reported.refresh_from_db()
    assert open_one.state == OrderState.WITHDRAWN
    assert reported.state == OrderState.COMPLETED
