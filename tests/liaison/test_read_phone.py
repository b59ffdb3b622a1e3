"""One spelling for one telephone number, at whichever door it is given."""

from __future__ import annotations

import pytest

from courts.errors import Invalid
from liaison.intake import read_phone


@pytest.mark.parametrize(
    ("raw", "phone"),
    [
        ("138 0013 8001", "13800138001"),
        ("+86 138-0013-8001", "13800138001"),
        ("008613800138001", "13800138001"),
        ("１３８００１３８００１", "13800138001"),
        ("＋８６（１３８）００１３　８００１", "13800138001"),
        ("020-8888 8888", "02088888888"),
        ("+44 20 7946 0000", "+442079460000"),
        ("", ""),
        ("　 ", ""),
    ],
)
def test_a_number_has_one_spelling(raw: str, phone: str) -> None:
    assert read_phone(raw) == phone


@pytest.mark.parametrize(
    "raw", ["123456", " - ", "1" * 17, "call me", "١٣٨٠٠١٣٨٠٠١", "13800138001#2"]
)
def test_what_cannot_be_dialled_is_refused(raw: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_phone(raw)
    assert refused.value.field == "phone"
