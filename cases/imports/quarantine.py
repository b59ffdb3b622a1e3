"""Lines that could not be taken: kept sealed, and taken out again when what was missing is there.

A record that waits for its case is replayed by itself in the batch that brings the case. All
others wait for a person, who replays or drops them (``cases.services``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from cases.imports.records import KINDS, Faulty, Item, keyed_digest
from cases.models import ImportRun, RejectedLine

REJECTED = "rejected"
_LONGEST = 20_000
State = RejectedLine.State


def as_text(raw: Any) -> str:
    """A record as it is kept: JSON, or the line itself where it could not be read."""
    try:
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, sort_keys=True)
    except RecursionError:  # writing goes a little deeper than reading did
        text = "[" * _LONGEST
    return text.encode("utf-8", "replace").decode()[:_LONGEST]


def add(items: Iterable[Item], *, run: ImportRun, at: datetime) -> None:
    """Keep what was refused of a batch, each with its outcome set to ``rejected``.

    The same record in the same words waits once: the line that it came with last is the one that
    waits, those before it have come again. What somebody dropped is dropped again.
    """
    lines: dict[bytes, RejectedLine] = {}
    earlier = []
    for item in items:
        if item.fault is None:
            continue
        line = _line(item, run, at)
        item.outcome = REJECTED
        if before := lines.pop(bytes(line.digest), None):
            before.state, before.settled_at = State.REPEATED, at
            earlier.append(before)
        lines[bytes(line.digest)] = line
    if not lines:
        return
    digests = list(lines)
    same = RejectedLine.objects.filter(source=run.source, digest__in=digests)
    dropped = same.filter(state=State.DROPPED).values_list("digest", flat=True)
    for digest in set(map(bytes, dropped)):
        lines[digest].state, lines[digest].settled_at = State.DROPPED, at
    same.filter(state=State.QUARANTINED).update(state=State.REPEATED, settled_at=at)
    RejectedLine.objects.bulk_create([*earlier, *lines.values()], batch_size=1000)


def _line(item: Item, run: ImportRun, at: datetime) -> RejectedLine:
    fault = item.fault
    assert fault is not None
    record = as_text(item.raw)
    return RejectedLine(
        run=run,
        line_number=item.line_number,
        record_kind=item.kind,
        field=fault.field[:80],
        reason=fault.reason,
        params=fault.params,
        record=record,
        digest=keyed_digest(record),
        source=run.source,
        waits_for=_awaited(item),
        rejected_at=at,
    )


def _awaited(item: Item) -> str:
    """The case for which an item waits; '' for none."""
    return str(item.row[0]) if item.waits and item.row else ""


def waiting_for(cases: Sequence[str], *, source: str) -> dict[int | None, list[Item]]:
    """What waits in quarantine for these cases, in the order in which it came.

    By the jurisdiction for which it was sent; ``None``: for all.
    """
    found: dict[int | None, list[Item]] = {}
    if not cases:
        return found
    lines = RejectedLine.objects.filter(
        ~Q(waits_for=""), source=source, state=State.QUARANTINED, waits_for__in=cases
    )
    for line in lines.select_related("run").order_by("id"):
        found.setdefault(line.run.jurisdiction_id, []).append(as_item(line))
    return found


def as_item(line: RejectedLine) -> Item:
    """A line from quarantine as an item to be checked again."""
    item = Item(line.line_number, line.record_kind, None, rejected_id=line.pk)
    try:
        item.raw = json.loads(line.record)
    except (ValueError, RecursionError):
        item.raw = line.record
        item.fault = Faulty(line.field, line.reason, **line.params)
        return item
    if item.kind not in KINDS or not isinstance(item.raw, dict):
        item.fault = Faulty(line.field, line.reason, **line.params)
    return item


def settle(items: Iterable[Item], *, at: datetime) -> int:
    """Mark as replayed what was taken of these; what was refused again says why. How many."""
    taken = [item.rejected_id for item in items if item.fault is None and item.rejected_id]
    for item in items:
        if item.fault is not None and item.rejected_id:
            RejectedLine.objects.filter(pk=item.rejected_id).update(
                field=item.fault.field[:80],
                reason=item.fault.reason,
                params=item.fault.params,
                waits_for=_awaited(item),
            )
    return RejectedLine.objects.filter(pk__in=taken).update(state=State.REPLAYED, settled_at=at)
