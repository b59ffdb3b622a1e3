"""Clauses 13 and 14: who is responsible for what, resolved within a limit, and looked back at."""

from __future__ import annotations

import uuid
from typing import Any

from courts.models import Person, Post, Tenure
from reports.tasks import look_back
from tests.regulations.conftest import Story, text_of

K = Post.Kind


def _tenure(story: Story, person: Person) -> int:
    return Tenure.objects.get(person=person, post__kind=K.DEPARTMENT_LEADER).pk


def _post(story: Story, person: Person, address: str, **given: Any) -> str:
    answer = story.browser(person).post(address, given)
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def test_a_matter_of_the_presidents_meeting_gets_owner_limit_and_result(story: Story) -> None:
    president, leader = story.the(K.PRESIDENT), story.the(K.DEPARTMENT_LEADER)
    given = {
        "command_id": str(uuid.uuid4()), "body": "presidents_meeting",
        "court": story.town.east.pk, "meeting_on": "2026-09-30", "unit": _tenure(story, leader),
        "title": "接听率偏低", "text": "一个月内解决。",
    }  # fmt: skip
    made = _post(story, president, "/reports/agenda/new/", **given)
    again = _post(story, president, "/reports/agenda/new/", **given)
    assert again == made  # sent twice, put on once
    page = text_of(story.browser(leader).get(made))
    assert "接听率偏低" in page
    assert "business day" in page
    assert leader.display_name in page
    _post(story, leader, f"{made}record_result/", text="排班调整，接听率九成。")
    assert story.browser(leader).post(f"{made}close/", {"text": "可"}).status_code == 403
    _post(story, president, f"{made}close/", text="抽查属实。")
    assert "Closed" in text_of(story.browser(president).get(made))
    story.it_is(2026, 12, 29, 7)
    assert look_back() == 0
    story.it_is(2026, 12, 30, 7)  # 90 days after September's end
    assert (look_back(), look_back()) == (1, 0)
    assert "Drawn for the look back" in text_of(story.browser(president).get(made))
    _post(story, president, f"{made}reopen/", text="又有反弹。")
    assert "又有反弹。" in text_of(story.browser(leader).get(made))


def test_a_listed_problem_is_struck_off_by_somebody_else(story: Story) -> None:
    chamber = story.the(K.FILING_CHAMBER, court=story.town.intermediate)
    leader = story.the(K.DEPARTMENT_LEADER)
    receipt = story.filed_and_dispatched()
    made = _post(
        story, chamber, "/reports/problems/new/", command_id=str(uuid.uuid4()),
        category="case_process", unit=_tenure(story, leader), title="保全后不告知",
        text="多名当事人反映。", request=receipt.number, case="",
    )  # fmt: skip
    page = text_of(story.browser(leader).get(made))
    assert receipt.number in page
    _post(story, leader, f"{made}report/", text="当日告知。")
    assert story.browser(leader).post(f"{made}strike/", {"text": "可"}).status_code == 403
    _post(story, chamber, f"{made}strike/", text="抽查十件均已告知。")
    _post(story, chamber, f"{made}reopen/", text="十月又见两件。")
    listed = text_of(story.browser(chamber).get("/reports/problems/"))
    assert "保全后不告知" in listed
    # Neither another division's leader nor a judge reads it.
    other = story.the(K.DEPARTMENT_LEADER, department=story.town.division(index=1))
    for stranger in (other, story.town.judge(), story.the(K.PRESIDENT, court=story.town.west)):
        assert story.browser(stranger).get(made).status_code == 404
        assert story.browser(stranger).post(f"{made}strike/", {"text": "x"}).status_code == 404
        assert "保全后不告知" not in text_of(story.browser(stranger).get("/reports/problems/"))
