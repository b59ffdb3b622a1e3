"""Real case numbers and look-alikes, against a table that knows none of them.

The table is made of courts' names and codes only; no short name of any case number is in it, so
every row read here is one the table was built without. Reads ../shared/data, which is not part of
this repository, and skips where that folder is absent; tests/cases/numbers.txt and lookalikes.txt
are read in any case.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from cases.case_number import CaseNumber, CaseNumberError, default_table, parse
from cases.court_names import DATA, CourtTable

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder of real data (../shared/data) is not here"
)


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHARED / name).open(encoding="utf-8")]


def sound() -> list[dict[str, Any]]:
    return [
        row for row in rows("case_numbers.jsonl") if not row["missing_hao"] and not row["noisy"]
    ]


def readable(raw: str, table: CourtTable | None = None) -> CaseNumber | None:
    try:
        return parse(raw, table)
    except CaseNumberError:
        return None


def folded(text: str) -> str:
    return text.replace("(", "（").replace(")", "）")


def test_every_sound_row_is_read() -> None:
    assert [row["raw"] for row in sound() if readable(row["raw"]) is None] == []


def test_every_lookalike_is_refused() -> None:
    assert [r["raw"] for r in rows("case_number_lookalikes.jsonl") if readable(r["raw"])] == []


def test_faulty_rows_are_refused() -> None:
    for row in rows("case_numbers.jsonl"):
        if row["missing_hao"] or row["noisy"]:
            assert readable(row["raw"]) is None, row["raw"]


def test_the_table_was_built_without_the_rows() -> None:
    """No short name of two characters or more, nor its marks, is stored anywhere."""
    customary = json.loads((DATA / "short_names.json").read_text("utf-8"))
    stored = {name for names in customary["provinces"].values() for name in names}
    stored |= {name for names in customary["cities"].values() for name in names}
    places = {court.name for court in default_table().courts}
    for row in sound():
        short = row["court_abbr"]
        if short and len(short) > 2:
            assert short not in stored
            assert short not in places


def test_parts_agree_with_the_file() -> None:
    """Year, serial and suffix always; court and type up to where the tribunal is counted in."""
    differing = []
    for row in sound():
        number = parse(row["raw"])
        assert number.normalised == row["normalised"]
        assert (number.year, number.serial) == (row["year"], row["seq"])
        assert number.suffix == (row["suffix"] or "")
        court = number.court_code or number.court_short_name or ""
        theirs = folded((row["court_code"] or row["court_abbr"]) + row["type"])
        if theirs != folded(court + number.tribunal + number.type_code):
            differing.append(row["raw"])
    # 字 or 第 counted into the type (three), and a stray 年 counted into the court (one).
    assert sorted(differing) == [
        "(2004)年丰民初字第11471号",
        "(2016)苏117行初第29号",
        "（2014）鄂恩施中刑终字00156号",
        "（2016）苏09行终第109号",
    ]


def test_court_names_agree_with_the_file() -> None:
    respelt = {"贵州市遵义市中级人民法院", "前海合作区人民法院"}
    for row in sound():
        if row["court_name"] and row["court_name"] not in respelt:
            assert parse(row["raw"]).court_name == row["court_name"]


def test_rules_alone_fail_only_where_a_city_has_a_name_of_its_own() -> None:
    """Without customary names (穗 for Guangzhou, 甬 for Ningbo) nothing else is lost."""
    table = default_table()
    plain = CourtTable(table.courts, table.province_names, {})
    lost = {
        row["court_abbr"]
        for row in sound()
        if row["court_abbr"] and readable(row["raw"], plain) is None
    }
    assert lost
    assert all("穗" in short or "甬" in short for short in lost)


def test_strange_courts_are_refused() -> None:
    """A control: real rows whose court's part is replaced by characters drawn at random."""
    draw = random.Random(20160101)
    characters = [chr(code) for code in range(0x4E00, 0x9FA5)]
    accepted = tried = 0
    for row in sound():
        if row["court_abbr"]:
            strange = "".join(draw.choices(characters, k=3))
            tried += 1
            accepted += bool(
                readable(f"（{row['year']}）{strange}{folded(row['type'])}字第{row['seq']}号")
            )
    assert tried > 400
    assert accepted <= tried * 0.01
