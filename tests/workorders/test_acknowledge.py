"""Acknowledging receipt."""

from __future__ import annotations

import pytest

from tests.workorders.addresses import of_order
from workorders import services
from workorders.lifecycle import OrderState


def test_a_judge_acknowledges_an_order(order, judge, signed_in) -> None:
    answer = signed_in(judge).post(of_order(order, "acknowledge"), follow=True)
    order.refresh_from_db()
    assert order.state == OrderState.ACKNOWLEDGED
    assert order.acknowledged_at is not None
    assert answer.redirect_chain[-1][0] == of_order(order)
    assert "Receipt is acknowledged." in answer.content.decode()


def test_twice_is_once_too_often(order, judge, signed_in) -> None:
    browser = signed_in(judge)
    browser.post(of_order(order, "acknowledge"))
    assert browser.post(of_order(order, "acknowledge")).status_code == 409


VERBS = ("acknowledge", "contact", "reply", "return", "reassign", "assist", "complete", "reveal")


@pytest.mark.parametrize("verb", VERBS)
def test_an_order_of_others_does_not_exist(order, stranger, signed_in, verb) -> None:
    assert signed_in(stranger).post(of_order(order, verb), {"text": "x"}).status_code == 404
    assert signed_in(stranger).get(of_order(order)).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_opened_by_a_link_leads_to_the_order(order, judge, signed_in, verb) -> None:
    answer = signed_in(judge).get(of_order(order, verb))
    assert (answer.status_code, answer.url) == (302, of_order(order))


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("acknowledge", {}),
        ("contact", {"means": "call", "outcome": "not_reached"}),
        ("reply", {"text": "已安排。"}),
        ("return", {"reason": "不属本庭。"}),
        ("complete", {}),
    ],
)
def test_nothing_can_be_done_to_a_returned_order(order, judge, signed_in, verb, given) -> None:
    services.return_to_desk(order_id=order.pk, reason="不属本庭。", by=judge)
    assert signed_in(judge).post(of_order(order, verb), given).status_code == 409
    order.refresh_from_db()
    assert order.state == OrderState.RETURNED
