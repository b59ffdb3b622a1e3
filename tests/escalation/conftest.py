"""The invented city for the engine's tests."""

import pytest

from escalation import subjects
from tests import city

# It says what differs as a test does.
pytest.register_assert_rewrite("tests.escalation.plain_life")


@pytest.fixture
def town(db: None) -> city.City:
    return city.build()


@pytest.fixture
def promises(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invented owner of the clocks of promises: the engine needs no more than this of one."""
    owner = subjects.Subject("promise", notice_kind="ladder.reply")
    monkeypatch.setitem(subjects._subjects, "promise", owner)
