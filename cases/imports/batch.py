"""One batch of records, applied in one transaction: the only way into the mirror.

Batches of one source take turns, so two imports of the same file end with the same rows. In the
same transaction go what could not be taken, what came out of quarantine, and the news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from cases import signals
from cases.case_number import CourtTable
from cases.deployment import deployment_table
from cases.imports import contacts, quarantine, staging
from cases.imports.records import CASE, NODE, PARTICIPANT, Faulty, Item, Known, check
from cases.imports.staging import (
    CASES,
    CONFLICT,
    CREATED,
    FOREIGN,
    NODES,
    OUT_OF_DATE,
    PARTICIPANTS,
    UNCHANGED,
    UPDATED,
    WAITING,
    Mirror,
)
from cases.models import CaseNode, CaseParticipant, ImportRun
from courts.models import Court, Department, Person
from escalation.policy_reader import MOST_DAYS

REJECTED = "rejected"
# No list of nodes tells of what is older (``oldest_days``).
_OLDEST_NEWS = timedelta(days=MOST_DAYS)
# What a record ends as, and what of it a run counts.
COUNTED = (CREATED, UPDATED, UNCHANGED, OUT_OF_DATE, REJECTED)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch; each item has its ``outcome`` and, if refused, its ``fault``."""

    counts: Counter[str]
    replayed: int


@dataclass(frozen=True, slots=True)
class _News:
    """What a batch is told of: nodes, and contacts with the nodes that came before they did."""

    nodes: list[int]
    people: list[int]
    before: list[int]


def known(jurisdiction_id: int | None = None) -> Known:
    """What codes mean in this deployment today; in one jurisdiction only, if one is given."""
    courts = Court.objects.filter(status=Court.Status.CURRENT)
    if jurisdiction_id is not None:
        courts = courts.filter(jurisdiction=jurisdiction_id)
    by_code = dict(courts.values_list("code", "pk"))
    departments = Department.objects.filter(court__in=by_code.values())
    table: CourtTable = deployment_table()
    return Known(
        courts=by_code,
        departments={
            (court, name): pk
            for pk, court, name in departments.values_list("pk", "court_id", "name")
        },
        people=dict(Person.objects.values_list("username", "pk")),
        table=table,
        jurisdiction_id=jurisdiction_id,
    )


def take_turn(source: str) -> None:
    """Wait until no other batch of ``source`` is being written, in the current transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cases {source}"])


def apply(items: Sequence[Item], *, run: ImportRun, known: Known, at: datetime) -> Applied:
    """Write a batch of checked items; call it in a transaction, after ``take_turn``.

    What cannot be taken is put into quarantine under ``run``; what waited there for a case that
    comes with this batch is taken out and applied as well. ``nodes_arrived`` tells of the
    nodes, ``people_arrived`` of who came after theirs.
    """
    news = _write(items, source=run.source, known=known, at=at)
    quarantine.add(items, run=run, at=at)
    released, replayed = _release(items, source=run.source, known=known, at=at)
    _tell([news, *released], at)
    return Applied(Counter(item.outcome for item in items), replayed)


def replay(item: Item, *, source: str, known: Known, at: datetime) -> bool:
    """Apply one item from quarantine; whether it was taken. Call it as ``apply``."""
    check(item, known)
    news = _write([item], source=source, known=known, at=at)
    quarantine.settle([item], at=at)
    released, _replayed = _release([item], source=source, known=known, at=at)
    _tell([news, *released], at)
    return item.fault is None


def _release(
    items: Sequence[Item], *, source: str, known: Known, at: datetime
) -> tuple[list[_News], int]:
    """Apply what waited for the cases that came with ``items``: its news, and how many it was."""
    released: list[_News] = []
    replayed = 0
    for jurisdiction_id, waited in quarantine.waiting_for(_new_cases(items), source=source).items():
        # What came for one jurisdiction does not reach further by having waited.
        reach = replace(known, jurisdiction_id=jurisdiction_id)
        for item in waited:
            check(item, reach)
        released.append(_write(waited, source=source, known=reach, at=at))
        replayed += quarantine.settle(waited, at=at)
    return released, replayed


def _tell(news: Sequence[_News], at: datetime) -> None:
    nodes = {pk for one in news for pk in one.nodes}
    if nodes:
        signals.nodes_arrived.send(sender=ImportRun, node_ids=sorted(nodes), at=at)
    people = {pk for one in news for pk in one.people}
    before = {pk for one in news for pk in one.before} - nodes
    if people and before:
        signals.people_arrived.send(
            sender=ImportRun, contact_ids=sorted(people), node_ids=sorted(before), at=at
        )


def _new_cases(items: Sequence[Item]) -> list[str]:
    return [item.row[0] for item in items if item.kind == CASE and item.outcome == CREATED]  # type: ignore[index]


def _write(items: Sequence[Item], *, source: str, known: Known, at: datetime) -> _News:
    """Write cases, then participants, then nodes; returns what is to be told of."""
    params: dict[str, Any] = {"source": source, "at": at}
    if known.jurisdiction_id is not None:
        params["jurisdiction"] = known.jurisdiction_id
    sound = [(place, item) for place, item in enumerate(items) if item.fault is None]
    with transaction.atomic():
        _cases([pair for pair in sound if pair[1].kind == CASE], items, params)
        people = [pair for pair in sound if pair[1].kind == PARTICIPANT]
        _participants(people, items, params)
        nodes = _nodes([pair for pair in sound if pair[1].kind == NODE], items, params)
        return _News(nodes, *_latecomers(people, source, at))


def _latecomers(people: _Placed, source: str, at: datetime) -> tuple[list[int], list[int]]:
    """Who is new in a batch or has another contact, and what came in their cases before.

    They are told of it too, if it is news yet: contacts and nodes, by id.
    """
    named = {_row(item)[:2] for _place, item in people if item.outcome in (CREATED, UPDATED)}
    if not named:
        return [], []
    rows = CaseParticipant.objects.filter(
        case__source=source,
        case__source_id__in={case_id for case_id, _who in named},
        source_id__in={who for _case_id, who in named},
        contact__isnull=False,
    ).values_list("case__source_id", "source_id", "case_id", "contact_id")
    found = [(case, contact) for case_id, who, case, contact in rows if (case_id, who) in named]
    nodes = CaseNode.objects.filter(
        case__in={case for case, _contact in found},
        is_current=True,
        occurred_at__gte=at - _OLDEST_NEWS,
    )
    return [contact for _case, contact in found], list(nodes.values_list("pk", flat=True))


_Placed = list[tuple[int, Item]]


def _cases(placed: _Placed, items: Sequence[Item], params: dict[str, Any]) -> None:
    if not placed:
        return
    _stage(CASES, ((place, *_row(item)) for place, item in placed))
    if "jurisdiction" in params:
        staging.execute(staging.CLOSE_CASES, **params)
    staging.execute(CASES.judge, **params)
    staging.execute(CASES.write, **params)
    _take_outcomes(CASES, items)


def _participants(placed: _Placed, items: Sequence[Item], params: dict[str, Any]) -> None:
    if not placed:
        return
    _stage(PARTICIPANTS, ((place, *_row(item)[:-2]) for place, item in placed))
    _find_cases(PARTICIPANTS, params)
    if "jurisdiction" in params:
        kept = {place for place, outcome in staging.outcomes(PARTICIPANTS) if outcome is None}
    else:
        kept = {place for place, _item in placed}
    contacts.register(_identities(placed, kept), source=params["source"])
    staging.execute(PARTICIPANTS.judge, **params)
    staging.execute(PARTICIPANTS.write, **params)
    staging.execute(staging.REPRESENT, **params)
    _take_outcomes(PARTICIPANTS, items)


def _identities(placed: _Placed, kept: set[int]) -> Iterator[contacts.Identity]:
    for place, item in placed:
        row = _row(item)
        kind, index, number, phone = row[-4:]
        if kind is not None and place in kept:
            yield contacts.Identity(kind, index, number, row[2], row[4], phone)


def _nodes(placed: _Placed, items: Sequence[Item], params: dict[str, Any]) -> list[int]:
    if not placed:
        return []
    _stage(NODES, ((place, *_row(item)) for place, item in placed))
    _find_cases(NODES, params)
    if "jurisdiction" in params:
        staging.execute(staging.CLOSE_NODES, **params)
    staging.execute(NODES.judge, **params)
    staging.execute(staging.SUPERSEDE, **params)
    staging.execute(NODES.write, **params)
    _take_outcomes(NODES, items)
    return [pk for (pk,) in staging.fetch(staging.NEWS, **params)]


def _row(item: Item) -> tuple[Any, ...]:
    assert item.row is not None
    return item.row


def _stage(mirror: Mirror, rows: Iterator[tuple[Any, ...]]) -> None:
    staging.ready(mirror)
    staging.stage(mirror, rows)


def _find_cases(mirror: Mirror, params: dict[str, Any]) -> None:
    staging.execute(staging.FIND_CASES.format(stage=mirror.stage), **params)
    if "jurisdiction" in params:
        staging.execute(staging.CLOSE_RECORDS.format(stage=mirror.stage), **params)


_FAULTS = {CONFLICT: "sequence", WAITING: "case_id", FOREIGN: "case_id"}
_REASONS = {CONFLICT: "sequence_reused", WAITING: "unknown_case", FOREIGN: "unknown_case"}


def _take_outcomes(mirror: Mirror, items: Sequence[Item]) -> None:
    for place, outcome in staging.outcomes(mirror):
        item = items[place]
        item.outcome = outcome or ""
        if outcome in _FAULTS:
            item.waits = outcome == WAITING
            item.fault = Faulty(item.path + _FAULTS[outcome], _REASONS[outcome])
