"""Clause 2: the three rates against 100 %, live, each figure opening the requests behind it."""

from __future__ import annotations

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command

from courts.models import Post
from tests.regulations.conftest import Story, text_of


@pytest.fixture
def october(story: Story) -> Story:
    """Four requests of Monday 12 October: three accepted in time, one answered in time."""
    story.it_is(2026, 10, 12, 10)
    first, second, third = (story.filed_and_dispatched() for _ in range(3))
    fourth = story.files()
    judge = story.town.judge()
    story.it_is(2026, 10, 14, 10)
    story.dispatches(fourth)  # a day late
    story.handles(first, judge, "reply", text="已安排。")
    story.it_is(2026, 10, 20, 10)
    story.handles(second, judge, "reply", text="已安排。")  # late
    assert third != fourth
    story.it_is(2026, 11, 9, 10)
    story.beat()
    return story


def test_the_president_sees_the_rates_of_the_month(october: Story) -> None:
    page = text_of(
        october.browser(october.the(Post.Kind.PRESIDENT)).get("/leadership/", {"month": "2026-10"})
    )
    assert "3 of 4 in time" in page  # acceptance
    assert "1 of 4 in time" in page  # completion


def test_each_figure_opens_the_requests_behind_it(october: Story) -> None:
    browser = october.browser(october.the(Post.Kind.PRESIDENT))
    page = text_of(browser.get("/leadership/", {"month": "2026-10"}))
    links = set(re.findall(r'href="(/leadership/items/[^"]+)"', page))
    assert links
    for link in links:
        assert re.search(r"SF20261012-0000\d", text_of(browser.get(link))), link


def test_the_superior_court_sees_the_city_and_a_judge_sees_nothing(october: Story) -> None:
    superior = october.the(Post.Kind.PRESIDENT, court=october.town.intermediate)
    page = text_of(october.browser(superior).get("/leadership/", {"month": "2026-10"}))
    assert october.town.east.name_en in page
    answer = october.browser(october.town.judge()).get("/leadership/", {"month": "2026-10"})
    assert answer.status_code == 404


def test_the_command_line_says_the_same(october: Story) -> None:
    out = StringIO()
    call_command("indicators", "2026-10", "--json", stdout=out)
    assert "SF20261012-00001" in out.getvalue()
    assert json.loads(out.getvalue())
    table = StringIO()
    call_command("indicators", "2026-10", "--language", "en", stdout=table)
    assert "75.0" in table.getvalue()
    assert "25.0" in table.getvalue()
