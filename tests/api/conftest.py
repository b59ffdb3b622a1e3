"""A city, a machine with its key, and a caller that signs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from courts.api.authentication import MachineThrottle, PublicThrottle
from courts.models import ApiClient
from liaison.models import Channel
from tests import city


@dataclass
class Caller:
    """A machine that calls with its key."""

    client: ApiClient
    key: str

    def get(self, url: str, **headers: str) -> Any:
        return Client().get(url, headers={"authorization": f"Bearer {self.key}"} | headers)

    def post(self, body: Any, *, idempotency_key: str | None = None, **headers: str) -> Any:
        given = {
            "authorization": f"Bearer {self.key}",
            "idempotency-key": idempotency_key or str(uuid.uuid4()),
        }
        return Client().post(
            "/api/v1/requests", body, content_type="application/json", headers=given | headers
        )


def issue(town: city.City, name: str, *scopes: str) -> Caller:
    """A machine of the town."""
    client, key = ApiClient.objects.issue(
        name=name,
        jurisdiction=town.jurisdiction,
        channel=Channel.SERVICE_MACHINE,
        scopes=list(scopes or ApiClient.Scope.values),
    )
    return Caller(client, key)


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    """Throttles count in the cache: each test begins at none."""
    cache.clear()


@pytest.fixture
def within_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No throttle, and no end of the test's transaction with the end of a call."""
    monkeypatch.setattr(MachineThrottle, "THROTTLE_RATES", {"machine": None})
    monkeypatch.setattr(PublicThrottle, "THROTTLE_RATES", {"public": None})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def town(db: None) -> city.City:
    return city.build()


@pytest.fixture
def machine(town: city.City) -> Caller:
    return issue(town, "hall machine 1")


@pytest.fixture
def body() -> dict[str, Any]:
    """A request as a machine sends it."""
    return {
        "court": "示0101",
        "party": {"name": "李四", "phone": "138 0013 8001", "email": "lisi@example.org"},
        "matter": "contact_judge",
        "text": "请法官回电。",
        "case_number": "（2026）示0101民初12号",
    }
