"""Clause 16: no figure is held against a judge before the judge has seen it, could object, and
somebody has said more than a score."""

from __future__ import annotations

import re

import pytest

from courts.models import Post
from reports.tasks import draft_assessment
from tests.regulations.conftest import Story, text_of


@pytest.fixture
def november(story: Story) -> Story:
    """Of two requests of October one is answered in time, one late; it is Tuesday 3 November."""
    story.it_is(2026, 10, 12, 10)
    first, second = story.filed_and_dispatched(), story.filed_and_dispatched()
    story.it_is(2026, 10, 14, 10)
    story.handles(first, story.town.judge(), "reply", text="已安排。")
    story.it_is(2026, 10, 20, 10)
    story.handles(second, story.town.judge(), "reply", text="已安排。")
    story.it_is(2026, 11, 3, 10)
    draft_assessment()
    story.beat()
    return story


def _object(story: Story) -> None:
    judge = story.browser(story.town.judge())
    page = text_of(judge.get("/reports/assessment/own/", {"month": "2026-10"}))
    assert "1 of 2 in time" in page
    assert "until the end of Fri 6 Nov 2026" in page
    links = re.findall(r'href="(/reports/assessment/own/object/[^"]+completion[^"]+)"', page)
    assert len(links) == 1
    answer = judge.post(links[0].replace("&amp;", "&"), {"reason": "当事人电话关机，已三次联系。"})
    assert answer.status_code == 302


def test_a_judge_objects_and_the_chamber_of_the_leading_court_answers(november: Story) -> None:
    _object(november)
    november.beat()
    chamber = november.the(Post.Kind.FILING_CHAMBER, court=november.town.intermediate)
    assert "Objection to a figure" in november.notices_of(chamber)
    browser = november.browser(chamber)
    page = text_of(browser.get("/reports/assessment/objections/"))
    (link,) = set(re.findall(r'href="(/reports/assessment/objections/[0-9a-f-]{36}/)"', page))
    assert browser.post(link, {"answer": "联系记录属实。", "upheld": "yes"}).status_code == 302
    november.beat()
    judge = november.town.judge()
    assert "Your objection is upheld" in november.notices_of(judge)
    page = text_of(november.browser(judge).get("/reports/assessment/own/", {"month": "2026-10"}))
    assert "1 of 2 in time · 1 of these objected to, 1 upheld" in page
    assert "without the upheld 100.0% (1 of 1)" in page
    # The published figure is what it was.
    president = november.browser(november.the(Post.Kind.PRESIDENT))
    assert "1 of 2 in time" in text_of(president.get("/leadership/", {"month": "2026-10"}))


def test_after_the_fifth_business_day_nobody_objects(november: Story) -> None:
    november.it_is(2026, 11, 7, 0)
    page = text_of(
        november.browser(november.town.judge()).get(
            "/reports/assessment/own/", {"month": "2026-10"}
        )
    )
    assert "/own/object/" not in page


def test_a_year_is_signed_by_the_president_after_a_comment_only(november: Story) -> None:
    november.it_is(2027, 1, 20, 10)
    judge = november.town.judge()
    page = text_of(november.browser(judge).get("/reports/assessment/sheets/", {"year": "2026"}))
    (sheet,) = set(re.findall(r'href="(/reports/assessment/sheets/[0-9a-f-]{36}/)"', page))
    president = november.browser(november.the(Post.Kind.PRESIDENT))
    assert president.post(f"{sheet}sign/").status_code == 409
    leader = november.browser(november.the(Post.Kind.DEPARTMENT_LEADER))
    leader.post(f"{sheet}comment/", {"comment": "办理认真，一件迟延。"})
    assert president.post(f"{sheet}sign/").status_code == 302
    signed = text_of(november.browser(judge).get(sheet))
    assert "办理认真，一件迟延。" in signed
    assert "Signed by" in signed
    stranger = november.town.judge(november.town.division(november.town.west))
    assert november.browser(stranger).get(sheet).status_code == 404
