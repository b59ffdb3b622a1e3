"""The gauges that a monitor reads, for whoever shows the token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courts.models import CalendarVersion
from escalation.models import Clock, SweepRun
from tests.city import City
from tests.escalation.timed import register_once

TOKEN = "an invented token"
SHOWN = {"authorization": f"Bearer {TOKEN}"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def _guarded(settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def _read(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers=SHOWN)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    values: dict[str, float] = {}
    explained = set()
    for line in answer.content.decode().splitlines():
        if line.startswith("# HELP "):
            name, meaning = line.removeprefix("# HELP ").split(" ", 1)
            assert meaning
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {name} gauge"
            explained.add(name)
        else:
            name, value = line.split(" ")
            values[name] = float(value)
    assert explained == set(values)
    return values


def test_without_a_token_in_the_settings_there_is_no_such_address(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("_guarded")
@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer 令"])
def test_whoever_shows_no_token_or_a_wrong_one_reads_nothing(client: Client, shown: str) -> None:
    answer = client.get("/metrics", headers={"authorization": shown} if shown else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not answer.content


@pytest.mark.usefixtures("_guarded")
def test_before_the_first_sweep(client: Client) -> None:
    assert _read(client) == {
        "clocks_running": 0,
        "clocks_due": 0,
        "oldest_due_age_seconds": 0,
        "clocks_set_aside": 0,
        "clocks_stale": 0,
        "last_sweep_age_seconds": float("inf"),
        "last_sweep_clocks": 0,
        "last_sweep_clocks_per_second": 0,
    }


@pytest.mark.usefixtures("_guarded")
def test_every_gauge_says_what_there_is(client: Client, town: City) -> None:
    at = timezone.now()
    due, set_aside, *_later = [register_once(town, at) for _ in range(4)]
    Clock.objects.filter(pk=due.clock.pk).update(next_due_at=at - timedelta(hours=1))
    Clock.objects.filter(pk=set_aside.clock.pk).update(set_aside="ValueError: x")
    CalendarVersion.objects.create(reason="台风")
    ten_ago = at - timedelta(seconds=10)
    SweepRun.objects.create(
        started_at=ten_ago - timedelta(seconds=4), ended_at=ten_ago, clocks=10, firings=30
    )
    values = _read(client)
    assert values.pop("oldest_due_age_seconds") >= 3600
    assert values.pop("last_sweep_age_seconds") >= 10
    assert values == {
        "clocks_running": 3,
        "clocks_due": 1,
        "clocks_set_aside": 1,
        "clocks_stale": 3,
        "last_sweep_clocks": 10,
        "last_sweep_clocks_per_second": 2.5,
    }
