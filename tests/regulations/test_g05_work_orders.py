"""Clause 5: what touches facts, law or substance goes to the judge as a work order."""

from __future__ import annotations

from tests.regulations.conftest import MESSAGE, Story, text_of


def test_from_the_desk_to_the_judge_and_back_to_the_party(story: Story) -> None:
    receipt = story.files()
    assert receipt.number in text_of(story.browser(story.town.staff()).get("/desk/"))
    story.dispatches(receipt)
    judge = story.town.judge()
    story.beat()
    assert receipt.number in story.notices_of(judge)
    assert receipt.number in text_of(story.browser(judge).get("/orders/"))
    assert MESSAGE in text_of(story.browser(judge).get(story.order(receipt, judge)))
    assert story.handles(receipt, judge, "acknowledge").status_code == 302
    answer = story.handles(receipt, judge, "reply", text="定于十月二十日开庭。")
    assert answer.status_code == 302
    page = story.reads(receipt)
    assert "定于十月二十日开庭。" in page
    assert judge.name not in page


def test_a_spoken_answer_is_sent_to_the_party(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    values = {"means": "call", "outcome": "reached", "is_answer": "on", "summary": "周五开庭。"}
    assert story.handles(receipt, story.town.judge(), "contact", **values).status_code == 302
    assert "周五开庭。" in story.reads(receipt)


def test_an_assisting_unit_never_speaks_to_the_party(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    bureau = story.town.division(index=1)
    helper = story.town.judge(bureau)
    given = {"department": f"{bureau.pk}:{helper.pk}", "note": "请提供执行情况"}
    assert story.handles(receipt, story.town.judge(), "assist", **given).status_code == 302
    found = text_of(story.browser(helper).get("/orders/"))
    assert receipt.number in found
    assert story.handles(receipt, helper, "reply", text="内部：已冻结账户。").status_code == 302
    assert "内部：已冻结账户。" not in story.reads(receipt)
    lead = text_of(story.browser(story.town.judge()).get(story.order(receipt, story.town.judge())))
    assert "内部：已冻结账户。" in lead


def test_bad_input_gets_a_clear_error(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    answer = story.handles(receipt, story.town.judge(), "reply", text="  ")
    assert answer.status_code in (200, 400)
    assert answer.context["forms"]["reply"].errors["text"]


def test_an_answered_order_completes_by_itself_after_five_business_days(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 9, 15)
    story.handles(receipt, story.town.judge(), "reply", text="已安排。")
    story.it_is(2026, 10, 15, 23, 59)
    story.beat()
    before = story.reads(receipt)
    story.it_is(2026, 10, 16, 0, 1)
    story.beat()
    after = story.reads(receipt)
    assert "closed" not in before.lower()
    assert "closed" in after.lower()


def test_what_the_desk_could_not_satisfy_becomes_a_work_order(story: Story) -> None:
    receipt = story.files(matter="consultation")
    story.at_desk(receipt, "answer", text="请查看公告。", matter="consultation")
    browser, _page = story.tracking(receipt)
    values = {"command_id": "5f0c9f0a-7a55-4f7e-9b0e-0d4a1f3b2c11", "text": "公告没有写明。"}
    assert browser.post(f"/track/{receipt.public_id}/dispute/", values).status_code == 302
    assert receipt.number in text_of(story.browser(story.town.staff()).get("/desk/"))
    story.dispatches(receipt)
    judge = story.town.judge()
    assert receipt.number in text_of(story.browser(judge).get("/orders/"))
