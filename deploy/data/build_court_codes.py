"""Build the project's tables of courts from the public lists they come from.

    python deploy/data/build_court_codes.py SOURCE_FOLDER

SOURCE_FOLDER holds ``courts_national.json``, ``court_codes_directory_2016.csv`` and
``courts_gz_bj.json``. Written are ``cases/data/courts.csv`` (every court, for reading case
numbers) and ``courts/data/{guangzhou,beijing}.json`` (master data for ``load_courts``).
Run again with the same sources, it writes the same bytes.

A court's level and parent are taken from the lists. The 2016 directory has no parent: a court that
stands there alone gets the parent that *all* listed courts of the same two-digit group share, and
none where they differ (so in Chongqing, where the digits say nothing about the higher court).
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# One court, spelt differently in the two lists (a typing error or a shortened place).
SAME_COURT = {
    "黑0421": "萝北县人民法院",
    "黑0422": "绥滨县人民法院",
    "吉71": "长春铁路运输中级法院",
    "内0691": "鄂尔多斯市康巴什区人民法院",
    "闽0803": "龙岩市永定区人民法院",
    "鲁1491": "德州经济技术开发区人民法院",
    "豫96": "济源中级人民法院",
    "鄂1381": "广水市人民法院",
    "粤0391": "深圳前海合作区人民法院",
    "粤0402": "珠海市香洲区人民法院",
    "琼0105": "海口市秀英区人民法院",
    "琼0106": "海口市龙华区人民法院",
    "琼0107": "海口市琼山区人民法院",
    "琼0108": "海口市美兰区人民法院",
    "琼0371": "三沙市三沙群岛人民法院",
    "黔02": "贵州省六盘水市中级人民法院",
    "黔0203": "六盘水市六枝特区人民法院",
    "黔03": "贵州省遵义市中级人民法院",
    "黔0302": "遵义市红花岗区人民法院",
    "黔0303": "遵义市汇川区人民法院",
    "黔0327": "凤冈县人民法院",
    "甘0191": "兰州新区人民法院",
    "宁0303": "吴忠市红寺堡区人民法院",
    "新71": "乌鲁木齐铁路运输中级法院",
}
SPELLING = {"四川省自贡市中级人法院": "四川省自贡市中级人民法院"}

MILITARY_PREFIX = "军"  # the military courts were reorganised; their levels are in no list

JURISDICTIONS: dict[str, dict[str, Any]] = {
    "guangzhou": {
        "code": "guangzhou",
        "name": "广州法院",
        "name_en": "Courts of Guangzhou",
        "leading_court": "广东省广州市中级人民法院",
        "policy": "guangzhou",
        "number_prefix": "GZ",
        "city": "广州",
        "above": ["最高人民法院", "广东省高级人民法院"],
    },
    "beijing": {
        "code": "beijing",
        "name": "北京法院",
        "name_en": "Courts of Beijing",
        "leading_court": "北京市高级人民法院",
        "policy": "beijing",
        "number_prefix": "BJ",
        "city": "北京",
        "above": ["最高人民法院"],
    },
}
KINDS = {
    "铁路运输": "railway",
    "海事": "maritime",
    "知识产权": "intellectual_property",
    "金融": "financial",
    "互联网": "internet",
}
UNRANKED_KINDS = {"railway", "maritime", "intellectual_property", "financial"}
EN_OF_FORMER = {
    "从化市人民法院": "Conghua City People's Court",
    "增城市人民法院": "Zengcheng City People's Court",
    "密云县人民法院": "Miyun County People's Court",
    "延庆县人民法院": "Yanqing County People's Court",
    "广州铁路运输法院": "Guangzhou Railway Transportation Court",
}


def clean(text: str | None) -> str:
    """The text without the blanks (also hard ones) that the lists carry around names and codes."""
    name = "".join((text or "").split()).replace("\xa0", "")
    return SPELLING.get(name, name)


def level_of_name(name: str, code: str) -> str:
    """Level of a court that only the 2016 directory has, by what it is called."""
    if code.startswith(MILITARY_PREFIX):
        return ""
    if "高级" in name:
        return "high"
    return "intermediate" if "中级" in name else "primary"


def build_national(source: Path) -> list[dict[str, str]]:
    national = json.loads((source / "courts_national.json").read_text("utf-8"))
    with (source / "court_codes_directory_2016.csv").open(encoding="utf-8") as handle:
        directory = list(csv.DictReader(handle))
    local = json.loads((source / "courts_gz_bj.json").read_text("utf-8"))

    courts: dict[str, dict[str, str]] = {}
    for row in national:
        name = clean(row["name"])
        courts[name] = {
            "code": clean(row["code"]),
            "name": name,
            "level": row["level"],
            "parent": clean(row["parent"]),
            "status": "current",
        }
    for row in local:
        name = clean(row["name"])
        courts[name] = {
            "code": clean(row["code"]),
            "name": name,
            "level": row["level"],
            "parent": clean(row["parent"]),
            "status": "current" if row["status"] == "current" else "former",
        }
    parents_of_group: dict[str, set[str]] = defaultdict(set)
    for court in courts.values():
        if court["level"] == "primary" and len(court["code"]) == 5 and court["parent"]:
            parents_of_group[court["code"][:3]].add(court["parent"])
    for row in directory:
        name, code = clean(row["name"]), clean(row["code"])
        same = SAME_COURT.get(code)
        if same and same in courts:
            courts[same]["code"] = code
            continue
        if name in courts:
            continue
        level = level_of_name(name, code)
        group = parents_of_group.get(code[:3], set()) if level == "primary" else set()
        courts[name] = {
            "code": code,
            "name": name,
            "level": level,
            "parent": next(iter(group)) if len(group) == 1 else "",
            # The corps's courts exist; the other names that later lists lack are former ones.
            "status": "current" if code.startswith("兵") else "former",
        }
    for court in courts.values():
        above = courts.get(court["parent"])
        if above and above["code"] and above["status"] == "current":
            court["parent"] = above["code"]  # shorter, and codes are unique among current courts
    return sorted(courts.values(), key=lambda c: (c["code"] or "~", c["status"], c["name"]))


def build_jurisdiction(source: Path, spec: dict[str, Any]) -> dict[str, Any]:
    rows = json.loads((source / "courts_gz_bj.json").read_text("utf-8"))
    chosen = [r for r in rows if r["name"] in spec["above"] or r["city"] == spec["city"]]
    members = {spec["leading_court"]}
    while True:  # the leading court, the courts below it, and the courts below those
        wider = members | {r["name"] for r in chosen if r["parent"] in members}
        if wider == members:
            break
        members = wider
    courts = []
    for row in chosen:
        kind = next((k for word, k in KINDS.items() if word in row["name"]), "ordinary")
        current = row["status"] == "current"
        inside = current and row["name"] in members
        note = row["note"] or ""
        if row["status"] == "merged":
            note = "Merged with 北京市第四中级人民法院; kept for old case numbers."
        elif "former name of" in note:
            note = "Former name of " + note.split("former name of ")[1] + "."
        elif row["name"] == "广州市萝岗区人民法院":
            note = "Abolished; merged into 广州市黄埔区人民法院."
        elif row["code_confidence"].startswith("UNVERIFIED"):
            note = "Code in common use; no printed case number was found to confirm it."
        else:
            note = ""
        courts.append(
            {
                "name": row["name"],
                "name_en": row["name_en"] or EN_OF_FORMER.get(row["name"], ""),
                "name_en_confirmed": "unverified" not in (row["name_en_source"] or "unverified"),
                "code": row["code"],
                "code_confidence": row["code_confidence"].lower(),
                "level": row["level"],
                "parent": row["parent"],
                "kind": kind,
                "status": "current" if current else "historical",
                "in_jurisdiction": inside,
                "ranked": inside and kind not in UNRANKED_KINDS,
                "note": note,
            }
        )
    order = {"supreme": 0, "high": 1, "intermediate": 2, "primary": 3}
    courts.sort(key=lambda c: (order[c["level"]], c["status"], c["code"], c["name"]))
    return {
        "code": spec["code"],
        "name": spec["name"],
        "name_en": spec["name_en"],
        "leading_court": spec["leading_court"],
        "policy": spec["policy"],
        "number_prefix": spec["number_prefix"],
        "time_zone": "Asia/Shanghai",
        "source": "Directory of courts with codes as of 2016 (MetaGLM/LawGLM), list of courts "
        "2019, printed case numbers; code_confidence says which",
        "licence": "Apache-2.0 (directory); single facts otherwise",
        "courts": courts,
    }


def main(source: Path) -> None:
    target = ROOT / "cases" / "data" / "courts.csv"
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(
            handle, ["code", "name", "level", "parent", "status"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(build_national(source))
    for key, spec in JURISDICTIONS.items():
        data = build_jurisdiction(source, spec)
        path = ROOT / "courts" / "data" / f"{key}.json"
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
