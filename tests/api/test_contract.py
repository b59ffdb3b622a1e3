"""The interface does what its OpenAPI document says, tried with generated calls."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from config.wsgi import application
from courts.api.authentication import MachineThrottle
from liaison.models import Request
from tests.api.conftest import Caller

schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)


@pytest.fixture(autouse=True)
def _unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MachineThrottle, "THROTTLE_RATES", {"machine": None})


@schema.include(path_regex="/requests").parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_generated_calls_get_documented_answers(case: schemathesis.Case, machine: Caller) -> None:
    if isinstance(case.body, dict) and isinstance(case.body.get("court"), str):
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
