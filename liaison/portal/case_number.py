"""A case number checked as it is typed, its parts explained."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.case_number import CaseNumber, CaseNumberError, parse
from cases.deployment import deployment_table
from cases.messages import case_number_message
from courts.models import Court

# The first sign of a type code says the kind of case, a later one the stage.
_KINDS = {
    "民": _("civil"),
    "刑": _("criminal"),
    "行": _("administrative"),
    "执": _("enforcement"),
    "破": _("bankruptcy"),
    "赔": _("state compensation"),
    "商": _("commercial"),
    "知": _("intellectual property"),
}
_STAGES = {
    "初": _("first instance"),
    "终": _("second instance"),
    "申": _("application for retrial"),
    "再": _("retrial"),
    "异": _("objection"),
    "恢": _("resumed"),
    "保": _("preservation"),
    "调": _("mediation"),
}


@dataclass(frozen=True)
class Checked:
    """The parts of a case number, or what is wrong with it; nothing for an empty text.

    ``suggestion`` is a number that would be read, and ``other_court`` the court that the number
    belongs to, where that is not the one chosen.
    """

    number: CaseNumber | None = None
    type_words: Any = ""
    error: Any = ""
    suggestion: str = ""
    other_court: Court | None = None


def check(raw: str, court_code: str = "") -> Checked:
    """Read what was typed so far, for the court chosen so far."""
    if not raw.strip():
        return Checked()
    try:
        number = parse(raw, deployment_table())
    except CaseNumberError as error:
        return Checked(error=case_number_message(error), suggestion=_suggestion(error))
    return Checked(
        number=number,
        type_words=type_words(number.type_code),
        other_court=_other_court(number, court_code),
    )


def _suggestion(error: CaseNumberError) -> str:
    """What could be meant, if it would be read: one sign more than the parser's own proposal."""
    for _signs in range(2):
        proposal = error.params.get("suggestion", "")
        if not proposal:
            return ""
        try:
            parse(proposal, deployment_table())
        except CaseNumberError as next_error:
            error = next_error
        else:
            return proposal
    return ""


def _other_court(number: CaseNumber, court_code: str) -> Court | None:
    """The court of the chosen one's jurisdiction that the number names instead."""
    # Nothing else is a code; what no text may hold cannot be asked of the database.
    if not court_code.isalnum() or not number.court_code or number.court_code == court_code:
        return None
    chosen = Court.objects.filter(code=court_code, jurisdiction__isnull=False)
    rows = Court.objects.filter(code=number.court_code, status=Court.Status.CURRENT)
    return rows.filter(jurisdiction__in=chosen.values("jurisdiction")).first()


def type_words(type_code: str) -> Any:
    """What a type code means in plain words, such as "civil, first instance"; '' if unknown."""
    kind = _KINDS.get(type_code[:1])
    found = re.search("[" + "".join(_STAGES) + "]", type_code[1:])
    stage = _STAGES[found[0]] if found else None
    if kind and stage:
        return format_lazy(_("{kind}, {stage}"), kind=kind, stage=stage)
    return kind or ""
