"""Clause 4: central registration, classification, and an answer on the spot to simple matters."""

from __future__ import annotations

import pytest

from liaison.models import Matter
from tests.regulations.conftest import Story, text_of


def test_a_simple_matter_is_answered_at_the_desk_and_read_by_tracking(story: Story) -> None:
    receipt = story.files(matter="consultation", text="立案需要哪些材料？")
    answer = story.at_desk(receipt, "answer", text="请携带起诉状和身份证。", matter="consultation")
    assert answer.status_code == 302
    assert "请携带起诉状和身份证。" in story.reads(receipt)
    assert receipt.number not in text_of(
        story.browser(story.town.judge()).get("/orders/")
    )  # no judge is disturbed by it


@pytest.mark.parametrize("matter", Matter.values)
def test_every_kind_of_matter_can_be_named_and_corrected(story: Story, matter: str) -> None:
    receipt = story.files(matter="other")
    answer = story.at_desk(receipt, "answer", text="已处理。", matter=matter)
    assert answer.status_code == 302
    page = text_of(story.browser(story.town.staff()).get(f"/desk/{receipt.public_id}/"))
    assert str(Matter(matter).label).lower() in page.lower()


def test_an_answer_without_a_word_is_refused_at_its_field(story: Story) -> None:
    receipt = story.files()
    answer = story.at_desk(receipt, "answer", text=" ", matter="consultation")
    assert answer.status_code == 400
    assert answer.context["form"].errors["text"]


def test_who_is_slower_is_told_so(story: Story) -> None:
    receipt = story.files()
    story.at_desk(receipt, "answer", text="已处理。", matter="other")
    assert story.at_desk(receipt, "answer", text="再答。", matter="other").status_code == 409
    assert "再答。" not in story.reads(receipt)


def test_a_request_left_lying_at_the_desk_reaches_its_head(story: Story) -> None:
    receipt = story.files()
    head = story.town.holder(
        "department_leader", department=story.town.east.departments.get(kind="litigation_service")
    )
    story.it_is(2026, 10, 10, 9)  # the opening of the second business day
    story.beat()
    assert receipt.number in story.notices_of(head)
    chamber = story.the("filing_chamber", court=story.town.intermediate)
    assert receipt.number not in story.notices_of(chamber)
    story.it_is(2026, 10, 13, 9)
    story.beat()
    assert receipt.number in story.notices_of(chamber)
