"""Case numbers: read, checked, and taken apart. Pure: values in, values out.

    （2020）粤0104民初3712号      since 2016: code of the court, type, serial number
    （2019）豫0192知民初817号     with a specialised tribunal before the type
    （2014）深罗法龙刑一初字第741号  before: short name, tribunal, type, 字第, serial number
    （2013）衢商破（预）字第1-1号之一

What decides is the court's part: a number whose court no code and no short name of the table
explains is refused. Notaries, appraisers and arbitrators number their papers in the same form;
their issuer is not a court. The type is free after a code of the table (practice invents types),
and must follow the grammar of categories and stages where the court is named by habit only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cases.court_names import FIRST, Court, CourtTable, ShortName, default_table

__all__ = [
    "MAX_LENGTH",
    "CaseNumber",
    "CaseNumberError",
    "CourtTable",
    "Found",
    "default_table",
    "find_all",
    "normalise",
    "parse",
]

MAX_LENGTH = 80

# Full-width letters and digits become half-width; a dash is kept as the clerk wrote it.
_WIDTH: dict[int, int | str] = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0D
}
_BRACKETS = dict(zip("([［【〔〖﹝)]］】〕〗﹞", "（" * 7 + "）" * 7, strict=True))
_FOLD = _WIDTH | {0xFF08: "（", 0xFF09: "）", 0xFF3B: "（", 0xFF3D: "）"}
_DASH = re.compile("[-‐‑‒–—―−－]+")
_HEAD = re.compile(r"([（(\[［【〔〖﹝])?(\d{4})年?([）)\]］】〕〗﹞])?年?")
_TAIL = re.compile(
    r"(?P<joiner>字第|字|第)?(?P<serial>[A-Z]?\d{1,8}(?:[-‐‑‒–—―−－]{1,2}\d{1,4}){0,3})"
    r"(?P<before>之[一二三四五六七八九十百零\d]{1,4})?(?P<hao>号)?"
    r"(?P<after>之[一二三四五六七八九十百零\d]{1,4})?$"
)
_CODE = re.compile(r"(最高法|[一-龥]\d{2,4}(?!\d)|[一-龥])")
_HAN = re.compile(r"[一-龥（）、]{1,12}")

_PAREN = r"（[一-龥、]{1,4}）"
_CATEGORY = (
    r"(?:委赔|法赔|国赔|司救|司惩|司赔|诉前保?调?|诉保|诉调|财保|财立|强清|辖|"
    r"非(?=[执审行])|非诉(?![民刑行执])|[知清](?![民刑行执])|[刑民行商经执破赔减假认请])"
)
_STEP = (
    r"(?:[刑民行商知经执破赔清少未海铁附诉初终申再监抗提辖审减假更核保督催特算调他请撤认异恢协预确救惩"
    r"没停促令台港澳送一二三四五六七八九十]"
    r"|(?<=[刑执惩减赔])复|(?<=执)裁|(?<=[民行商执])立|(?<=强)医|(?<=行)非(?=[执审诉])"
    r"|" + _PAREN + ")"
)
_TYPE = re.compile(f"{_CATEGORY}{_STEP}{{0,7}}")
_STAGE = re.compile(
    "(?<=.)[初终申再监抗提辖审减假更复核保督催特算调立他请撤认异恢协预确裁救惩医没停促执破赔清]"
)
_ALONE = re.compile("执[刑民行商]?[一二三四五六七八九十]?|强?清|破[一二三四五六七八九十]?|赔")
# Nobody but a court numbers first and second instances, whatever stands between.
_INSTANCE = re.compile("(?:知(?![民刑行执])|[刑民行商经])[一-龥（）]{0,4}[初终]")
_SUPREME_TYPE = re.compile("[刑民行知执国委商破][一-龥（）]{0,4}[初终申再监抗提辖复核他请赔]")
_SUPREME_ALONE = frozenset({"知行"})
_PRACTICE = re.compile(r"[刑民行商经执破赔][一-龥（）]{0,6}")
_MARITIME = re.compile(r"(?:[初终执事]|商初|事初|商终|事终|执保|执异)")
_TRIBUNAL_2016 = re.compile(r"[知少未环金](?=[民刑行执财])")
_TRIBUNAL_OLD = re.compile(r"非诉|审监|速裁|少|未|立|知|清|监|执|破|商|环|金|家|交|劳(?=民)|园|涉")
_DOUBLED = re.compile(r"([一-龥])\1")
_SUPREME, _SEA = "最高人民法院", "海事法院"


class CaseNumberError(ValueError):
    """A text is no case number. ``code`` names the part that is wrong, ``params`` shows it.

    Codes: ``empty`` ``too_long`` ``missing_year`` ``missing_bracket`` ``missing_court``
    ``unknown_court`` ``missing_type`` ``unknown_type`` ``missing_serial`` ``missing_hao``.
    ``params`` holds ``part`` (the text in question) and, where one character is all that lacks,
    ``suggestion`` (a number that would be read).
    """

    def __init__(self, code: str, params: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number and its parts. ``str()`` gives ``normalised``; compare cases by ``key``."""

    raw: str = field(compare=False)
    normalised: str
    style: str  # "2016+" (court named by its code) or "pre-2016" (by a short name)
    year: int
    court_code: str | None
    court_short_name: str | None
    court_name: str | None  # only where one court alone can be meant
    candidates: tuple[str, ...]  # names of all courts that can be meant, the likeliest first
    court_known: bool  # False: the code has the right form, and is in no table (a newer court)
    tribunal: str
    type_code: str
    serial: str  # as written: leading zeros and -1 are part of it
    number: int
    suffix: str
    key: str  # one spelling for one case: what to match the case mirror by

    def __str__(self) -> str:
        return self.normalised


@dataclass(frozen=True, slots=True)
class Found:
    """A case number in running text: ``text[start:end]``."""

    start: int
    end: int
    number: CaseNumber


def normalise(raw: str) -> str:
    """The text as a clerk would print it: no blanks, half-width digits, full-width brackets
    around the year. Everything else stays as written. Idempotent; never raises.
    """
    text = "".join(raw.split()).translate(_FOLD)
    head = _HEAD.match(text)
    if head and head[1] and head[3]:
        tail = text[head.end(3) :]
        return f"（{head[2]}）{tail}"
    return text


def parse(raw: str, table: CourtTable | None = None) -> CaseNumber:
    """Read ``raw`` as a case number; CaseNumberError says which part is wrong."""
    table = table or default_table()
    if len(raw) > 4 * MAX_LENGTH:
        raise CaseNumberError("too_long", {"maximum": str(MAX_LENGTH)})
    text = normalise(raw)
    if not text:
        raise CaseNumberError("empty")
    if len(text) > MAX_LENGTH:
        raise CaseNumberError("too_long", {"maximum": str(MAX_LENGTH)})
    head = _HEAD.match(text)
    if head is None or not 1949 <= int(head[2]) <= 2199:
        raise CaseNumberError("missing_year", {"part": text[:6]})
    if not (head[1] and head[3]):
        rest = text[head.end() :]
        raise CaseNumberError(
            "missing_bracket", {"part": head[0], "suggestion": f"（{head[2]}）{rest}"}
        )
    rest = text[head.end() :]
    tail = _TAIL.search(rest)
    if tail is None:
        if not rest:
            raise CaseNumberError("missing_court", {"part": head[0]})
        raise CaseNumberError("missing_serial", {"part": rest})
    if tail["hao"] is None:
        raise CaseNumberError("missing_hao", {"part": tail[0], "suggestion": text + "号"})
    body = rest[: tail.start()]
    if not body:
        raise CaseNumberError("missing_court", {"part": rest})
    return _assemble(raw, text, int(head[2]), body, tail, table)


def find_all(text: str, table: CourtTable | None = None) -> list[Found]:
    """Case numbers in running text, in order; what only resembles one is left out."""
    found = []
    for match in _IN_TEXT.finditer(text.translate(_FOLD)):
        try:
            number = parse(text[match.start() : match.end()], table)
        except CaseNumberError:
            continue
        found.append(Found(match.start(), match.end(), number))
    return found


_OPEN, _CLOSE = "（([［【〔〖﹝", "）)］】〕〗﹞\\]"
_IN_TEXT = re.compile(
    rf"[{re.escape(_OPEN)}]\s?\d{{4}}\s?年?[{_CLOSE}]"
    rf"(?:(?![{re.escape(_OPEN)}]\s?\d{{4}}\s?年?[{_CLOSE}])[^号\n，。；,;]){{2,40}}"
    r"号(?:之[一二三四五六七八九十百零\d]{1,4})?"
)


@dataclass(frozen=True, slots=True)
class _Split:
    """One way to cut the part between year and serial number."""

    rank: tuple[int, ...]
    short: str
    reading: ShortName | None  # None: the Supreme People's Court, which wrote no short name
    tribunal: str
    type_code: str


def _assemble(
    raw: str, text: str, year: int, body: str, tail: re.Match[str], table: CourtTable
) -> CaseNumber:
    joiner = tail["joiner"] or ""
    code = _CODE.match(body)
    court_code: str | None = None
    short: str | None = None
    if code and (any(c.isdigit() for c in code[1]) or code[1] == "最高法" or not joiner):
        coded = _read_coded(code[1], body, joiner, table)
    else:
        coded = None
    if coded:
        style = "2016+"
        court_code, courts, tribunal, type_code = coded
        canonical = court_code + tribunal + _fold_brackets(type_code)
        known = bool(courts)
        name = courts[0].name if courts else None
    else:
        style = "pre-2016"
        split = _read_named(body, joiner, year, table)
        short, tribunal, type_code = split.short, split.tribunal, split.type_code
        if split.reading is None:
            supreme = table.by_name(_SUPREME)
            courts = (supreme,) if supreme else ()
        else:
            courts = _by_stage(split.reading.courts, type_code)
        known = True
        name = courts[0].name if len(courts) == 1 else None
        canonical = short + tribunal + _fold_brackets(type_code) + "字第"
    serial = tail["serial"]
    suffix = tail["after"] or tail["before"] or ""
    return CaseNumber(
        raw=raw,
        normalised=text,
        style=style,
        year=year,
        court_code=court_code,
        court_short_name=short,
        court_name=name,
        candidates=tuple(court.name for court in courts),
        court_known=known,
        tribunal=tribunal,
        type_code=type_code,
        serial=serial,
        number=int(re.sub(r"\D.*", "", serial.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))),
        suffix=suffix,
        key=f"（{year}）{canonical}{_DASH.sub('-', serial)}号{suffix}",
    )


def _read_coded(
    code: str, body: str, joiner: str, table: CourtTable
) -> tuple[str, tuple[Court, ...], str, str] | None:
    """(code, courts, tribunal, type) for a court named by its code; None: not such a number.

    After a code with digits that the table has, practice types are free as long as the number is
    written the new way; in all other cases the type follows the grammar.
    """
    digits = code[-1].isdigit()
    courts = table.by_code(code)
    if not courts and not (digits and code[0] in table.code_heads):
        if digits:
            raise CaseNumberError("unknown_court", {"part": code})
        return None
    rest = body[len(code) :]
    tribunal = match[0] if (match := _TRIBUNAL_2016.match(rest)) else ""
    type_code = rest[len(tribunal) :]
    free = bool(courts) and digits and "字" not in joiner
    if _is_type(type_code) or (
        free and _HAN.fullmatch(type_code) and not _DOUBLED.search(type_code)
    ):
        return code, courts, tribunal, type_code
    if not digits and code != "最高法":
        return None  # 粤 may begin a short name: 粤高法行申字第783号
    if not type_code:
        raise CaseNumberError("missing_type", {"part": body})
    raise CaseNumberError("unknown_type", {"part": type_code, "court": code})


def _read_named(body: str, joiner: str, year: int, table: CourtTable) -> _Split:
    """The best cut of a body that names its court by a short name; raises if there is none."""
    if not joiner and year >= 2016:
        raise CaseNumberError("unknown_court", {"part": body})
    body = _fold_brackets(body)
    best: _Split | None = None
    court_seen = ""
    for end in range(1, min(10, len(body)) + 1):
        reading = table.read_short_name(body[:end])
        if reading is None:
            continue
        court_seen = body[:end]
        for split in _cuts(court_seen, reading, body[end:], table):
            if best is None or split.rank < best.rank:
                best = split
    # The Supreme People's Court wrote its type alone: （2013）民提字第27号.
    alone = body in _SUPREME_ALONE or (_is_type(body) and _SUPREME_TYPE.fullmatch(body))
    if best is None and "字" in joiner and alone:
        return _Split((9,), "", None, "", body)
    if best is not None:
        return best
    if court_seen == body:
        raise CaseNumberError("missing_type", {"part": body})
    if court_seen:
        raise CaseNumberError(
            "unknown_type", {"part": body[len(court_seen) :], "court": court_seen}
        )
    raise CaseNumberError("unknown_court", {"part": body})


def _cuts(short: str, reading: ShortName, rest: str, table: CourtTable) -> list[_Split]:
    """Ways to read ``rest`` as [tribunal] type after a court named ``short``."""
    # A court whose name would end in a category (石行|执) is likelier court and type (石|行执).
    eats = short[-1] in "刑民行商执破赔"
    court = (eats, -len(short))
    cuts = []
    strong = "法" in reading.mark or (reading.mark and len(short) > 2)
    if _is_type(rest) or (strong and _PRACTICE.fullmatch(rest)) or _is_maritime(reading, rest):
        cuts.append(_Split((0, *court), short, reading, "", rest))
    if (match := _TRIBUNAL_OLD.match(rest)) and _is_type(rest[match.end() :]):
        cuts.append(_Split((1, *court), short, reading, match[0], rest[match.end() :]))
    # Courts in towns add the town's first character: 深罗法·龙 (Longgang), 温苍·龙, 启·开.
    town, type_code = rest[:1], rest[1:]
    sure = len(short) > 1 or reading.quality >= FIRST
    full = _is_type(type_code) and not _ALONE.fullmatch(type_code)
    if town and sure and full and table.is_place_character(town):
        cuts.append(_Split((2, *court), short, reading, town, type_code))
    return cuts


def _is_type(text: str) -> bool:
    """Whether ``text`` is made of a category of cases and the steps within it."""
    folded = _fold_brackets(text)
    if _DOUBLED.search(folded):
        return False
    if _INSTANCE.fullmatch(folded):
        return True
    return bool(_TYPE.fullmatch(folded)) and bool(_ALONE.fullmatch(folded) or _STAGE.search(folded))


def _is_maritime(reading: ShortName, text: str) -> bool:
    """Maritime courts wrote 广海法初字: their category is in their name."""
    return (
        reading.mark == "法"
        and any(_SEA in court.name for court in reading.courts)
        and bool(_MARITIME.fullmatch(text))
    )


def _by_stage(courts: tuple[Court, ...], type_code: str) -> tuple[Court, ...]:
    """A second instance is never heard by a primary court, a bare 初 only by a maritime one."""
    if _MARITIME.fullmatch(type_code) and "执" not in type_code:
        return tuple(court for court in courts if _SEA in court.name) or courts
    if "终" in type_code:
        higher = tuple(court for court in courts if court.level != "primary")
        return higher or courts
    return courts


def _fold_brackets(text: str) -> str:
    return "".join(_BRACKETS.get(char, char) for char in text)
