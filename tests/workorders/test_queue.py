"""The queue of orders: what is due, late ones first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courts.models import AccessRecord
from courts.paging import page
from courts.templatetags.ui import STATES
from liaison import services as requests
from liaison.templatetags.limits import standing
from tests.workorders.addresses import of_order, supervised
from workorders import services
from workorders.judge.queue import GROUPS
from workorders.models import WorkOrder


def _rows(browser, query: str = "") -> list[WorkOrder]:
    return [row.order for row in browser.get(f"/orders/{query}").context["queue"].rows]


def test_late_ones_come_first(town, judge, now, signed_in) -> None:
    orders = [town.order(at=now - timedelta(days=days)) for days in (1, 40, 20)]
    browser = signed_in(judge)
    assert _rows(browser) == [orders[1], orders[2], orders[0]]
    rows = browser.get("/orders/").context["queue"].rows
    assert [row.reading.state for row in rows][:2] == ["late", "late"]
    assert rows[0].group == GROUPS["late"]


def test_tabs_count_and_hold_what_stands_there(town, judge, now, signed_in) -> None:
    waiting, replied, completed, returned = (
        town.order(at=now - timedelta(hours=hours)) for hours in (1, 2, 3, 4)
    )
    for each in (replied, completed):
        services.reply(order_id=each.pk, text="已安排。", by=judge)
    services.complete(order_id=completed.pk, by=judge)
    services.return_to_desk(order_id=returned.pk, reason="不属本庭", by=judge)
    browser = signed_in(judge)
    counts = {"waiting": 1, "replied": 1, "completed": 1, "ended": 1}
    assert browser.get("/orders/").context["queue"].counts == counts
    assert _rows(browser) == [waiting]
    assert _rows(browser, "?show=replied") == [replied]
    assert _rows(browser, "?show=completed") == [completed]
    assert _rows(browser, "?show=ended") == [returned]


def test_what_was_sent_back_stands_first_once_and_says_so(
    town, judge, officer, now, signed_in
) -> None:
    late, again = town.order(at=now - timedelta(days=40)), town.order(at=now)
    services.reply(order_id=again.pk, text="已收悉。", by=judge)
    services.reject_reply(order_id=again.pk, reason="没有回答所问。", by=officer)
    answer = signed_in(judge).get("/orders/")
    rows = answer.context["queue"].rows
    assert [row.order for row in rows] == [again, late]
    assert [row.group for row in rows] == [GROUPS["sent_back"], GROUPS["late"]]
    assert answer.content.decode().count(str(STATES["sent_back"][2])) >= 1


def test_the_limit_chip_says_what_became_of_the_reply(town, judge, now, signed_in) -> None:
    """A withdrawn request was not answered, and a disputed reply may not stand."""
    orders = {
        name: town.order(at=now - timedelta(hours=1))
        for name in ("answered_in_time", "disputed", "stopped")
    }
    orders["answered_late"] = town.order(at=now - timedelta(days=40))
    requests.withdraw(request_id=orders.pop("stopped").request_id)
    for one in orders.values():
        services.reply(order_id=one.pk, text="已安排。", by=judge)
    requests.dispute(request_id=orders["disputed"].request_id, text="没有回答所问。")
    shown = {}
    for show in ("replied", "ended"):
        for row in signed_in(judge).get(f"/orders/?show={show}").context["queue"].rows:
            shown[row.order.pk] = standing(row.reading, row.order.request)
    assert sorted(shown.values()) == ["answered_in_time", "answered_late", "disputed", "stopped"]
    assert {name: shown[one.pk] for name, one in orders.items()} == {name: name for name in orders}


def test_a_judge_sees_own_orders_and_the_department_all_of_them(
    town, order, judge, leader, stranger, division, signed_in
) -> None:
    colleague = [
        post.tenures.get().person for post in division.posts.filter(kind="judge").order_by("pk")
    ][1]
    assert _rows(signed_in(judge)) == [order]
    assert _rows(signed_in(colleague)) == []
    assert _rows(signed_in(leader)) == [order]
    assert _rows(signed_in(stranger)) == []


def test_an_empty_queue_says_so(judge, signed_in) -> None:
    assert "Nothing waits for you" in signed_in(judge).get("/orders/").content.decode()


def test_whoever_handles_nothing_has_no_queue(town, officer, signed_in) -> None:
    assert signed_in(officer).get("/orders/").status_code == 404
    assert signed_in(town.staff()).get("/orders/").status_code == 404


def test_pages_go_forward_and_back_without_gap_or_double(town, judge, now) -> None:
    orders = [town.order(at=now - timedelta(hours=hours)) for hours in range(7, 0, -1)]
    rows = WorkOrder.objects.handled_by(judge).with_limit()
    first = page(rows, "limit_at", size=3)
    second = page(rows, "limit_at", after=first.older, size=3)
    third = page(rows, "limit_at", after=second.older, size=3)
    assert [*first.rows, *second.rows, *third.rows] == orders
    assert (first.newer, third.older) == ("", "")
    back = page(rows, "limit_at", before=third.newer, size=3)
    assert back.rows == second.rows
    assert page(rows, "limit_at", before=back.newer, size=3).rows == first.rows


@pytest.mark.parametrize("cursor", ["x", "_", "2026-11-21_1", "2026-99-99T00:00:00+00:00_1"])
def test_a_cursor_that_cannot_be_read_is_none(order, judge, signed_in, cursor) -> None:
    assert _rows(signed_in(judge), f"?after={cursor}") == [order]


def _queries(browser, path: str) -> int:
    browser.get(path)  # what the process remembers (policies, calendars) is read once
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_rows(town, judge, now, signed_in) -> None:
    browser = signed_in(judge)
    counts = []
    made = 0
    for rows in (1, 10, 50):
        for number in range(made, rows):
            town.order(at=now - timedelta(hours=number))
        made = rows
        counts.append(_queries(browser, "/orders/"))
    assert counts[0] == counts[1]
    # The last of the pages has a next one; that is a row more, and no statement.
    assert counts[1] == counts[2]


def test_a_page_costs_the_same_however_much_has_happened(
    town, order, judge, division, signed_in
) -> None:
    browser = signed_in(judge)

    def happen(times: int) -> None:
        for _ in range(times):
            services.record_contact(
                order_id=order.pk, means="call", outcome="reached", summary="说明", by=judge
            )
            services.assist(
                order_id=order.pk,
                department=town.division(index=1),
                handler=None,
                note="请协助",
                by=judge,
            )

    happen(1)
    before = _queries(browser, of_order(order))
    happen(9)
    assert _queries(browser, of_order(order)) == before


def test_a_leaders_look_at_an_order_is_recorded(order, leader, judge, signed_in) -> None:
    signed_in(judge).get(of_order(order))
    assert not AccessRecord.objects.exists()
    signed_in(leader).get(of_order(order))
    look = AccessRecord.objects.get()
    assert (look.person, look.action) == (leader, AccessRecord.Action.LEADER_LOOK)
    assert (look.subject_kind, look.subject_id) == ("request", order.request_id)
    refused = signed_in(leader).post(of_order(order, "reply"), {})
    assert refused.status_code == 400
    assert AccessRecord.objects.filter(person=leader).count() == 2


def test_a_request_leads_to_ones_order_or_to_supervision(
    town, order, judge, officer, stranger, signed_in
) -> None:
    path = reverse("orders:by_request", args=[order.request.public_id])
    assert signed_in(judge).get(path).url == of_order(order)
    assert signed_in(officer).get(path).url == supervised(order.request)
    assert signed_in(stranger).get(path).status_code == 404


def test_the_case_number_stands_in_its_parts(order, judge, signed_in) -> None:
    facts = dict(signed_in(judge).get(of_order(order)).context["case_facts"])
    assert facts["Case number"] == "（2026）示0101民初123号"
    assert facts["Year"] == "2026"
    assert facts["Case type"] == "民初"
    assert facts["Serial number"] == "123"
    assert "示0101" in facts["Court"]
    assert facts["Court"] != "示0101"
