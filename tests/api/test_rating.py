"""A machine rates for the party: once per key, the answer that was read, its own requests only."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courts.models import ApiClient, IdempotencyRecord
from liaison import services
from liaison.models import Rating, Request
from tests import city
from tests.api.conftest import Caller, issue


@pytest.fixture
def answered(town: city.City, machine: Caller) -> Request:
    request = town.request(at=timezone.now(), api_client=machine.client)
    services.answer(request_id=request.pk, text="请携带身份证到窗口领取。", by=town.staff())
    return request


def post(caller: Caller, request: Request, key: str = "", **body: Any) -> Any:
    headers = {
        "authorization": f"Bearer {caller.key}",
        "idempotency-key": key or str(uuid.uuid4()),
    }
    url = f"/api/v1/requests/{request.public_id}/rating"
    return Client().post(url, body, content_type="application/json", headers=headers)


def test_a_rating_is_taken_once_per_key_and_changed_by_another(
    machine: Caller, answered: Request
) -> None:
    address = f"/api/v1/requests/{answered.public_id}"
    assert machine.get(f"{address}/rating").status_code == 404
    read_at = machine.get(address).json()["answered_at"]
    given = {"grade": "partly_satisfied", "remark": "还要再跑一趟。", "answered_at": read_at}
    first, again = (post(machine, answered, "k1", **given) for _ in range(2))
    assert first.status_code == 200, first.json()
    assert first.json()["grade"] == "partly_satisfied"
    assert first.json()["answered_at"] == read_at
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert post(machine, answered, "k1", **(given | {"grade": "satisfied"})).status_code == 422
    assert post(machine, answered, "k2", grade="satisfied").json()["grade"] == "satisfied"
    assert machine.get(f"{address}/rating").json()["grade"] == "satisfied"
    assert answered.timeline.filter(kind__startswith="rat").count() == 2
    kept = "".join(str(record.body) for record in IdempotencyRecord.objects.all())
    assert "还要再跑一趟。" not in kept


def test_what_cannot_be_rated_is_refused(
    town: city.City, machine: Caller, answered: Request
) -> None:
    fresh = town.request(at=timezone.now(), api_client=machine.client)
    assert post(machine, fresh, grade="satisfied").status_code == 409
    assert post(machine, answered, grade="fine").json()["errors"][0]["field"] == "grade"
    assert post(machine, answered, grade="partly_satisfied", remark="字" * 501).status_code == 400
    stale = post(machine, answered, grade="partly_satisfied", answered_at="2026-01-01T00:00:00Z")
    assert (stale.status_code, stale.json()["code"]) == (409, "wrong_state")
    other = issue(town, "hall machine 2")
    reader = issue(town, "hall machine 3", ApiClient.Scope.REQUESTS_READ)
    assert post(other, answered, grade="partly_satisfied").status_code == 404
    assert other.get(f"/api/v1/requests/{answered.public_id}/rating").status_code == 404
    assert post(reader, answered, grade="partly_satisfied").status_code == 403
    assert not Rating.objects.exists()
