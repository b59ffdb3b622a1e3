"""The invented city for the engine's tests."""

import pytest

from tests import city


@pytest.fixture
def town(db: None) -> city.City:
    return city.build()
