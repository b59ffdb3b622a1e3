"""Clause 17: the first-handler responsibility; passing a matter on buys no time."""

from __future__ import annotations

from courts.models import Post
from tests.regulations.conftest import Story, text_of


def test_the_first_handler_stays_on_record_through_return_and_reassignment(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    first = story.town.judge()
    assert story.handles(receipt, first, "return", reason="不属本庭管辖").status_code == 302
    bureau = story.town.division(index=1)
    story.dispatches(receipt, bureau)
    second = story.town.judge(bureau)
    assistant = story.the(Post.Kind.JUDGE_ASSISTANT, department=bureau)
    given = {"department": f"{bureau.pk}:{assistant.pk}", "reason": "由助理先行联系"}
    assert story.handles(receipt, second, "reassign", **given).status_code == 302
    page = text_of(story.browser(assistant).get(story.order(receipt, assistant)))
    assert "First given to" in page
    assert first.name_en in page or first.name in page
    for reason in ("不属本庭管辖", "由助理先行联系"):
        assert reason in page


def test_a_return_and_a_reassignment_never_restart_the_clock(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 9, 15)
    story.handles(receipt, story.town.judge(), "return", reason="不属本庭管辖")
    bureau = story.town.division(index=1)
    story.it_is(2026, 10, 10, 17)
    story.dispatches(receipt, bureau)
    story.it_is(2026, 10, 12, 9)
    story.beat()
    leader = story.the(Post.Kind.DEPARTMENT_LEADER, department=bureau)
    assert len(story.risen_to(leader, receipt)) == 1
    assert "more than 3 business days" in story.notices_of(leader)


def test_both_need_a_reason(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    judge, bureau = story.town.judge(), story.town.division(index=1)
    for verb, values in (("return", {}), ("reassign", {"department": str(bureau.pk)})):
        answer = story.handles(receipt, judge, verb, reason="", **values)
        assert answer.status_code in (200, 400)
        assert "reason" in answer.context["forms"][verb].errors


def test_no_one_rules_on_a_reply_of_ones_own(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    leader = story.the(Post.Kind.DEPARTMENT_LEADER)
    officer_post = Post.objects.get(
        kind=Post.Kind.LIAISON_OFFICER, department=story.town.division()
    )
    # Guangzhou's arrangement: the department's leader is its liaison officer.
    officer_post.tenures.update(person=leader)
    story.handles(receipt, leader, "reply", text="已收悉。")
    assert story.supervises(receipt, leader, "reject", reason="不妥").status_code == 403
