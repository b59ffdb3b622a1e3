"""The standing book: whose requests, which facts of them, in which order (G11, B11)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courts import calendar
from courts.models import Person, Post
from escalation.models import Clock, Firing
from liaison.models import Rating, Request, TimelineEntry
from reports.models import SavedView
from reports.standing_book import book as books
from reports.standing_book import services
from reports.standing_book.book import Book
from reports.standing_book.columns import BY_NAME, COLUMNS, SHOWN
from reports.standing_book.handling import gather
from reports.standing_book.wishes import Wish
from tests import city
from tests.city import SHANGHAI, City, local
from tests.reports import booked_city
from workorders.models import ContactRecord, Transfer, WorkOrder

pytestmark = pytest.mark.django_db
AT = local(2020, 6, 22, 12)
LIST = reverse("book:list")


@pytest.fixture
def town() -> City:
    return city.build()


@pytest.fixture
def told(town: City) -> dict[str, Request]:
    return booked_city.tell(town)


@pytest.fixture
def chamber(town: City) -> Person:
    return town.holder(Post.Kind.FILING_CHAMBER, court=town.intermediate)


def ids(person: Person, at=AT, **wish: str) -> list[int]:
    """A whole book, read page by page."""
    book, found, after = Book.of(person, Wish(**wish), at=at), [], ""
    while True:
        page = book.page(after=after, size=3)
        found += page.ids
        if not page.older:
            return found
        after = page.older


def plain(request: Request) -> dict[str, Any]:
    """What the book must say of a request, found by looking at every row there is."""
    reply = next(
        clock for clock in Clock.objects.all()
        if (clock.kind, clock.subject_id) == ("request.reply", request.pk)
    )  # fmt: skip
    order = next(
        (one for one in WorkOrder.objects.all() if one.request_id == request.pk and one.is_lead),
        None,
    )
    moves = [one.kind for one in Transfer.objects.all() if order and one.order_id == order.pk]
    calls = [one for one in ContactRecord.objects.all() if order and one.order_id == order.pk]
    days: int | None = None
    if request.answered_at:
        day = reply.opened_at.astimezone(SHANGHAI).date()
        days = 0
        while day < request.answered_at.astimezone(SHANGHAI).date():
            day += timedelta(days=1)
            days += calendar.present(request.court_id).is_business_day(day)
    answered, limit = request.answered_at, reply.limit_at
    assert limit is not None
    if request.state == "merged":
        completed = "merged"
    elif request.state == "withdrawn":
        completed = "withdrawn" if request.ended_at < limit else "late"
    elif answered:
        completed = "in_time" if answered < limit else "late"
    else:
        completed = "late" if limit <= AT else "open"
    return {
        "handler": order.handler.display_name if order else "",
        "first_handler": order.first_handler.display_name if order else "",
        "limit": (limit - timedelta(seconds=1)).astimezone(SHANGHAI).date(),
        "answered": answered,
        "business_days": days,
        "completed": completed,
        "rungs": " ".join(
            str(level)
            for level in sorted(
                {
                    one.level
                    for one in Firing.objects.all()
                    if one.clock_id == reply.pk and one.level and "merged_from" not in one.detail
                }
            )
        ),
        "returns": moves.count("return"),
        "reassignments": moves.count("reassign"),
        "rejections": sum(
            one.kind == "reply_rejected" and one.request_id == request.pk
            for one in TimelineEntry.objects.all()
        ),
        "attempts": len(calls),
        "contacts": sum(one.outcome == "reached" for one in calls),
        "rating": next(
            (
                one.get_grade_display()
                for one in Rating.objects.all()
                if one.request_id == request.pk and one.reply_rejected_at is None
            ),
            "",
        ),
        "merged_into": request.merged_into.number if request.merged_into else "",
    }


def test_every_row_says_what_plain_loops_find(told: dict[str, Request]) -> None:
    everything = [one.pk for one in told.values()]
    with CaptureQueriesContext(connection) as statements:
        entries = gather(everything, at=AT)
    assert [entry.request.pk for entry in entries] == everything
    for name, entry in zip(told, entries, strict=True):
        expected = plain(told[name])
        got = {column: BY_NAME[column].value(entry) for column in expected}
        assert got == expected, name
    rows = dict(zip(told, entries, strict=True))
    # And that the story has something to say at all.
    assert rows["met"].attempts == 3
    assert (rows["fought"].returns, rows["fought"].rejections) == (1, 1)
    assert rows["left"].rungs
    assert rows["met"].rating.grade == "not_satisfied"
    assert rows["fought"].rating is None
    assert Rating.objects.filter(request=told["fought"]).count() == 1
    assert rows["left"].completed == "late"
    assert {entry.completed.value for entry in entries} == {
        "in_time", "late", "open", "withdrawn", "merged",
    }  # fmt: skip
    with CaptureQueriesContext(connection) as fewer:
        gather(everything[:1], at=AT)
    assert len(fewer) == len(statements)


def test_whose_requests_stand_in_a_book(
    town: City, told: dict[str, Request], chamber: Person
) -> None:
    newest_first = sorted(told.values(), key=lambda one: (one.registered_at, one.pk), reverse=True)
    assert ids(chamber) == [one.pk for one in newest_first]
    west = town.holder(Post.Kind.PRESIDENT, court=town.west)
    assert ids(west) == [told["west"].pk]
    assert ids(west, court=str(town.east.public_id)) == []
    division = town.division()
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=division)
    mine = [one.pk for one in newest_first if one.department_id == division.pk]
    assert ids(leader) == mine
    assert 0 < len(mine) < len(told)
    deputy = Post.objects.get(court=town.east, kind=Post.Kind.DEPUTY_PRESIDENT)
    deputy.departments_in_charge.set([town.division(index=1)])
    in_charge = town.holder(Post.Kind.DEPUTY_PRESIDENT)
    assert ids(in_charge) == [told["fought"].pk]
    client = Client()
    client.force_login(leader)
    for outside in (town.west, town.division(town.west)):
        field = "court" if outside == town.west else "department"
        assert client.get(LIST, {field: str(outside.public_id)}).status_code == 404


def test_each_filter_finds_what_a_loop_over_the_rows_finds(
    town: City, told: dict[str, Request], chamber: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = gather(ids(chamber), at=AT)

    def expect(test: Any) -> list[int]:
        found = [entry.request.pk for entry in entries if test(entry)]
        assert 0 < len(found) < len(entries)
        return found

    judge = town.judge()
    cases: list[tuple[dict[str, str], list[int]]] = [
        *(
            ({"timeliness": how}, expect(lambda e, how=how: e.completed == how))
            for how in ("in_time", "late", "open", "withdrawn", "merged")
        ),
        ({"rung": "any"}, expect(lambda e: e.rungs)),
        ({"rung": "2"}, expect(lambda e: 2 in e.rungs)),
        ({"state": "closed"}, [e.request.pk for e in entries if e.request.state == "closed"]),
        ({"channel": "hotline"}, expect(lambda e: e.request.channel == "hotline")),
        ({"matter": "consultation"}, expect(lambda e: e.request.matter == "consultation")),
        ({"handler": judge.name}, expect(lambda e: e.handler and judge.name in e.handler.name)),
        ({"case_number": "(2020)示0101民初7号"}, [told["met"].pk]),
        ({"number": told["west"].number.lower()}, [told["west"].pk]),
        ({"number": told["west"].number, "state": "merged"}, []),
        ({"court": str(town.west.public_id)}, [told["west"].pk]),
        (
            {"department": str(town.division(index=1).public_id)},
            expect(lambda e: e.request.department_id == town.division(index=1).pk),
        ),
        ({"registered_from": "2020-06-22"}, [told["fresh"].pk]),
        ({"registered_until": "2020-06-21"}, expect(lambda e: e.request != told["fresh"])),
        ({"limit_month": "2020-06"}, [entry.request.pk for entry in entries]),
        ({"limit_month": "2020-05"}, []),
    ]
    for wish, expected in cases:
        assert ids(chamber, **wish) == expected, wish
    # Looking through two requests at a time, one gets to the end all the same.
    monkeypatch.setattr(books, "LOOK_THROUGH", 2)
    for wish, expected in cases:
        assert ids(chamber, **wish) == expected, wish
    short = Book.of(chamber, Wish(timeliness="merged"), at=AT).page()
    assert short.older
    assert short.looked_until is not None
    assert Book.of(chamber, Wish(timeliness="open"), at=AT).count() == books.Count(1, at_least=True)


def test_pages_stay_whole_while_requests_arrive(town: City, chamber: Person) -> None:
    there = [
        town.request(at=local(2020, 6, 1) + timedelta(minutes=number // 2), court=court).pk
        for number, court in enumerate([town.east, town.west] * 5)
    ]
    book, seen, after, cursors = Book.of(chamber, Wish(), at=AT), [], "", []
    while True:
        page = book.page(after=after, size=4)
        seen.append(list(page.ids))
        town.request(at=local(2020, 6, 2))  # newer than all
        town.request(at=local(2020, 6, 1) + timedelta(minutes=4), court=town.west)
        if not page.older:
            break
        after = page.older
        cursors.append(page)
    flat = [pk for rows in seen for pk in rows]
    assert len(flat) == len(set(flat))
    assert set(there) <= set(flat)
    # And back: the pages before the last, the other way round.
    newer = book.page(after=cursors[0].older, size=4).newer
    back = book.page(before=newer, size=4)
    assert set(seen[0]) & set(there) <= set(back.ids) | set(book.page(before=back.newer).ids)


def _many(town: City, number: int) -> None:
    """So many requests, copied from one: too many to be sorted for a page."""
    one = town.request(at=local(2020, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_name = 'liaison_request' AND column_name NOT IN"
            " ('id', 'public_id', 'number', 'registered_at', 'court_id')"
        )
        (columns,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO liaison_request (public_id, number, registered_at, court_id, {columns})"
            " SELECT gen_random_uuid(), 'X' || n, registered_at + n * interval '1 minute',"
            f" CASE WHEN n %% 2 = 0 THEN %s ELSE %s END, {columns}"
            " FROM liaison_request, generate_series(1, %s) AS n WHERE id = %s",
            [town.east.pk, town.west.pk, number, one.pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE liaison_request")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


def test_no_page_reads_or_sorts_the_whole_book(
    town: City, chamber: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(town, 12_000)
    monkeypatch.setattr(books, "LOOK_THROUGH", 100)  # as small a part of it as of a real one
    deep = f"{local(2020, 1, 2).isoformat()}_5"
    for wish in (Wish(), Wish(state="merged")):
        for after in ("", deep):
            book = Book.of(chamber, wish, at=AT)
            with CaptureQueriesContext(connection) as statements:
                book.page(after=after, size=50)
            asked = [one["sql"] for one in statements if "UNION ALL" in one["sql"]]
            assert len(asked) == 1 + bool(wish.kept())
            for sql in asked:
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
                    (found,) = cursor.fetchone()
                plan = found if isinstance(found, list) else json.loads(found)
                for node in _nodes(plan[0]["Plan"]):
                    scanned = node.get("Relation Name") == "liaison_request"
                    assert not (scanned and node["Node Type"] == "Seq Scan"), sql
                    if "Sort" in node["Node Type"]:
                        assert node["Plan Rows"] <= 100 * 3, sql
    most = books.Count(1000, at_least=True, is_capped=True)
    assert Book.of(chamber, Wish(), at=AT).count() == most


def test_a_page_takes_as_many_statements_whatever_it_shows(
    town: City, told: dict[str, Request], chamber: Person, django_assert_num_queries
) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(chamber)
    client.get(LIST)
    with CaptureQueriesContext(connection) as before:
        few = client.get(LIST)
    for number in range(45):
        town.order(at=local(2020, 6, 10) + timedelta(minutes=number))
    with django_assert_num_queries(len(before)):
        more = client.get(LIST)
    assert len(more.context["rows"]) == 50 > len(few.context["rows"])


def test_the_page_shows_masked_names_and_no_words(
    town: City, told: dict[str, Request], chamber: Person
) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(chamber)
    html = client.get(LIST, {"column": [column.name for column in COLUMNS]}).content.decode()
    assert told["met"].number in html
    assert "张*" in html
    for hidden in (
        "张三",
        "13800138000",
        told["met"].title,
        "开庭后一直没有消息",
        "未答复所问",
        "答复及时",
    ):
        assert hidden not in html
    assert "More than" not in html
    assert client.get(LIST, {"limit_month": "never"}).status_code == 400
    assert client.get(LIST, {"after": "nonsense", "column": "nonsense"}).status_code == 400


def test_a_view_is_kept_for_its_owner_alone(
    town: City, told: dict[str, Request], chamber: Person
) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(chamber)
    query = "timeliness=late&column=number&column=rungs"
    for _twice in range(2):
        answer = client.post(reverse("book:save_view"), {"name": " 逾期  的 ", "query": query})
        assert parse_qs(urlsplit(answer["Location"]).query) == parse_qs(query)
    view = SavedView.objects.get()
    assert (view.name, view.wish, view.columns) == (
        "逾期 的", {"timeliness": "late"}, ["number", "rungs"],
    )  # fmt: skip
    page = client.get(LIST)
    (shown,) = page.context["views"]
    kept = client.get(shown["url"])
    assert [column.name for column in kept.context["columns"]] == ["number", "rungs"]
    late = ids(chamber, at=timezone.now(), timeliness="late")
    assert [row["entry"].request.pk for row in kept.context["rows"]] == late
    assert 0 < len(late) < len(told)
    other = town.holder(Post.Kind.PRESIDENT)
    services.delete_view(person=other, public_id=view.public_id)
    assert SavedView.objects.count() == 1
    client.post(reverse("book:delete_view", args=[view.public_id]))
    assert SavedView.objects.count() == 0
    assert [column.name for column in page.context["columns"]] == list(SHOWN)


def test_an_empty_page_leads_back_to_where_it_began(
    chamber: Person, told: dict[str, Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "LOOK_THROUGH", 2)
    book = Book.of(chamber, Wish(state="withdrawn"), at=AT)
    page = book.page()
    assert not page.ids
    while not page.ids:
        page = book.page(after=page.older)
    assert page.ids == [told["withdrawn"].pk]
    back = book.page(before=page.newer)
    assert not back.ids
    assert book.page(after=back.older).ids == page.ids
