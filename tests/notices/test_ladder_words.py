"""What the ladder says to whom it rises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from courts.models import Person, Tenure
from escalation.sweep import sweep
from liaison import services as requests
from notices.delivery import deliver_due
from notices.models import Delivery
from tests.city import City, local
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, IN_APP
from workorders import services as orders


def _inside(person: Person, kind: str = "ladder.reply") -> str:
    rows = Delivery.objects.filter(notice__person=person, notice__kind=kind, channel=IN_APP)
    return rows.order_by("-notice_id")[0].body


@pytest.fixture
def english(town: City) -> City:
    """The city, its staff reading English."""
    Person.objects.update(language="en")
    return town


def test_a_rung_says_what_rose_and_why(english: City, mail_server: MailServer) -> None:
    order = english.order(at=AT)
    for day in (6, 7, 7):
        orders.record_contact(
            order_id=order.pk,
            means="call",
            outcome="not_reached",
            by=english.judge(),
            at=local(2020, 6, day),
        )
    sweep(local(2020, 6, 15, 9))
    deliver_due(local(2020, 6, 15, 9))
    deputy = english.holder("deputy_president")
    body = _inside(deputy)
    assert "more than 5 business days" in body
    assert "3 attempts were made" in body
    assert "You receive this as the deputy president in charge." in body
    assert order.request.text in body
    warned = _inside(english.judge())
    assert "There has been no reply for 2 business days." in warned
    assert "attempts" in warned


def test_a_rung_settled_by_the_answer_says_so(english: City, mail_server: MailServer) -> None:
    order = english.order(at=AT)
    orders.reply(order_id=order.pk, text="已安排。", by=english.judge(), at=local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 10))
    leader = english.holder("department_leader", department=english.division())
    assert "The answer has since come." in _inside(leader)


def test_a_rung_settled_by_withdrawal_does_not_speak_of_an_answer(
    english: City, mail_server: MailServer
) -> None:
    order = english.order(at=AT)
    requests.withdraw(request_id=order.request_id, at=local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 10))
    leader = english.holder("department_leader", department=english.division())
    assert "withdrawn" in _inside(leader)
    assert "answer" not in _inside(leader)


def test_a_rung_behind_a_rejected_reply_says_which_and_why(
    english: City, mail_server: MailServer
) -> None:
    order = english.order(at=AT)
    orders.reply(order_id=order.pk, text="已阅。", by=english.judge(), at=local(2020, 6, 8))
    officer = english.holder("liaison_officer", department=english.division())
    orders.reject_reply(order_id=order.pk, reason="没有回答问题", by=officer, at=local(2020, 6, 16))
    sweep(local(2020, 6, 17, 8, 59))
    sweep(local(2020, 6, 16, 9) + timedelta(days=1))
    deliver_due(local(2020, 6, 17, 10))
    deputy = english.holder("deputy_president")
    body = _inside(deputy)
    assert "A reply of Mon 8 June was rejected on Tue 16 June" in body
    assert "没有回答问题" in body


def test_a_rung_for_a_vacant_post_says_why_it_came(english: City, mail_server: MailServer) -> None:
    leader = english.holder("department_leader", department=english.division())
    Tenure.objects.filter(person=leader).delete()
    english.order(at=AT)
    sweep(local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 9))
    body = _inside(english.holder("deputy_president"))
    assert "because there is nobody at present as the department's leader" in body


def test_who_acts_for_a_post_is_told_so(english: City, mail_server: MailServer) -> None:
    leader = english.holder("department_leader", department=english.division())
    deputy = english.judge(english.division(index=1))
    post = Tenure.objects.get(person=leader, post__kind="department_leader").post
    Tenure.objects.create(post=post, person=deputy, is_acting=True, from_at=AT)
    english.order(at=AT)
    sweep(local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 9))
    assert "acting for the department's leader" in _inside(deputy)


def test_who_acts_elsewhere_is_not_told_to_act_here(english: City, mail_server: MailServer) -> None:
    leader = english.holder("department_leader", department=english.division())
    elsewhere = english.holder("department_leader", department=english.division(index=1))
    post = Tenure.objects.get(person=elsewhere, post__kind="department_leader").post
    Tenure.objects.create(post=post, person=leader, is_acting=True, from_at=AT)
    english.order(at=AT)
    sweep(local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 9))
    assert "acting for" not in _inside(leader)
