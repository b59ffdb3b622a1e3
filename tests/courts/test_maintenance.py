"""The switch that closes the product while it is being maintained."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def switch(tmp_path: Path, settings) -> Path:
    settings.MAINTENANCE_FILE = str(tmp_path / "maintenance")
    return tmp_path / "maintenance"


def test_the_file_closes_and_opens_every_page(db: None, client: Client, switch: Path) -> None:
    assert client.get("/").status_code == 200
    switch.touch()
    for path in ("/", "/desk/", "/admin/", "/no-such-page/"):
        closed = client.get(path)
        assert closed.status_code == 503, path
        assert closed["Retry-After"] == "600"
        assert closed["Cache-Control"] == "no-store"
        assert "系统维护中" in closed.content.decode()
        assert "Closed for maintenance" in closed.content.decode()
        assert "default-src 'self'" in closed["Content-Security-Policy"]
    switch.unlink()
    assert client.get("/").status_code == 200


def test_closed_means_that_no_session_and_no_database_is_asked(
    db: None, client: Client, switch: Path
) -> None:
    switch.touch()
    client.cookies["sessionid"] = "0" * 32
    with CaptureQueriesContext(connection) as asked:
        closed = client.post("/requests/new/", {"text": "x"})
    assert closed.status_code == 503
    assert not asked.captured_queries
    assert not closed.cookies


def test_who_watches_is_answered_all_the_same(db: None, client: Client, switch: Path) -> None:
    switch.touch()
    assert client.get("/healthz").json()["ready"] is True


def test_a_machine_gets_a_problem_document(client: Client, switch: Path) -> None:
    switch.touch()
    closed = client.get("/api/v1/requests/")
    assert closed.status_code == 503
    assert closed["Content-Type"] == "application/problem+json"
    assert closed.json()["code"] == "maintenance"
    assert closed["Retry-After"] == "600"


def test_without_the_setting_there_is_no_switch(db: None, client: Client, settings) -> None:
    settings.MAINTENANCE_FILE = ""
    assert client.get("/").status_code == 200
