"""What is handed out of a published edition: PDF, workbook, document; the same bytes each time."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from courts.models import Post
from reports.briefing import official, workbook
from reports.briefing.page import texts_in
from reports.briefing.services import standing_texts
from reports.models import Briefing
from tests import city
from tests.city import City
from tests.reports import briefed, ranked_city

pytestmark = pytest.mark.django_db
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def town() -> City:
    town = city.build()
    ranked_city.tell(town)
    return town


@pytest.fixture
def briefing(town: City) -> Briefing:
    edition = briefed.published(town)
    return Briefing.objects.get(edition=edition)


def made(briefing: Briefing, language: str, **given: Any) -> bytes:
    texts = texts_in(standing_texts(briefing.pk), language)
    return official.pdf(
        briefing.values,
        texts,
        number=briefing.number,
        published_at=briefing.published_at,
        language=language,
        **given,
    )


@pytest.mark.poppler
def test_the_pdf_says_what_the_edition_says_and_is_the_same_bytes(briefing: Briefing) -> None:
    content = made(briefing, "en")
    assert content == made(briefing, "en")
    text = _text(content)
    rates = briefing.values["all"]["rates"]
    for name, label in (("acceptance", "acceptance"), ("liaison", "liaison"), ("completion", "")):
        one = rates[name]
        assert f"{one['percent']}% ({one['done']}/{one['due']})" in text, label
    for one in briefing.values["courts"]:
        assert one["name_en"] in text
    for part in ("Briefing No. 6 of 2020", "2 July 2020", "Case Filing Chamber", "—1—"):
        assert part in text
    assert "Copy for" not in text
    copy = _text(made(briefing, "en", copy="Copy for A. Reader"))
    pages = int(re.findall(r"— ?(\d+) ?—", copy)[-1])
    assert pages >= 2
    assert copy.count("Copy for A. Reader") == pages
    # In Chinese every sign is drawn from the font that comes along.
    chinese = made(briefing, "zh-hans")
    assert "示范市中级人民法院" in _text(chinese)
    assert "2020年7月2日" in _text(chinese).replace(" ", "")
    fonts = subprocess.run(
        ["pdffonts", "-"], input=chinese, capture_output=True, check=True
    ).stdout.decode()
    listed = [line for line in fonts.splitlines()[2:] if line.strip()]
    assert listed
    assert all("NotoSansCJK" in line.replace(" ", "") for line in listed), fonts
    about = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True)
    assert "2020" in next(
        line for line in about.stdout.decode().splitlines() if line.startswith("CreationDate")
    )


def _text(content: bytes) -> str:
    ran = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return " ".join(ran.stdout.decode().split())


def test_the_workbook_adds_up_by_its_own_formulas(briefing: Briefing) -> None:
    def book() -> bytes:
        return workbook.xlsx(
            briefing.values,
            number=briefing.number,
            published_at=briefing.published_at,
            language="en",
        )

    content = book()
    assert content == book()
    whole = briefing.values["all"]
    rates = [whole["rates"][name] for name in ("acceptance", "liaison", "completion")]
    known = [(one["done"], one["due"]) for one in rates]
    known.append((whole["satisfaction"]["satisfied"], whole["satisfaction"]["rated"]))
    for sheet, first in ((1, 1), (2, 2)):
        cells, formulas = _sheet(content, sheet)
        last = max(row for row, _column in cells)
        column = first
        for done, due in known:
            for number, at in ((done, column), (due, column + 1)):
                letter = chr(ord("A") + at)
                assert formulas[last, at] == f"SUM({letter}5:{letter}{last - 1})"
                above = [cells[row, at] for row in range(5, last)]
                assert all((row, at) not in formulas for row in range(5, last))
                assert sum(map(float, above)) == float(cells[last, at]) == number
            assert float(cells[last, column + 2]) == pytest.approx(done / due)
            assert formulas[last, column + 2].startswith("IF(")
            column += 3


def _sheet(content: bytes, number: int) -> tuple[dict, dict]:
    """Values and formulas of a sheet by row (from 1) and column (from 0)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314 - a file of our own
    cells, formulas = {}, {}
    for cell in root.iter(f"{SHEET}c"):
        place = re.fullmatch(r"([A-Z]+)(\d+)", cell.attrib["r"])
        assert place is not None
        key = int(place[2]), ord(place[1]) - ord("A")
        value, formula = cell.find(f"{SHEET}v"), cell.find(f"{SHEET}f")
        if value is not None:
            cells[key] = value.text
        if formula is not None:
            formulas[key] = formula.text
    return cells, formulas


def test_files_are_handed_out_marked_and_the_lists_only_to_who_reads_all(
    town: City, briefing: Briefing, client: Client
) -> None:
    def get(name: str, **query: str) -> Any:
        return client.get(reverse(f"briefings:{name}", args=[briefing.public_id]), query)

    client.force_login(town.holder(Post.Kind.PRESIDENT))
    assert get("pdf").content[:5] == b"%PDF-"
    assert get("xlsx").status_code == 200
    # The president of one court reads the lists of that court only.
    assert get("json").status_code == 404
    assert get("pdf", copy="original").status_code == 404
    client.force_login(briefed.writer(town))
    assert briefing.edition is not None
    assert get("json").content == bytes(briefing.edition.document)
    original = {"copy": "original", "language": "en"}
    assert get("pdf", **original).content == made(briefing, "en")
    assert get("xlsx", **original).content == get("xlsx", **original).content
    assert get("pdf", language="en").content != made(briefing, "en")
