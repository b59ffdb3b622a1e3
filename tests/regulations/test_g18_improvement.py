"""Clause 18 and Beijing's 16: what could be better, what works well, and interviews (16)."""

from __future__ import annotations

import uuid

import time_machine

from courts.models import Person, Post
from reports.models import Interview
from reports.tasks import propose_interviews
from tests import city
from tests.city import local
from tests.regulations.conftest import Story, text_of
from tests.reports import ranked_city

K = Post.Kind


def _sends(story: Story, person: Person, address: str, **given: str) -> str:
    answer = story.browser(person).post(address, {"command_id": str(uuid.uuid4())} | given)
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def test_anyone_in_a_court_reports_and_the_chamber_answers(story: Story) -> None:
    chamber = story.the(K.FILING_CHAMBER, court=story.town.intermediate)
    assistant = story.the(K.JUDGE_ASSISTANT, department=story.town.division())
    start = story.browser(assistant).get("/reports/follow-up/")
    assert (start.status_code, start["Location"]) == (302, "/reports/improvements/")
    made = _sends(
        story, assistant, "/reports/improvements/new/", title="工单字段重复", text="案号要填两次。"
    )
    assert "案号要填两次。" in text_of(story.browser(chamber).get(made))
    assert story.browser(story.town.judge()).get(made).status_code == 404
    assert story.browser(assistant).post(f"{made}adopt/", {"text": "好"}).status_code == 403
    _sends(story, chamber, f"{made}adopt/", text="下一版改为自动带出。")
    _sends(story, chamber, f"{made}carry_out/", text="已上线。")
    page = text_of(story.browser(assistant).get(made))
    for words in ("下一版改为自动带出。", "已上线。", "Carried out"):
        assert words in page


def test_a_good_practice_is_circulated_and_noted(beijing: Story) -> None:
    chamber = beijing.the(K.FILING_CHAMBER, court=beijing.town.intermediate)
    judge, west = beijing.town.judge(), beijing.the(K.PRESIDENT, court=beijing.town.west)
    made = _sends(beijing, judge, "/reports/practices/new/", title="晨会过单", text="每日九点。")
    assert beijing.browser(west).get(made).status_code == 404
    _sends(beijing, chamber, f"{made}circulate/")
    page = text_of(beijing.browser(west).get(made))
    assert "Take note for Xiling District Court" in page
    _sends(beijing, west, f"{made}acknowledge/")
    assert "Xiling District Court" in text_of(beijing.browser(chamber).get(made))
    page = text_of(beijing.browser(west).get(made))
    assert "Take note for" not in page


def test_the_ranking_proposes_an_interview_that_the_unit_confirms(db: None) -> None:
    with time_machine.travel(local(2020, 7, 2, 7), tick=False) as hour:
        story = Story(city.build(), hour)
        Person.objects.update(language="en")
        ranked_city.tell(story.town)
        assert propose_interviews() > 0
        assert propose_interviews() == 0
        deputy = story.the(K.DEPUTY_PRESIDENT, court=story.town.intermediate)
        president = story.the(K.PRESIDENT, court=story.town.west)
        interview = Interview.objects.get(court=story.town.west, department=None)
        made = f"/reports/interviews/{interview.public_id}/"
        assert "lagging" in text_of(story.browser(deputy).get(made))
        _sends(
            story, deputy, f"{made}hold/", interviewed=str(president.pk), held_on="2020-07-02",
            agreed="两周内清理积压。", agreed_until="2020-07-16",
        )  # fmt: skip
        assert "两周内清理积压。" in text_of(story.browser(president).get(made))
        _sends(story, president, f"{made}confirm/")
        _sends(story, deputy, f"{made}follow_up/", text="积压已清零。")
        page = text_of(story.browser(president).get(made))
        assert "积压已清零。" in page
        east = story.the(K.PRESIDENT)
        assert story.browser(east).get(made).status_code == 404
