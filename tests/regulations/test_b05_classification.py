"""Beijing, clause 5: simple matters are answered at once, others dispatched."""

from __future__ import annotations

from tests.regulations.conftest import Story, text_of


def test_a_simple_matter_is_answered_at_once(beijing: Story) -> None:
    receipt = beijing.files(matter="consultation")
    answer = beijing.at_desk(receipt, "answer", text="请见公告。", matter="consultation")
    assert answer.status_code == 302
    assert "请见公告。" in beijing.reads(receipt)


def test_an_answer_that_does_not_satisfy_comes_back_to_the_desk(beijing: Story) -> None:
    receipt = beijing.files(matter="consultation")
    beijing.at_desk(receipt, "answer", text="请见公告。", matter="consultation")
    browser, _page = beijing.tracking(receipt)
    values = {"command_id": "5f0c9f0a-7a55-4f7e-9b0e-0d4a1f3b2c14", "text": "公告没有写明。"}
    browser.post(f"/track/{receipt.public_id}/dispute/", values)
    assert receipt.number in text_of(beijing.browser(beijing.town.staff()).get("/desk/"))
