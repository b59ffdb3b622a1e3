"""Which limit holds for a matter, an urgency and a channel; pure."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation import policy
from escalation.ladder import OPENED, Limit, TimedKind

FIRST_WITH_MATTER = Limit("letters", OPENED, 3, instead_of="base", matters=frozenset({"letter"}))
THEN_WITH_CHANNEL = Limit("by_post", OPENED, 4, instead_of="base", channels=frozenset({"post"}))
WITH_TWO = Limit(
    "urgent_post",
    OPENED,
    1,
    instead_of="base",
    urgencies=frozenset({"urgent", "burning"}),
    channels=frozenset({"post"}),
)
OF_ANOTHER = Limit("other_post", OPENED, 9, instead_of="other", channels=frozenset({"post"}))


def _kind(*limits: Limit) -> TimedKind:
    rows = (Limit("base", OPENED, 5), Limit("other", OPENED, 8), *limits)
    return TimedKind({limit.name: limit for limit in rows}, ())


KIND = _kind(FIRST_WITH_MATTER, THEN_WITH_CHANNEL, WITH_TWO, OF_ANOTHER)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "base"),
        ({"matter": "visit", "channel": "hall", "urgency": "urgent"}, "base"),
        ({"matter": "letter"}, "letters"),
        ({"channel": "post"}, "by_post"),
        ({"channel": "post", "urgency": "burning"}, "urgent_post"),
        ({"channel": "hall", "urgency": "burning"}, "base"),
        # One condition each: the first of the file. Two conditions: more than one.
        ({"matter": "letter", "channel": "post"}, "letters"),
        ({"matter": "letter", "channel": "post", "urgency": "urgent"}, "urgent_post"),
    ],
)
def test_the_limit_with_the_most_conditions_holds(asked: dict[str, str], name: str) -> None:
    assert KIND.limit_for("base", **asked) == name


def test_of_as_many_conditions_the_first_of_the_file_holds() -> None:
    turned = _kind(THEN_WITH_CHANNEL, FIRST_WITH_MATTER)
    assert turned.limit_for("base", matter="letter", channel="post") == "by_post"


def test_a_limit_stands_in_for_the_one_that_it_names() -> None:
    assert KIND.limit_for("other", matter="letter", channel="post") == "other_post"
    assert _kind(FIRST_WITH_MATTER).limit_for("other", matter="letter") == "other"


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["zz_first", "a_first"])
def test_the_order_of_the_file_outlives_the_database(tmp_path: Path, first: str) -> None:
    text = Path(__file__).with_name("cities").joinpath("third.toml").read_text(encoding="utf-8")
    urgent = 'limits.urgent]\nsource = "第五条"'
    assert urgent in text
    tied = (
        f'limits.{first}]\nsource = "clause 6"\ninstead_of = "ordinary"\nmatters = ["other"]\n'
        f'anchor = "opened"\nbusiness_days = 6\n\n[clocks."request.reply".{urgent}'
    )
    path = tmp_path / "third.toml"
    path.write_text(text.replace(urgent, tied), encoding="utf-8")
    version = policy.load_file(path)
    kept = policy.by_version(version.pk).clocks["request.reply"]
    assert list(kept.limits) == ["summary", "ordinary", first, "urgent", "counter", "at_counter"]
    assert kept.limit_for("ordinary", matter="other", urgency="urgent") == first


@pytest.mark.parametrize("path", sorted(policy.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_policy_has_no_special_limit_but_for_major_emergencies(path: Path) -> None:
    clocks = policy.parse(path.name, policy.read_file(path)).clocks
    special = [
        (kind, limit.name)
        for kind, timed in clocks.items()
        for limit in timed.limits.values()
        if limit.instead_of
    ]
    assert special == [("emergency.warning", "major")]
    warning = clocks["emergency.warning"]
    assert warning.limit_for("general", urgency="major") == "major"
    assert warning.limit_for("general", urgency="general") == "general"


def test_the_numbers_of_clause_15() -> None:
    document = policy.read_file(policy.FOLDER / "guangzhou.toml")
    clocks = policy.parse("guangzhou.toml", document).clocks
    assert clocks["directory.report"].limits["report"].business_days == 5
    assert clocks["directory.publication"].limits["publication"].business_days == 2
