"""Numbers by which the court's records identify somebody: read, checked, in one spelling.

Pure: values in, values out. Only the form can be checked here, never whose number it is.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

__all__ = ["FORMS", "is_mobile", "read_identity", "read_mobile"]

_ID_CARD = re.compile(r"\d{17}[\dX]")
_LICENCE = re.compile(r"\d{17}")
_CREDIT = re.compile(r"[0-9ABCDEFGHJKLMNPQRTUWXY]{18}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FOLDED = re.compile(r"[\s\-‐‑–—()（）]+")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def _is_id_card(number: str) -> bool:
    """GB 11643: region, day of birth, order, and a check character modulo 11."""
    if not _ID_CARD.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(w * int(digit) for w, digit in zip(_ID_WEIGHTS, number[:17], strict=True))
    return _ID_CHECKS[total % 11] == number[17]


def _is_credit_code(number: str) -> bool:
    """GB 32100: seventeen characters and one to check them modulo 31."""
    if not _CREDIT.fullmatch(number):
        return False
    values = map(_CREDIT_DIGITS.index, number[:17])
    total = sum(w * value for w, value in zip(_CREDIT_WEIGHTS, values, strict=True))
    return _CREDIT_DIGITS[(31 - total % 31) % 31] == number[17]


# Kind of number -> whether a text has its form. The kinds are those of ``notices.Contact``.
FORMS = {
    "id_card": _is_id_card,
    "lawyer_licence": lambda number: bool(_LICENCE.fullmatch(number)),
    "credit_code": _is_credit_code,
}


def _fold(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.upper()
    return _FOLDED.sub("", unicodedata.normalize("NFKC", text)).upper()


def read_identity(kind: str, raw: str) -> str | None:
    """The number of this kind in its one spelling; ``None`` where the form or a check is wrong."""
    number = _fold(raw)
    return number if FORMS[kind](number) else None


def read_mobile(raw: str) -> str | None:
    """A mobile number in its eleven digits, with or without +86; ``None`` for anything else."""
    number = _fold(raw).removeprefix("+")
    if len(number) == 13 and number.startswith("86"):
        number = number[2:]
    return number if is_mobile(number) else None


def is_mobile(number: str) -> bool:
    """Whether a text is a mobile number in its eleven digits."""
    return bool(_MOBILE.fullmatch(number))
