"""A machine registers requests and follows them; those of others do not exist."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.models import ApiClient, Court, IdempotencyRecord
from liaison.access import access_code, find
from liaison.models import Request
from tests import city
from tests.api.conftest import Caller, issue

PROBLEM = "application/problem+json"


def test_a_registration_answers_with_all_that_the_party_needs(
    machine: Caller, body: dict[str, Any]
) -> None:
    answer = machine.post(body)
    assert answer.status_code == 201, answer.json()
    request = Request.objects.get()
    said = answer.json()
    assert said["id"] == str(request.public_id)
    assert said["number"] == request.number
    assert said["limit"]["business_days"] == 1
    assert said["tracking_url"] == f"{settings.SITE_URL}/track/"
    assert find(said["number"], said["access_code"], address="-") == request
    assert answer["Location"] == f"/api/v1/requests/{request.public_id}"
    assert request.channel == machine.client.channel
    assert request.api_client == machine.client
    assert request.contact.phone == "13800138001"
    assert request.case_number == "（2026）示0101民初12号"
    assert not {"李四", "13800138001", "lisi@example.org"} & set(_leaves(said))


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    return [value]


def test_what_was_registered_can_be_read_without_its_access_code(
    machine: Caller, body: dict[str, Any]
) -> None:
    said = machine.post(body).json()
    code, tracking_url = said.pop("access_code"), said.pop("tracking_url")
    assert code
    assert tracking_url
    assert machine.get(f"/api/v1/requests/{said['id']}").json() == said


def test_the_requests_of_another_machine_do_not_exist(
    town: city.City, machine: Caller, body: dict[str, Any]
) -> None:
    mine = machine.post(body).json()["id"]
    portals = town.request(at=timezone.now())
    other = issue(town, "hall machine 2")
    for hidden in (mine, portals.public_id):
        answer = other.get(f"/api/v1/requests/{hidden}")
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert other.get("/api/v1/requests").json() == {"next": None, "results": []}
    assert [row["id"] for row in machine.get("/api/v1/requests").json()["results"]] == [mine]


def test_pages_follow_each_other_without_gap_or_repeat(
    machine: Caller, body: dict[str, Any]
) -> None:
    made = [machine.post(body).json()["id"] for _ in range(5)]
    seen, url, first = [], "/api/v1/requests?page_size=2", True
    while url:
        page = machine.get(url).json()
        seen += [row["id"] for row in page["results"]]
        if first:  # what comes meanwhile moves nothing
            machine.post(body)
            first = False
        url = page["next"]
    assert seen == made[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "cursor=abc",
        "cursor=MTI:1x:abc",
        "page_size=0",
        "page_size=101",
        "page_size=x",
        "page_size=-1",
    ],
)
def test_a_cursor_or_size_that_is_none_is_refused(machine: Caller, query: str) -> None:
    answer = machine.get(f"/api/v1/requests?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


def test_a_list_takes_the_same_statements_however_long(town: city.City, machine: Caller) -> None:
    machine.get("/api/v1/requests")  # the first use of a key is noted
    counts = []
    for wanted in (1, 10, 50):
        while Request.objects.count() < wanted:
            town.request(at=timezone.now(), api_client=machine.client)
        with CaptureQueriesContext(connection) as captured:
            assert len(machine.get("/api/v1/requests").json()["results"]) == wanted
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


def test_a_key_registers_only_in_its_own_jurisdiction(
    machine: Caller, body: dict[str, Any]
) -> None:
    Court.objects.create(code="外01", name="外市中级人民法院", level=Court.Level.INTERMEDIATE)
    answer = machine.post(body | {"court": "外01"}, **{"accept-language": "en"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "field": "court",
            "code": "does_not_exist",
            "detail": "No court of yours has the code 外01.",
        }
    ]
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        ([ApiClient.Scope.REQUESTS_READ], 200, 403),
        ([ApiClient.Scope.REQUESTS_WRITE], 403, 201),
    ],
)
def test_a_key_does_what_its_scopes_say(
    town: city.City, body: dict[str, Any], scopes: list[str], reads: int, writes: int
) -> None:
    caller = issue(town, "narrow", *scopes)
    assert caller.get("/api/v1/requests").status_code == reads
    assert caller.post(body).status_code == writes


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Bearer a b", "Basic eDp5"])
def test_without_a_key_nothing_is_answered(town: city.City, header: str) -> None:
    answer = Client().get("/api/v1/requests", headers={"authorization": header})
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_key_that_was_switched_off_is_none(machine: Caller) -> None:
    assert machine.get("/api/v1/requests").status_code == 200
    machine.client.refresh_from_db()
    assert machine.client.last_used_at is not None
    ApiClient.objects.update(is_active=False)
    assert machine.get("/api/v1/requests").status_code == 401


def test_a_member_of_staff_who_is_signed_in_is_no_machine(town: city.City, client: Client) -> None:
    client.force_login(town.staff())
    assert client.get("/api/v1/requests").status_code == 401


def test_calls_are_counted_by_key(
    town: city.City, machine: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from courts.api.authentication import MachineThrottle

    monkeypatch.setattr(MachineThrottle, "THROTTLE_RATES", {"machine": "2/min"})
    assert [machine.get("/api/v1/requests").status_code for _ in range(3)] == [200, 200, 429]
    refused = machine.get("/api/v1/requests")
    assert refused["Content-Type"] == PROBLEM
    assert 0 < int(refused["Retry-After"]) <= 61
    assert issue(town, "other").get("/api/v1/requests").status_code == 200


def test_the_access_code_is_kept_nowhere(machine: Caller, body: dict[str, Any]) -> None:
    code = machine.post(body).json()["access_code"]
    assert code == access_code(Request.objects.get())
    assert code not in str(IdempotencyRecord.objects.values().get())


def test_an_unknown_id_is_not_found(machine: Caller) -> None:
    assert machine.get(f"/api/v1/requests/{uuid.uuid4()}").status_code == 404
