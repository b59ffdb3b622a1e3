"""A command is applied once, and its id serves one verb with one set of arguments only."""

import uuid

import pytest

from courts import commands
from courts.errors import Invalid

pytestmark = pytest.mark.django_db

SAID = commands.digest_of


def test_a_command_is_claimed_once() -> None:
    command_id = uuid.uuid4()
    assert commands.claim(command_id, "register", SAID("示0101", "请回电")) is None
    commands.applied(command_id, 7)
    found = commands.claim(command_id, "register", SAID("示0101", "请回电"))
    assert found is not None
    assert found.subject_id == 7


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("withdraw", ("示0101", "请回电")),
        ("register", ("示0102", "请回电")),
        ("register", ("示0101", "请寄判决书")),
        ("register", ("示0101请", "回电")),
    ],
)
def test_an_id_with_another_verb_or_other_words_is_refused(
    verb: str, arguments: tuple[str, ...]
) -> None:
    command_id = uuid.uuid4()
    assert commands.claim(command_id, "register", SAID("示0101", "请回电")) is None
    with pytest.raises(Invalid) as refused:
        commands.claim(command_id, verb, SAID(*arguments))
    assert refused.value.code == "command_reused"


def test_without_an_id_nothing_is_claimed() -> None:
    assert commands.claim(None, "register", SAID("示0101")) is None


def test_a_digest_is_keyed_and_takes_any_text(settings: object) -> None:
    """Else a telephone number would be found by trying all of them."""
    first = SAID("13800138000", None, 7, "\ud800")
    settings.BLIND_INDEX_KEY = "another key, sixteen signs and more"  # type: ignore[attr-defined]
    assert first != SAID("13800138000", None, 7, "\ud800")
