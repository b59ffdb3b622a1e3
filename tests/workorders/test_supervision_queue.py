"""The supervision desk: what has come up, who is late, which replies are disputed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.models import Post
from escalation.sweep import sweep
from liaison import services as requests
from tests.workorders.addresses import supervised
from workorders import services


def _part(browser, name: str) -> list[str]:
    return [row.request.number for row in browser.get(f"/supervision/?show={name}").context["rows"]]


@pytest.fixture
def long_late(town, now):
    """An order that nobody has touched for forty days, and what the ladder made of it."""
    order = town.order(at=now - timedelta(days=40))
    sweep(now)
    return order


def test_what_the_ladder_sent_stands_first_with_the_level_it_reached(
    town, long_late, president, signed_in
) -> None:
    page = signed_in(president).get("/supervision/")
    names = [section["part"].name for section in page.context["sections"]]
    assert names == ["risen", "late"]
    row = page.context["sections"][0]["rows"][0]
    assert row.request == long_late.request
    assert row.reached.key == "rung4-1"
    assert row.clock.handler == town.judge()
    assert row.reading.state == "late"
    shown = page.content.decode()
    assert "came to you" in shown
    assert "late by" in shown


def test_each_of_the_ladder_sees_it_and_no_one_beside(
    town, long_late, officer, leader, president, signed_in
) -> None:
    number = long_late.request.number
    superior = town.holder(Post.Kind.PRESIDENT, court=town.intermediate)
    deputy = town.holder(Post.Kind.DEPUTY_PRESIDENT)
    for person in (officer, leader, deputy, president, superior):
        assert _part(signed_in(person), "risen") == [number]
    west = town.holder(Post.Kind.PRESIDENT, court=town.west)
    other_leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=town.division(index=1))
    for person in (west, other_leader):
        browser = signed_in(person)
        assert (_part(browser, "risen"), _part(browser, "late")) == ([], [])
        assert browser.get(supervised(long_late.request)).status_code == 404


def test_late_is_what_has_not_come_up_to_the_person(town, long_late, officer, signed_in) -> None:
    chamber = town.holder(Post.Kind.FILING_CHAMBER, court=town.intermediate)
    browser = signed_in(chamber)
    assert _part(browser, "risen") == []
    assert _part(browser, "late") == [long_late.request.number]
    assert "Donghu District Court ·" in browser.get("/supervision/").content.decode()
    assert _part(signed_in(officer), "late") == []


def test_what_is_in_time_is_not_late(order, president, signed_in) -> None:
    browser = signed_in(president)
    assert (_part(browser, "risen"), _part(browser, "late")) == ([], [])
    assert "Nobody else is late." in browser.get("/supervision/").content.decode()


def test_an_answered_matter_moves_to_answered_since(long_late, judge, president, signed_in) -> None:
    services.reply(order_id=long_late.pk, text="已安排。", by=judge)
    browser = signed_in(president)
    number = long_late.request.number
    assert _part(browser, "risen") == []
    assert _part(browser, "settled") == [number]
    page = browser.get(supervised(long_late.request)).content.decode()
    assert "The answer has since come" in page


def test_a_disputed_reply_waits_for_the_officer_alone(
    order, judge, officer, president, signed_in
) -> None:
    services.reply(order_id=order.pk, text="已收悉。", by=judge)
    requests.dispute(request_id=order.request_id, text="没有回答。")
    assert _part(signed_in(officer), "disputed") == [order.request.number]
    page = signed_in(president).get("/supervision/?show=disputed")
    assert "part" not in page.context


def test_an_attempt_to_reach_the_party_is_marked(town, now, judge, president, signed_in) -> None:
    order = town.order(at=now - timedelta(days=40))
    for days in (39, 38, 37):
        services.record_contact(
            order_id=order.pk,
            means="call",
            outcome="not_reached",
            by=judge,
            at=now - timedelta(days=days),
        )
    sweep(now)
    assert "Attempted" in signed_in(president).get("/supervision/").content.decode()


def test_units_are_counted_at_a_glance(town, long_late, order, president, signed_in) -> None:
    lines = signed_in(president).get("/supervision/").context["units"]
    (line,) = [line for line in lines if line.department == town.division()]
    assert (line.waiting, line.late) == (2, 1)


def test_a_request_at_the_desk_rises_too(town, now, signed_in) -> None:
    request = town.request(at=now - timedelta(days=40))
    sweep(now)
    service = request.department
    head = town.holder(Post.Kind.DEPARTMENT_LEADER, department=service)
    browser = signed_in(head)
    assert request.number in _part(browser, "risen")
    assert "waits at the desk" in browser.get("/supervision/").content.decode()
    page = browser.get(supervised(request))
    assert page.status_code == 200
    assert page.context["forms"] == {}
    assert "Not accepted after 1 business day:" in page.content.decode()
    for verb in ("instruct", "reject", "dismiss", "reassign"):
        answer = browser.post(supervised(request, verb), {"kind": "urge", "reason": "x"})
        assert answer.status_code == 404


def test_judges_have_no_supervision(order, judge, signed_in) -> None:
    assert signed_in(judge).get("/supervision/").status_code == 404
    assert signed_in(judge).get(supervised(order.request)).status_code == 404


def _queries(browser, path: str) -> int:
    browser.get(path)  # what the process remembers (policies, calendars) is read once
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", ["/supervision/", "/supervision/?show=risen"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    town, president, now, signed_in, path
) -> None:
    browser = signed_in(president)
    counts = []
    made = 0
    for rows in (1, 10, 50):
        for number in range(made, rows):
            town.order(at=now - timedelta(days=40, hours=number))
        made = rows
        sweep(now)
        counts.append(_queries(browser, path))
    assert counts[0] == counts[1] == counts[2]
