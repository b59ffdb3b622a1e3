"""Policy files: what is wrong is named by file, key and reason; a new city needs no code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from escalation import policy
from escalation.explain import explain
from escalation.models import PolicyVersion
from escalation.policy import PolicyError
from escalation.signatures import sourced_values
from tests import city
from tests.city import local
from tests.escalation.timed import Timed

GUANGZHOU = (policy.FOLDER / "guangzhou.toml").read_text(encoding="utf-8")

THIRD = Path(__file__).with_name("cities").joinpath("third.toml").read_text(encoding="utf-8")


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


def _of_reply(text: str) -> str:
    """The head of the file without its clocks, and then another clock."""
    return text[: text.index("[clocks")]


def _numbered(text: str, key: str, number: int) -> str:
    """The file with another number where ``key`` first has one."""
    return re.sub(rf"(?m)^({key} = (?:{{ value = )?)\d+", rf"\g<1>{number}", text, count=1)


def test_a_file_with_the_slug_of_another_is_refused_and_nothing_kept(
    db: None, tmp_path: Path
) -> None:
    kept = PolicyVersion.objects.count()
    (tmp_path / "guangzhou.toml").write_text(GUANGZHOU, encoding="utf-8")
    copied = GUANGZHOU.replace("value = 30", "value = 31")
    (tmp_path / "shenzhen.toml").write_text(copied, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        policy.load_all(tmp_path)
    assert str(caught.value) == "shenzhen.toml: slug: is that of guangzhou.toml too"
    assert PolicyVersion.objects.count() == kept


REPLY = "clocks.request.reply."
WARNING = "clocks.emergency.warning."


@pytest.mark.parametrize(
    ("edit", "key", "reason"),
    [
        (_instead("[values]", "[values"), "-", "line 10"),
        (_instead('slug = "guangzhou"', 'slug = ""'), "slug", "text"),
        (_instead("2020-05-15", '"soon"'), "holds_from", "date"),
        (_instead("2020-05-15", "2020-05-15T09:00:00"), "holds_from", "date"),
        (_without('name = "广州"\n'), "name", "text"),
        (_without('opening_hour = { value = "09:00", source = "assumed" }\n'),
         "values.opening_hour", "value"),
        (_instead('"09:00"', '"9 o\'clock"'), "values.opening_hour", "local time"),
        (_instead('"09:00"', '"09:00+08:00"'), "values.opening_hour", "local time"),
        (_instead('"09:00"', '"19:00"'), "values.closing_hour", "later"),
        (_instead('notices_from = { value = "08:00"', 'notices_from = { value = "22:00"'),
         "values.party_notices_until", "later"),
        (_instead("value = 30", "value = 0"), "values.reopen_within_days", "at least 1"),
        (_instead("value = 30", "value = true"), "values.reopen_within_days", "whole number"),
        (_instead("value = 30", "value = 3.5"), "values.reopen_within_days", "whole number"),
        (_instead('value = "full"', 'value = "nothing"'),
         "values.ladder_shown_to_party", "full, limit_only"),
        (_instead("publish_mobile", "publish_mobil"), "values.publish_mobil", "none of"),
        # Sources.
        (_instead('{ value = 5, source = "assumed" }', "5"),
         "values.complete_after_business_days", "no source"),
        (_instead('{ value = 5, source = "assumed" }', "{ value = 5 }"),
         "values.complete_after_business_days", "no source"),
        (_instead('{ value = 5, source = "assumed" }', '{ source = "assumed" }'),
         "values.complete_after_business_days", "needs { value"),
        (_instead('{ value = 30, source = "assumed" }', '{ value = 30, source = "" }'),
         "values.reopen_within_days", "neither a numbered clause nor assumed"),
        (_instead('{ value = 30, source = "assumed" }', '{ value = 30, source = "asumed" }'),
         "values.reopen_within_days", "neither a numbered clause nor assumed"),
        (_instead('{ value = 30, source = "assumed" }', "{ value = 30, source = 8 }"),
         "values.reopen_within_days", "neither a numbered clause nor assumed"),
        (_instead('{ value = 30, source = "assumed" }',
                  '{ value = 30, source = "assumed", sauce = 1 }'),
         "values.reopen_within_days.sauce", "none of"),
        (_instead('key = "rung1"\nsource = "G8"', 'key = "rung1"'),
         f"{REPLY}steps[1].source", "no source"),
        (_instead('key = "rung1"\nsource = "G8"', 'key = "rung1"\nsource = "the text"'),
         f"{REPLY}steps[1].source", "neither"),
        (_instead('limits.ordinary]\nsource = "G8"', "limits.ordinary]"),
         f"{REPLY}limits.ordinary.source", "no source"),
        # The ranking.
        (_without('ranking_least_requests = { value = 5, source = "assumed" }\n'),
         "values.ranking_least_requests", "value"),
        (_instead("lagging_under = { value = 95", "lagging_under = { value = 101"),
         "values.ranking_lagging_under", "at most 100"),
        (_instead("interview_lagging = { value = 3", "interview_lagging = { value = 7"),
         "values.ranking_interview_lagging", "more than the months"),
        (_instead("interview_months = { value = 6", "interview_months = { value = 25"),
         "values.ranking_interview_months", "more than 24"),
        (lambda text: re.sub(r"(ranking_weight_\w+ = \{ value = )1", r"\g<1>0", text),
         "values.ranking_weight_acceptance", "no rate"),
        # Issues and the watch list.
        (_without('issues_most = { value = 10, source = "assumed" }\n'),
         "values.issues_most", "value"),
        (_instead("issues_months_before = { value = 3", "issues_months_before = { value = 25"),
         "values.issues_months_before", "more than 24"),
        (_instead("ahead_percent = { value = 5", "ahead_percent = { value = 101"),
         "values.ahead_percent", "more than 100"),
        (_without('objection_business_days = { value = 5, source = "assumed" }\n'),
         "values.objection_business_days", "value"),
        (_instead("objection_business_days = { value = 5",
                  "objection_business_days = { value = 61"),
         "values.objection_business_days", "more than 60"),
        # Limits.
        (_instead('anchor = "opened"', 'anchor = "born"'),
         f"{REPLY}limits.summary.anchor", "one of assigned, fixed_date, opened"),
        (_instead("business_days = 3", "business_day = 3"),
         f"{REPLY}limits.ordinary.business_day", "none of"),
        (_instead("business_days = 3", "minutes = 3\nbusiness_days = 3"),
         f"{REPLY}limits.ordinary.business_days", "either"),
        (_instead("business_days = 3\n", ""), f"{REPLY}limits.ordinary.business_days", "either"),
        (_instead("minutes = 240", "minutes = 0"), f"{WARNING}limits.general.minutes", "at least"),
        (_instead('urgencies = ["major"]\n', ""), f"{WARNING}limits.major.instead_of", "together"),
        (_instead('instead_of = "general"\n', ""), f"{WARNING}limits.major.instead_of", "together"),
        (_instead('instead_of = "general"', 'instead_of = "generel"'),
         f"{WARNING}limits.major.instead_of", "one of general"),
        (_instead('instead_of = "general"', 'instead_of = "major"'),
         f"{WARNING}limits.major.instead_of", "one of general"),
        (_instead('urgencies = ["major"]', 'urgencies = "major"'),
         f"{WARNING}limits.major.urgencies", "list"),
        (_instead("business_days = 3",
                  'business_days = 3\ninstead_of = "summary"\nmatters = ["contact_jugde"]'),
         f"{REPLY}limits.ordinary.matters", "contact_judge"),
        (_instead("business_days = 3",
                  'business_days = 3\ninstead_of = "summary"\nchannels = ["fax"]'),
         f"{REPLY}limits.ordinary.channels", "hotline"),
        (_instead("limits.summary]", "limits.a_name_that_no_column_of_a_clock_takes]"),
         f"{REPLY}limits.a_name_that_no_column_of_a_clock_takes", "characters"),
        # Steps.
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
        (_instead('court_levels = ["primary"]', "at_most = 3"),
         f"{REPLY}steps[4].every", "go together"),
        (_instead('court_levels = ["primary"]', "every = 3"),
         f"{REPLY}steps[4].every", "go together"),
        (_instead('court_levels = ["primary"]', 'limits = ["special"]'),
         f"{REPLY}steps[4].limits", "ordinary, summary"),
        (_instead('court_levels = ["primary"]', "every = 1\nat_most = 60"),
         f"{REPLY}steps", "more than 63 times"),
        (_instead("level = 4", "level = 5"), f"{REPLY}steps[4].level", "0 (a warning) to 4"),
        (_instead("level = 1", "level = true"), f"{REPLY}steps[1].level", "whole number"),
        (_without('level = 4\n'), f"{REPLY}steps[4].level", "value"),
        (_instead('key = "rung2"', 'key = "rung1"'), f"{REPLY}steps", "same key"),
        (_instead('key = "rung2"', f'key = "{25 * "r"}"'), f"{REPLY}steps[2].key", "more than 24"),
        (_instead("after = 7", "after = -1"), f"{REPLY}steps[3].after", "at least 0"),
        # Tables.
        (lambda text: "clocks = 5\n" + _of_reply(text), "clocks", "table"),
        (lambda text: _of_reply(text) + '[clocks]\n"request.reply" = 5\n',
         "clocks.request.reply", "table"),
        (lambda text: _of_reply(text) + '[clocks."request.reply"]\nlimits = 5\n',
         f"{REPLY}limits", "table"),
        (lambda text: _of_reply(text) + '[clocks."request.reply"]\nlimits = { summary = 5 }\n',
         f"{REPLY}limits.summary", "table"),
        (lambda text: _of_reply(text) + '[clocks."request.reply"]\nlimits = {}\nsteps = 5\n',
         f"{REPLY}steps", "list"),
        (lambda text: _of_reply(text)
         + '[clocks."request.reply"]\nlimits = {}\nsteps = ["rung"]\n',
         f"{REPLY}steps[0]", "table"),
        (lambda text: _of_reply(text) + f'[clocks.{33 * "k"}]\nlimits = {{}}\n',
         f"clocks.{33 * 'k'}", "more than 32 characters"),
        (lambda text: _of_reply(text) + "[clocks]\n", "clocks.request.acceptance", "is needed"),
        (lambda text: text.replace("limits.ordinary]", "limits.usual]"),
         f"{REPLY}limits.ordinary", "clocks are started with it"),
        (lambda text: text.replace("agenda_matter.limits.result]", "agenda_matter.limits.end]"),
         "clocks.agenda_matter.limits.result", "clocks are started with it"),
        (lambda text: text + "[clocks.of_nobody]\nlimits = {}\n",
         "clocks.of_nobody.limits", "at least one"),
        (lambda text: _numbered(text, "after", 501), f"{REPLY}steps[0].after", "more than 500"),
        (lambda text: _numbered(text, "business_days", 501),
         f"{REPLY}limits.summary.business_days", "more than 500"),
        (_instead('key = "warning"', 'key = "warning"\nevery = 400\nat_most = 3'),
         f"{REPLY}steps[0].at_most", "the last comes due after more than 500"),
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
def test_everything_in_a_shipped_policy_names_its_source(path: Path) -> None:
    document = policy.read_file(path)
    sources = {one.key: one.source for one in sourced_values(document)}
    assert all(sources.values())

    def stated(body: Any, key: str) -> Iterator[str]:
        """Every leaf of the document but names and sources."""
        if isinstance(body, dict) and "value" not in body:
            for name, inner in body.items():
                if name not in ("key", "source", "place"):
                    yield from stated(inner, f"{key}.{name}")
        elif isinstance(body, list) and body and isinstance(body[0], dict):
            for inner in body:
                yield from stated(inner, f"{key}.{inner['key']}")
        else:
            yield key

    leaves = {key for name in ("values", "clocks") for key in stated(document[name], name)}
    assert leaves <= set(sources)
    assert len(leaves) > 100


def test_the_source_of_a_step_stands_for_what_names_none_of_its_own() -> None:
    document = policy.read_file(policy.FOLDER / "guangzhou.toml")
    sources = {one.key: one.source for one in sourced_values(document)}
    warning = "clocks.request.reply.steps.warning"
    assert sources[f"{warning}.after"] == "assumed"
    assert sources[f"{warning}.to"] == "G8, G9"
    for name in ("level", "anchor", "unit", "court_levels"):
        assert sources[f"{warning}.{name}"] == "G8"
    # What clause 8 says of the rungs is nobody's assumption.
    assert {sources[key] for key in sources if "reply.steps.rung" in key} == {"G8"}


def test_a_kept_version_of_an_older_shape_can_still_be_read() -> None:
    document = policy.read_file(policy.FOLDER / "guangzhou.toml")
    reply = document["clocks"]["request.reply"]
    for row in (*reply["steps"], *reply["limits"].values()):
        row.pop("place", None)
        source = row.pop("source")
        for name in ("after", "business_days"):
            if isinstance(row.get(name), int):
                row[name] = {"value": row[name], "source": source}
    document["values"]["forgotten"] = {"value": 1, "source": "assumed"}
    kept = policy.parse("guangzhou 1", document).clocks["request.reply"]
    shipped = policy.read_file(policy.FOLDER / "guangzhou.toml")
    assert kept == policy.parse("guangzhou", shipped).clocks["request.reply"]


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
    first = policy.load_file(path)
    town = city.build("third")
    before = Timed(town, town.east).start(local(2020, 6, 5)).assign(local(2020, 6, 5))
    later = THIRD.replace("2018-01-01", "2020-06-08")
    step = 'key = "leader"\nsource = "clause 4"\nlevel = 1\nanchor = "assigned"\nafter = '
    assert f"{step}2" in later
    path.write_text(later.replace(f"{step}2", f"{step}4"), encoding="utf-8")
    second = policy.load_file(path)
    # Loaded already, and not yet in force.
    eve = Timed(town, town.east).start(local(2020, 6, 7)).assign(local(2020, 6, 8))
    after = Timed(town, town.east).start(local(2020, 6, 8)).assign(local(2020, 6, 8))
    for timed in (before, eve, after):
        timed.swept(local(2020, 7, 31))
    assert before.fired["leader"].due_at == local(2020, 6, 10, 8, 30)
    assert eve.fired["leader"].due_at == local(2020, 6, 11, 8, 30)
    assert after.fired["leader"].due_at == local(2020, 6, 15, 8, 30)
    versions = [timed.clock.policy for timed in (before, eve, after)]
    assert versions == [first, first, second]


@pytest.mark.django_db
def test_merging_across_versions_takes_over_what_the_later_one_does_not_know(
    tmp_path: Path,
) -> None:
    path = tmp_path / "third.toml"
    path.write_text(THIRD, encoding="utf-8")
    policy.load_file(path)
    town = city.build("third")
    before = Timed(town, town.east).start(local(2020, 6, 5))
    before.assign(local(2020, 6, 5), limit_name="urgent").swept(local(2020, 6, 9, 9))
    assert "hurry" in before.fired
    later = THIRD.replace("2018-01-01", "2020-06-08")
    urgent = later.index('[clocks."request.reply".limits.urgent]')
    later = later[:urgent] + later[later.index("[clocks", urgent + 1) :]
    later = later.replace('key = "hurry"', 'key = "haste"').replace('limits = ["urgent"]\n', "")
    path.write_text(later, encoding="utf-8")
    policy.load_file(path)
    after = Timed(town, town.east).start(local(2020, 6, 8))
    before.merge_into(after, local(2020, 6, 9, 12))
    assert after.clock.limit_name == "ordinary"
    explained = explain(after.fired["hurry"])
    assert (explained.step.key, explained.step.after) == ("hurry", 1)


@pytest.mark.django_db
def test_versions_and_the_dates_from_which_they_hold_are_shown(
    tmp_path: Path, admin_client: Client
) -> None:
    path = tmp_path / "third.toml"
    for holds_from in ("2018-01-01", "2020-06-08"):
        path.write_text(THIRD.replace("2018-01-01", holds_from), encoding="utf-8")
        policy.load_file(path)
    town = city.build("third")
    timed = Timed(town, town.east).start(local(2020, 6, 5))
    headers = {"accept-language": "en"}
    url = reverse("admin:escalation_policyversion_changelist") + "?slug=third"
    listed = admin_client.get(url, headers=headers)
    rows = listed.context["cl"].result_list
    assert [(row.version, row.holds_from.isoformat()) for row in rows] == [
        (2, "2020-06-08"),
        (1, "2018-01-01"),
    ]
    page = listed.content.decode()
    assert "June 8, 2020" in page
    assert "Jan. 1, 2018" in page
    url = reverse("admin:escalation_clock_change", args=[timed.clock.pk])
    assert "third 1" in admin_client.get(url, headers=headers).content.decode()


def test_a_version_kept_before_there_were_rankings_says_nothing_of_them() -> None:
    document = tomllib.loads(GUANGZHOU)
    assert policy.parse("now", document, strict=True).ranking["least_requests"] == 5
    later = ("ranking_", "objection_", "issues_", "ahead_")
    for key in [key for key in document["values"] if key.startswith(later)]:
        del document["values"][key]
    before = policy.parse("guangzhou 1", document)
    assert (before.ranking, before.objection_business_days) == ({}, 5)
    assert (before.issues, before.ahead) == ({}, {})
