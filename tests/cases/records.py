"""Records as the trial business system sends them, and the mirror as a plain dict keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.imports import runs
from cases.imports.batch import apply, known, take_turn
from cases.imports.records import check, expand
from cases.models import Case, CaseNode, CaseParticipant, ImportRun
from notices.models import Contact

# Of regions and of a telephone prefix that nobody has.
ID_CARDS = ("999901199001010010", "999901198502020036", "999901197903030054")
PHONES = ("15400000001", "15400000002", "15400000003")


def case(number: int = 1, sequence: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "record": "case",
        "case_id": f"C{number}",
        "sequence": sequence,
        "case_number": f"（2026）示0101民初{number}号",
        "court": "示0101",
    } | fields


def participant(
    number: int = 1, who: str = "P1", sequence: int = 1, **fields: Any
) -> dict[str, Any]:
    return {
        "record": "participant",
        "case_id": f"C{number}",
        "participant_id": who,
        "sequence": sequence,
        "name": "张三",
        "role": "plaintiff",
        "capacity": "party",
    } | fields


def node(number: int = 1, node_id: str = "N1", sequence: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "record": "node",
        "case_id": f"C{number}",
        "node_id": node_id,
        "sequence": sequence,
        "kind": "filing",
        "occurred_at": "2026-03-02T09:30:00+08:00",
    } | fields


def send(records: Iterable[Any], *, at: datetime | None = None) -> ImportRun:
    """Apply records in one batch, each as a line of its own."""
    at = at or timezone.now()
    items = [item for number, raw in enumerate(records, 1) for item in expand(number, raw)]
    run = ImportRun.objects.create(
        kind="incremental", format="jsonl", file_name="test.jsonl", state="running"
    )
    codes = known()
    for item in items:
        check(item, codes)
    with transaction.atomic():
        take_turn(run.source)
        runs.count(run, apply(items, run=run, known=codes, at=at), at)
    return run


def counts(run: ImportRun) -> dict[str, int]:
    """What is not 0 of what a run counted."""
    names = ("created", "updated", "unchanged", "out_of_date", "rejected", "replayed")
    return {name: getattr(run, name) for name in names if getattr(run, name)}


def rows() -> dict[str, Any]:
    """All rows of the mirror and the people in it, but for ids and instants of receipt."""
    cases = {
        row.source_id: (row.sequence, row.number, row.court.code, row.cause_name, row.is_withdrawn)
        for row in Case.objects.select_related("court")
    }
    participants = {
        (row.case.source_id, row.source_id): (
            row.sequence,
            row.name,
            row.role,
            row.represents.source_id if row.represents else None,
            row.contact.id_number if row.contact else None,
            row.is_removed,
        )
        for row in CaseParticipant.objects.select_related("case", "represents", "contact")
    }
    nodes = {
        (row.node_id, row.revision): (
            row.case.source_id,
            row.sequence,
            row.kind,
            json.dumps(row.details, sort_keys=True),
            row.is_withdrawn,
            row.is_current,
        )
        for row in CaseNode.objects.select_related("case")
    }
    people = {
        (row.identity_kind, row.id_number): (row.name, row.phone)
        for row in Contact.objects.filter(identity_kind__isnull=False)
    }
    return {"cases": cases, "participants": participants, "nodes": nodes, "people": people}
