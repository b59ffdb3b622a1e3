"""Clause 8: node supervision. Three business days of silence reach the department leader, two
more the deputy president, two more the president; eight the president of the Intermediate Court.

The request comes on Wednesday 30 September 2026, before eight days of National Day; Saturday
10 October is worked.
"""

from __future__ import annotations

import pytest

from courts.models import Person, Post
from tests.regulations.conftest import MESSAGE, Receipt, Story, text_of


def _people(story: Story) -> dict[str, Person]:
    return {
        "handler": story.town.judge(),
        "officer": story.the(Post.Kind.LIAISON_OFFICER),
        "leader": story.the(Post.Kind.DEPARTMENT_LEADER),
        "deputy": story.the(Post.Kind.DEPUTY_PRESIDENT),
        "president": story.the(Post.Kind.PRESIDENT),
        "superior": story.the(Post.Kind.PRESIDENT, court=story.town.intermediate),
    }


def _told(story: Story, receipt: Receipt) -> set[str]:
    """Who has a notice of the ladder about this request: told late, or warned."""
    return {role for role, person in _people(story).items() if story.risen_to(person, receipt)}


LADDER = [
    ((2026, 10, 10, 9), {"handler", "officer"}),
    ((2026, 10, 12, 9), {"leader"}),
    ((2026, 10, 14, 9), {"deputy"}),
    ((2026, 10, 16, 9), {"president"}),
    ((2026, 10, 19, 9), {"superior"}),
]


def test_silence_climbs_step_by_step_and_each_gets_the_partys_message(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    told: set[str] = set()
    for moment, roles in LADDER:
        year, month, day, hour = moment
        story.it_is(year, month, day, hour - 1, 59)
        story.beat()
        assert _told(story, receipt) == told
        story.it_is(*moment)
        story.beat()
        told |= roles
        assert _told(story, receipt) == told
        for role in roles - {"handler"}:
            person = _people(story)[role]
            page = text_of(story.browser(person).get(f"/supervision/{receipt.public_id}/"))
            assert MESSAGE in page
            assert receipt.number in text_of(story.browser(person).get("/supervision/"))


def test_nobody_is_told_twice_however_often_it_is_swept(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 20, 10)
    for _ in range(3):
        story.beat()
    for role, person in _people(story).items():
        assert len(story.risen_to(person, receipt)) == 1, role
    assert _told(story, receipt) == set(_people(story))


def test_after_weeks_of_downtime_nothing_is_missing(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 11, 9, 10)
    story.beat()
    assert _told(story, receipt) == set(_people(story))
    page = text_of(
        story.browser(story.the(Post.Kind.PRESIDENT)).get(f"/supervision/{receipt.public_id}/")
    )
    assert "12 Oct 09:00" in page  # when rung 1 was due, whenever it was recorded


def test_a_reply_in_time_disturbs_nobody_above(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 10, 23, 59)
    story.beat()
    assert story.handles(receipt, story.town.judge(), "reply", text="已安排。").status_code == 302
    story.it_is(2026, 11, 9, 10)
    story.beat()
    assert _told(story, receipt) == {"handler", "officer"}


def test_a_reply_on_the_weekend_after_the_limit_is_late_and_disturbs_no_leader(
    story: Story,
) -> None:
    story.it_is(2026, 10, 20, 14)  # Tuesday: the limit ends with Friday
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 24, 11)
    story.handles(receipt, story.town.judge(), "reply", text="已安排。")
    story.it_is(2026, 11, 9, 10)
    story.beat()
    assert "leader" not in _told(story, receipt)


@pytest.mark.parametrize(
    ("contact", "stops"),
    [
        ({"means": "call", "outcome": "not_reached"}, False),
        ({"means": "call", "outcome": "reached", "summary": "约定再谈。"}, False),
        (
            {"means": "call", "outcome": "reached", "summary": "周五开庭。", "is_answer": "on"},
            True,
        ),
    ],
)
def test_only_an_answer_stops_it(story: Story, contact: dict[str, str], stops: bool) -> None:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 9, 15)
    assert story.handles(receipt, story.town.judge(), "acknowledge").status_code == 302
    assert story.handles(receipt, story.town.judge(), "contact", **contact).status_code == 302
    story.it_is(2026, 10, 12, 9)
    story.beat()
    assert ("leader" in _told(story, receipt)) is not stops


def test_a_rejected_reply_lets_it_run_on_as_if_it_had_never_been(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    story.it_is(2026, 10, 9, 15)
    story.handles(receipt, story.town.judge(), "reply", text="已收悉。")
    story.it_is(2026, 10, 15, 16)
    officer = story.the(Post.Kind.LIAISON_OFFICER)
    assert story.supervises(receipt, officer, "reject", reason="答非所问").status_code == 302
    story.beat()
    assert not {"leader", "deputy"} & _told(story, receipt)  # not before the opening hour
    story.it_is(2026, 10, 16, 9)
    story.beat()
    told = _told(story, receipt)
    # Of those missed the highest alone is sent; the president's own is due this morning.
    assert "leader" not in told
    assert {"deputy", "president"} <= told
    page = story.notices_of(story.the(Post.Kind.DEPUTY_PRESIDENT))
    assert "A reply of Fri 9 October was rejected on Thu 15 October" in page
    assert "答非所问" in page


def test_the_intermediate_courts_own_silence_goes_no_further_than_its_president(
    story: Story,
) -> None:
    receipt = story.files(court="示01")
    clerk = story.town.staff(story.town.intermediate)
    division = story.town.division(story.town.intermediate)
    values = {"department": division.pk, "handler": story.town.judge(division).pk}
    answer = story.browser(clerk).post(
        f"/desk/{receipt.public_id}/route/", values | {"matter": "other", "note": ""}
    )
    assert answer.status_code == 302
    story.it_is(2026, 11, 9, 10)
    story.beat()
    president = story.the(Post.Kind.PRESIDENT, court=story.town.intermediate)
    assert len(story.risen_to(president, receipt)) == 1
    assert "You receive this as the president of the court" in story.notices_of(president)
