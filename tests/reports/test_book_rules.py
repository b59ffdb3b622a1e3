"""The pure rules of the standing book: limits, parts of a file, cells that do no harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notices.models import mask
from reports.standing_book.ranges import Unsatisfiable, wanted
from reports.standing_book.rules import timeliness
from reports.standing_book.writing import harmless

LIMIT = datetime(2020, 6, 10, 16, tzinfo=UTC)
BEFORE, AFTER = LIMIT - timedelta(seconds=1), LIMIT + timedelta(days=1)


@pytest.mark.parametrize(
    ("done_at", "at", "ended", "expected"),
    [
        (BEFORE, AFTER, {}, "in_time"),
        (LIMIT, AFTER, {}, "late"),  # the end of a limit is exclusive
        (None, BEFORE, {}, "open"),
        (None, LIMIT, {}, "late"),
        (None, AFTER, {"withdrawn_at": BEFORE}, "withdrawn"),
        (None, AFTER, {"withdrawn_at": LIMIT}, "late"),
        (None, AFTER, {"is_merged": True}, "merged"),
    ],
)
def test_how_a_limit_stands(done_at, at, ended, expected: str) -> None:
    assert timeliness(limit_at=LIMIT, done_at=done_at, at=at, **ended) == expected


def test_of_a_masked_name_the_first_character_is_left() -> None:
    assert [mask(name, keep_start=1, keep_end=0) for name in ("张三", "欧阳明月", "张", "")] == [
        "张*", "欧***", "*", "",
    ]  # fmt: skip


def test_without_a_limit_nothing_is_late() -> None:
    assert timeliness(limit_at=None, done_at=None, at=AFTER) == "open"
    assert timeliness(limit_at=None, done_at=AFTER, at=AFTER) == "in_time"


@pytest.mark.parametrize(
    ("header", "if_range", "expected"),
    [
        ("", "", None),
        ("bytes=0-9", "", (0, 9)),
        ("bytes=90-", "", (90, 99)),
        ("bytes=-10", "", (90, 99)),
        ("bytes=-1000", "", (0, 99)),
        ("bytes=95-1000", "", (95, 99)),
        ("bytes=0-9", '"v1"', (0, 9)),
        ("bytes=0-9", '"v0"', None),  # of another version: the whole
        ("bytes=9-0", "", None),
        ("bytes=0-1,5-6", "", None),
        ("lines=0-9", "", None),
        ("bytes=-", "", None),
    ],
)
def test_the_part_of_a_file_that_is_asked_for(header: str, if_range: str, expected) -> None:
    assert wanted(header, if_range, etag='"v1"', size=100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0"])
def test_a_part_behind_the_end(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted(header, "", etag='"v1"', size=100)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert harmless(text) == "'" + text
    assert harmless("（2020）示0101民初7号") == "（2020）示0101民初7号"
