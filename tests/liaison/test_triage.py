"""The suggestion of triage: simple rules, each with its reason (G4, G5)."""

from __future__ import annotations

import pytest

from liaison.triage import Colleague, Facts, Suggestion, Unit, suggest

UNITS = (
    Unit(1, "trial", "民事审判庭"),
    Unit(2, "trial", "刑事审判庭"),
    Unit(3, "enforcement", "执行局"),
)
PEOPLE = (
    Colleague(11, "林志远", 1),
    Colleague(12, "林晓明", 1),
    Colleague(13, "陈思敏", 2),
)


def suggested(**facts: object) -> Suggestion:
    values: dict = {"matter": "contact_judge", "title": "", "text": "请联系我。"}
    return suggest(Facts(**(values | facts)), UNITS, PEOPLE)


def codes(suggestion: Suggestion) -> list[str]:
    return [reason.code for reason in suggestion.reasons]


@pytest.mark.parametrize(
    ("type_code", "unit"), [("民初", 1), ("商终", 1), ("刑初", 2), ("执恢", 3), ("刑执", 3)]
)
def test_the_type_code_names_the_unit(type_code: str, unit: int) -> None:
    found = suggested(type_code=type_code)
    assert (found.procedure, found.unit_id) == ("ordinary", unit)
    assert codes(found) == ["matter_chosen", "wants_judge", "type_code"]


def test_a_type_without_a_unit_of_its_own_is_left_to_the_desk() -> None:
    assert suggested(type_code="行初").unit_id is None


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("林志远", 11), ("林志远法官", 11), ("审判长陈思敏", 13), ("陈法官", 13),
        ("林法官", None), ("王", None), ("", None),
    ],
)  # fmt: skip
def test_a_judge_is_suggested_only_if_one_alone_is_meant(name: str, person: int | None) -> None:
    found = suggested(judge_name=name)
    assert found.handler_id == person
    assert ("judge" in codes(found)) == (person is not None)


@pytest.mark.parametrize(
    "matter", ["case_inquiry", "consultation", "issue_documents", "materials", "opinions"]
)
def test_simple_matters_are_answered_on_the_spot(matter: str) -> None:
    assert suggested(matter=matter).procedure == "summary"


@pytest.mark.parametrize("words", ["对判决不服", "财产线索已提交", "一直没有消息", "法官不接电话"])
def test_what_touches_substance_is_dispatched(words: str) -> None:
    found = suggested(matter="case_inquiry", text=words)
    assert found.procedure == "ordinary"
    assert "substance" in codes(found)


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("请承办法官回电", "contact_judge"),
        ("想领取判决书", "issue_documents"),
        ("证据材料已寄出", "materials"),
        ("我的案件是否立案", "case_inquiry"),
        ("诉讼费怎么交", "consultation"),
        ("窗口排队太久", "opinions"),
        ("你好", "other"),
    ],
)
def test_words_give_a_matter_where_none_was_chosen(text: str, matter: str) -> None:
    assert suggested(matter="other", text=text).matter == matter


def test_what_the_party_chose_stands() -> None:
    assert suggested(matter="opinions", text="请承办法官回电").matter == "opinions"


def test_what_a_unit_returned_goes_to_another() -> None:
    found = suggested(matter="consultation", was_returned=True)
    assert found.procedure == "ordinary"
    assert "returned" in codes(found)


def test_reasons_are_sentences() -> None:
    found = suggested(type_code="民初", text="对判决不服", matter="case_inquiry")
    assert all(str(reason) and "%(" not in str(reason) for reason in found.reasons)
    assert any("民初" in str(reason) for reason in found.reasons)
