"""What a party entrusts to the court lies nowhere in clear, and in no log."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from courts.models import ApiClient
from escalation.sweep import sweep
from liaison import services as requests
from liaison.access import access_code
from liaison.intake import Party
from liaison.models import Channel, Request
from tests import city
from workorders import services
from workorders.models import WorkOrder

PHONE, ID_NUMBER, EMAIL, NAME = "13987654321", "440100199001017777", "wang@example.org", "王小帆"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the product writes to its log, as it writes it."""
    written = io.StringIO()
    settings_of_logs = settings.LOGGING
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        logging.config.DictConfigurator(settings_of_logs).configure_formatter(  # type: ignore[attr-defined]
            dict(settings_of_logs["formatters"]["json"])
        )
    )
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def _everything_in_the_database() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def _whole_story(town: city.City) -> Request:
    request = town.request(
        at=timezone.now(),
        party=Party(NAME, phone=PHONE, email=EMAIL, id_number=ID_NUMBER),
    )
    division = town.division()
    requests.route(
        request_id=request.pk,
        department=division,
        handler=town.judge(division),
        by=town.staff(),
    )
    order = WorkOrder.objects.get(request=request)
    services.acknowledge(order_id=order.pk, by=town.judge())
    services.reply(order_id=order.pk, text="已安排。", by=town.judge())
    sweep()
    request.refresh_from_db()
    return request


@pytest.mark.django_db
def test_the_database_holds_no_telephone_identity_number_or_address_in_clear() -> None:
    request = _whole_story(city.build())
    rows = list(_everything_in_the_database())
    assert any(NAME in row for _table, row in rows)  # the search looks where it should
    for secret in (PHONE, ID_NUMBER, EMAIL, access_code(request)):
        assert [table for table, row in rows if secret in row] == []


@pytest.mark.django_db
def test_the_log_names_no_party(log: io.StringIO) -> None:
    town = city.build()
    request = _whole_story(town)
    _client, key = ApiClient.objects.issue(
        name="machine",
        jurisdiction=town.jurisdiction,
        channel=Channel.HALL,
        scopes=list(ApiClient.Scope.values),
    )
    body = {
        "court": "示0101",
        "party": {"name": NAME, "phone": PHONE, "email": EMAIL, "id_number": ID_NUMBER},
        "matter": "other",
        "text": "请回电。",
    }
    headers = {"authorization": f"Bearer {key}", "idempotency-key": "k"}
    for sent in (body, body | {"matter": "wrong"}):
        Client().post("/api/v1/requests", sent, content_type="application/json", headers=headers)
    code = access_code(request)
    given = {"number": request.number, "code": code}
    client = Client()
    client.get("/track/", given)
    client.post("/track/", given)
    client.get(f"/track/{request.public_id}/")
    client.post("/requests/new/", {"name": NAME, "phone": PHONE, "email": EMAIL})
    written = log.getvalue()
    assert "request_finished" in written
    assert "POST /track/" in written
    for secret in (NAME, PHONE, ID_NUMBER, EMAIL, code, key):
        assert secret not in written
