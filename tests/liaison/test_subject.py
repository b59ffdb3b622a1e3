"""A request without a subject takes the start of its message, cut where a reader would cut."""

from __future__ import annotations

import pytest

from liaison.intake import subject_of
from tests.city import City, local

LONG = "一二三四五六七八九十" * 5


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("请法官回电。", "请法官回电。"),
        ("  Please\n call  me. ", "Please call me."),
        (f"开庭后一直没有收到任何消息。{LONG}", "开庭后一直没有收到任何消息…"),
        (f"您好。开庭后一直没有收到任何消息，{LONG}", "您好。开庭后一直没有收到任何消息…"),
        (
            "I have heard nothing from the judge since the hearing in March.",
            "I have heard nothing from the judge…",
        ),
        (LONG, LONG[:39] + "…"),
        ("Paid 1.500 yuan. The receipt has not come, and nobody calls.", "Paid 1.500 yuan…"),
    ],
)
def test_it_ends_with_a_sentence_a_clause_or_a_word(text: str, subject: str) -> None:
    assert subject_of(text) == subject
    assert len(subject) <= 40


def test_a_request_without_a_subject_takes_it(town: City) -> None:
    made = town.request(at=local(2026, 11, 20), title=" ", text=f"开庭后一直没有消息。{LONG}")
    assert made.title == "开庭后一直没有消息…"
