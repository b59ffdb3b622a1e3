"""The ranking of a city told of in ``ranked_city``: who stands where, and who sees what of it."""

from __future__ import annotations

from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courts.models import Department, Person, Post
from reports import standings
from reports.indicators import Figure, Indicator
from reports.months import Month
from reports.ranking import Movement, Reason, interviews, movement
from tests import city
from tests.city import City, local
from tests.reports import ranked_city
from tests.reports.ranked_city import JUNE

pytestmark = pytest.mark.django_db
K = Post.Kind
RANKING, UNIT = reverse("leadership:ranking"), reverse("leadership:ranking_unit")
ITEMS = reverse("leadership:items")
A, L, C = Indicator
AT = local(2020, 7, 1)


@pytest.fixture
def town() -> City:
    town = city.build()
    ranked_city.tell(town)
    return town


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def chief(town: City) -> Person:
    return town.holder(K.PRESIDENT, court=town.intermediate)


def service(town: City, court: Any) -> Department:
    return Department.objects.get(court=court, kind=Department.Kind.LITIGATION_SERVICE)


def test_courts_departments_and_judges_stand_where_their_figures_put_them(town: City) -> None:
    found = standings.city(town.jurisdiction, Month(2020, 6), at=AT)
    west, east = found.by_court.now.ranked
    assert (west.unit, west.place, west.score, west.lagging) == (town.west.pk, 1, 1, ())
    assert (east.unit, east.place) == (town.east.pk, 2)
    assert east.score == Fraction(1 + Fraction(4, 6) + Fraction(4, 6)) / 3
    assert east.lagging == (Reason.LOW_SCORE, Reason.AMONG_LAST)
    # Two requests, each on the four rungs.
    assert (east.standing.rungs, east.standing.requests, east.standing.items) == (8, 6, 18)
    assert (west.standing.satisfaction, east.standing.satisfaction) == (Figure(1, 2), Figure(1, 1))
    (few,) = found.by_court.now.unranked
    assert (few.unit, few.place, few.standing.requests) == (town.intermediate.pk, None, 2)
    assert few.standing.satisfaction == Figure()
    assert found.by_court.before is not None
    assert {row.unit: movement(row, found.by_court.before) for row in (west, east)} == {
        town.west.pk: (Movement.UP, 1),
        town.east.pk: (Movement.DOWN, 1),
    }
    # March, April and May; by itself in the ranking or not.
    assert interviews(found.by_court.rankings, found.by_court.now.rule) == {town.west.pk: 3}
    assert [len(month.ranked) for month in found.by_court.rankings] == [0, 0, 1, 1, 2, 2]
    assert found.by_court.rankings[4].ranked[1].standing.rungs == 20

    order = [row.unit for row in found.by_department.now.ranked]
    assert order == [
        town.division(town.west).pk,
        service(town, town.east).pk,
        service(town, town.west).pk,
        town.division().pk,
    ]
    bench = standings.bench(town.east, Month(2020, 6), at=AT)
    (first,), (second,) = bench.by_judge.now.ranked, bench.by_judge.now.unranked
    assert first.unit == town.judge().pk
    assert first.standing.figures == {A: Figure(), L: Figure(4, 5), C: Figure(4, 5)}
    assert (first.standing.rungs, first.standing.requests) == (0, 5)
    assert first.standing.satisfaction == Figure(1, 1)
    assert second.unit == ranked_city.second_judge(town).pk
    assert second.standing.figures == {A: Figure(), L: Figure(0, 1), C: Figure(0, 1)}
    assert (second.standing.rungs, second.standing.requests) == (8, 1)


def test_reading_takes_as_many_statements_whatever_its_size(
    town: City, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    month = Month(2020, 6)
    standings.city(town.jurisdiction, month, at=AT)  # calendars are kept from here on
    with django_assert_max_num_queries(27) as before:
        standings.city(town.jurisdiction, month, at=AT)
    for number in range(12):
        town.order(at=local(2020, 4 + number % 3, 8, 10, number))
    Department.objects.create(court=town.east, name="家事庭", kind=Department.Kind.TRIAL)
    with django_assert_num_queries(len(before)):
        standings.city(town.jurisdiction, month, at=AT)


def test_the_page_says_place_movement_why_and_for_whom_an_interview(
    client: Client, town: City
) -> None:
    signed_in(client, chief(town))
    page = client.get(RANKING, {"month": JUNE})
    rows = page.context["rows"]
    assert [(row["name"], row["place"], row["score"]) for row in rows] == [
        ("Xiling District Court", 1, "100.0"),
        ("Donghu District Court", 2, "77.8"),
    ]
    html = " ".join(unescape(page.content.decode()).split())
    for words in (
        "up 1", "down 1", "score under 95%", "among the last 10%",
        "Unranked: fewer than 5 requests due", "lagging in 3 of the last 6 months",
        f"Copy for {chief(town).display_name},",
    ):  # fmt: skip
        assert words in html, words
    (one,) = page.context["proposed"]
    assert one["name"] == "Xiling District Court"
    judges = client.get(RANKING, {"month": JUNE, "of": "judges", "court": town.east.public_id})
    assert [row["name"] for row in judges.context["rows"]] == [town.judge().display_name]
    assert "not published" in judges.content.decode()


def test_every_figure_opens_a_list_of_as_many(client: Client, town: City) -> None:
    signed_in(client, chief(town))
    opened = 0
    for query in (
        {"of": "courts"},
        {"of": "departments"},
        {"of": "judges", "court": str(town.east.public_id)},
    ):
        page = client.get(RANKING, {"month": JUNE} | query)
        for row in [*page.context["rows"], *page.context["unranked"]]:
            listed = [(row["rungs_url"], row["rungs"]), (row["requests_url"], row["requests"])]
            listed += [(rate["url"], rate["figure"].due) for rate in row["rates"]]
            for url, number in listed:
                assert bool(url) == bool(number), row
                if url:
                    assert client.get(url).context["count"] == number, url
                    opened += 1
    assert opened > 30
    page = client.get(UNIT, {"month": JUNE, "court": town.east.public_id})
    for lift in page.context["lifts"]:
        assert client.get(lift["url"]).context["count"] == lift["late"] == 2
    satisfaction = page.context["cards"][-1]
    assert (satisfaction["value"], satisfaction["note"]) == ("100.0", "1 of 1 rated as satisfied")
    rated = client.get(satisfaction["url"])
    assert [row["entry"].result for row in rated.context["rows"]] == ["very_satisfied"]
    assert "mood-happy" in rated.content.decode()


def test_a_units_page_says_what_would_lift_it_most(client: Client, town: City) -> None:
    signed_in(client, chief(town))
    page = client.get(UNIT, {"month": JUNE, "court": town.east.public_id})
    html = " ".join(unescape(page.content.decode()).split())
    assert "Place 2 of 2 ranked courts." in html
    assert "4 of 6 in time · median of the others 100.0%" in html
    assert [
        [(step["more"], step["score"], step["gain"], step["place"]) for step in lift["steps"]]
        for lift in page.context["lifts"]
    ] == [[("1 more in time", "83.3", "+5.6", 2), ("2 more in time", "88.9", "+11.1", 2)]] * 2
    assert [(one["place"], one["score"]) for one in page.context["past"]] == [
        (2, "77.8"), (1, "100.0"), (None, None), (None, None), (None, None), (None, None),
    ]  # fmt: skip
    few = client.get(UNIT, {"month": JUNE, "court": town.intermediate.public_id})
    assert "Unranked: fewer than 5 requests due." in " ".join(few.content.decode().split())
    idle = client.get(UNIT, {"month": "2019-01", "court": town.east.public_id})
    assert "Nothing was due in this month." in idle.content.decode()


def test_a_president_sees_all_courts_but_the_own_lists_departments_and_judges(
    client: Client, town: City
) -> None:
    signed_in(client, town.holder(K.PRESIDENT))
    page = client.get(RANKING, {"month": JUNE})
    west, east = page.context["rows"]
    assert (west["place"], east["place"]) == (1, 2)
    links = [west["url"], west["requests_url"], *(rate["url"] for rate in west["rates"])]
    assert links == [""] * 6
    assert west["rates"][3]["figure"] == Figure(1, 2)
    assert all(rate["url"] for rate in east["rates"])
    departments = client.get(RANKING, {"month": JUNE, "of": "departments"})
    assert [(row["name"], row["place"]) for row in departments.context["rows"]] == [
        (service(town, town.east).display_name, 2),
        (town.division().display_name, 4),
    ]
    assert "Places are among the 4 ranked units" in departments.content.decode()
    judges = client.get(RANKING, {"month": JUNE, "of": "judges"})
    assert judges.context["court"] == town.east
    west_id = str(town.west.public_id)
    for address, query in (
        (RANKING, {"of": "judges", "court": west_id}),
        (UNIT, {"court": west_id}),
        (UNIT, {"department": str(town.division(town.west).public_id)}),
        (UNIT, {"court": "x"}),
        (UNIT, {}),
        (RANKING, {"of": "beauty"}),
        (ITEMS, {"indicator": "completion", "court": west_id,
                 "handler": str(town.judge(town.division(town.west)).public_id)}),
        # A person is looked for in a whole court that is named.
        (ITEMS, {"indicator": "completion", "handler": str(town.judge().public_id)}),
    ):  # fmt: skip
        assert client.get(address, {"month": JUNE} | query).status_code == 404, query


def test_a_department_leader_sees_the_own_place_and_no_other_unit(
    client: Client, town: City
) -> None:
    mine = town.division()
    signed_in(client, town.holder(K.DEPARTMENT_LEADER, department=mine))
    page = client.get(RANKING, {"month": JUNE})
    assert [(row["name"], row["place"]) for row in page.context["rows"]] == [(mine.display_name, 4)]
    html = page.content.decode()
    for other in (town.division(index=1), town.west, service(town, town.east)):
        assert other.display_name not in html
    assert client.get(UNIT, {"month": JUNE, "department": mine.public_id}).status_code == 200
    outside = (
        (RANKING, {"of": "courts"}),
        (RANKING, {"of": "judges"}),
        (UNIT, {"court": str(town.east.public_id)}),
        (UNIT, {"department": str(town.division(index=1).public_id)}),
        (ITEMS, {"indicator": "completion", "court": str(town.east.public_id),
                 "handler": str(town.judge().public_id)}),
    )  # fmt: skip
    for address, query in outside:
        assert client.get(address, {"month": JUNE} | query).status_code == 404, query


def test_a_month_in_which_nothing_was_due_ranks_nobody(client: Client, town: City) -> None:
    signed_in(client, chief(town))
    for of in ("courts", "departments", "judges"):
        page = client.get(RANKING, {"month": "2019-01", "of": of})
        assert "Nobody is ranked in this month" in page.content.decode()
        assert page.context["next"].endswith(f"of={of}") or of == "judges"
    # Before the first month there is none to compare with, nor to go to.
    first = client.get(RANKING, {"month": "2007-01"})
    assert first.status_code == 200
    assert first.context["previous"] == ""


@pytest.mark.parametrize("of", ["courts", "departments", "judges"])
def test_a_page_takes_as_many_statements_whatever_it_shows(
    client: Client, town: City, of: str, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    signed_in(client, chief(town))
    query = {"month": JUNE, "of": of, "court": str(town.east.public_id)}
    client.get(RANKING, query)
    with django_assert_max_num_queries(45) as before:
        client.get(RANKING, query)
    for number in range(8):
        town.order(at=local(2020, 6, 10, 10, number))
    with django_assert_num_queries(len(before)):
        client.get(RANKING, query)
