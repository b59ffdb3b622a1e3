"""A cursor that is none of ours opens the first page, on every list."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from courts.paging import read_cursor
from tests import city

NONE = [
    "2026-11-20T10:00:00+08:00_²",
    "2026-11-20T10:00:00+08:00_٣",
    "2026-11-20T10:00:00+08:00_-1",
    "2026-11-20T10:00:00+08:00_",
    "2026-11-20T10:00:00+08:00_" + "9" * 40,
    "2026-02-30T10:00:00+08:00_1",
    "2026-11-20T10:00:00_1",
    "²_1",
    "0001-01-01T00:00:00+14:00_1",
    "9999-12-31T23:59:59-14:00_1",
    "\x00",
]
# Readable, and far from any row.
FAR = [
    "2026-11-20T10:00:00+08:00_9999999999999999999",
    "2026-01-01T00:00:00+16:00_1",
]


@pytest.mark.parametrize("cursor", NONE)
def test_it_is_read_as_none(cursor: str) -> None:
    assert read_cursor(cursor) is None


def test_every_list_opens_whatever_is_asked_for(db: None, client: Client) -> None:
    town = city.build()
    order = town.order(at=timezone.now())
    president, handler = town.holder("president"), order.handler
    lists = [
        (town.staff(), "/desk/", {"state": "answered"}),
        (handler, "/orders/", {}),
        (president, "/supervision/", {"show": "late"}),
        (president, "/leadership/items/", {"indicator": "acceptance"}),
        (handler, "/notices/", {}),
    ]
    for person, address, shown in lists:
        client.force_login(person)
        for cursor in NONE + FAR:
            for way in ("after", "before"):
                answer = client.get(address, shown | {way: cursor})
                assert answer.status_code == 200, (address, way, cursor)
    for until in ("2026-02-30T10:00:00+08:00", "2026-01-01T00:00:00+23:00"):
        assert client.post("/notices/read/", {"until": until}).status_code == 302


def test_what_no_text_may_hold_is_no_court(db: None, client: Client) -> None:
    town = city.build()
    assert client.get("/officers/", {"court": "\x00"}).status_code == 200
    number = "（2026）示0101民初123号"
    typed = {"court": "\x00", "case_number": number}
    assert client.post("/case-number/", typed).status_code == 200
    assert client.post("/requests/new/", typed).status_code == 400
    client.force_login(town.judge())
    found = client.post("/find/", {"q": "a\x00b"}, headers={"hx-request": "true"})
    assert found.status_code == 200
