"""Beijing, clause 6: a work order goes to the judge; the limit is the policy's in force."""

from __future__ import annotations

from tests.regulations.conftest import Story, text_of


def test_the_judge_has_the_order_with_its_limit_and_answers(beijing: Story) -> None:
    receipt = beijing.filed_and_dispatched()
    judge = beijing.town.judge()
    page = text_of(beijing.browser(judge).get(beijing.order(receipt, judge)))
    assert "10 Oct" in page  # three business days over National Day
    assert beijing.handles(receipt, judge, "reply", text="已安排。").status_code == 302
    assert "已安排。" in beijing.reads(receipt)


def test_what_is_not_the_judges_goes_back_with_a_reason(beijing: Story) -> None:
    receipt = beijing.filed_and_dispatched()
    answer = beijing.handles(receipt, beijing.town.judge(), "return", reason="应由执行局办理")
    assert answer.status_code == 302
    desk = beijing.browser(beijing.town.staff())
    assert receipt.number in text_of(desk.get("/desk/"))
    assert "应由执行局办理" in text_of(desk.get(f"/desk/{receipt.public_id}/"))
