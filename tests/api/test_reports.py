"""Machines read figures, rankings and published briefings of their jurisdiction."""

from __future__ import annotations

import hashlib
import json
from io import StringIO

import pytest
import schemathesis
from django.core.management import call_command
from django.urls import reverse
from hypothesis import HealthCheck, settings
from schemathesis import checks

from config.wsgi import application
from courts import invented
from courts.models import ApiClient
from reports import board, edition
from reports.models import Briefing
from reports.scope import Scope
from tests import city
from tests.api.conftest import Caller, issue
from tests.reports import briefed, ranked_city

schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)
INDICATORS, RANKING = "/api/v1/reports/indicators", "/api/v1/reports/ranking"
BRIEFINGS = "/api/v1/reports/briefings"


@pytest.fixture
def reader(town: city.City) -> Caller:
    return issue(town, "statistics of the city", ApiClient.Scope.REPORTS_READ)


def test_figures_ranking_and_briefing_are_those_of_the_pages(
    town: city.City, reader: Caller
) -> None:
    ranked_city.tell(town)
    published = briefed.published(town)
    figures = reader.get(f"{INDICATORS}?month=2020-06")
    found = board.read(briefed.JUNE, Scope.everything(), at=briefed.DECEMBER)
    assert figures.json() == json.loads(edition.canonical(found))

    ranking = reader.get(f"{RANKING}?month=2020-06").json()
    then = published.values["ranking"]
    for of in ("courts", "departments"):
        assert ranking[of] | {"month": "2020-06"} == then[of][-1]

    (one,) = reader.get(BRIEFINGS).json()["results"]
    assert (one["month"], one["edition"]) == ("2020-06", 1)
    answer = reader.get(f"{BRIEFINGS}/{one['id']}")
    assert answer.content == bytes(published.document)
    assert hashlib.sha256(answer.content).hexdigest() == one["sha256"]


def test_drafts_other_cities_and_other_keys_find_nothing(town: city.City, reader: Caller) -> None:
    ranked_city.tell(town)
    draft = briefed.drafted(town)
    assert reader.get(BRIEFINGS).json()["results"] == []
    assert reader.get(f"{BRIEFINGS}/{draft.public_id}").status_code == 404
    published = Briefing.objects.get(edition=briefed.published(town))
    other = invented.found_jurisdiction(
        code="other", prefix="O", policy="guangzhou", name="他市", name_en="Other",
        court_code="他01", court_name="他市中级人民法院", court_name_en="Other Intermediate Court",
    )  # fmt: skip
    out = StringIO()
    command = ("issue_reports_key", "elsewhere", "--jurisdiction", other.code)
    call_command(*command, stdout=out, stderr=StringIO())
    stranger = Caller(ApiClient.objects.get(name="elsewhere"), out.getvalue().strip())
    assert stranger.get(f"{BRIEFINGS}/{published.public_id}").status_code == 404
    assert stranger.get(BRIEFINGS).json()["results"] == []
    codes = [one["code"] for one in stranger.get(f"{INDICATORS}?month=2020-06").json()["courts"]]
    assert codes == ["他01"]
    kiosk = issue(town, "kiosk", ApiClient.Scope.REQUESTS_READ, ApiClient.Scope.REQUESTS_WRITE)
    for address in (f"{INDICATORS}?month=2020-06", f"{RANKING}?month=2020-06", BRIEFINGS):
        assert kiosk.get(address).status_code == 403
    assert reader.get(reverse("api:requests")).status_code == 403


@pytest.mark.parametrize("query", ["", "?month=2026-13", "?month=october"])
def test_a_month_that_is_none_is_named(reader: Caller, query: str) -> None:
    for address in (INDICATORS, RANKING):
        answer = reader.get(address + query, **{"accept-language": "en"})
        assert answer.status_code == 400
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert [error["field"] for error in answer.json()["errors"]] == ["month"]


@schema.include(path_regex="/reports/").parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("within_the_test")
def test_generated_calls_get_documented_answers(case: schemathesis.Case, reader: Caller) -> None:
    # Which months there are no schema can say, and a query of an unknown name is passed over.
    excluded = ["positive_data_acceptance", "negative_data_rejection"]
    case.call_and_validate(
        headers={"Authorization": f"Bearer {reader.key}", "Accept-Encoding": "identity"},
        excluded_checks=checks.CHECKS.get_by_names(excluded),
    )
