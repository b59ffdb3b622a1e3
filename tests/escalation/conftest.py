"""The invented city for the engine's tests."""

import pytest

from tests import city

# It says what differs as a test does.
pytest.register_assert_rewrite("tests.escalation.plain_life")


@pytest.fixture
def town(db: None) -> city.City:
    return city.build()
