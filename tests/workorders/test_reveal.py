"""The party's telephone: masked, shown on request, and every look on record."""

from __future__ import annotations

from courts.models import AccessRecord, Post
from tests.workorders.addresses import of_order
from workorders import services

PHONE = "13800138000"


def test_the_telephone_is_masked_until_asked_for(order, judge, signed_in) -> None:
    browser = signed_in(judge)
    page = browser.get(of_order(order)).content.decode()
    assert "138****8000" in page
    assert PHONE not in page
    assert not AccessRecord.objects.exists()
    shown = browser.post(of_order(order, "reveal"))
    assert PHONE in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    look = AccessRecord.objects.get()
    assert (look.person, look.action) == (judge, AccessRecord.Action.REVEAL_CONTACT)
    assert (look.subject_kind, look.subject_id) == ("request", order.request_id)


def test_htmx_is_given_the_number_alone(order, judge, signed_in) -> None:
    shown = signed_in(judge).post(of_order(order, "reveal"), headers={"hx-request": "true"})
    assert PHONE in shown.content.decode()
    assert "<html" not in shown.content.decode()


def test_a_leader_who_does_not_handle_it_sees_no_number(order, leader, signed_in) -> None:
    assert signed_in(leader).post(of_order(order, "reveal")).status_code == 403
    assert not AccessRecord.objects.filter(action=AccessRecord.Action.REVEAL_CONTACT).exists()


def test_a_leader_who_handles_it_calls_the_party(
    town, order, leader, judge, division, signed_in
) -> None:
    assert leader == town.holder(Post.Kind.DEPARTMENT_LEADER, department=division)
    services.reassign(
        order_id=order.pk, department=division, handler=leader, reason="由庭长办理", by=judge
    )
    assert PHONE in signed_in(leader).post(of_order(order, "reveal")).content.decode()
