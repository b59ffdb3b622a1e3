"""The trial business system sends cases and nodes, and is told what became of each."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis import checks

from cases.models import Case, CaseNode, CaseParticipant, ImportRun, RejectedLine
from config.wsgi import application
from courts import invented
from courts.models import ApiClient, IdempotencyRecord
from tests import city
from tests.api.conftest import Caller, issue
from tests.cases.records import ID_CARDS, PHONES, case, node, participant

schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)


def _sent(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "record"}


def _post(caller: Caller, kind: str, body: Any, key: str | None = None, **headers: str) -> Any:
    given = {
        "authorization": f"Bearer {caller.key}",
        "idempotency-key": key or str(uuid.uuid4()),
        "accept-language": "en",
    }
    return Client().post(
        f"/api/v1/{kind}", body, content_type="application/json", headers=given | headers
    )


@pytest.fixture
def feed(town: city.City) -> Caller:
    return issue(town, "trial business system", ApiClient.Scope.CASES_WRITE)


def test_cases_and_nodes_are_taken_each_with_a_word(feed: Caller) -> None:
    who = {"identity_kind": "id_card", "identity_number": ID_CARDS[0], "phone": PHONES[0]}
    people = [
        {"participant_id": "P1", "name": "张三", "role": "plaintiff", "capacity": "party"} | who,
        {"participant_id": "P2", "name": "李四", "role": "defendant", "capacity": "party",
         "phone": "12"},
    ]  # fmt: skip
    body = {
        "cases": [_sent(case(1, 1, participants=people)), _sent(case(2, 1, court="示9999"))],
        "participants": [_sent(participant(3, "P1", 2))],
    }
    answer = _post(feed, "cases", body)
    assert answer.status_code == 200, answer.json()
    said = answer.json()
    assert said["counts"] == {"created": 2, "rejected": 2, "waiting": 1}
    assert said["items"] == [
        {"place": "cases.0", "record": "case", "outcome": "created"},
        {"place": "cases.0.participants.0", "record": "participant", "outcome": "created"},
        {"place": "cases.0.participants.1", "record": "participant", "outcome": "rejected",
         "field": "cases.0.participants.1.phone", "reason": "not_a_mobile",
         "detail": "This is no mobile number."},
        {"place": "cases.1", "record": "case", "outcome": "rejected", "field": "cases.1.court",
         "reason": "unknown_court", "detail": "No court has this code."},
        {"place": "participants.0", "record": "participant", "outcome": "waiting",
         "field": "participants.0.case_id", "reason": "unknown_case",
         "detail": "The case is not known. The record waits until it comes."},
    ]  # fmt: skip
    answer = _post(feed, "nodes", {"nodes": [_sent(node(1, "N1", 3)), _sent(node(1, "N1", 3))]})
    assert answer.json()["counts"] == {"created": 1, "unchanged": 1}
    assert CaseNode.objects.get().case == Case.objects.get()
    run = ImportRun.objects.get()
    assert (run.kind, run.created, run.rejected, run.jurisdiction) == (
        "api", 3, 3, feed.client.jurisdiction,
    )  # fmt: skip


def test_a_call_that_is_repeated_gets_the_first_answer(feed: Caller) -> None:
    body = {"cases": [_sent(case(1, 1)), _sent(case(2, 1, court="示9999"))]}
    first = _post(feed, "cases", body, "one")
    again = _post(feed, "cases", body, "one", **{"accept-language": "zh-hans"})
    assert again["idempotent-replayed"] == "true"
    assert again.json()["counts"] == first.json()["counts"] == {"created": 1, "rejected": 1}
    assert RejectedLine.objects.count() == 1
    assert _post(feed, "cases", {"cases": [_sent(case(3))]}, "one").status_code == 422
    kept = json.dumps(IdempotencyRecord.objects.get().body)
    assert "示9999" not in kept
    assert "No court" not in kept  # words are made for each reader


def test_nothing_that_was_sent_is_kept_with_the_answer(feed: Caller) -> None:
    wrong = participant(1, "P1", 2, phone=ID_CARDS[0], name="王小帆")
    body = {"cases": [_sent(case(1))], "participants": [_sent(wrong)]}
    answer = _post(feed, "cases", body)
    said = answer.content.decode() + json.dumps(IdempotencyRecord.objects.get().body)
    assert ID_CARDS[0] not in said
    assert "王小帆" not in said


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cases": []},
        {"cases": {}},
        {"cases": [{}] * 501},
        {"cases": [{}], "source": "Großes System"},
        [],
        "x",
    ],
)
def test_a_body_that_is_none_is_refused_whole(feed: Caller, body: Any) -> None:
    answer = _post(feed, "cases", json.dumps(body))
    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"
    assert not ImportRun.objects.exists()


def test_a_key_for_requests_feeds_no_mirror_and_the_other_way_about(
    town: city.City, feed: Caller
) -> None:
    other = issue(town, "kiosk", ApiClient.Scope.REQUESTS_READ, ApiClient.Scope.REQUESTS_WRITE)
    assert _post(other, "cases", {"cases": [_sent(case())]}).status_code == 403
    assert _post(other, "nodes", {"nodes": [_sent(node())]}).status_code == 403
    assert feed.get("/api/v1/requests").status_code == 403
    assert not Case.objects.exists()


@pytest.fixture
def theirs(town: city.City) -> Caller:
    """A key of another jurisdiction, which has a court of its own."""
    abroad = invented.found_jurisdiction(
        code="yishi", prefix="YS", policy="guangzhou", name="异市", name_en="Yishi",
        court_code="异01", court_name="异市中级人民法院", court_name_en="Yishi Court",
    )  # fmt: skip
    client, key = ApiClient.objects.issue(
        name="theirs", jurisdiction=abroad, channel="trial_system",
        scopes=[ApiClient.Scope.CASES_WRITE],
    )  # fmt: skip
    return Caller(client, key)


def test_another_jurisdictions_cases_are_out_of_reach(feed: Caller, theirs: Caller) -> None:
    _post(feed, "cases", {"cases": [_sent(case(1, 1))]})
    before = Case.objects.values().get()

    own = case(1, 9, court="异01", case_number="（2026）异01民初1号")
    for record, reason in (
        (own, "unknown_case"),
        (case(1, 9), "unknown_court"),
        (participant(1, "P1", 9), "unknown_case"),
    ):
        kind = "cases" if record["record"] == "case" else "participants"
        (item,) = _post(theirs, "cases", {kind: [_sent(record)]}).json()["items"]
        assert (item["outcome"], item["reason"]) == ("rejected", reason)
    (item,) = _post(theirs, "nodes", {"nodes": [_sent(node(1, "N1", 9))]}).json()["items"]
    assert item["outcome"] == "rejected"
    assert Case.objects.values().get() == before
    # Nor by waiting: what they sent for a case that then comes to us stays out.
    _post(theirs, "nodes", {"nodes": [_sent(node(2, "N2", 9))]})
    _post(feed, "cases", {"cases": [_sent(case(2, 1))]})
    assert not CaseNode.objects.exists()
    assert not CaseParticipant.objects.exists()


def test_a_node_takes_no_place_of_another_jurisdictions_with_its_number(
    feed: Caller, theirs: Caller
) -> None:
    _post(feed, "cases", {"cases": [_sent(case(1, 1))]})
    _post(feed, "nodes", {"nodes": [_sent(node(1, "N1", 1))]})
    ours = CaseNode.objects.values().get()
    own = case(7, 1, court="异01", case_number="（2026）异01民初7号")
    _post(theirs, "cases", {"cases": [_sent(own)]})
    for revision in (1, 2):
        sent = _sent(node(7, "N1", 9, revision=revision))
        (item,) = _post(theirs, "nodes", {"nodes": [sent]}).json()["items"]
        assert item["outcome"] == "rejected"
    assert CaseNode.objects.values().get() == ours


def test_the_command_issues_a_key_that_feeds(
    town: city.City, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("issue_feed_key", "system", jurisdiction="shifan")
    key = capsys.readouterr().out.strip()
    client = ApiClient.objects.get(name="system")
    assert client.scopes == ["cases:write"]
    assert _post(Caller(client, key), "cases", {"cases": [_sent(case())]}).status_code == 200


@schema.include(path_regex="/(cases|nodes)$").parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("within_the_test")
def test_generated_calls_get_documented_answers(case: schemathesis.Case, feed: Caller) -> None:
    # A record that is wrong is a word in a report, and no wrong call.
    excluded = ["positive_data_acceptance", "negative_data_rejection"]
    case.call_and_validate(
        headers={"Authorization": f"Bearer {feed.key}", "Accept-Encoding": "identity"},
        excluded_checks=checks.CHECKS.get_by_names(excluded),
    )
