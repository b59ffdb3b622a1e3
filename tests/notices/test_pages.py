"""A person's own notices: the list, opening one, marking all as read, the bell."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courts.models import Person
from notices.context import unread_count
from notices.delivery import deliver_due
from notices.models import Delivery, Notice
from notices.outbox import NewNotice, put
from tests.city import City, local
from workorders import services as orders

AT = local(2026, 11, 2)
LIST = reverse("notices:list")


@pytest.fixture
def judge(town: City, client: Client) -> Person:
    """A judge who reads English and is signed in."""
    person = town.judge()
    person.language, person.email = "en", ""
    person.save()
    client.force_login(person)
    return person


def _tell(judge: Person, order_id: int, count: int) -> None:
    """So many notices about one order, a minute apart, delivered."""
    for index in range(count):
        at = AT + timedelta(minutes=index)
        notice = NewNotice(
            key=f"told:{order_id}:{uuid.uuid4()}",
            kind="order.dispatched",
            subject_kind="workorder",
            subject_id=order_id,
            person_id=judge.pk,
            params={"role": "handler"},
        )
        put([notice], at=at)
    deliver_due(AT + timedelta(minutes=count), gateways=[])


def _listed(client: Client, url: str = LIST) -> list[Notice]:
    response = client.get(url)
    assert response.status_code == 200
    return [row.notice for row in response.context["rows"]]


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    for url in (LIST, reverse("notices:open", args=[uuid.uuid4()])):
        assert client.get(url)["Location"].startswith("/sign-in/")
    assert client.post(reverse("notices:read_all"))["Location"].startswith("/sign-in/")


def test_the_list_shows_the_partys_words_escaped(town: City, judge: Person, client: Client) -> None:
    order = town.order(at=AT, text="<script>alert(1)</script>")
    deliver_due(AT, gateways=[])
    page = client.get(LIST).content.decode()
    assert order.request.number in page
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_notice_not_delivered_yet_is_not_listed(
    town: City, judge: Person, client: Client
) -> None:
    town.order(at=AT)
    assert _listed(client) == []
    assert unread_count(judge.pk) == 0


def test_opening_marks_as_read_and_goes_to_the_order(
    town: City, judge: Person, client: Client
) -> None:
    order = town.order(at=AT)
    deliver_due(AT, gateways=[])
    notice = Notice.objects.get(person=judge)
    response = client.get(reverse("notices:open", args=[notice.public_id]))
    assert response["Location"] == f"/orders/{order.public_id}/"
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    client.get(reverse("notices:open", args=[notice.public_id]))
    notice.refresh_from_db()
    assert notice.read_at == first


def test_anothers_notice_does_not_exist(town: City, judge: Person, client: Client) -> None:
    town.order(at=AT, court=town.west)
    deliver_due(AT, gateways=[])
    other = Notice.objects.get(kind="order.dispatched")
    assert client.get(reverse("notices:open", args=[other.public_id])).status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_what_has_passed_to_others_is_no_longer_read(
    town: City, judge: Person, client: Client
) -> None:
    order = town.order(at=AT)
    deliver_due(AT, gateways=[])
    division = town.division(index=1)
    orders.reassign(
        order_id=order.pk,
        department=division,
        handler=town.judge(division),
        reason="不属本庭",
        by=judge,
        at=AT,
    )
    page = client.get(LIST).content.decode()
    assert order.request.number in page
    assert order.request.text not in page
    notice = Notice.objects.get(person=judge)
    response = client.get(reverse("notices:open", args=[notice.public_id]))
    assert response["Location"] == LIST


def test_unread_come_first_and_pages_neither_repeat_nor_leave_out(
    town: City, judge: Person, client: Client
) -> None:
    order = town.order(at=AT)
    _tell(judge, order.pk, 70)
    everyone = list(Notice.objects.filter(person=judge).order_by("-created_at", "-pk"))
    read = everyone[:20] + everyone[40:45]
    Notice.objects.filter(pk__in=[one.pk for one in read]).update(read_at=AT)
    expected = [one for one in everyone if one not in read] + read
    seen, url, pages = [], LIST, 0
    while url:
        response = client.get(url)
        seen += [row.notice for row in response.context["rows"]]
        older, pages = response.context["older"], pages + 1
        url = f"{LIST}?after={older}" if older else ""
    assert seen == expected
    assert pages == 3


def test_a_page_goes_on_after_a_notice_that_was_read_meanwhile(
    town: City, judge: Person, client: Client
) -> None:
    order = town.order(at=AT)
    _tell(judge, order.pk, 40)
    first = client.get(LIST)
    last = first.context["rows"][-1].notice
    client.get(reverse("notices:open", args=[last.public_id]))
    rest = _listed(client, f"{LIST}?after={first.context['older']}")
    assert not set(rest) & ({row.notice for row in first.context["rows"]} - {last})
    unread = Notice.objects.filter(person=judge, read_at__isnull=True)
    shown = {row.notice.pk for row in first.context["rows"]} | {one.pk for one in rest}
    assert {one.pk for one in unread} <= shown


@pytest.mark.parametrize("cursor", ["x", "unread.", "unread.zz", f"unread.{uuid.UUID(int=1)}"])
def test_a_cursor_that_is_none_shows_the_first_page(
    town: City, judge: Person, client: Client, cursor: str
) -> None:
    town.order(at=AT)
    deliver_due(AT, gateways=[])
    assert len(_listed(client, f"{LIST}?after={cursor}")) == 1


def test_mark_all_leaves_what_came_since(town: City, judge: Person, client: Client) -> None:
    first = town.order(at=AT)
    deliver_due(AT, gateways=[])
    until = client.get(LIST).context["until"]
    town.order(at=AT + timedelta(minutes=5))
    deliver_due(AT + timedelta(minutes=6), gateways=[])
    response = client.post(reverse("notices:read_all"), {"until": until})
    assert response["Location"] == LIST
    read = Notice.objects.filter(person=judge, read_at__isnull=False)
    assert [one.subject_id for one in read] == [first.pk]
    assert unread_count(judge.pk) == 1


def test_mark_all_leaves_anothers(town: City, judge: Person, client: Client) -> None:
    town.order(at=AT, court=town.west)
    deliver_due(AT, gateways=[])
    client.post(reverse("notices:read_all"), {"until": "nonsense"})
    assert not Notice.objects.filter(read_at__isnull=False).exists()


def test_a_get_marks_nothing(town: City, judge: Person, client: Client) -> None:
    assert client.get(reverse("notices:read_all")).status_code == 405


def test_the_bell_counts_what_is_unread_to_a_hundred(
    town: City, judge: Person, client: Client
) -> None:
    order = town.order(at=AT)
    _tell(judge, order.pk, 2)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("notices:bell")).content.decode()
    assert "3 unread notices" in page
    _tell(judge, order.pk, 110)
    assert unread_count(judge.pk) == 100
    assert "99+" in client.get(reverse("notices:bell")).content.decode()


def test_whoever_has_signed_out_is_asked_no_more(client: Client, db: None) -> None:
    response = client.get(reverse("notices:bell"))
    assert (response.status_code, response["HX-Reswap"]) == (286, "none")


def test_the_list_asks_as_many_queries_for_one_as_for_many(
    town: City, judge: Person, client: Client
) -> None:
    counts = []
    client.get(LIST)  # the session is in the cache from here on
    for size in (1, 9, 40):
        for _index in range(size):
            town.order(at=AT)
        deliver_due(AT + timedelta(hours=1), gateways=[])
        with CaptureQueriesContext(connection) as queries:
            assert len(_listed(client)) == min(Notice.objects.filter(person=judge).count(), 30)
        counts.append(len(queries))
    # A page full of unread ones does not look for read ones.
    assert counts[0] == counts[1] == counts[2] + 1


def test_the_administration_shows_no_words_and_no_addresses(town: City, client: Client) -> None:
    order = town.order(at=AT)
    deliver_due(AT, gateways=[])
    admin = Person.objects.create_superuser("root", "invented-password", name="管理员")
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    for delivery in Delivery.objects.all():
        url = reverse("admin:notices_delivery_change", args=[delivery.pk])
        page = client.get(url).content.decode()
        assert order.request.text not in page
        assert "@" not in page.split('id="content"')[1]
    assert client.get(reverse("admin:notices_delivery_changelist")).status_code == 200


def test_the_administration_puts_given_up_ones_back_in_line(town: City, client: Client) -> None:
    town.order(at=AT)
    Delivery.objects.update(state=Delivery.State.DEAD, next_attempt_at=None, attempts=16)
    admin = Person.objects.create_superuser("root", "invented-password", name="管理员")
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    chosen = list(Delivery.objects.values_list("pk", flat=True)[:1])
    client.post(
        reverse("admin:notices_delivery_changelist"),
        {"action": "try_again", "_selected_action": chosen},
    )
    again = Delivery.objects.filter(state=Delivery.State.PENDING, attempts=0)
    assert [one.pk for one in again] == chosen
