"""A call is applied once, however often it is sent."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from courts.models import Court, IdempotencyRecord
from liaison.models import Request
from tests.api.conftest import Caller, issue


def test_a_repeat_gets_the_first_answer(machine: Caller, body: dict[str, Any]) -> None:
    first = machine.post(body, idempotency_key="k1")
    again = machine.post(dict(reversed(body.items())), idempotency_key="k1")
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Request.objects.count() == 1


def test_a_repeat_gets_the_first_answer_after_the_court_has_closed(
    machine: Caller, body: dict[str, Any]
) -> None:
    first = machine.post(body, idempotency_key="k1")
    Court.objects.filter(code=body["court"]).update(status=Court.Status.HISTORICAL)
    again = machine.post(body, idempotency_key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Location"] == first["Location"]
    assert machine.post(body, idempotency_key="k2").status_code == 400
    assert machine.post(body | {"text": "另一件事。"}, idempotency_key="k1").status_code == 422


def test_the_digest_of_a_body_is_keyed(
    machine: Caller, body: dict[str, Any], settings: Any
) -> None:
    """Else a telephone number would be found by trying all of them."""
    machine.post(body, idempotency_key="k1")
    settings.BLIND_INDEX_KEY = "another key, sixteen signs and more"
    assert machine.post(body, idempotency_key="k1").status_code == 422


def test_a_key_used_for_another_body_is_refused(machine: Caller, body: dict[str, Any]) -> None:
    machine.post(body, idempotency_key="k1")
    other = machine.post(body | {"text": "另一件事。"}, idempotency_key="k1")
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert Request.objects.count() == 1


def test_two_machines_may_use_the_same_key(
    town: Any, machine: Caller, body: dict[str, Any]
) -> None:
    assert machine.post(body, idempotency_key="k1").status_code == 201
    assert issue(town, "other").post(body, idempotency_key="k1").status_code == 201
    assert Request.objects.count() == 2


def test_a_refused_call_may_be_mended_and_sent_again_under_its_key(
    machine: Caller, body: dict[str, Any]
) -> None:
    assert machine.post(body | {"case_number": "x"}, idempotency_key="k1").status_code == 400
    assert not IdempotencyRecord.objects.exists()
    assert machine.post(body, idempotency_key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "键", "k" * 121])
def test_a_key_is_asked_for(machine: Caller, body: dict[str, Any], key: str) -> None:
    answer = machine.post(body, **{"idempotency-key": key})
    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency_key"
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.django_db(transaction=True)
def test_copies_that_come_together_register_one_request(
    machine: Caller, body: dict[str, Any]
) -> None:
    start, answers = threading.Barrier(4), []

    def call() -> None:
        start.wait()
        answers.append(machine.post(body, idempotency_key="k1"))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 3
    assert Request.objects.count() == 1
