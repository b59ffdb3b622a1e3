"""A judge's own figures of the city told of in ``ranked_city``, and every item behind them."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from courts.models import Post
from tests import city
from tests.city import City, local
from tests.reports import ranked_city
from tests.reports.ranked_city import JUNE
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
OWN = reverse("assessment:own")
K = Post.Kind


@pytest.fixture
def town() -> City:
    town = city.build()
    ranked_city.tell(town)
    return town


def _browser(person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def _rows(page, name: str) -> list[dict]:
    return next(one["rows"] for one in page.context["sections"] if one["name"] == name)


def test_each_judge_sees_what_counts_for_them_and_nothing_else(town: City) -> None:
    first, second = town.judge(), ranked_city.second_judge(town)
    page = _browser(first).get(OWN, {"month": JUNE})
    cards = {str(one["label"]): (one["value"], one["note"]) for one in page.context["cards"]}
    assert cards == {
        "Timely acceptance rate": ("–", "Nothing was due"),
        "Judge liaison rate": ("80.0", "4 of 5 in time"),
        "Timely completion rate": ("80.0", "4 of 5 in time"),
        "Satisfaction": ("100.0", "1 of 1 rated as satisfied"),
    }
    (rated,) = _rows(page, "satisfaction")
    assert str(rated["state_label"]) == "very satisfied"
    assert "object_url" not in rated
    # Twelve months, of which May and June have anything.
    shares = [list(one.values)[-3:] for one in page.context["series"]]
    assert shares == [[None] * 3, [None, 1.0, 0.8], [None, 1.0, 0.8]]
    listed = {row["request"].number for row in _rows(page, "completion")}
    mine = set(
        WorkOrder.objects.filter(
            court=town.east, dispatched_at__gt=local(2020, 6, 1), first_handler=first
        ).values_list("request__number", flat=True)
    )
    assert len(listed) == 5
    assert listed < mine
    other = _browser(second).get(OWN, {"month": JUNE})
    theirs = {row["request"].number for row in _rows(other, "completion")}
    assert (len(theirs), theirs & listed, theirs | listed) == (1, set(), mine)


def test_what_was_passed_on_is_shown_without_its_subject(town: City) -> None:
    page = _browser(town.judge()).get(OWN, {"month": JUNE})
    (late,) = [row for row in _rows(page, "completion") if row["is_late"]]
    assert late["request"].number in page.content.decode()
    assert not late["may_read"]
    kept = next(row for row in _rows(page, "completion") if row["may_read"])
    answer = _browser(town.judge()).get(kept["url"])
    assert answer.url.startswith("/orders/")


def test_the_rail_leads_a_judge_to_the_own_figures(town: City) -> None:
    browser = _browser(town.judge())
    page = unescape(browser.get(reverse("orders:queue")).content.decode())
    assert f'href="{reverse("assessment:start")}"' in page
    assert browser.get(reverse("assessment:start")).url == OWN


def test_the_page_takes_as_many_statements_whatever_it_shows(
    town: City, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    browser = _browser(town.judge())
    browser.get(OWN, {"month": JUNE})
    with django_assert_max_num_queries(50) as before:
        browser.get(OWN, {"month": JUNE})
    for number in range(10):
        town.order(at=local(2020, 6, 10, 10, number))
    with django_assert_num_queries(len(before)):
        page = browser.get(OWN, {"month": JUNE})
    assert len(_rows(page, "completion")) == 15
