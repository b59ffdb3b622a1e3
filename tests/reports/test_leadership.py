"""The leadership's pages: who sees which figures, and that each opens its list (G2)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from courts.models import Department, Post
from escalation.sweep import sweep
from tests import city
from tests.city import City, local
from workorders import services as orders

pytestmark = pytest.mark.django_db
RATES, ITEMS = reverse("leadership:rates"), reverse("leadership:items")


@pytest.fixture
def town() -> City:
    """Two orders in each of two divisions of the east, one of each answered in time."""
    town = city.build()
    opened = local(2020, 6, 5)
    for index in (0, 1):
        division = town.division(index=index)
        for number in range(2):
            order = town.order(at=opened + timedelta(hours=number))
            if index:
                orders.reassign(
                    order_id=order.pk,
                    department=division,
                    handler=town.judge(division),
                    reason="属执行事项",
                    by=town.judge(),
                    at=opened + timedelta(hours=3),
                )
            if number:
                orders.reply(
                    order_id=order.pk,
                    text="已安排。",
                    by=town.judge(division),
                    at=local(2020, 6, 9),
                )
    sweep(local(2020, 6, 30, 12))
    return town


def signed_in(client: Client, town: City, kind: str, **where: object) -> Client:
    client.force_login(town.holder(kind, **where))  # type: ignore[arg-type]
    client.cookies["django_language"] = "en"
    return client


def addresses(html: str, start: str = ITEMS) -> list[str]:
    return [unescape(url) for url in re.findall(r'href="([^"]+)"', html) if url.startswith(start)]


def test_the_president_of_the_superior_court_sees_the_city(client: Client, town: City):
    signed_in(client, town, Post.Kind.PRESIDENT, court=town.intermediate)
    html = unescape(client.get(RATES, {"month": "2020-06"}).content.decode())
    assert "June 2020" in html
    assert "50.0" in html
    assert "2 of 4 in time" in html
    for court in (town.intermediate, town.east, town.west):
        assert court.name_en in html
    assert "Enforcement Bureau" not in html
    opened = client.get(RATES, {"month": "2020-06", "court": str(town.east.public_id)})
    assert "Enforcement Bureau" in opened.content.decode()


def test_every_figure_opens_its_list(client: Client, town: City):
    signed_in(client, town, Post.Kind.PRESIDENT)
    html = client.get(RATES, {"month": "2020-06"}).content.decode()
    found = addresses(html)
    assert len(found) > 15
    for url in found:
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.context["count"] > 0, url


def test_a_list_holds_the_requests_of_its_figure(client: Client, town: City):
    signed_in(client, town, Post.Kind.PRESIDENT)
    query = {"month": "2020-06", "indicator": "completion"}
    assert client.get(ITEMS, query).context["count"] == 4
    late = client.get(ITEMS, query | {"result": "late"})
    assert late.context["count"] == 2
    division = town.division(index=1)
    one = client.get(ITEMS, query | {"result": "late", "department": str(division.public_id)})
    assert [row["department"] for row in one.context["rows"]] == [division]
    rungs = client.get(ITEMS, {"month": "2020-06", "indicator": "rungs", "level": "3"})
    assert rungs.context["count"] == 2
    assert client.get(ITEMS, {"month": "2020-06", "indicator": "overdue"}).context["count"] == 2


def test_a_department_leader_sees_the_own_department_only(client: Client, town: City):
    mine, other = town.division(index=0), town.division(index=1)
    signed_in(client, town, Post.Kind.DEPARTMENT_LEADER, department=mine)
    page = client.get(RATES, {"month": "2020-06"})
    assert "1 of 2 in time" in page.content.decode()
    assert other.name_en not in page.content.decode()
    (court,) = page.context["courts"]
    assert court["cells"] is None
    assert [one["department"] for one in court["departments"]] == [mine]
    query = {"month": "2020-06", "indicator": "completion"}
    assert client.get(ITEMS, query).context["count"] == 2
    for outside in (
        {"department": str(other.public_id)},
        {"court": str(town.west.public_id)},
    ):
        assert client.get(ITEMS, query | outside).status_code == 404
    # Of the own court, only the own department.
    own = client.get(ITEMS, query | {"court": str(town.east.public_id)})
    assert own.context["count"] == 2


def test_a_deputy_president_sees_the_departments_in_charge(client: Client, town: City):
    deputy = Post.objects.get(court=town.east, kind=Post.Kind.DEPUTY_PRESIDENT)
    deputy.departments_in_charge.set([town.division(index=1)])
    signed_in(client, town, Post.Kind.DEPUTY_PRESIDENT)
    page = client.get(RATES, {"month": "2020-06"})
    (court,) = page.context["courts"]
    assert [one["department"] for one in court["departments"]] == [town.division(index=1)]


@pytest.mark.parametrize(
    "kind", [Post.Kind.JUDGE, Post.Kind.SERVICE_STAFF, Post.Kind.LIAISON_OFFICER]
)
def test_for_others_the_pages_do_not_exist(client: Client, town: City, kind: str):
    signed_in(client, town, kind)
    assert client.get(RATES).status_code == 404
    assert client.get(ITEMS, {"indicator": "completion"}).status_code == 404


@pytest.mark.parametrize("month", ["abc", "2020-13", "9999-01"])
def test_what_is_no_month_so_far_shows_the_present_one(client: Client, town: City, month: str):
    signed_in(client, town, Post.Kind.PRESIDENT)
    page = client.get(RATES, {"month": month})
    assert page.status_code == 200
    assert page.context["is_present"]


def test_a_stranger_is_sent_to_sign_in(client: Client, town: City):
    assert client.get(RATES).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2020-06"},
        {"month": "2020-06", "indicator": "beauty"},
        {"month": "2020-06", "indicator": "completion", "court": "x"},
        {"month": "2020-06", "indicator": "completion", "result": "x"},
        {"month": "2020-06", "indicator": "rungs", "level": "9"},
    ],
)
def test_what_there_is_not_is_not_found(client: Client, town: City, query: dict[str, str]):
    signed_in(client, town, Post.Kind.PRESIDENT)
    assert client.get(ITEMS, query).status_code == 404


def test_a_month_without_anything_due_shows_dashes(client: Client, town: City):
    signed_in(client, town, Post.Kind.PRESIDENT)
    page = client.get(RATES, {"month": "2019-01"})
    assert [card["value"] for card in page.context["cards"]] == ["–"] * 4
    assert "0.0%" not in page.content.decode()
    assert page.context["next"].endswith("month=2019-02")


def test_trial_management_reads_numbers_but_not_what_parties_wrote(client: Client, town: City):
    signed_in(client, town, Post.Kind.TRIAL_MANAGEMENT, court=town.intermediate)
    query = {"month": "2020-06", "indicator": "completion"}
    html = client.get(ITEMS, query).content.decode()
    assert "SF" in html
    assert "请法官回电" not in html
    signed_in(client, town, Post.Kind.PRESIDENT)
    assert "请法官回电" in client.get(ITEMS, query).content.decode()


def test_pages_follow_each_other_without_gap_or_repetition(client: Client, town: City):
    for number in range(110):
        town.request(at=local(2020, 7, 6) + timedelta(minutes=number), matter="consultation")
    signed_in(client, town, Post.Kind.PRESIDENT)
    query = {"month": "2020-07", "indicator": "acceptance"}
    seen, back = [], []
    page = client.get(ITEMS, query)
    while True:
        seen.append([row["request"].pk for row in page.context["rows"]])
        if not page.context["page"].older:
            break
        page = client.get(ITEMS, query | {"after": page.context["page"].older})
    assert [len(rows) for rows in seen] == [50, 50, 10]
    assert len({pk for rows in seen for pk in rows}) == 110
    while newer := page.context["page"].newer:
        page = client.get(ITEMS, query | {"before": newer})
        back.append([row["request"].pk for row in page.context["rows"]])
    assert back == [seen[1], seen[0]]


@pytest.mark.parametrize(
    "url", [f"{RATES}?month=2020-06&court=all", f"{ITEMS}?indicator=completion&month=2020-06"]
)
def test_a_page_takes_as_many_statements_whatever_it_shows(
    client: Client, town: City, url: str, django_assert_max_num_queries, django_assert_num_queries
):
    signed_in(client, town, Post.Kind.PRESIDENT, court=town.intermediate)
    client.get(url)
    with django_assert_max_num_queries(40) as before:
        client.get(url)
    for number in range(40):
        town.order(at=local(2020, 6, 10) + timedelta(minutes=number))
    with django_assert_num_queries(len(before)):
        client.get(url)


def test_departments_without_work_have_their_row(client: Client, town: City):
    signed_in(client, town, Post.Kind.PRESIDENT)
    page = client.get(RATES, {"month": "2020-06"})
    shown = {one["department"] for court in page.context["courts"] for one in court["departments"]}
    assert shown == set(Department.objects.filter(court=town.east, is_open=True))
