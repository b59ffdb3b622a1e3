"""The invented city, whose courts the mirror is fed for."""

from __future__ import annotations

import pytest

from tests import city


@pytest.fixture
def town(db: None) -> city.City:
    return city.build()
