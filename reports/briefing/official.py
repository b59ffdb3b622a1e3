"""The published briefing as a PDF, set as an official document: the same edition, the same bytes.

Set with Typst from its wheel and the font of a wheel, so nothing of the system decides how it
looks. It is dated by its publication. A copy for a reader bears its mark on every page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from courts import date_words
from reports.briefing import wording
from reports.briefing.naming import Names
from reports.briefing.parts import Part, parts
from reports.briefing.tables import Table

_TEMPLATE = Path(__file__).with_name("official.typ")
# So wide is a column of names at most, in halves of a Chinese sign.
_NAME = 22


# A compiler sets one document at a time, and refuses a second thread meanwhile.
_one_at_a_time = Lock()


@lru_cache
def _compiler() -> Any:
    # Loaded with the first PDF: workers that set none do without it.
    import noto_cjk_sans_otc
    import typst

    fonts = Path(noto_cjk_sans_otc.FONT_PATH).parent
    return typst.Compiler(_TEMPLATE, font_paths=[fonts], ignore_system_fonts=True)


def pdf(
    values: Mapping[str, Any],
    texts: Mapping[str, str],
    *,
    number: int,
    published_at: datetime,
    language: str,
    copy: str = "",
) -> bytes:
    """The document in ``language``, of the edition ``number``; ``copy`` is whose copy it is."""
    given = _data(values, texts, number, published_at, language, copy)
    with _one_at_a_time:
        made: bytes = _compiler().compile(format="pdf", sys_inputs={"data": given})
    return made


def png(
    values: Mapping[str, Any],
    texts: Mapping[str, str],
    *,
    number: int,
    published_at: datetime,
    language: str,
    copy: str = "",
) -> list[bytes]:
    """The pages as pictures, to look at."""
    given = _data(values, texts, number, published_at, language, copy)
    with _one_at_a_time:
        made = _compiler().compile(format="png", ppi=100, sys_inputs={"data": given})
    return [made] if isinstance(made, bytes) else list(made)


def _data(
    values: Mapping[str, Any],
    texts: Mapping[str, str],
    number: int,
    published_at: datetime,
    language: str,
    copy: str,
) -> str:
    zone = ZoneInfo(values["jurisdiction"]["time_zone"])
    with translation.override(language):
        names = Names(values)
        chinese = language.startswith("zh")
        data = {
            "lang": "zh" if chinese else "en",
            "region": "cn" if chinese else "gb",
            "head": names.leading_court,
            "title": wording.title(values, number),
            "number": serial(values, number),
            "addressee": _("To all primary courts and all departments of this court:"),
            "sections": [_section(part) for part in parts(values, texts)],
            "signature": [one for one in (names.leading_court, names.chamber) if one],
            "date": _date(published_at, language, zone),
            "copy": copy,
        }
    return json.dumps(data, ensure_ascii=False)


def serial(values: Mapping[str, Any], number: int) -> str:
    """The document's number: the issue of its year, and which correction it is."""
    year, month = map(int, values["month"].split("-"))
    words = {"year": year, "issue": month, "number": number}
    if number > 1:
        return _("Briefing No. %(issue)s of %(year)s, edition %(number)s") % words
    return _("Briefing No. %(issue)s of %(year)s") % words


def _section(part: Part) -> dict[str, Any]:
    return {
        "heading": part.heading,
        "paragraphs": part.paragraphs,
        "bars": [{"title": one.title, "bars": one.bars} for one in part.bars],
        "tables": [_table(one) for one in part.tables],
    }


def _table(one: Table) -> dict[str, Any]:
    widths = []
    for column, is_number in enumerate(one.numbers):
        longest = max(_width(row[column]) for row in one.rows)
        # Names may break; a number may not, nor a word of the head.
        need = longest if is_number else min(longest, _NAME)
        widths.append(max(need, _narrowest(one.head[column])) + 1)
    return {
        "title": one.title,
        "head": one.head,
        "rows": one.rows,
        "numbers": one.numbers,
        "total": one.has_total,
        "widths": widths,
    }


def _width(text: str) -> int:
    """How wide a text is set, in halves of a Chinese sign."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _narrowest(head: str) -> int:
    """The width that a head needs: that of its longest word; in Chinese it stands in two lines."""
    if head.isascii():
        return max(_width(word) for word in head.split())
    return -(-_width(head) // 4) * 2


def _date(at: datetime, language: str, zone: ZoneInfo) -> dict[str, Any]:
    exact = at.astimezone(UTC)
    return {
        "words": date_words.day_signed(at, language, zone),
        "year": exact.year,
        "month": exact.month,
        "day": exact.day,
        "hour": exact.hour,
        "minute": exact.minute,
        "second": exact.second,
    }
