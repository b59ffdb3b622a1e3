"""Real courts as master data: loaded from ``courts/data`` as often as one likes.

The files say where each fact comes from and how sure it is. Facts of a court are brought up to
the file each time; what administrators decide for a jurisdiction (its policy, its name) is set
when it is founded and then left alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from courts.models import Court, Jurisdiction

FOLDER = Path(__file__).parent / "data"


class UnknownMasterData(LookupError):
    """There is no file of this name."""


@dataclass
class Loaded:
    """What a load did; ``problems`` are rows left out, each with its reason."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


def available() -> list[str]:
    """The names that ``load`` knows."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@transaction.atomic
def load(name: str) -> Loaded:
    """Load the courts of a city; running it again changes nothing.

    A row whose superior court is unknown is left out and reported. Raises
    ``UnknownMasterData`` when there is no such file.
    """
    if name not in available():
        raise UnknownMasterData(name)
    document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    loaded = Loaded()
    jurisdiction, founded = Jurisdiction.objects.get_or_create(
        code=document["code"],
        defaults={
            "name": document["name"],
            "name_en": document["name_en"],
            "number_prefix": document["number_prefix"],
            "policy": document["policy"],
            "time_zone": document["time_zone"],
        },
    )
    if founded:
        loaded.created.append(jurisdiction.name)
    for row in _superiors_first(document["courts"], loaded):
        _load_court(row, jurisdiction, loaded)
    _set_leading_court(jurisdiction, document["leading_court"], loaded)
    return loaded


def _superiors_first(rows: list[Mapping[str, Any]], loaded: Loaded) -> list[Mapping[str, Any]]:
    """The rows in an order in which each superior court comes before the courts beneath it."""
    placed: dict[str, Mapping[str, Any]] = {}
    known = set(Court.objects.values_list("name", flat=True))
    waiting = list(rows)
    while waiting:
        # A superior that is itself a row comes first, even if it is known from before.
        ahead = {row["name"] for row in waiting}
        ready = [
            row
            for row in waiting
            if row["parent"] is None
            or row["parent"] in placed
            or (row["parent"] in known and row["parent"] not in ahead)
        ]
        if not ready:
            break
        placed |= {row["name"]: row for row in ready}
        waiting = [row for row in waiting if row["name"] not in placed]
    for row in waiting:
        loaded.problems.append(f"{row['name']}: superior court {row['parent']!r} is unknown")
    return list(placed.values())


def _load_court(row: Mapping[str, Any], jurisdiction: Jurisdiction, loaded: Loaded) -> None:
    parent = Court.objects.get(name=row["parent"]) if row["parent"] else None
    facts = {
        "name_en": row["name_en"] or "",
        "code": row["code"],
        "level": row["level"],
        "kind": row["kind"],
        "status": row["status"],
        "parent": parent,
        "code_confidence": row["code_confidence"],
    }
    if row["in_jurisdiction"]:
        facts |= {"jurisdiction": jurisdiction, "is_ranked": row["ranked"]}
    court = Court.objects.filter(name=row["name"]).first()
    if court and not row["in_jurisdiction"] and court.jurisdiction_id == jurisdiction.pk:
        facts |= {"jurisdiction": None, "is_ranked": False}
    if court is None:
        _save(Court(name=row["name"], **facts), loaded.created, loaded)
        return
    stale = [name for name, value in facts.items() if getattr(court, name) != value]
    if not stale:
        loaded.unchanged += 1
        return
    for name in stale:
        setattr(court, name, facts[name])
    _save(court, loaded.changed, loaded)


def _save(court: Court, done: list[str], loaded: Loaded) -> None:
    try:
        with transaction.atomic():
            court.save()
    except IntegrityError:
        loaded.problems.append(f"{court.name}: another court has the code {court.code!r}")
    else:
        done.append(court.name)


def _set_leading_court(jurisdiction: Jurisdiction, name: str, loaded: Loaded) -> None:
    leading = Court.objects.filter(name=name).first()
    if leading is None:
        loaded.problems.append(f"{jurisdiction.name}: leading court {name!r} is unknown")
    elif jurisdiction.leading_court_id is None:
        jurisdiction.leading_court = leading
        jurisdiction.save(update_fields=["leading_court"])
