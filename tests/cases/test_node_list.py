"""The list of nodes as data: what is wrong is named by file, key and reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cases import node_list
from cases.node_list import FOLDER, for_policy, parse
from cases.node_rules import Outside
from escalation.policy_reader import PolicyError

NEEDED = {
    "filing", "acceptance", "panel", "hearing", "hearing_changed",
    "trial_limit_extended", "time_deducted", "suspension", "preservation",
    "appraisal", "appeal_transfer", "judgment_issued", "judgment_in_force",
    "archiving", "enforcement_notice", "enforcement_concluded",
}  # fmt: skip


def shared() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "shared.toml").read_text(encoding="utf-8"))


def test_the_list_names_every_node_in_both_languages_with_its_source() -> None:
    listed = for_policy("guangzhou")
    assert set(listed.rules) >= NEEDED
    for rule in listed.rules.values():
        assert rule.source == "assumed" or re.search(r"article \d", rule.source), rule.kind
        for text in (rule.title, rule.text):
            assert re.search("[一-龥]", text.zh)
            assert not re.search("[一-龥]", text.en)
    assert listed.rules["preservation"].held_back is not None
    assert listed.sensitive["domestic_violence"] is Outside.NOTHING


@pytest.mark.parametrize(
    ("table", "key", "value", "where", "reason"),
    [
        ("values", "oldest_days", 30, "values.oldest_days", "names no source"),
        ("values", "oldest_days", {"value": 0, "source": "assumed"}, "values.oldest_days",
         "at least 1"),
        ("values", "digest_at_least", {"value": 1, "source": "assumed"},
         "values.digest_at_least", "at least 2"),
        ("values", "quiet_from", {"value": "9pm", "source": "assumed"}, "values.quiet_from",
         "a local time"),
        ("values", "colour", 1, "values.colour", "is none of"),
        ("sensitive", "minors", {"value": "shout", "source": "assumed"}, "sensitive.minors",
         "must be one of"),
        ("sensitive", "minors", {"value": "news", "source": "a feeling"}, "sensitive.minors",
         "neither a numbered clause nor assumed"),
        ("details", "place", {"zh": "地点", "en": "Place", "form": "song"}, "details.place.form",
         "must be one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_table_is_named(
    table: str, key: str, value: Any, where: str, reason: str
) -> None:
    document = shared()
    document[table][key] = value
    refused(document, where, reason)


@pytest.mark.parametrize(
    ("change", "where", "reason"),
    [
        ({"who": ["neighbour"]}, "who", "must list some of"),
        ({"who": []}, "who", "at least one"),
        ({"sides": ["crowd"]}, "sides", "must list some of"),
        ({"details": ["phone"]}, "details", "must list some of"),
        ({"push": "yes"}, "push", "true or false"),
        ({"text_en": ""}, "text_en", "a text is needed"),
        ({"held_back": {"source": "assumed", "until": "never"}}, "held_back.until", "is no node"),
        ({"held_back": {"source": "assumed", "until": "hearing"}}, "held_back.until",
         "another node"),
        ({"held_back": {"until": "archiving"}}, "held_back.until", "names no source"),
        ({"source": "hearsay"}, "push", "neither a numbered clause nor assumed"),
        ({"pusch": True}, "pusch", "is none of"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_node_is_named(change: dict, where: str, reason: str) -> None:
    document = shared()
    document["nodes"]["hearing"] |= change
    refused(document, f"nodes.hearing.{where}", reason)


def refused(document: dict[str, Any], where: str, reason: str) -> None:
    with pytest.raises(PolicyError) as error:
        parse("city.toml", document)
    assert (error.value.file, error.value.key) == ("city.toml", where)
    assert reason in error.value.reason


def test_a_jurisdiction_says_what_is_different_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "shared.toml").write_bytes((FOLDER / "shared.toml").read_bytes())
    (tmp_path / "third.toml").write_text(
        '[values]\noldest_days = { value = 7, source = "clause 3" }\n'
        '[nodes.archiving]\npush = { value = true, source = "clause 4" }\n',
        encoding="utf-8",
    )
    own, other = for_policy("third", tmp_path), for_policy("guangzhou", tmp_path)
    assert (own.oldest_days, other.oldest_days) == (7, 30)
    assert (own.rules["archiving"].push, other.rules["archiving"].push) == (True, False)
    assert own.rules["archiving"].title == other.rules["archiving"].title
    assert own.quiet_from == other.quiet_from


def test_a_wrong_file_of_a_jurisdiction_is_named(tmp_path: Path) -> None:
    (tmp_path / "shared.toml").write_bytes((FOLDER / "shared.toml").read_bytes())
    (tmp_path / "third.toml").write_text("[nodes.archiving]\npush = 1\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"third\.toml: nodes\.archiving\.push"):
        node_list.check_all(tmp_path)
    (tmp_path / "third.toml").write_text("[nodes", encoding="utf-8")
    node_list._documents.cache_clear()
    with pytest.raises(PolicyError, match=r"third\.toml"):
        node_list.check_all(tmp_path)
    with pytest.raises(PolicyError, match=r"shared\.toml"):
        node_list.check_all(tmp_path / "nowhere")
