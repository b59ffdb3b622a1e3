"""The operator's page of the gateways, its one verb, and the addresses it keeps."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courts.models import Person
from notices import standing
from notices.delivery import deliver_due
from notices.models import Address, BouncingAddress, Contact, Delivery, GatewayState, Notice
from tests.city import City, local
from tests.notices.mail import LATER, parties
from tests.notices.provider import Provider

PAGE = reverse("admin:gateways")
AGAIN = reverse("admin:gateways_again")


@pytest.fixture
def operator(db: None, client: Client) -> Client:
    """A browser of an administrator who reads English."""
    client.force_login(Person.objects.create_superuser("root", "x", name="管理员"))
    client.cookies["django_language"] = "en"
    return client


def _text(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_while_all_is_well_it_says_so(operator: Client) -> None:
    assert "All gateways are in order, and nothing was given up." in _text(operator)


def test_it_is_for_those_who_may_read_gateways_and_deliveries(db: None, client: Client) -> None:
    person = Person.objects.create_user("half", "x", name="半", is_staff=True)
    client.force_login(person)
    assert client.get(PAGE).status_code == 403
    assert client.post(AGAIN, {"channel": "sms"}).status_code == 403
    names = ["view_gatewaystate", "view_delivery"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    assert client.get(PAGE).status_code == 200
    assert client.post(AGAIN, {"channel": "sms"}).status_code == 403
    assert client.get(AGAIN).status_code == 405


def test_one_click_tries_again_what_a_gateway_gave_up(
    town: City, by_sms: Provider, operator: Client, settings: Any
) -> None:
    settings.PARTY_CHANNELS = ["sms"]
    parties(town, 3)
    by_sms.answer = lambda got: (400, {"code": 400})
    for hours in (0, 5, 10):
        deliver_due(LATER + timedelta(hours=hours))
    assert "3 deliveries were given up" in _text(operator)
    by_sms.answer = lambda got: (200, {"code": 0, "id": got.key})
    answer = operator.post(AGAIN, {"channel": "sms"}, follow=True)
    assert "3 deliveries are tried again." in answer.content.decode()
    assert deliver_due()["sent"] == 3
    assert operator.post(AGAIN, {"channel": "nonsense"}).status_code == 302
    assert "given up, and" not in _text(operator).replace("and nothing was given up", "")


def test_an_open_breaker_is_told_with_its_reason_and_what_to_do(
    operator: Client, settings: Any
) -> None:
    settings.PARTY_CHANNELS, settings.SMS_URL = ["sms"], "http://127.0.0.1:1/"
    now = timezone.now()
    GatewayState.objects.create(
        channel="sms", failures=3, opened_at=now, reason="503 x",
        open_until=now + timedelta(minutes=1),
    )  # fmt: skip
    said = _text(operator)
    assert "<b>out of order</b>" in said
    assert "(503 x)" in said
    assert "See that its address and secret are right" in said


def _sent(count: int, at: Any, cost: str | None, **more: Any) -> None:
    contact = Contact.objects.create(name="当事人")

    for index in range(count):
        notice = Notice.objects.create(
            key=f"{uuid.uuid4()}:{index}", kind="request.reopened", contact=contact,
            subject_kind="request", subject_id=1,
        )  # fmt: skip
        Delivery.objects.create(
            notice=notice, channel="sms", state="sent", sent_at=at, next_attempt_at=None,
            cost=Decimal(cost) if cost else None, currency="CNY" if cost else None, **more,
        )  # fmt: skip


def test_costs_are_summed_by_the_months_of_the_place(db: None) -> None:
    _sent(3, local(2026, 10, 31, 23, 59), "0.045")
    _sent(2, local(2026, 11, 1, 0, 1), "0.09")
    _sent(1, local(2026, 11, 2), None)
    _sent(1, local(2025, 11, 30, 23, 59), "9")  # a year and more ago
    found = standing.costs(local(2026, 11, 20))
    assert [(one.month.isoformat(), one.messages, one.amount) for one in found] == [
        ("2026-11-01", 2, Decimal("0.1800")),
        ("2026-10-01", 3, Decimal("0.1350")),
    ]
    assert [one.month.month for one in standing.costs(local(2026, 12, 1))] == [11, 10]


def test_receipts_that_never_came_are_counted(db: None, by_sms: Provider) -> None:
    now = local(2026, 11, 20)
    _sent(2, now - timedelta(hours=73), None)
    _sent(1, now - timedelta(hours=71), None)
    _sent(1, now - timedelta(hours=80), None, receipt="arrived", receipt_at=now)
    _sent(1, now - timedelta(days=31), None)
    (sms,) = [one for one in standing.standings(now) if one.channel == "sms"]
    assert (sms.sent, sms.unheard, sms.arrived) == (4, 2, 1)


def test_the_number_of_queries_does_not_grow(db: None, by_sms: Provider) -> None:
    counts = []
    for count in (1, 10):
        _sent(count, local(2026, 11, 20), "0.05")
        with CaptureQueriesContext(connection) as queries:
            standing.standings(local(2026, 11, 20))
        counts.append(len(queries))
    assert counts == [5, 5]


def test_an_address_is_kept_in_cipher_and_never_shown_again(operator: Client) -> None:
    person = Person.objects.create_user("judge", name="法官")
    add = reverse("admin:notices_address_add")
    secret = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"
    values = {"channel": "wecom", "person": person.pk, "contact": "", "address": ""}
    assert operator.post(add, values).status_code == 200  # none was given
    assert operator.post(add, values | {"address": secret}).status_code == 302
    kept = Address.objects.get()
    assert kept.address == secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notices_address")
        assert "693a91f6" not in cursor.fetchone()[0]
    change = reverse("admin:notices_address_change", args=[kept.pk])
    assert "693a91f6" not in operator.get(change).content.decode()
    assert operator.post(change, values).status_code == 302
    kept.refresh_from_db()
    assert kept.address == secret


def test_a_bouncing_address_is_used_again_by_an_administrator(operator: Client) -> None:
    marked = BouncingAddress.objects.create(address_index="d" * 64, status="5.1.1")
    url = reverse("admin:notices_bouncingaddress_changelist")
    said = operator.post(
        url, {"action": "use_again", "_selected_action": [marked.pk]}, follow=True
    ).content.decode()
    assert "1 address is used again." in said
    assert "d" * 64 not in said
    marked.refresh_from_db()
    assert marked.cleared_at is not None
