"""The courts of the trial business system, with their divisions and judges.

Those built in are the courts of the demonstration city. For another deployment, give a file of the
same shape: ``[{"code", "divisions": [{"name", "branch", "judges": [{"code", "name"}]}]}]``, where a
judge's code is the user name in the product.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from deploy.trial_system.people import person_name

BRANCHES = ("civil", "criminal", "admin", "enforcement")
_BUILT_IN = {
    "示01": {"民事审判庭": "civil", "刑事审判庭": "criminal", "行政审判庭": "admin",
            "执行局": "enforcement"},
    "示0101": {"民事审判一庭": "civil", "民事审判二庭": "civil", "刑事审判庭": "criminal",
              "执行局": "enforcement"},
    "示0102": {"民事审判一庭": "civil", "民事审判二庭": "civil", "执行局": "enforcement"},
    "示0103": {"民事审判庭": "civil", "刑事审判庭": "criminal", "执行局": "enforcement"},
    "示0104": {"民事审判庭": "civil", "行政审判庭": "admin", "执行局": "enforcement"},
}  # fmt: skip


@dataclass(frozen=True)
class Judge:
    """A judge; without a code the product knows the name only."""

    code: str
    name: str


@dataclass(frozen=True)
class Division:
    """A division of a court, and of which branch it is."""

    court: str
    name: str
    branch: str
    judges: tuple[Judge, ...]


def built_in() -> list[Division]:
    """The courts of the demonstration city, with invented judges."""
    divisions = []
    for court, names in _BUILT_IN.items():
        for name, branch in names.items():
            random = Random(f"{court} {name}")
            judges = tuple(Judge("", person_name(random)) for _ in range(2))
            divisions.append(Division(court, name, branch, judges))
    return divisions


def read(path: Path) -> list[Division]:
    """The divisions of a file."""
    divisions = []
    for court in json.loads(path.read_text(encoding="utf-8")):
        for given in court["divisions"]:
            if given["branch"] not in BRANCHES:
                raise SystemExit(f"{given['branch']!r} is none of {', '.join(BRANCHES)}")
            judges = tuple(Judge(judge["code"], judge["name"]) for judge in given["judges"])
            divisions.append(Division(court["code"], given["name"], given["branch"], judges))
    return divisions
