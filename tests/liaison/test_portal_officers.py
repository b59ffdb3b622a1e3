"""The liaison officers as anyone may know them (G9, B7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts import invented
from courts.models import Court, Jurisdiction, Person, Post, Tenure
from escalation.models import PolicyVersion
from tests import city
from tests.city import City

OFFICERS = "/officers/"


def officer(town: City) -> Person:
    return town.holder("liaison_officer", department=town.division())


def test_each_department_has_its_officer_with_the_office_telephone(
    client: Client, town: City
) -> None:
    person = officer(town)
    Person.objects.filter(pk=person.pk).update(mobile="13900001111")
    page = client.get(OFFICERS).content.decode()
    for court in (town.intermediate, town.east, town.west):
        assert court.name in page
    assert person.name in page
    assert person.office_phone in page
    assert "13900001111" not in page
    assert town.judge().name not in page


def test_mobile_numbers_are_published_only_by_policy(client: Client, town: City) -> None:
    person = officer(town)
    person.mobile = "13900001111"
    person.save()
    version = PolicyVersion.objects.filter(slug="guangzhou").latest("version")
    document = version.document
    document["values"]["publish_mobile"] = {"value": "public", "source": "assumed"}
    PolicyVersion.objects.create(
        slug="open",
        version=1,
        holds_from=version.holds_from,
        document=document | {"slug": "open"},
        digest="open",
    )
    Jurisdiction.objects.update(policy="open")
    assert "13900001111" in client.get(OFFICERS).content.decode()


def test_one_court_alone(client: Client, town: City) -> None:
    entries = client.get(OFFICERS, {"court": town.west.code}).context["entries"]
    assert [entry.court for entry in entries] == [town.west]


def test_a_vacant_post_is_shown_as_vacant_and_who_acts_before_who_holds(
    client: Client, town: City
) -> None:
    now = timezone.now()
    post = Post.objects.get(kind="liaison_officer", department=town.division())
    deputy = town.holder("judge", department=town.division())
    acting = Tenure.objects.create(
        post=post, person=deputy, is_acting=True, from_at=now - timedelta(days=1)
    )
    assert deputy.name in client.get(OFFICERS).content.decode()
    acting.delete()
    post.tenures.update(until_at=now - timedelta(hours=1))
    entries = client.get(OFFICERS, {"court": town.east.code}).context["entries"]
    assert [one.name for one in entries[0].officers].count("") == 1


def test_a_court_from_no_jurisdiction_is_not_listed(client: Client, town: City) -> None:
    Court.objects.create(code="示99", name="示范铁路运输法院", level="primary")
    assert "示范铁路运输法院" not in client.get(OFFICERS).content.decode()


@pytest.mark.parametrize("more", [1, 10])
def test_statements_do_not_grow_with_courts(client: Client, town: City, more: int) -> None:
    client.get(OFFICERS)
    with CaptureQueriesContext(connection) as before:
        client.get(OFFICERS)
    for number in range(more):
        court = invented.add_primary_court(
            town.jurisdiction, code=f"示02{number:02d}", name=f"示范{number}法院", name_en=""
        )
        invented.staff_court(court, invented.Plan(), since=city.SINCE, prefix=f"p{number}-")
    with CaptureQueriesContext(connection) as after:
        client.get(OFFICERS)
    assert len(after) == len(before)
