"""The whole history: every firing says when it was due, when recorded, to whom and what is odd."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from django.utils.dateparse import parse_datetime

from courts.models import Post
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import ClockEvent, Firing
from escalation.sweep import sweep
from liaison import services as requests
from liaison.notice_kinds import read_ladder
from notices.models import Notice
from tests.city import local
from tests.workorders.addresses import supervised
from workorders import services
from workorders.supervision.history import whole_history


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def old(town):
    """Dispatched on Friday 5 June 2020: the rungs are on the 11th, 15th, 17th and 18th."""
    return town.order(at=local(2020, 6, 5))


def _lines(order) -> list[str]:
    return [f"{line.title}\n{line.text}".strip() for line in whole_history(order.request)]


def _line(order, beginning: str) -> str:
    (found,) = [line for line in _lines(order) if line.startswith(beginning)]
    return found


def test_a_firing_says_when_it_was_due_recorded_and_to_whom(town, old, leader, judge) -> None:
    sweep(local(2020, 6, 11, 9, 2))
    line = _line(old, "No reply after 3 business days: department leader")
    assert "Due Thu 11 Jun 09:00, recorded Thu 11 Jun 09:02." in line
    assert f"Answering for it then: Civil Division · {judge}." in line
    assert f"Sent to {leader} (department leader)." in line
    warning = _line(old, "Warning after 2 business days without a reply: handler, liaison officer")
    assert "Due Wed 10 Jun 09:00" in warning


def test_a_firing_says_how_its_count_came_to_that_day(town, old, client, leader) -> None:
    sweep(local(2020, 6, 11, 9, 2))
    client.force_login(leader)
    page = client.get(
        f"/supervision/{old.request.public_id}/", headers={"accept-language": "en"}
    ).content.decode()
    assert page.count("Why then?") == 2
    assert "Business day 1 was Mon 8 June, and business day 4 was Thu 11 June." in page
    assert "It was recorded at once, at 09:02." in page


def test_a_vacant_post_is_named_and_where_it_went(town, old, division) -> None:
    division.posts.get(kind=Post.Kind.DEPARTMENT_LEADER).tenures.update(until_at=local(2020, 6, 1))
    sweep(local(2020, 6, 11, 9, 2))
    line = _line(old, "No reply after 3 business days")
    assert "No one held the post of: department leader." in line
    assert "So it went further up, to: deputy president." in line


def test_a_rung_recorded_with_the_answer_says_so_and_stands_before_it(old, judge) -> None:
    services.reply(order_id=old.pk, text="已安排。", by=judge, at=local(2020, 6, 11, 10))
    line = _line(old, "No reply after 3 business days")
    assert "Recorded when the answer came: the notice says so." in line
    titles = [line.split("\n")[0] for line in _lines(old)]
    fired = titles.index("No reply after 3 business days: department leader")
    replied = titles.index("Replied in writing")
    assert fired < replied < titles.index("The clock of the reply stops")


def test_rungs_missed_behind_a_rejected_reply_are_recorded_and_the_highest_sent(
    old, judge, officer
) -> None:
    services.reply(order_id=old.pk, text="已收悉。", by=judge, at=local(2020, 6, 8, 10))
    services.reject_reply(
        order_id=old.pk, reason="没有回答所问。", by=officer, at=local(2020, 6, 16, 10)
    )
    sweep(local(2020, 6, 17, 8))
    assert not Firing.objects.exists()
    sweep(local(2020, 6, 17, 9, 1))
    silent = _line(old, "No reply after 3 business days: recorded, not sent: a higher rung was")
    assert "department leader" not in silent
    assert "Not sent: a higher rung was recorded with it" in silent
    loud = _line(old, "No reply after 5 business days: deputy president")
    assert "Missed while a reply stood that was rejected later." in loud
    assert "Sent to" in loud
    # The words stand where the officer's are kept, once, and not in the engine.
    assert _line(old, "Why the reply does not count") == (
        "Why the reply does not count\n没有回答所问。"
    )
    assert not ClockEvent.objects.filter(params__icontains="没有回答所问").exists()
    told = Notice.objects.get(kind="ladder.reply", params__step="rung2")
    context = read_ladder([told])[told.pk]
    assert context is not None
    assert context.inside["rejection"]["reason"] == "没有回答所问。"


def test_a_dispute_that_goes_to_the_desk_keeps_the_words_of_the_party_in_one_place(town) -> None:
    asked = town.request(at=local(2020, 6, 5))
    requests.answer(
        request_id=asked.pk, text="请查收短信。", by=town.staff(), at=local(2020, 6, 5, 11)
    )
    requests.dispute(request_id=asked.pk, text="没有收到短信。", at=local(2020, 6, 5, 12))
    event = ClockEvent.objects.get(kind=ClockEvent.Kind.RESUMED)
    entry = asked.timeline.get(pk=event.params["words"])
    assert (entry.kind, entry.text) == ("disputed", "没有收到短信。")
    lines = [line.text for line in whole_history(asked)]
    assert lines.count("没有收到短信。") == 1


def test_a_move_to_a_court_with_another_calendar_says_which_dates_moved(town, old, judge) -> None:
    closure = DayChange(date(2020, 6, 9), False, "停电", court=town.west)
    change_calendar([closure], reason="停电", approval="1", by=None, at=local(2020, 6, 8))
    requests.move_unit(
        request_id=old.request_id,
        department=town.division(town.west),
        handler=None,
        by=judge,
        reason="管辖",
        at=local(2020, 6, 8, 11),
    )
    moved = _line(old, "The clock goes on with Civil Division, its dates counted anew")
    assert "The limit moved from the end of Wed 10 Jun to that of Thu 11 Jun." in moved
    assert "What comes next moved from Wed 10 Jun 09:00 to Thu 11 Jun 09:00." in moved
    event = ClockEvent.objects.get(kind=ClockEvent.Kind.MOVED)
    assert parse_datetime(event.params["limit_to"]) == local(2020, 6, 12, 0)


def test_attempts_mark_the_rungs_that_follow(old, judge) -> None:
    for day in (8, 9, 10):
        services.record_contact(
            order_id=old.pk, means="call", outcome="not_reached", by=judge, at=local(2020, 6, day)
        )
    sweep(local(2020, 6, 11, 9, 2))
    assert "3 attempts on 2 days" in _line(old, "No reply after 3 business days")
    assert "3 attempts" not in _line(old, "Warning after 2 business days")


def test_the_way_of_the_clock_is_told(town, old, judge, leader, signed_in) -> None:
    bureau = town.division(index=1)
    services.reassign(
        order_id=old.pk,
        department=bureau,
        handler=None,
        reason="执行事项",
        by=judge,
        at=local(2020, 6, 8),
    )
    titles = [line.split("\n")[0] for line in _lines(old)]
    for title in (
        "Request registered",
        "The clocks of the acceptance and of the reply start",
        "The clock of the acceptance stops",
        "The limit counts from here, for Civil Division",
        "Reassigned to Enforcement Bureau",
        "The clock goes on with Enforcement Bureau, its dates unchanged",
    ):
        assert title in titles
    chief = town.holder(Post.Kind.DEPARTMENT_LEADER, department=bureau)
    page = signed_in(chief).get(supervised(old.request)).content.decode()
    assert "First given to" in page
    assert "执行事项" in page


def test_a_withdrawn_request_reads_as_ended(old, president, signed_in) -> None:
    requests.withdraw(request_id=old.request_id, at=local(2020, 6, 8))
    page = signed_in(president).get(supervised(old.request)).content.decode()
    assert "This has ended: withdrawn" in page
