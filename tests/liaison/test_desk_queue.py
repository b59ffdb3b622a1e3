"""What the desk must take next: order, counts, filters, search, and new arrivals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from liaison import intake, services
from liaison.desk import queue
from liaison.models import Request
from tests.city import City
from workorders import services as orders

DESK = "/desk/"


def numbers(response: object) -> list[str]:
    return [row.request.number for row in response.context["page"].rows]  # type: ignore[attr-defined]


def test_strangers_sign_in_and_other_posts_find_nothing(client: Client, town: City) -> None:
    assert client.get(DESK)["Location"].startswith("/sign-in/")
    client.force_login(town.judge())
    assert client.get(DESK).status_code == 404


def test_the_oldest_limit_comes_first_and_other_courts_do_not_come(
    desk: Client, town: City
) -> None:
    now = timezone.now()
    late = [town.request(at=now - timedelta(days=days)) for days in (1, 9, 5)]
    town.request(at=now, court=town.west)
    # Returned: its limit counts from the dispatch.
    order = town.order(at=now - timedelta(days=20))
    orders.return_to_desk(order_id=order.pk, reason="不属本庭管辖", by=order.handler)
    expected = [order.request.number, *(late[index].number for index in (1, 2, 0))]
    assert numbers(desk.get(DESK)) == expected


def test_counts_follow_the_state(desk: Client, town: City) -> None:
    now = timezone.now()
    town.request(at=now)
    town.order(at=now)
    answered = town.request(at=now)
    services.answer(request_id=answered.pk, text="可以。", by=town.staff())
    counts = desk.get(DESK).context["page"].counts
    assert counts == {"waiting": 1, "returned": 0, "routed": 1, "answered": 1, "ended": 0}
    for tab, n in counts.items():
        assert len(numbers(desk.get(DESK, {"state": tab}))) == n
    assert len(numbers(desk.get(DESK, {"state": "all"}))) == 3
    assert numbers(desk.get(DESK, {"state": "nonsense"})) == numbers(desk.get(DESK))


def test_matter_and_channel_narrow_the_list(desk: Client, town: City) -> None:
    now = timezone.now()
    one = town.request(at=now, matter="materials", channel="hotline")
    town.request(at=now, matter="other", channel="hall")
    for asked in ({"matter": "materials"}, {"channel": "hotline"}):
        sent = desk.post(DESK, asked)
        assert numbers(desk.get(sent["Location"])) == [one.number]
    assert len(numbers(desk.get(DESK, {"matter": "nonsense"}))) == 2


@pytest.mark.parametrize(
    "words", ["number", "欧阳明月", "（2026）示0101民初77号", "保管箱的钥匙", "钥匙何时"]
)
def test_a_search_finds_and_leaves_no_name_in_the_address(
    desk: Client, town: City, words: str
) -> None:
    now = timezone.now()
    one = town.request(
        at=now,
        party=intake.Party("欧阳明月", phone="13700137000"),
        case_number="（2026）示0101民初77号",
        title="钥匙何时归还",
        text="保管箱的钥匙何时归还？",
    )
    services.answer(request_id=one.pk, text="请到窗口领取。", by=town.staff())
    town.request(at=now)
    sent = desk.post(DESK, {"q": one.number if words == "number" else words})
    assert words not in sent["Location"]
    assert "%" not in sent["Location"]
    found = desk.get(sent["Location"])
    assert numbers(found) == [one.number]
    assert found.context["filter_form"]["q"].value()
    # The open request keeps the list beside it.
    query = sent["Location"].partition("?")[2]
    beside = desk.get(f"{reverse('desk:request', args=[one.public_id])}?{query}")
    assert numbers(beside) == [one.number]


def test_a_search_without_a_find_says_so(desk: Client, waiting: Request) -> None:
    sent = desk.post(DESK, {"q": "没有这样的事"})
    page = desk.get(sent["Location"])
    assert numbers(page) == []
    assert "empty" in page.content.decode()


@pytest.mark.parametrize("tab", ["waiting", "all"])
def test_pages_are_walked_forth_and_back_without_loss(
    desk: Client, town: City, monkeypatch: pytest.MonkeyPatch, tab: str
) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    now = timezone.now()
    # Three of one instant: the limit alone does not tell them apart.
    for days in (3, 3, 3, 2, 1):
        town.request(at=now - timedelta(days=days))
    pages = [desk.get(DESK, {"state": tab})]
    while pages[-1].context["older_url"]:
        pages.append(desk.get(pages[-1].context["older_url"]))
    walked = [numbers(page) for page in pages]
    assert [len(rows) for rows in walked] == [2, 2, 1]
    assert len({number for rows in walked for number in rows}) == 5
    back = [pages[-1]]
    while back[-1].context["newer_url"]:
        back.append(desk.get(back[-1].context["newer_url"]))
    assert [numbers(page) for page in reversed(back)] == walked


@pytest.mark.parametrize("cursor", ["x", "2026_1", "2026-11-21T00:00:00_1", "9999-99-99T_1"])
def test_a_cursor_of_nobodys_making_shows_the_first_page(
    desk: Client, waiting: Request, cursor: str
) -> None:
    assert numbers(desk.get(DESK, {"after": cursor})) == [waiting.number]


def test_new_items_arrive_without_reload_and_nothing_is_sent_when_nothing_changed(
    desk: Client, town: City, waiting: Request
) -> None:
    poll = desk.get(DESK).context["poll_url"]
    headers = {"hx-request": "true", "hx-target": "queue"}
    assert desk.get(poll, headers=headers).status_code == 204
    fresh = town.request(at=timezone.now())
    page = desk.get(poll, headers=headers)
    assert fresh.number in page.content.decode()
    assert "<html" not in page.content.decode()


def test_the_limit_is_shown_with_its_state(desk: Client, town: City) -> None:
    town.request(at=timezone.now() - timedelta(days=30))
    page = desk.get(DESK)
    assert page.context["page"].rows[0].reading.state == "late"
    assert "tone-late" in page.content.decode()


def test_statements_do_not_grow_with_rows(
    desk: Client, town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 100)
    now = timezone.now()
    counted = {}
    made = 0
    for rows in (1, 10, 50):
        while made < rows:
            town.request(at=now - timedelta(hours=made))
            made += 1
        desk.get(DESK)
        with CaptureQueriesContext(connection) as statements:
            response = desk.get(DESK)
        assert len(numbers(response)) == rows
        counted[rows] = len(statements)
    assert len(set(counted.values())) == 1, counted
