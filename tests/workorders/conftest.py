"""What the tests of orders and supervision start from: a city, and an order of its judge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courts.models import Department, Person, Post
from tests import city
from workorders.models import WorkOrder


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def town(db: None) -> city.City:
    return city.build()


@pytest.fixture
def division(town: city.City) -> Department:
    return town.division()


@pytest.fixture
def order(town: city.City, now: datetime) -> WorkOrder:
    """An order given to the judge an hour ago."""
    return town.order(at=now - timedelta(hours=1), case_number="（2026）示0101民初123号")


@pytest.fixture
def judge(town: city.City) -> Person:
    return town.judge()


@pytest.fixture
def stranger(town: city.City) -> Person:
    """A judge of another court."""
    return town.judge(town.division(town.west))


@pytest.fixture
def officer(town: city.City, division: Department) -> Person:
    return town.holder(Post.Kind.LIAISON_OFFICER, department=division)


@pytest.fixture
def leader(town: city.City, division: Department) -> Person:
    return town.holder(Post.Kind.DEPARTMENT_LEADER, department=division)


@pytest.fixture
def president(town: city.City) -> Person:
    return town.holder(Post.Kind.PRESIDENT)


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A browser in which a person is signed in; its pages are English."""

    def sign_in(person: Person) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person)
        return client

    return sign_in
