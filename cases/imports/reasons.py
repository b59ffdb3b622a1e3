"""Why a record or a file was not taken, in words; rows keep the code and the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.case_number import CaseNumberError
from cases.messages import case_number_message

_REASONS = {
    "missing": _("This is missing."),
    "not_text": _("This is no text that can be kept."),
    "too_long": _("This is longer than %(maximum)s characters."),
    "not_a_number": _("This is no whole number from 0 to %(maximum)s."),
    "not_a_flag": _("This is neither true nor false."),
    "not_a_date": _("This is no date such as 2026-03-02."),
    "not_an_instant": _("This is no date and time such as 2026-03-02T09:30:00+08:00."),
    "not_a_code": _("This is no code of small letters, digits and underscores."),
    "not_a_mobile": _("This is no mobile number."),
    "not_an_identity": _("This is no number of the kind named, or its check character is wrong."),
    "not_json": _("This is not JSON."),
    "not_csv": _("This line is not CSV; a line break within a cell is not read."),
    "not_utf8": _("This line is not UTF-8."),
    "not_an_object": _("This is no object with named fields."),
    "not_a_list": _("This is no list."),
    "line_too_long": _("The line is longer than %(maximum)s bytes."),
    "wrong_columns": _("The line has not the %(expected)s cells that the first line names."),
    "unknown_value": _("This is none of the values that are known."),
    "unknown_field": _("There is no such field."),
    "unknown_court": _("No court has this code."),
    "unknown_case": _("The case is not known. The record waits until it comes."),
    "before_filing": _("This lies before the day of filing."),
    "own_agent": _("Nobody represents themselves."),
    "sequence_reused": _("The same sequence came before with other words."),
}
# What the parser's own sentence would quote is not kept: it may have been in the wrong column.
_NUMBERS = {
    "unknown_court": _("No court is known by the code or short name in this case number."),
    "unknown_type": _("The type of case in this case number is not known."),
}
_FILE_ERRORS = {
    "no_header": _("The first line names no columns, or lacks “record” or “sequence”."),
    "not_kept": _("A record holds what the database cannot keep; tell whoever looks after it."),
    "unknown_columns": _("The first line names a column twice, or one that is not known."),
}


def reason_words(reason: str, params: Mapping[str, Any]) -> str:
    """The sentence for a rejected record, in the reader's language."""
    if reason == "case_number":
        if (known := _NUMBERS.get(str(params.get("code")))) is not None:
            return str(known)
        return str(case_number_message(CaseNumberError(str(params.get("code", "")))))
    sentence = str(_REASONS.get(reason, reason))
    return sentence % params if params else sentence


def file_error_words(code: str) -> str:
    """The sentence for a file that could not be read."""
    return str(_FILE_ERRORS.get(code, code))
