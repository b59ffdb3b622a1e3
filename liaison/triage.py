"""What triage suggests for a request, with its reasons; pure, and only ever a suggestion (G4).

Transparent rules over the party's choice, the case number's type code, the judge asked for and
words of the message. Every conclusion names the rule that led to it, so that whoever sits at the
desk sees why, and decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

SUMMARY, ORDINARY = "summary", "ordinary"
CONTACT_JUDGE, OTHER = "contact_judge", "other"
TRIAL, ENFORCEMENT = "trial", "enforcement"


@dataclass(frozen=True)
class Facts:
    """What is known of a request when it reaches the desk.

    ``was_returned``: by a unit; ``was_disputed``: the party disputes the desk's own answer.
    """

    matter: str
    title: str
    text: str
    type_code: str = ""
    judge_name: str = ""
    was_returned: bool = False
    was_disputed: bool = False


@dataclass(frozen=True)
class Unit:
    """A department that takes work orders; ``kind`` as in ``courts.Department``."""

    id: int
    kind: str
    name: str


@dataclass(frozen=True)
class Colleague:
    """Someone who holds a post in a unit."""

    id: int
    name: str
    unit_id: int


@dataclass(frozen=True)
class Reason:
    """Why: a rule's sentence and what it saw; ``str()`` says it in the reader's language."""

    code: str
    words: Any
    seen: str = ""

    def __str__(self) -> str:
        return str(self.words) % {"seen": self.seen}


@dataclass(frozen=True)
class Suggestion:
    """How the desk might take a request. ``unit_id`` and ``handler_id`` are None if unknown."""

    procedure: str
    matter: str
    unit_id: int | None
    handler_id: int | None
    reasons: tuple[Reason, ...]


# In this order: the first matter of which a word occurs is suggested for a request under "other".
_MATTER_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("contact_judge", ("法官", "承办", "联系不上", "回电", "书记员", "审判长", "judge")),
    ("issue_documents", ("判决书", "裁定书", "调解书", "生效证明", "领取", "复印", "copy of")),
    ("materials", ("补充材料", "提交材料", "证据材料", "邮寄", "收到材料", "递交")),
    ("case_inquiry", ("是否立案", "立案了吗", "进度", "进展", "查询", "开庭时间", "排期")),
    ("consultation", ("如何", "怎么", "怎样", "咨询", "流程", "需要哪些", "诉讼费", "how do i")),
    ("opinions", ("建议", "意见", "表扬", "排队", "态度", "suggest")),
)
# What touches facts, law or substance, or a matter gone wrong: not for the desk to answer.
_SUBSTANCE_WORDS = (
    "不服", "不公", "判错", "执行款", "财产线索", "查封", "冻结", "拖延", "超审限", "联系不上",
    "没有消息", "一直没有", "不接电话", "回避", "再次开庭", "延期",
)  # fmt: skip
_SUMMARY_MATTERS = ("case_inquiry", "consultation", "issue_documents", "materials", "opinions")
# First sign of a case's type code -> signs by which the unit's name is known.
_UNIT_SIGNS = {
    "民": ("民事", "民"),
    "商": ("商事", "民事", "民"),
    "知": ("知识产权", "知产", "民"),
    "刑": ("刑事", "刑"),
    "行": ("行政",),
    "破": ("破产", "清算", "民"),
    "赔": ("赔偿", "行政"),
}
_TITLES = ("审判员", "审判长", "副庭长", "庭长", "法官", "老师", "judge ")


def suggest(facts: Facts, units: Sequence[Unit], colleagues: Sequence[Colleague]) -> Suggestion:
    """Procedure, matter, unit and person for a request, with the reasons in order."""
    reasons: list[Reason] = []
    matter = _matter(facts, reasons)
    procedure = _procedure(facts, matter, reasons)
    # A simple matter gets a unit too, for whoever decides to dispatch it; but no reasons for one.
    why = reasons if procedure == ORDINARY else []
    judge = _judge(facts.judge_name, colleagues)
    if judge is not None:
        why.append(Reason("judge", _("The party asks for %(seen)s."), judge.name))
        return Suggestion(procedure, matter, judge.unit_id, judge.id, tuple(reasons))
    unit = _unit(facts, units, why)
    return Suggestion(procedure, matter, unit.id if unit else None, None, tuple(reasons))


def _matter(facts: Facts, reasons: list[Reason]) -> str:
    if facts.matter != OTHER:
        reasons.append(Reason("matter_chosen", _("The matter is the one that was chosen.")))
        return facts.matter
    words = f"{facts.title}\n{facts.text}".lower()
    for matter, signs in _MATTER_WORDS:
        found = next((sign for sign in signs if sign in words), None)
        if found:
            reasons.append(Reason("matter_word", _("The message says “%(seen)s”."), found))
            return matter
    reasons.append(Reason("matter_unknown", _("No word of the message points to a matter.")))
    return OTHER


def _procedure(facts: Facts, matter: str, reasons: list[Reason]) -> str:
    if facts.was_disputed:
        disputed = _("The party disputes the answer of the desk: a unit has to take it.")
        reasons.append(Reason("disputed", disputed))
        return ORDINARY
    if facts.was_returned:
        reasons.append(Reason("returned", _("A unit returned it: another has to take it.")))
        return ORDINARY
    if matter == CONTACT_JUDGE:
        reasons.append(Reason("wants_judge", _("Only the judge can answer: dispatch.")))
        return ORDINARY
    words = f"{facts.title}\n{facts.text}"
    found = next((sign for sign in _SUBSTANCE_WORDS if sign in words), None)
    if found:
        reasons.append(
            Reason("substance", _("“%(seen)s” touches the substance of a case: dispatch."), found)
        )
        return ORDINARY
    if matter in _SUMMARY_MATTERS:
        reasons.append(Reason("simple", _("A simple matter: answer it on the spot.")))
        return SUMMARY
    if facts.type_code:
        reasons.append(Reason("has_case", _("It names a case: dispatch.")))
        return ORDINARY
    reasons.append(Reason("no_case", _("It names no case: answer it on the spot.")))
    return SUMMARY


def _judge(asked_for: str, colleagues: Sequence[Colleague]) -> Colleague | None:
    """Who is meant by a name such as 林志远, 林法官 or 林; None unless it can be one alone."""
    name = asked_for.strip().lower()
    for title in _TITLES:
        name = name.replace(title, "")
    name = name.strip()
    if not name:
        return None
    exact = [one for one in colleagues if one.name.lower() == name]
    near = exact or [one for one in colleagues if one.name.lower().startswith(name)]
    return near[0] if len({one.id for one in near}) == 1 else None


def _unit(facts: Facts, units: Sequence[Unit], reasons: list[Reason]) -> Unit | None:
    if facts.type_code:
        kind = ENFORCEMENT if "执" in facts.type_code else TRIAL
        fitting = [unit for unit in units if unit.kind == kind]
        signs = () if kind == ENFORCEMENT else _UNIT_SIGNS.get(facts.type_code[0], ())
        named = [unit for sign in signs for unit in fitting if sign in unit.name]
        found = named[0] if named else fitting[0] if len(fitting) == 1 else None
        if found:
            words = _("The case number’s type is %(seen)s.")
            reasons.append(Reason("type_code", words, facts.type_code))
        return found
    if "执行" in f"{facts.title}\n{facts.text}":
        fitting = [unit for unit in units if unit.kind == ENFORCEMENT]
        if len(fitting) == 1:
            reasons.append(Reason("unit_word", _("The message says “%(seen)s”."), "执行"))
            return fitting[0]
    return None
