"""Machines read the standing book and what follows from the figures, and nothing of conduct."""

from __future__ import annotations

import pytest
from django.utils import timezone

from courts import invented
from courts.models import ApiClient
from liaison.models import Request
from reports.api.matters import KINDS
from reports.models import ReferralItem, ReferralLot
from reports.standing_book.book import Book
from reports.standing_book.wishes import Wish
from tests.api.conftest import Caller, issue
from tests.city import City, local
from tests.reports import follow_up_city, ranked_city

MATTERS, BOOK = "/api/v1/reports/matters", "/api/v1/reports/book"
AT = local(2020, 6, 5, 14)


@pytest.fixture
def reader(town: City) -> Caller:
    return issue(town, "archive of the city", ApiClient.Scope.REPORTS_DETAIL)


def test_each_kind_is_read_with_its_history(town: City, reader: Caller) -> None:
    made = follow_up_city.one_of_each(town, AT)
    told = {one.KIND: one for one in made}
    for kind, of in KINDS.items():
        found = reader.get(f"{MATTERS}/{kind}").json()["results"]
        assert found, kind
        assert all(set(one["codes"]) == set(of.codes) for one in found)
        known = told.get(of.model.KIND)
        if known is None or known.KIND == ReferralLot.KIND:
            continue
        one = reader.get(f"{MATTERS}/{kind}/{known.public_id}").json()
        assert (one["reference"], one["title"]) == (known.reference, known.heading)
        assert one["text"] == known.text
        assert one["entries"][0]["at"]
    problem = next(one for one in made if one.KIND == "problem")
    one = reader.get(f"{MATTERS}/problems/{problem.public_id}").json()
    assert one["limit_at"]
    assert one["settled_at"]
    assert reader.get(f"{MATTERS}/nothing").status_code == 404


def test_of_conduct_there_is_nothing(town: City, reader: Caller) -> None:
    follow_up_city.item(town, AT)
    follow_up_city.item(town, AT, category="judicial_conduct")
    follow_up_city.sent_lot(town, AT, kind="discipline", count=1, category="judicial_conduct")
    follow_up_city.problem(town, AT, category="judicial_conduct")
    open_items = ReferralItem.objects.filter(is_conduct=False)
    found = reader.get(f"{MATTERS}/items").json()["results"]
    assert {one["id"] for one in found} == {str(one.public_id) for one in open_items}
    for kind in ("referrals", "problems"):
        assert reader.get(f"{MATTERS}/{kind}").json()["results"] == []
    for sealed in (*ReferralItem.objects.filter(is_conduct=True), *ReferralLot.objects.all()):
        kind = "items" if isinstance(sealed, ReferralItem) else "referrals"
        assert reader.get(f"{MATTERS}/{kind}/{sealed.public_id}").status_code == 404


def test_pages_of_matters_follow_each_other(town: City, reader: Caller) -> None:
    for _number in range(5):
        follow_up_city.item(town, AT)
    seen, address = [], f"{MATTERS}/items?page_size=2"
    while address:
        page = reader.get(address).json()
        seen += [one["id"] for one in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 5


def test_the_book_is_that_of_the_chamber(town: City, reader: Caller) -> None:
    ranked_city.tell(town)
    chamber = follow_up_city.chamber(town)
    ids = Book.of(chamber, Wish(timeliness="late"), at=timezone.now()).page().ids
    page = reader.get(f"{BOOK}?timeliness=late&column=number&column=limit&column=party").json()
    assert len(page["results"]) == len(ids) > 0
    assert set(page["results"][0]) == {"number", "limit", "party"}
    assert all("张三" not in str(row) for row in page["results"])
    whole, address = [], BOOK
    while address:
        page = reader.get(address).json()
        whole += [row["number"] for row in page["results"]]
        address = page["next"]
    assert sorted(whole) == sorted(Request.objects.values_list("number", flat=True))
    wrong = reader.get(f"{BOOK}?timeliness=never&registered_from=yesterday")
    assert wrong.status_code == 400
    assert {error["field"] for error in wrong.json()["errors"]} == {
        "timeliness", "registered_from",
    }  # fmt: skip


def test_other_keys_and_other_cities_find_nothing(town: City, reader: Caller) -> None:
    one = follow_up_city.item(town, AT)
    figures = issue(town, "statistics", ApiClient.Scope.REPORTS_READ)
    for address in (BOOK, f"{MATTERS}/items", f"{MATTERS}/items/{one.public_id}"):
        assert figures.get(address).status_code == 403
    assert reader.get("/api/v1/reports/briefings").status_code == 403
    other = invented.found_jurisdiction(
        code="other", prefix="O", policy="guangzhou", name="他市", name_en="Other",
        court_code="他01", court_name="他市中级人民法院", court_name_en="Other Intermediate Court",
    )  # fmt: skip
    client, key = ApiClient.objects.issue(
        name="elsewhere", jurisdiction=other, channel="reports",
        scopes=[ApiClient.Scope.REPORTS_DETAIL],
    )  # fmt: skip
    stranger = Caller(client, key)
    assert stranger.get(f"{MATTERS}/items").json()["results"] == []
    assert stranger.get(f"{MATTERS}/items/{one.public_id}").status_code == 404
    assert stranger.get(BOOK).json()["results"] == []


@pytest.mark.parametrize("number", [1, 6])
def test_a_page_takes_as_many_statements_however_many(
    town: City, reader: Caller, django_assert_max_num_queries, number: int
) -> None:
    for _number in range(number):
        follow_up_city.problem(town, AT)
    with django_assert_max_num_queries(12):
        assert len(reader.get(f"{MATTERS}/problems").json()["results"]) == number
