"""Asking another unit to assist: it reports to the lead and never to the party."""

from __future__ import annotations

import pytest

from liaison.timeline_texts import party_history
from notices.models import Notice
from tests.workorders.addresses import of_order
from workorders.lifecycle import OrderState
from workorders.models import WorkOrder


@pytest.fixture
def bureau(town):
    return town.division(index=1)


@pytest.fixture
def asked(town, order, judge, bureau, signed_in) -> WorkOrder:
    """An assisting order, asked for on the page of the lead."""
    given = {"department": f"{bureau.pk}:{town.judge(bureau).pk}", "note": "款项到账了吗？"}
    assert signed_in(judge).post(of_order(order, "assist"), given).status_code == 302
    return WorkOrder.objects.get(request=order.request, is_lead=False)


def test_the_other_unit_sees_what_is_asked_and_by_whom(town, asked, bureau, signed_in) -> None:
    browser = signed_in(town.judge(bureau))
    assert [row.order for row in browser.get("/orders/").context["queue"].rows] == [asked]
    page = browser.get(of_order(asked)).content.decode()
    assert "款项到账了吗？" in page
    assert "You assist" in page
    assert "Nothing you write here reaches the party." in page


def test_the_report_stands_on_the_leads_page_and_never_in_tracking(
    town, order, asked, judge, bureau, signed_in
) -> None:
    signed_in(town.judge(bureau)).post(of_order(asked, "reply"), {"text": "昨日到账。"})
    asked.refresh_from_db()
    order.refresh_from_db()
    assert asked.state == OrderState.REPLIED
    assert order.state == OrderState.DISPATCHED
    page = signed_in(judge).get(of_order(order))
    assert "昨日到账。" in page.content.decode()
    assert [other.pk for other in page.context["assisting"]] == [asked.pk]
    shown = " ".join(
        f"{line.title} {line.text}" for line in party_history(order.request, with_ladder=True)
    )
    assert "昨日到账。" not in shown
    assert "款项到账了吗？" not in shown
    told = Notice.objects.get(kind="order.assist_replied")
    assert told.person == judge


def test_a_returned_assist_is_told_to_the_lead(
    town, order, asked, judge, bureau, signed_in
) -> None:
    signed_in(town.judge(bureau)).post(of_order(asked, "return"), {"reason": "无此案"})
    asked.refresh_from_db()
    order.refresh_from_db()
    assert (asked.state, order.state) == (OrderState.RETURNED, OrderState.DISPATCHED)
    assert Notice.objects.get(kind="order.assist_replied").person == judge


def test_a_question_names_a_unit_and_says_what(order, judge, signed_in) -> None:
    answer = signed_in(judge).post(of_order(order, "assist"), {"note": " "})
    assert answer.status_code == 400
    assert set(answer.context["forms"]["assist"].errors) == {"department", "note"}
    assert answer.context["open_form"] == "assist"


def test_an_assisting_unit_asks_nobody_else(town, asked, bureau, division, signed_in) -> None:
    browser = signed_in(town.judge(bureau))
    given = {"department": str(division.pk), "note": "请协助"}
    assert browser.post(of_order(asked, "assist"), given).status_code == 409


def test_an_answered_order_asks_nobody(order, judge, bureau, signed_in) -> None:
    browser = signed_in(judge)
    browser.post(of_order(order, "reply"), {"text": "已安排。"})
    given = {"department": str(bureau.pk), "note": "请协助"}
    assert browser.post(of_order(order, "assist"), given).status_code == 409
