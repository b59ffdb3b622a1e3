"""Every error of the machine interface is a problem document, in the language asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from liaison import intake
from liaison.models import Request
from tests.api.conftest import Caller

PROBLEM = "application/problem+json"


def _is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    said = answer.json()
    assert (said["type"], said["status"], said["code"]) == ("about:blank", status, code)
    assert said["title"]
    assert said["detail"]
    return said


def test_each_field_that_is_wrong_is_named_with_its_path(
    machine: Caller, body: dict[str, Any]
) -> None:
    wrong = body | {
        "matter": "nonsense",
        "text": " ",
        "party": {"name": "", "phone": "12", "email": "no"},
    }
    said = _is_problem(machine.post(wrong, **{"accept-language": "en"}), 400, "invalid")
    assert {row["field"]: row["code"] for row in said["errors"]} == {
        "matter": "invalid_choice",
        "text": "blank",
        "party.name": "blank",
        "party.phone": "invalid",
        "party.email": "invalid",
    }
    assert not Request.objects.exists()


def test_what_the_service_refuses_names_its_field(machine: Caller, body: dict[str, Any]) -> None:
    said = _is_problem(machine.post(body | {"case_number": "无此案号"}), 400, "case_number")
    assert said["errors"][0]["field"] == "case_number"


def test_the_words_are_in_the_language_asked_for(machine: Caller, body: dict[str, Any]) -> None:
    wrong = body | {"text": ""}
    english = machine.post(wrong, **{"accept-language": "en"}).json()["errors"][0]["detail"]
    chinese = machine.post(wrong, **{"accept-language": "zh-CN"}).json()["errors"][0]["detail"]
    assert english.isascii()
    assert not chinese.isascii()


@pytest.mark.parametrize(
    "body", ["{", "[]", '"text"', "null", '{"court": NaN}', "\xff", "[" * 100_000]
)
def test_a_body_that_is_no_object_is_refused(machine: Caller, body: str) -> None:
    answer = machine.post(body)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


@pytest.mark.parametrize(("text", "code"), [("a\x00b", "invalid"), ("\ud800", "parse_error")])
def test_text_that_cannot_be_kept_is_refused(
    machine: Caller, body: dict[str, Any], text: str, code: str
) -> None:
    for field in ("text", "court", "title", "matter"):
        _is_problem(machine.post(body | {field: text}), 400, code)


def test_another_kind_of_body_is_refused(machine: Caller) -> None:
    answer = Client().post(
        "/api/v1/requests",
        {"text": "x"},
        headers={"authorization": f"Bearer {machine.key}", "idempotency-key": "1"},
    )
    _is_problem(answer, 415, "unsupported_media_type")


def test_another_kind_of_answer_is_not_to_be_had(machine: Caller) -> None:
    _is_problem(machine.get("/api/v1/requests", accept="text/html"), 406, "not_acceptable")


def test_a_method_that_is_none_is_refused(machine: Caller) -> None:
    answer = Client().delete("/api/v1/requests", headers={"authorization": f"Bearer {machine.key}"})
    _is_problem(answer, 405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) >= {"GET", "POST"}


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v1/requests/a%0Ab", "/api/x/y"])
def test_where_nothing_is_a_problem_says_so(db: None, address: str) -> None:
    machine = Client(enforce_csrf_checks=True)
    for call in (machine.get, machine.post):
        _is_problem(call(address), 404, "not_found")


def test_an_error_of_ours_tells_nothing_of_it_and_changes_nothing(
    machine: Caller, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(intake, "tell_party", broken)
    client = Client(raise_request_exception=False)
    answer = client.post(
        "/api/v1/requests",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {machine.key}", "idempotency-key": "1"},
    )
    said = _is_problem(answer, 500, "server_error")
    assert "secret" not in str(said)
    assert not Request.objects.exists()
    monkeypatch.undo()
    assert machine.post(body, idempotency_key="1").status_code == 201
