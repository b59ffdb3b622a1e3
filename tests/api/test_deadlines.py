"""Deadlines for machines: open to anyone, counted by address, the same answer as the page."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis import checks

from config.wsgi import application
from courts.api.authentication import PublicThrottle
from tests.api.conftest import Caller
from tests.city import City

URL = "/api/v1/deadlines"
QUESTION = {"court": "示0101", "limit": "request.reply", "start": "2020-06-24T14:00"}
schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)


def asked(**changed: str) -> Any:
    headers = {"accept-language": "en"}
    return Client(headers=headers).get(URL, QUESTION | changed)


def test_anyone_may_ask(town: City) -> None:
    answer = asked()
    assert answer.status_code == 200
    found = answer.json()
    assert found["limit"] == {
        "kind": "request.reply",
        "name": "ordinary",
        "counted_from": "assigned",
        "business_days": 3,
        "minutes": 0,
        "ends_at": "2020-07-01T00:00:00+08:00",
        "ends_on": "2020-06-30",
        "is_provisional": False,
    }
    assert [(step["key"], step["business_day"], step["due_at"]) for step in found["steps"]] == [
        ("warning", 3, "2020-06-30T09:00:00+08:00"),
        ("rung1", 4, "2020-07-01T09:00:00+08:00"),
        ("rung2", 6, "2020-07-03T09:00:00+08:00"),
        ("rung3", 8, "2020-07-07T09:00:00+08:00"),
        ("rung4", 9, "2020-07-08T09:00:00+08:00"),
    ]
    by_date = {day["date"]: day for day in found["days"]}
    assert by_date["2020-06-25"]["name"] == "Dragon Boat Festival"
    assert by_date["2020-06-25"]["business_days"] == {}
    assert by_date["2020-06-28"] == {
        "date": "2020-06-28",
        "kind": "make_up",
        "name": "",
        "worked_for": "2020-06-26",
        "business_days": {"opened": 1, "assigned": 1},
        "is_provisional": False,
    }


def test_a_step_that_does_not_hold_for_the_court_has_no_instant(town: City) -> None:
    steps = {step["key"]: step for step in asked(court="示01").json()["steps"]}
    assert (steps["rung4"]["holds_here"], steps["rung4"]["due_at"]) == (False, None)
    assert steps["rung3"]["holds_here"]


def test_a_moment_without_an_offset_is_local_to_the_court(town: City) -> None:
    utc = asked(start="2020-06-24T16:30:00Z").json()
    assert utc["opened_at"] == "2020-06-25T00:30:00+08:00"
    assert utc["days"][0]["date"] == "2020-06-25"
    assert asked(start="2020-06-24T23:30").json()["days"][0]["date"] == "2020-06-24"


def test_a_later_dispatch_and_a_year_not_announced(town: City) -> None:
    found = asked(start="2026-12-30T10:00", assigned="2026-12-31T10:00").json()
    assert found["provisional_years"] == [2027]
    assert found["limit"]["is_provisional"]
    by_date = {day["date"]: day["business_days"] for day in found["days"]}
    assert by_date["2026-12-30"] == {"opened": 0}
    assert by_date["2026-12-31"] == {"opened": 1, "assigned": 0}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"court": "示9999"}, "court"),
        ({"court": "\x00"}, "court"),
        ({"limit": "request.reply:none"}, "limit"),
        ({"start": "soon"}, "start"),
        ({"start": "1999-01-01T00:00"}, "start"),
        ({"assigned": "2020-06-01T00:00"}, "assigned"),
    ],
)
def test_what_cannot_be_counted_is_a_problem_at_its_field(
    town: City, changed: dict[str, str], field: str
) -> None:
    answer = asked(**changed)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_calls_without_a_key_are_counted_by_address(
    town: City, machine: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PublicThrottle, "THROTTLE_RATES", {"public": "2/min"})
    assert [asked().status_code for _n in range(3)] == [200, 200, 429]
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get(URL, QUESTION).status_code == 200
    headers = {"authorization": f"Bearer {machine.key}"}
    assert Client().get(URL, QUESTION, headers=headers).status_code == 200


def test_a_wrong_key_is_still_wrong(town: City) -> None:
    headers = {"authorization": "Bearer nothing"}
    assert Client().get(URL, QUESTION, headers=headers).status_code == 401


@pytest.mark.usefixtures("within_the_test")
@schema.include(path_regex="/deadlines").parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_generated_calls_get_documented_answers(case: schemathesis.Case, machine: Caller) -> None:
    if isinstance(case.query, dict) and isinstance(case.query.get("court"), str):
        case.query["court"] = "示0101"  # else no generated call would get past the court
        case.query["limit"] = "request.reply"
    case.call_and_validate(
        # The caller in one process does not unpack what is sent compressed.
        headers={"Authorization": f"Bearer {machine.key}", "Accept-Encoding": "identity"},
        # Which years the calendar knows, no schema can say; and a key is none of the question.
        excluded_checks=[
            checks.CHECKS.get_one("positive_data_acceptance"),
            checks.CHECKS.get_one("ignored_auth"),
        ],
    )
