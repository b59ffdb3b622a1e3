"""What a form says of a text that is no case number, at the field and in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.case_number import CaseNumberError

_MESSAGES = {
    "empty": _("Enter a case number, such as （2026）示0101民初123号."),
    "too_long": _("This is too long for a case number."),
    "missing_year": _("A case number begins with its year in brackets, such as （2026）."),
    "missing_bracket": _("Put the year in brackets, such as （2026）."),
    "missing_court": _("The court's code is missing after the year."),
    "unknown_court": _("No court is known by “%(part)s”. Please compare it with your papers."),
    "missing_type": _("The type of case is missing, such as 民初 or 执."),
    "unknown_type": _("“%(part)s” is no type of case. Please compare it with your papers."),
    "missing_serial": _("The serial number before 号 is missing."),
    "missing_hao": _("A case number ends with 号."),
}


def case_number_message(error: CaseNumberError) -> Any:
    """The sentence for an error of the parser; lazy, so that it is said in any language."""
    message = _MESSAGES.get(error.code, _("This is not a case number."))
    return _Filled(message, {"part": error.params.get("part", "")})


class _Filled:
    """A lazy translation filled in only when it is read."""

    def __init__(self, message: Any, params: dict[str, str]) -> None:
        self.message, self.params = message, params

    def __str__(self) -> str:
        return str(self.message) % self.params
