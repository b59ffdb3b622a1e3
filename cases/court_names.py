"""Courts as case numbers name them: by a code since 2016, by a short name before.

Pure: no database. A code is looked up. A short name was never listed anywhere; courts formed it
by habit from their own name, so the table reads it back by the same habit::

    [province] [city] place [mark]      鄂·武汉·中   穗·越·法   浙·甬   佛·顺·法   渝北·法   兴

where every part is a name, a customary character (穗 for Guangzhou) or any one character of the
name, and all parts must belong to *one and the same* court: 深福法 is read because Futian lies in
Shenzhen, 京方正 is refused because Fangzheng does not lie in Beijing. No short name is stored.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"

# How exactly a token names a place; NUMBER is an ordinal (一中). Better pushes weaker aside.
FULL, NUMBER, PREFIX, FIRST, ANY = 4, 3, 2, 1, 0

# What may follow the place: the mark says which level of court it can be (None: any).
MARKS: Mapping[str, frozenset[str] | None] = {
    "": None,
    "法": None,
    "法院": None,
    "区法": frozenset({"primary"}),
    "县法": frozenset({"primary"}),
    "市": frozenset({"primary", "intermediate"}),
    "市法": frozenset({"primary", "intermediate"}),
    "中": frozenset({"intermediate"}),
    "中法": frozenset({"intermediate"}),
    "中院": frozenset({"intermediate"}),
    "高": frozenset({"high"}),
    "高法": frozenset({"high"}),
    "高院": frozenset({"high"}),
}
LONGEST_SHORT_NAME = 9

_PROVINCE_TITLE = re.compile(
    r"^(?:新疆维吾尔自治区生产建设兵团|新疆生产建设兵团|内蒙古自治区|广西壮族自治区|西藏自治区"
    r"|宁夏回族自治区|新疆维吾尔自治区|(?:北京|天津|上海|重庆)市|[一-龥]{2,3}省)"
)
_PEOPLES = re.compile(
    "(?:各族|蒙古族?|土家族|土族|[回藏彝壮苗侗瑶白傣黎佤畲水满羌京]族|维吾尔族?|哈尼族|哈萨克族?"
    "|傈僳族|拉祜族|东乡族|纳西族|景颇族|柯尔克孜族?|达斡尔族?|仫佬族|布朗族|撒拉族|毛南族|仡佬族"
    "|锡伯族?|普米族|布依族|塔吉克族?|怒族|鄂温克族?|德昂族|保安族|裕固族|独龙族|鄂伦春族?|朝鲜族"
    "|珞巴族)+(?=自治|区$)"
)
_COURT_TAIL = re.compile(r"(?:第[一-十]+)?(?:中级|高级|基层)?(?:人民)?法院(?:[一-龥]*分院)?$")
_ORDINAL = re.compile(r"第([一二三四五六七八九十]+)(?:师)?(?:中级|人民|法院)")
_PLACE_TAIL = re.compile(r"(?:自治[县州旗区]|特区|新区|林区|垦区|地区|盟|[市县区旗])$")
_SPECIAL = {
    "铁路": ("铁", "铁路", "铁运"),
    "海事": ("海", "海事"),
    "知识产权": ("知",),
    "金融": ("金", "融"),
    "互联网": ("互",),
    "军事": ("军",),
}
_SHARED = frozenset("铁海金互")  # also written for districts: 铁西, 海曙, 金山
_ZONE = re.compile(
    r"(?:经济技术|经济|高新技术产业|高新技术|新技术|旅游经济)?"
    r"(?:开发区|工业园区|产业园区|园区|管理区|合作区|试验区|示范区)$"
)
_ZONE_KINDS = {"新": "高", "经济": "经", "园": "园"}
_ZONE_TOKENS = {
    "经": ("经", "经开", "开", "开发", "经开区"),
    "高": ("高", "高新", "新", "高开", "开", "开发"),
    "园": ("园", "园区"),
    "": ("开", "开发"),
}


@dataclass(frozen=True, slots=True)
class Court:
    """A court as the list knows it. ``parent`` is the name of the court above, from the list."""

    name: str
    code: str | None = None
    level: str | None = None
    parent: str | None = None
    status: str = "current"


@dataclass(frozen=True, slots=True)
class ShortName:
    """A reading of a short name: the courts it can mean, the likeliest first."""

    text: str
    courts: tuple[Court, ...]
    quality: int
    mark: str


class CourtTable:
    """Courts by code and by short name. Immutable; ``with_courts`` gives a wider one."""

    def __init__(
        self,
        courts: Iterable[Court],
        provinces: Mapping[str, Iterable[str]],
        cities: Mapping[str, Iterable[str]],
    ) -> None:
        self.courts = tuple(courts)
        self._provinces = {key: (key, *names) for key, names in provinces.items()}
        self._cities = {key: tuple(names) for key, names in cities.items()}
        self._by_code: dict[str, list[Court]] = defaultdict(list)
        self._by_name = {court.name: court for court in self.courts}
        for court in self.courts:
            if court.code:
                self._by_code[court.code].append(court)
        # The first characters of all codes: what an unknown code must begin with.
        self.code_heads = frozenset(code[0] for code in self._by_code)
        self._readings: dict[str, ShortName | None] = {}

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, str]],
        *,
        provinces: Mapping[str, Iterable[str]] | None = None,
        cities: Mapping[str, Iterable[str]] | None = None,
    ) -> CourtTable:
        """A table from rows with ``name`` and, where known, ``code level parent status``.

        ``parent`` may be a name or the code of a current court. ``provinces`` and ``cities`` are
        the customary names by head of code and by city; without them those of the product.
        """
        rows = list(rows)
        names = {
            row["code"]: row["name"]
            for row in rows
            if row.get("code") and row.get("status") != "former"
        }
        customary = json.loads((DATA / "short_names.json").read_text("utf-8"))
        return cls(
            (
                Court(
                    name=row["name"],
                    code=row.get("code") or None,
                    level=row.get("level") or None,
                    parent=names.get(row.get("parent") or "", row.get("parent") or None),
                    status=row.get("status") or "current",
                )
                for row in rows
            ),
            customary["provinces"] if provinces is None else provinces,
            customary["cities"] if cities is None else cities,
        )

    def with_courts(self, more: Mapping[str, str] | Iterable[Court]) -> CourtTable:
        """This table with ``more``: ``{code: name}`` of invented or local courts, or courts.

        A court known by code and name stays as it is. A known code under another name becomes
        that court's, with the level and parent it had; the former bearer is kept as former.
        """
        given = (
            [Court(name=name, code=code) for code, name in more.items()]
            if isinstance(more, Mapping)
            else list(more)
        )
        added = []
        for court in given:
            bearer = next(iter(self.by_code(court.code or "")), None)
            if bearer and bearer.name == court.name and bearer.status == "current":
                continue
            if bearer:
                court = replace(
                    court,
                    level=court.level or bearer.level,
                    parent=court.parent or bearer.parent,
                )
            added.append(court)
        codes = {court.code for court in added if court.code}
        names = {court.name for court in added}
        kept = [
            replace(court, status="former") if court.code in codes else court
            for court in self.courts
            if court.name not in names
        ]
        return CourtTable([*kept, *added], self.province_names, self._cities)

    @property
    def province_names(self) -> dict[str, tuple[str, ...]]:
        """Customary names of provinces by the head of their courts' codes."""
        return {head: names[1:] for head, names in self._provinces.items()}

    def by_code(self, code: str) -> tuple[Court, ...]:
        """Courts bearing ``code``: the present one first, then former ones."""
        return tuple(sorted(self._by_code.get(code, ()), key=lambda c: c.status != "current"))

    def by_name(self, name: str) -> Court | None:
        """The court of that full name."""
        return self._by_name.get(name)

    def is_place_character(self, char: str) -> bool:
        """Whether any place of the table is written with ``char`` (towns reuse these)."""
        return char in self._index[3]

    def read_short_name(self, text: str) -> ShortName | None:
        """The best reading of ``text`` as a whole short name, or None: no court is called so."""
        if text not in self._readings:
            if len(self._readings) > 20_000:
                self._readings.clear()
            self._readings[text] = self._read(text)
        return self._readings[text]

    def _read(self, text: str) -> ShortName | None:
        if not 0 < len(text) <= LONGEST_SHORT_NAME:
            return None
        own, area, province, _ = self._index
        found: dict[int, tuple[int, int, str]] = {}
        for mark, levels in MARKS.items():
            if mark and not text.endswith(mark):
                continue
            stem = text[: len(text) - len(mark)]
            for p in range(min(4, len(stem))):
                within = province.get(stem[:p]) if p else None
                if p and within is None:
                    continue
                for a in range(p, min(p + 5, len(stem))):
                    inside = area.get(stem[p:a]) if a > p else None
                    if a > p and inside is None:
                        continue
                    for court, quality in own.get(stem[a:], {}).items():
                        level = self.courts[court].level
                        if within is not None and (court not in within or level == "high"):
                            continue  # a High Court is not named after its province twice
                        if inside is not None and court not in inside:
                            continue
                        if levels is not None and level not in levels:
                            continue
                        if quality == NUMBER and not (mark.startswith("中") or inside):
                            continue
                        reading = (quality, inside[court] if inside else FULL, mark)
                        found[court] = max(found.get(court, reading), reading)
        if not found:
            return None
        best = max(found.values())
        # A whole name or prefix pushes single characters aside; among readings by single
        # characters none is surer than another (甬北 is Jiangbei, not Beilun), nor is a single
        # character alone (西 is Xi'an, and Xicheng, and many more).
        if best[0] >= PREFIX and len(text) > 1:
            found = {n: r for n, r in found.items() if r[:2] == best[:2]}
        ranked = sorted(found, key=lambda n: (-found[n][0], -found[n][1], n))
        return ShortName(text, tuple(self.courts[n] for n in ranked), best[0], best[2])

    @cached_property
    def _index(
        self,
    ) -> tuple[
        dict[str, dict[int, int]], dict[str, dict[int, int]], dict[str, set[int]], frozenset[str]
    ]:
        """Tokens -> courts: own place, city around, province around; and the place characters."""
        own: dict[str, dict[int, int]] = defaultdict(dict)
        area: dict[str, dict[int, int]] = defaultdict(dict)
        province: dict[str, set[int]] = defaultdict(set)
        characters: set[str] = set()
        for number, court in enumerate(self.courts):
            head = self._province_of(court)
            for name in self._provinces.get(head or "", ()):
                province[name].add(number)
            place, around, tokens = self._places(court, head)
            tokens = _tokens(place) | tokens
            if court.level == "intermediate":
                tokens |= dict.fromkeys(self._cities.get(place, ()), FULL)
            for token, quality in tokens.items():
                own[token][number] = max(quality, own[token].get(number, ANY))
            for city in around:
                aliases = dict.fromkeys(self._cities.get(city, ()), FULL)
                for token, quality in (_tokens(city) | aliases).items():
                    area[token][number] = max(quality, area[token].get(number, ANY))
            characters.update(place)
        return dict(own), dict(area), dict(province), frozenset(characters)

    def _province_of(self, court: Court) -> str | None:
        """Head of the codes of the court's province, from its code or from the courts above."""
        for _ in range(4):
            if court.code:
                return court.code[0]
            above = self._by_name.get(court.parent or "")
            if above is None:
                return None
            court = above
        return None

    def _city_of(self, court: Court | None) -> str:
        """The city a court above sits in, '' for a court that is named after a province."""
        if court is None or court.level != "intermediate" or _ORDINAL.search(court.name):
            return ""
        return _bare(_COURT_TAIL.sub("", _PROVINCE_TITLE.sub("", court.name)))

    def _places(self, court: Court, head: str | None) -> tuple[str, list[str], dict[str, int]]:
        """(own place, cities around, further tokens) that the court's name is made of."""
        names = self._provinces.get(head or "", ())
        if court.level == "high":
            # In the capital the High Court's numbers said only 高.
            return "", [], dict.fromkeys((*names, *("高" if head == "京" else "")), FULL)
        ordinal = _ORDINAL.search(court.name)
        extra = {ordinal[1]: NUMBER, "第" + ordinal[1]: NUMBER} if ordinal else {}
        for word, written in _SPECIAL.items():
            if word in court.name:
                numbered = [token + ordinal[1] for token in written] if ordinal else []
                tokens = dict.fromkeys([*written, *numbered], FULL)
                if written[0] in _SHARED:
                    tokens[written[0]] = FIRST
                return "", [_bare(court.name.split(word)[0])], tokens
        body = _COURT_TAIL.sub("", _PROVINCE_TITLE.sub("", court.name))
        if court.name.endswith("分院"):  # a branch is named for the place behind the name
            body = court.name.partition("法院")[2].removesuffix("分院")
        if court.level == "intermediate":
            body = re.sub(r"^[一-龥]+自治州(?=[一-龥]+地区$)", "", body)
            return _bare(body), [n for n in names if len(n) > 1] if ordinal else [], extra
        around = []
        city = self._city_of(self._by_name.get(court.parent or ""))
        if city:
            around.append(city)
            body = re.sub(rf"^{city}(?:市|地区|盟)?(?=.{{2}})(?!.{{1,3}}族自治)", "", body)
        elif within := re.match(r"^([一-龥]{2,4})市(?=[一-龥]+[区县旗市]$)", body):
            around.append(within[1])
            body = body[within.end() :]
        if ordinal:
            return "", around, extra
        if zone := _ZONE.search(body):
            body = body[: zone.start()]
            kind = next((k for word, k in _ZONE_KINDS.items() if word in zone[0]), "")
            for token in _ZONE_TOKENS[kind]:
                extra[token] = FULL if len(token) > 1 else FIRST
                if body:
                    extra[body[:1] + token] = FIRST
        elif len(body) > 1:
            extra[body] = FULL
        return _bare(body) or city, around, extra


def _bare(place: str) -> str:
    """A place without its administrative title: 恩施土家族苗族自治州 -> 恩施, 城区 -> 城."""
    bare = _PLACE_TAIL.sub("", _PEOPLES.sub("", place))
    # A county called after a people alone (东乡族自治县) keeps the people's name.
    return bare or re.sub(r"族?自治[县州旗区]$", "", place) or place


def _tokens(place: str) -> dict[str, int]:
    """The ways to write a place shortly, with how exactly each names it."""
    tokens = dict.fromkeys(place, ANY)
    if place:
        tokens[place[0]] = FIRST
        for end in range(2, len(place)):
            tokens[place[:end]] = PREFIX
        if len(place) > 1:
            tokens[place] = FULL
    return tokens


@cache
def default_table() -> CourtTable:
    """The national table that ships with the product (built once per process, about 0.1 s)."""
    with (DATA / "courts.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    former = json.loads((DATA / "short_names.json").read_text("utf-8"))["former_courts"]
    rows += [
        {
            "name": name,
            "parent": parent,
            "level": "intermediate" if "中级" in name else "primary",
            "status": "former",
        }
        for name, parent in former
    ]
    return CourtTable.from_rows(rows)
