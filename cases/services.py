"""What people and machines do with the mirror: hand files in, send records, settle what was left.

Nothing here changes what the source said: a rejected line is replayed as it came, or dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.imports import quarantine, runs
from cases.imports.batch import apply, known, replay, take_turn
from cases.imports.quarantine import State as LineState
from cases.imports.records import Item, check, expand
from cases.imports.staging import WAITING
from cases.models import ImportChunk, ImportRun, RejectedLine
from cases.models.case import DEFAULT_SOURCE
from courts.errors import Invalid, WrongState
from courts.fields import seal_bytes
from courts.models import ApiClient, Person

Kind, Format, State = ImportRun.Kind, ImportRun.Format, ImportRun.State
OPEN = (State.WAITING, State.RUNNING)
_SOURCE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


def form_of(file_name: str) -> str:
    """CSV or JSON lines, by the ending of a file's name; raises ``Invalid`` for another."""
    ending = PurePath(file_name).suffix.lower()
    found = {".csv": Format.CSV, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL}.get(ending)
    if found is None:
        raise Invalid(_("The file’s name must end in .csv, .jsonl or .ndjson."), field="file")
    return str(found)


def _read_source(source: str) -> str:
    if not 1 <= len(source) <= 20 or not set(source) <= _SOURCE:
        raise Invalid(_("A source is up to 20 small letters, digits, - or _."), field="source")
    return source


def open_run(
    file: BinaryIO,
    *,
    file_name: str,
    kind: str,
    source: str = DEFAULT_SOURCE,
    at: datetime | None = None,
) -> ImportRun:
    """The run of a file that stays where it is: a new one, or the one that was left unended.

    A run is known again by the digest of its file. Raises ``Invalid`` for a name, kind or source
    that cannot be.
    """
    form = form_of(file_name)
    if kind not in (Kind.FULL, Kind.INCREMENTAL):
        raise Invalid(_("A file is full or incremental."), field="kind")
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    with transaction.atomic():
        take_turn(_read_source(source))
        same = ImportRun.objects.filter(
            source=source, kind=kind, format=form, digest=digest.hexdigest(), state__in=OPEN
        )
        # One whose file lies in the database is the worker's.
        left = same.filter(chunks__isnull=True).order_by("id").first()
        return left or ImportRun.objects.create(
            source=source,
            kind=kind,
            format=form,
            file_name=PurePath(file_name).name[:200],
            digest=digest.hexdigest(),
            bytes_total=size,
            created_at=at or timezone.now(),
        )


def hand_in(
    pieces: Iterable[bytes],
    *,
    file_name: str,
    kind: str,
    by: Person,
    source: str = DEFAULT_SOURCE,
    at: datetime | None = None,
) -> ImportRun:
    """Keep a file that came by a browser, sealed, with a run that a worker takes up.

    Handed in again while its run is not ended, that run is returned. Raises ``Invalid`` for an
    empty file, and like ``open_run``.
    """
    form = form_of(file_name)
    if kind not in (Kind.FULL, Kind.INCREMENTAL):
        raise Invalid(_("A file is full or incremental."), field="kind")
    digest, size = hashlib.sha256(), 0
    with transaction.atomic():
        take_turn(_read_source(source))
        run = ImportRun.objects.create(
            source=source,
            kind=kind,
            format=form,
            file_name=PurePath(file_name).name[:200],
            started_by=by,
            created_at=at or timezone.now(),
        )
        for number, section in enumerate(_sections(pieces)):
            digest.update(section)
            size += len(section)
            ImportChunk.objects.create(run=run, number=number, sealed=seal_bytes(section))
        if not size:
            raise Invalid(_("The file is empty."), field="file")
        run.digest, run.bytes_total = digest.hexdigest(), size
        earlier = ImportRun.objects.filter(
            source=source, kind=kind, digest=run.digest, state__in=OPEN, chunks__isnull=False
        )
        if (same := earlier.first()) is not None:
            run.chunks.all().delete()
            run.delete()
            return same
        run.save(update_fields=["digest", "bytes_total"])
        return run


def _sections(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a file, cut anew into sections of equal size, the last one shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= runs.SECTION:
            yield bytes(held[: runs.SECTION])
            del held[: runs.SECTION]
    if held:
        yield bytes(held)


def take_up(*, seconds: float) -> ImportRun | None:
    """Go on with the oldest run whose file lies in the database, for so many seconds.

    Returns it, or ``None`` when there is none that nobody else works on. Any number of workers may
    call it; a worker that dies lets go of its run.
    """
    waiting = ImportRun.objects.filter(state__in=OPEN, chunks__isnull=False)
    for run in waiting.order_by("id").distinct():
        with _alone(run) as is_alone:
            if is_alone:
                run.refresh_from_db()
                return runs.carry_on(run, runs.kept_file(run), seconds=seconds)
    return None


@contextmanager
def _alone(run: ImportRun) -> Iterator[bool]:
    """Whether no other process goes on with ``run``; a lock of the connection, not of a row."""
    name = f"import run {run.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (is_alone,) = cursor.fetchone()
    try:
        yield bool(is_alone)
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@dataclass(frozen=True)
class Sent:
    """A case, participant or node as a machine sent it; ``place`` is where in the call."""

    place: str
    kind: str
    raw: Any


@dataclass(frozen=True)
class Taken:
    """What became of one record: an outcome and, where it was not taken, field and reason."""

    place: str
    kind: str
    outcome: str
    field: str = ""
    reason: str = ""
    params: Mapping[str, Any] | None = None


def receive(
    sent: Sequence[Sent],
    *,
    client: ApiClient,
    source: str = DEFAULT_SOURCE,
    at: datetime | None = None,
) -> list[Taken]:
    """Apply what a machine sent, for the courts of its jurisdiction, and say what became of it.

    A case may bring its participants. All of it counts in the client's run of the local day.
    Raises ``Invalid`` for a source that cannot be.
    """
    at = at or timezone.now()
    _read_source(source)
    codes = known(client.jurisdiction_id)
    items, places = [], []
    for number, one in enumerate(sent, 1):
        raw = one.raw | {"record": one.kind} if isinstance(one.raw, dict) else one.raw
        for item in expand(number, raw):
            item.kind = item.kind or one.kind
            check(item, codes)
            items.append(item)
            places.append(f"{one.place}.{item.path}".rstrip("."))
    with transaction.atomic():
        take_turn(source)
        run = _run_of_the_day(client, source, at)
        for item in items:
            item.line_number += run.lines_done
        applied = apply(items, run=run, known=codes, at=at)
        run.lines_done += len(sent)
        runs.count(run, applied, at)
    return [_taken(item, place) for item, place in zip(items, places, strict=True)]


def _taken(item: Item, place: str) -> Taken:
    fault = item.fault
    if fault is None:
        return Taken(place, item.kind, item.outcome)
    field = f"{place}.{fault.field.removeprefix(item.path)}".rstrip(".")
    outcome = WAITING if item.waits else item.outcome
    return Taken(place, item.kind, outcome, field, fault.reason, fault.params)


def _run_of_the_day(client: ApiClient, source: str, at: datetime) -> ImportRun:
    """The locked run in which a client's calls of one local day count."""
    day = at.astimezone(client.jurisdiction.zone).date()
    run, _made = ImportRun.objects.get_or_create(
        source=source,
        kind=Kind.API,
        file_name=f"{client.public_id} {day}",
        defaults={
            "format": Format.API,
            "state": State.ENDED,
            "jurisdiction": client.jurisdiction,
            "created_at": at,
            "started_at": at,
            "ended_at": at,
        },
    )
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def replay_line(*, line_id: int, by: Person, at: datetime | None = None) -> bool:
    """Try a line in quarantine again, as it came; whether it was taken this time.

    Raises ``WrongState`` when it is no longer in quarantine.
    """
    at = at or timezone.now()
    with transaction.atomic():
        line = _locked(line_id)
        item = quarantine.as_item(line)
        taken = replay(item, source=line.source, known=known(line.run.jurisdiction_id), at=at)
        if taken:
            RejectedLine.objects.filter(pk=line.pk).update(settled_by=by)
    return taken


def drop_line(*, line_id: int, by: Person, at: datetime | None = None) -> None:
    """Give a line in quarantine up, also when it comes again in the same words.

    Raises ``WrongState`` when it is no longer in quarantine.
    """
    with transaction.atomic():
        line = _locked(line_id)
        line.state, line.settled_at, line.settled_by = LineState.DROPPED, at or timezone.now(), by
        line.save(update_fields=["state", "settled_at", "settled_by"])


def _locked(line_id: int) -> RejectedLine:
    """A line in quarantine, in the turn of its source, so that no batch takes it meanwhile."""
    take_turn(RejectedLine.objects.values_list("source", flat=True).get(pk=line_id))
    line = RejectedLine.objects.select_related("run").get(pk=line_id)
    if line.state != LineState.QUARANTINED:
        raise WrongState
    return line
