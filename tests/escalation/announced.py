"""A schedule of 2027 as it might be announced, in the shape of the State Council series.

2027 stands for a year not announced until the installed package knows it: then take a later one.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

SOURCE = "国办发明电〔2026〕9号"
# First day, days off, name.
OFF = [
    (date(2027, 1, 1), 3, "元旦"),
    (date(2027, 2, 5), 9, "春节"),
    (date(2027, 4, 3), 3, "清明节"),
    (date(2027, 5, 1), 5, "劳动节"),
    (date(2027, 6, 9), 1, "端午节"),
    (date(2027, 9, 15), 1, "中秋节"),
    (date(2027, 10, 1), 7, "国庆节"),
]
WORKED = [
    (date(2027, 1, 30), "春节"),
    (date(2027, 2, 20), "春节"),
    (date(2027, 5, 8), "劳动节"),
    (date(2027, 9, 26), "国庆节"),
    (date(2027, 10, 9), "国庆节"),
]


def rows() -> dict[str, dict]:
    """The rows by their ISO date."""
    found = {
        (first + timedelta(days=n)).isoformat(): {"workday": False, "name": name}
        for first, days, name in OFF
        for n in range(days)
    }
    return found | {day.isoformat(): {"workday": True, "name": name} for day, name in WORKED}


def text() -> str:
    """The file."""
    return json.dumps(rows(), ensure_ascii=False, indent=1)
