"""Clause 9: a liaison officer for each department, published, who judges what is answered badly."""

from __future__ import annotations

import uuid

from courts.models import Person, Post
from tests.regulations.conftest import Receipt, Story, text_of


def _officer(story: Story) -> Person:
    return story.the(Post.Kind.LIAISON_OFFICER)


def test_officers_are_published_with_office_telephone_and_without_mobile(story: Story) -> None:
    officer = _officer(story)
    officer.mobile = "13912345678"
    officer.save()
    page = text_of(story.browser().get("/officers/", {"court": "示0101"}))
    assert officer.name_en in page or officer.name in page
    assert officer.office_phone in page
    assert "13912345678" not in page


def test_every_department_of_every_court_has_one(story: Story) -> None:
    page = text_of(story.browser().get("/officers/"))
    for court in (story.town.intermediate, story.town.east, story.town.west):
        for index in (0, 1):
            department = story.town.division(court, index)
            officer = story.the(Post.Kind.LIAISON_OFFICER, department=department)
            assert officer.office_phone in page


def _disputed(story: Story) -> Receipt:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 9, 15)
    story.handles(receipt, story.town.judge(), "reply", text="已收悉。")
    browser, _page = story.tracking(receipt)
    values = {"command_id": str(uuid.uuid4()), "text": "没有回答我的问题。"}
    assert browser.post(f"/track/{receipt.public_id}/dispute/", values).status_code == 302
    return receipt


def test_a_disputed_reply_reaches_the_officer_who_rejects_it(story: Story) -> None:
    receipt = _disputed(story)
    story.beat()
    officer = _officer(story)
    assert receipt.number in story.notices_of(officer)
    page = text_of(story.browser(officer).get(f"/supervision/{receipt.public_id}/"))
    assert "没有回答我的问题。" in page
    assert "已收悉。" in page
    answer = story.supervises(receipt, officer, "reject", reason="请答复开庭时间")
    assert answer.status_code == 302
    assert receipt.number in text_of(story.browser(story.town.judge()).get("/orders/"))


def test_the_officer_lets_it_stand_and_the_party_reads_why(story: Story) -> None:
    receipt = _disputed(story)
    reason = "答复已说明将另行通知开庭。"
    assert story.supervises(receipt, _officer(story), "dismiss", reason=reason).status_code == 302
    assert reason in story.reads(receipt)


def test_an_order_in_dispute_does_not_complete_by_itself(story: Story) -> None:
    receipt = _disputed(story)
    story.it_is(2026, 11, 9, 10)
    story.beat()
    answer = story.supervises(receipt, _officer(story), "reject", reason="请答复开庭时间")
    assert answer.status_code == 302


def test_the_officer_of_another_department_sees_nothing_of_it(story: Story) -> None:
    receipt = _disputed(story)
    other = story.the(Post.Kind.LIAISON_OFFICER, department=story.town.division(index=1))
    assert story.browser(other).get(f"/supervision/{receipt.public_id}/").status_code == 404
    assert story.supervises(receipt, other, "reject", reason="不妥").status_code == 404


def test_one_person_in_two_posts_gets_one_notice(story: Story) -> None:
    leader = story.the(Post.Kind.DEPARTMENT_LEADER)
    Post.objects.get(
        kind=Post.Kind.LIAISON_OFFICER, department=story.town.division()
    ).tenures.update(person=leader)
    receipt = story.files()
    # Dispatched to the department without a name: the warning is for its leader and its officer.
    values = {"department": story.town.division().pk, "handler": "", "matter": "other", "note": ""}
    assert story.at_desk(receipt, "route", **values).status_code == 302
    story.it_is(2026, 10, 10, 9)
    story.beat()
    assert len(story.risen_to(leader, receipt)) == 1
