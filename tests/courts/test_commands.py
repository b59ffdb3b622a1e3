"""A command is applied once, and its id serves one verb only."""

import uuid

import pytest

from courts import commands
from courts.errors import Invalid

pytestmark = pytest.mark.django_db


def test_a_command_is_claimed_once() -> None:
    command_id = uuid.uuid4()
    assert commands.claim(command_id, "register") is None
    commands.applied(command_id, 7)
    found = commands.claim(command_id, "register")
    assert found is not None
    assert found.subject_id == 7


def test_the_id_of_another_verb_is_refused() -> None:
    command_id = uuid.uuid4()
    assert commands.claim(command_id, "register") is None
    with pytest.raises(Invalid):
        commands.claim(command_id, "withdraw")


def test_without_an_id_nothing_is_claimed() -> None:
    assert commands.claim(None, "register") is None
