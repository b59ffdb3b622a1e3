"""Which office is sent what: the words of the policies, read and checked; pure."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from escalation import policy
from escalation.policy import PolicyError
from reports.referrals.offices import Offices

DOCUMENTS = {
    slug: policy.read_file(policy.FOLDER / f"{slug}.toml") for slug in ("guangzhou", "beijing")
}


def offices(slug: str) -> Offices:
    return Offices.of(policy.parse(slug, DOCUMENTS[slug]).referrals)


def test_guangzhou_parts_by_class() -> None:
    found = offices("guangzhou")
    assert found.classes == (
        "case_process", "trial_business", "accountability", "staff_management", "judicial_conduct",
    )  # fmt: skip
    sent = {one: found.office_for(one, "key") for one in found.classes}
    assert {one: office and office.kind for one, office in sent.items()} == {
        "case_process": "trial_management",
        "trial_business": "trial_management",
        "accountability": "discipline",
        "staff_management": "discipline",
        "judicial_conduct": "discipline",
    }
    assert [one for one in found.classes if found.is_conduct(one)] == list(found.classes[2:])
    assert found.office_for("filing", "hot") is None


def test_beijing_parts_by_kind_of_issue() -> None:
    found = offices("beijing")
    assert found.classes == ("filing", "trial", "enforcement", "work_style")
    for category in found.classes:
        sent = [found.office_for(category, issue) for issue in ("typical", "hot", "difficult")]
        assert [office and office.kind for office in sent] == [
            "inspection", "trial_management", "trial_management",
        ]  # fmt: skip
    assert found.office_for("trial", "key") is None
    assert found.conduct == {"work_style"}


def test_a_policy_older_than_referrals_names_no_office() -> None:
    document = copy.deepcopy(DOCUMENTS["guangzhou"])
    for key in [one for one in document["values"] if one.startswith(("referral_", "look_back_"))]:
        del document["values"][key]
    read = policy.parse("old", document)
    assert (Offices.of(read.referrals), read.look_back) == (Offices((), frozenset()), {})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"referral_inspection_classes": ["filing"]}, "go together"),
        ({"referral_discipline_issues": ["urgent"]}, "must list some of"),
        ({"referral_discipline_classes": ["Conduct!"]}, "small letters"),
        (
            {"referral_discipline_classes": ["case_process"], "referral_conduct_classes": None},
            "same issue of the same class",
        ),
        ({"referral_conduct_classes": ["work_style"]}, "nobody takes"),
        ({"look_back_percent": 101}, "at most 100"),
        ({"look_back_after_days": 0}, "at least 1"),
        ({"referral_conduct_classes": "judicial_conduct"}, "at least one word"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], said: str) -> None:
    document = copy.deepcopy(DOCUMENTS["guangzhou"])
    for key, value in changes.items():
        if value is None:
            del document["values"][key]
        else:
            document["values"][key] = {"value": value, "source": "assumed"}
    with pytest.raises(PolicyError) as refused:
        policy.parse("wrong.toml", document, strict=True)
    assert said in refused.value.reason
    assert refused.value.key.startswith("values.")


def test_a_value_without_a_source_is_refused() -> None:
    document = copy.deepcopy(DOCUMENTS["beijing"])
    document["values"]["referral_inspection_issues"] = {"value": ["typical"]}
    with pytest.raises(PolicyError) as refused:
        policy.parse("wrong.toml", document, strict=True)
    assert "names no source" in refused.value.reason
