"""Files as a trial business system writes them: CSV with one header, or JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

from deploy.trial_system.ledger import Record

COLUMNS = (
    "record", "case_id", "sequence", "case_number", "court", "department", "judge", "judge_name",
    "procedure_code", "procedure", "cause_code", "cause", "filed_on", "closed_on", "closing_mode",
    "sensitivity", "withdrawn", "participant_id", "name", "role", "capacity", "identity_kind",
    "identity_number", "phone", "represents", "left_at", "removed", "node_id", "revision", "kind",
    "occurred_at", "details",
)  # fmt: skip
# What a clerk's slip looks like: field and what stands there then.
_SLIPS = (("phone", "0000"), ("court", "示9999"), ("occurred_at", "下周三"), ("role", "原告"))


def write(path: Path, records: Iterable[Record], *, seed: int, faults: float = 0) -> int:
    """Write records to a file; its ending says which form. ``faults`` is the share of slips."""
    random = Random(f"{seed} faults")
    lines = (_slip(record.line(), random, faults) for record in records)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for count, line in enumerate(lines, 1):  # noqa: B007 - what is left is the number
                writer.writerow({name: _cell(value) for name, value in line.items()})
        else:
            for count, line in enumerate(lines, 1):  # noqa: B007 - as above
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _slip(line: dict[str, Any], random: Random, faults: float) -> dict[str, Any]:
    if random.random() >= faults:
        return line
    slips = [(name, wrong) for name, wrong in _SLIPS if name in line]
    return line | dict([random.choice(slips)]) if slips else line
