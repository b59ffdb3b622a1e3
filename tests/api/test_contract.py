"""The interface does what its OpenAPI document says, tried with generated calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import checks

from config.wsgi import application
from courts.api.authentication import MachineThrottle
from liaison.models import Request
from tests.api.conftest import Caller

schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)


@pytest.fixture(autouse=True)
def _within_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No throttle, and no end of the test's transaction with the end of a call."""
    monkeypatch.setattr(MachineThrottle, "THROTTLE_RATES", {"machine": None})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.include(path_regex="/requests").parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_generated_calls_get_documented_answers(case: schemathesis.Case, machine: Caller) -> None:
    # A call that is wrong on purpose stays as it is: its court may be what is wrong with it.
    is_right = case.meta is not None and case.meta.generation.mode.is_positive
    if is_right and isinstance(case.body, dict) and isinstance(case.body.get("court"), str):
        case.body["court"] = "示0101"  # else no generated call would get past the court
        case.body["case_number"] = ""
    before = Request.objects.count()
    response = case.call_and_validate(
        headers={"Authorization": f"Bearer {machine.key}"},
        # Which courts there are, and which number is a case number, no schema can say.
        excluded_checks=[checks.CHECKS.get_one("positive_data_acceptance")],
    )
    made = Request.objects.count() - before
    replayed = "idempotent-replayed" in response.headers
    assert made == (response.status_code == 201 and not replayed)
