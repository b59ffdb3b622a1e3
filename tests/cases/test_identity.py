"""Identity numbers, licences, credit codes and mobile numbers in their one spelling."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identity import read_identity, read_mobile
from deploy.trial_system.people import credit_code, id_card, mobile


# Of a published example of GB 11643 and of GB 32100; the others are variations on them.
@pytest.mark.parametrize(
    ("kind", "raw", "read"),
    [
        ("id_card", "11010519491231002X", "11010519491231002X"),
        ("id_card", "11010519491231002x", "11010519491231002X"),
        ("id_card", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("id_card", "110105 19491231 002X", "11010519491231002X"),
        ("id_card", "110105194912310021", None),
        ("id_card", "11010519491331002X", None),
        ("id_card", "110105491231002", None),
        ("id_card", "", None),
        ("credit_code", "91350100M000100Y43", "91350100M000100Y43"),
        ("credit_code", "91350100M000100Y44", None),
        ("credit_code", "91350100I000100Y43", None),
        ("lawyer_licence", "1 9999 2010 1000 0001", "19999201010000001"),
        ("lawyer_licence", "199992010", None),
    ],
)
def test_a_number_is_read_or_not(kind: str, raw: str, read: str | None) -> None:
    assert read_identity(kind, raw) == read


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("15400000001", "15400000001"),
        ("+86 154-0000-0001", "15400000001"),
        ("008615400000001", None),
        ("12400000001", None),
        ("1540000000", None),
        ("０１０－５５５００００", None),
    ],
)
def test_a_mobile_number_is_read_or_not(raw: str, read: str | None) -> None:
    assert read_mobile(raw) == read


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.integers(0, 99_999))
def test_invented_identity_numbers_have_the_form(born: date, order: int) -> None:
    number = id_card(born, order)
    assert read_identity("id_card", number) == number
    for wrong in {*"0123456789X"} - {number[-1]}:
        assert read_identity("id_card", number[:-1] + wrong) is None


@given(st.integers(0, 10**9 - 1))
def test_invented_credit_codes_and_telephones_have_the_form(order: int) -> None:
    assert read_identity("credit_code", credit_code(order)) == credit_code(order)
    assert read_mobile(mobile(order)) == mobile(order)
