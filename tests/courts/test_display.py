"""Larger type and compact rows: a form, a cookie for a year, and the class on the first paint."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import city

pytestmark = pytest.mark.django_db
YEAR = 365 * 24 * 60 * 60


def test_larger_type_is_kept_for_a_year_and_taken_back(client: Client) -> None:
    assert 'class="large"' not in client.get("/").content.decode()
    answer = client.post("/display/", {"type": "large", "next": "/track/?a=b"})
    assert (answer.status_code, answer["Location"]) == (302, "/track/?a=b")
    assert answer.cookies["type"]["max-age"] == YEAR
    assert answer.cookies["type"]["httponly"]
    for path in ("/", "/requests/new/", "/track/", "/officers/", "/deadline/", "/nowhere/"):
        assert 'class="large"' in client.get(path).content.decode(), path
    client.post("/display/", {"type": "normal"})
    assert 'class="large"' not in client.get("/").content.decode()


def test_compact_rows_are_for_the_staff(client: Client) -> None:
    client.force_login(city.build().judge())
    assert 'class="compact"' not in client.get("/orders/").content.decode()
    client.post("/display/", {"density": "compact", "next": "/orders/"})
    assert 'class="compact"' in client.get("/orders/").content.decode()
    assert 'class="compact"' not in client.get("/track/").content.decode()


def test_only_what_is_a_choice_is_kept_and_nobody_is_sent_away(client: Client) -> None:
    answer = client.post(
        "/display/", {"type": "huge", "sessionid": "x", "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"
    assert set(answer.cookies) == set()
    client.cookies["type"] = "'><script>"
    assert 'class="large"' not in client.get("/").content.decode()


def test_a_form_from_elsewhere_changes_nothing() -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/display/", {"type": "large"}).status_code == 403
