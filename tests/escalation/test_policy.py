"""Policy files: what is wrong is named by file, key and reason; a new city needs no code."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation import policy
from escalation.models import PolicyVersion
from escalation.policy import PolicyError
from tests import city
from tests.city import local
from tests.escalation.timed import Timed

GUANGZHOU = (policy.FOLDER / "guangzhou.toml").read_text(encoding="utf-8")

# A made-up third city: no warning; its ladder has one rung after a day, then the president is
# told every other day, three times; the limit is two business days; it opens at half past eight.
THIRD = """
slug = "third"
name = "第三市"
name_en = "Third City"
regulation = "〔2026〕1号"
holds_from = 2018-01-01

[values]
opening_hour = { value = "08:30", source = "clause 2" }
closing_hour = { value = "17:00", source = "clause 2" }
party_notices_from = { value = "09:00", source = "assumed" }
party_notices_until = { value = "20:00", source = "assumed" }
complete_after_business_days = { value = 7, source = "assumed" }
reopen_within_days = { value = 15, source = "clause 9" }
attempts = { value = 2, source = "assumed" }
attempt_days = { value = 1, source = "assumed" }
ladder_shown_to_party = { value = "limit_only", source = "assumed" }
publish_mobile = { value = "internal", source = "assumed" }

[clocks."request.reply".limits.summary]
anchor = "opened"
business_days = { value = 1, source = "clause 3" }

[clocks."request.reply".limits.ordinary]
anchor = "assigned"
business_days = { value = 2, source = "clause 3" }

[[clocks."request.reply".steps]]
key = "leader"
level = 1
anchor = "assigned"
after = { value = 1, source = "clause 4" }
to = ["department_leader"]

[[clocks."request.reply".steps]]
key = "president"
level = 2
anchor = "opened"
after = { value = 2, source = "clause 4" }
every = { value = 2, source = "clause 4" }
at_most = { value = 3, source = "clause 4" }
to = ["president"]

[clocks."request.acceptance".limits.acceptance]
anchor = "opened"
business_days = { value = 1, source = "clause 3" }
"""


def _refused(tmp_path: Path, text: str) -> PolicyError:
    path = tmp_path / "somewhere.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        policy.read_file(path)
    assert caught.value.file == "somewhere.toml"
    assert str(caught.value).startswith(f"somewhere.toml: {caught.value.key}: ")
    return caught.value


def _without(line: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert text.count(line) == 1
        return text.replace(line, "")

    return edit


def _instead(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


REPLY = "clocks.request.reply."


@pytest.mark.parametrize(
    ("edit", "key", "reason"),
    [
        (_instead("[values]", "[values"), "-", "line 9"),
        (_instead('slug = "guangzhou"', 'slug = ""'), "slug", "text"),
        (_instead("2020-05-15", '"soon"'), "holds_from", "date"),
        (_instead("2020-05-15", "2020-05-15T09:00:00"), "holds_from", "date"),
        (_without('name = "广州"\n'), "name", "text"),
        (_without('opening_hour = { value = "09:00", source = "assumed" }\n'),
         "values.opening_hour", "value"),
        (_instead('"09:00"', '"9 o\'clock"'), "values.opening_hour", "local time"),
        (_instead('"09:00"', '"09:00+08:00"'), "values.opening_hour", "local time"),
        (_instead('"09:00"', '"19:00"'), "values.closing_hour", "later"),
        (_instead('{ value = 5, source = "assumed" }', "5"),
         "values.complete_after_business_days", "source"),
        (_instead('{ value = 5, source = "assumed" }', "{ value = 5 }"),
         "values.complete_after_business_days", "no source"),
        (_instead('{ value = 30, source = "assumed" }', '{ value = 30, source = "" }'),
         "values.reopen_within_days", "no source"),
        (_instead("value = 30", "value = 0"), "values.reopen_within_days", "at least 1"),
        (_instead("value = 30", "value = true"), "values.reopen_within_days", "whole number"),
        (_instead("value = 30", "value = 3.5"), "values.reopen_within_days", "whole number"),
        (_instead('value = "full"', 'value = "nothing"'),
         "values.ladder_shown_to_party", "full, limit_only"),
        (_instead("publish_mobile", "publish_mobil"), "values.publish_mobil", "none of"),
        (_instead('anchor = "opened"', 'anchor = "born"'),
         f"{REPLY}limits.summary.anchor", "opened or assigned"),
        (_instead("business_days = { value = 3", "business_day = { value = 3"),
         f"{REPLY}limits.ordinary.business_day", "none of"),
        (_instead('to = ["president"]', 'to = ["king"]'), f"{REPLY}steps[3].to", "president"),
        (_instead('to = ["president"]', "to = []"), f"{REPLY}steps[3].to", "must list"),
        (_instead('to = ["president"]', "to = [{}]"), f"{REPLY}steps[3].to", "must list"),
        (_instead('to = ["president"]', 'to = "president"'), f"{REPLY}steps[3].to", "must list"),
        (_instead('court_levels = ["primary"]', 'court_levels = ["village"]'),
         f"{REPLY}steps[4].court_levels", "primary"),
        (_instead('court_levels = ["primary"]', 'court_level = ["primary"]'),
         f"{REPLY}steps[4].court_level", "none of"),
        (_instead('court_levels = ["primary"]', 'unit = "days"'), f"{REPLY}steps[4].unit",
         "business_days, minutes"),
        (_instead('court_levels = ["primary"]', 'at_most = { value = 3, source = "x" }'),
         f"{REPLY}steps[4].every", "go together"),
        (_instead("level = 4", "level = 5"), f"{REPLY}steps[4].level", "0 (a warning) to 4"),
        (_instead("level = 1", "level = true"), f"{REPLY}steps[1].level", "0 (a warning) to 4"),
        (_instead('key = "rung2"', 'key = "rung1"'), f"{REPLY}steps", "same key"),
        (_instead("after = { value = 7, source = \"G8\" }", "after = 7"),
         f"{REPLY}steps[3].after", "source"),
        (lambda text: "clocks = 5\n" + text[: text.index("[clocks")], "clocks", "table"),
        (lambda text: text[: text.index("[clocks")] + '[clocks]\n"request.reply" = 5\n',
         "clocks.request.reply", "table"),
        (lambda text: text[: text.index("[clocks")] + '[clocks."request.reply"]\nlimits = 5\n',
         f"{REPLY}limits", "table"),
        (lambda text: text[: text.index("[clocks")]
         + '[clocks."request.reply"]\nlimits = {}\nsteps = 5\n', f"{REPLY}steps", "list"),
        (lambda text: text[: text.index("[clocks")]
         + '[clocks."request.reply"]\nlimits = {}\nsteps = ["rung"]\n',
         f"{REPLY}steps[0]", "table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    tmp_path: Path, edit: Callable[[str], str], key: str, reason: str
) -> None:
    error = _refused(tmp_path, edit(GUANGZHOU))
    assert error.key == key
    assert reason in error.reason


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes(GUANGZHOU.encode("gb18030"))
    with pytest.raises(PolicyError, match=r"^old\.toml: "):
        policy.read_file(path)


SHIPPED = sorted(policy.FOLDER.glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_number_and_choice_of_a_shipped_policy_names_its_source(path: Path) -> None:
    document = policy.read_file(path)
    named: list[str] = []

    def walk(body: Any, key: str) -> None:
        if isinstance(body, dict) and "value" in body:
            assert body.get("source"), key
            named.append(key)
        elif isinstance(body, dict):
            for inner, value in body.items():
                walk(value, f"{key}.{inner}")
        elif isinstance(body, list):
            for index, value in enumerate(body):
                walk(value, f"{key}[{index}]")
        else:
            # What is left bare is no number: an anchor, a name, a recipient, a level.
            assert isinstance(body, str) or key.endswith(".level"), key

    walk(document, path.stem)
    assert len(named) > 12


def test_assumed_values_are_listed_with_their_keys() -> None:
    document = policy.read_file(policy.FOLDER / "guangzhou.toml")
    assumed = dict(policy.assumed_values(document))
    assert assumed["clocks.request.reply.steps.warning.after"] == 2
    assert assumed["values.opening_hour"] == "09:00"
    # What clause 8 says is nobody's assumption.
    assert not [key for key in assumed if "rung" in key or "ordinary" in key]


@pytest.mark.django_db
def test_the_same_contents_are_kept_once_and_a_change_is_a_new_version(tmp_path: Path) -> None:
    path = tmp_path / "third.toml"
    path.write_text(THIRD, encoding="utf-8")
    first = policy.load_file(path)
    assert policy.load_file(path) == first
    path.write_text(THIRD.replace("2018-01-01", "2021-01-01"), encoding="utf-8")
    second = policy.load_file(path)
    assert (first.version, second.version) == (1, 2)
    assert policy.version_for("third", local(2020, 12, 31).date()) == first
    assert policy.version_for("third", local(2021, 1, 1).date()) == second
    # Before the first there is the first.
    assert policy.version_for("third", local(2010, 1, 1).date()) == first
    with pytest.raises(PolicyVersion.DoesNotExist):
        policy.version_for("fourth", local(2020, 1, 1).date())


@pytest.mark.django_db
def test_a_running_clock_keeps_the_version_it_started_with(tmp_path: Path) -> None:
    path = tmp_path / "third.toml"
    path.write_text(THIRD, encoding="utf-8")
    policy.load_file(path)
    town = city.build("third")
    before = Timed(town, town.east).start(local(2020, 6, 5)).assign(local(2020, 6, 5))
    stricter = THIRD.replace("2018-01-01", "2020-06-08").replace(
        'after = { value = 1, source = "clause 4" }', 'after = { value = 4, source = "clause 4" }'
    )
    path.write_text(stricter, encoding="utf-8")
    policy.load_file(path)
    after = Timed(town, town.east).start(local(2020, 6, 8)).assign(local(2020, 6, 8))
    for timed in (before, after):
        timed.swept(local(2020, 7, 31))
    assert before.fired["leader"].due_at == local(2020, 6, 9, 8, 30)
    assert after.fired["leader"].due_at == local(2020, 6, 15, 8, 30)


@pytest.mark.django_db
def test_a_third_city_is_a_file_and_no_code(tmp_path: Path) -> None:
    assert tomllib.loads(THIRD)["slug"] == "third"
    (tmp_path / "third.toml").write_text(THIRD, encoding="utf-8")
    policy.load_all(tmp_path)
    town = city.build("third")
    order = town.order(at=local(2020, 6, 24, 11))
    timed = Timed(town, town.east, subject_id=order.request_id)
    assert timed.clock.limit_at == local(2020, 6, 30, 0)
    timed.swept(local(2020, 7, 31))
    fired = [(step, firing.due_at) for step, firing in timed.fired.items()]
    assert fired == [
        ("leader", local(2020, 6, 29, 8, 30)),
        ("president", local(2020, 6, 30, 8, 30)),
        ("president-2", local(2020, 7, 2, 8, 30)),
        ("president-3", local(2020, 7, 6, 8, 30)),
    ]
    president = town.holder("president", court=town.east).username
    leader = town.holder("department_leader", department=town.division()).username
    told = [("leader", leader), *[("president", president)] * 3]
    assert timed.notices == told
