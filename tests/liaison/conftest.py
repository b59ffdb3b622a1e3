"""A staffed invented city, and someone of the litigation service at the desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from liaison.models import Request
from tests import city


@pytest.fixture(autouse=True)
def _forget_attempts() -> Iterator[None]:
    """Attempts are counted in the cache by address, and every test comes from the same one."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def town(db: None) -> city.City:
    return city.build()


@pytest.fixture
def desk(town: city.City) -> Client:
    """A browser in which a member of the litigation-service staff has signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.staff())
    return client


@pytest.fixture
def waiting(town: city.City) -> Request:
    """A request that waits at the desk since now."""
    return town.request(at=timezone.now(), case_number="（2026）示0101民初123号")
