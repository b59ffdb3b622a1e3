"""A whole file, batch by batch, from wherever it was left.

Position, counts and rows of a batch are committed together. So a run that was killed goes on
after the last batch that was written, and two processes that work on the same run do each batch
once: who finds that another has moved on goes on from there.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import structlog
from django.db import DataError, connection, transaction
from django.utils import timezone

from cases.imports import staging
from cases.imports.batch import COUNTED, Applied, apply, known, take_turn
from cases.imports.reading import Sections, UnreadableFile, lines
from cases.imports.records import Item, Known, check, storable
from cases.models import ImportChunk, ImportRun
from courts.fields import unseal_bytes

log = structlog.get_logger(__name__)

BATCH = 5000  # records
SECTION = 1 << 20  # bytes of a file that is kept in the database
Kind, State = ImportRun.Kind, ImportRun.State


@dataclass(frozen=True, slots=True)
class _Batch:
    """Whole lines of a file: what is in them, and where they begin and end."""

    items: list[Item]
    begins: int
    ends: int
    last_line: int


def _batches(file: BinaryIO, run: ImportRun, known: Known) -> Iterator[_Batch]:
    begins = ends = run.bytes_done
    line_number, count = run.lines_done, 0
    items: list[Item] = []
    for line_number, ends, found in lines(
        file, run.format, position=run.bytes_done, line_number=run.lines_done
    ):
        for item in found:
            check(item, known)
        items += found
        count += 1
        if len(items) >= BATCH or count >= BATCH:
            yield _Batch(items, begins, ends, line_number)
            begins, items, count = ends, [], 0
    if count:
        yield _Batch(items, begins, ends, line_number)


def carry_on(
    run: ImportRun,
    file: BinaryIO,
    *,
    seconds: float | None = None,
    progress: Callable[[ImportRun], None] = lambda _run: None,
    at: Callable[[], datetime] = timezone.now,
) -> ImportRun:
    """Import what is left of ``file`` and end the run; or stop when ``seconds`` have gone by.

    ``progress`` is called after each batch. Not to be called in a transaction: each batch is one
    of its own. A file that cannot be read fails the run, which says why.
    """
    until = None if seconds is None else time.monotonic() + seconds
    while run.state in (State.WAITING, State.RUNNING):
        run = _start(run, at())
        try:
            is_through = _through(run, file, until, progress, at)
        except UnreadableFile as error:
            return _fail(run, error.code, at())
        except DataError as error:
            # Whatever of a record got past every check: no other file waits behind it for ever.
            log.exception("import_failed", run=run.pk, error=type(error).__name__)
            return _fail(run, "not_kept", at())
        run.refresh_from_db()
        if is_through and _end(run, file, at()):
            run.refresh_from_db()
        if until is not None and time.monotonic() > until:
            break
    return run


def _through(
    run: ImportRun,
    file: BinaryIO,
    until: float | None,
    progress: Callable[[ImportRun], None],
    at: Callable[[], datetime],
) -> bool:
    """Whether the end of the file was reached; no: time is up, or another process moved on."""
    codes = known(run.jurisdiction_id)
    for batch in _batches(file, run, codes):
        written = _write(run, batch, codes, at())
        if written is None:
            return False
        progress(written)
        if until is not None and time.monotonic() > until:
            return False
    return True


def _write(run: ImportRun, batch: _Batch, codes: Known, at: datetime) -> ImportRun | None:
    """Write a batch with the position after it; ``None``: another process was faster."""
    with transaction.atomic():
        take_turn(run.source)
        present = ImportRun.objects.select_for_update().get(pk=run.pk)
        if present.state != State.RUNNING or present.bytes_done != batch.begins:
            return None
        applied = apply(batch.items, run=present, known=codes, at=at)
        present.bytes_done = batch.ends
        present.lines_done = batch.last_line
        count(present, applied, at)
    return present


def count(run: ImportRun, applied: Applied, at: datetime) -> None:
    """Add to a locked run what became of a batch, and save where it stands."""
    for name in COUNTED:
        setattr(run, name, getattr(run, name) + applied.counts[name])
    run.replayed += applied.replayed
    run.moved_at = at
    run.save(update_fields=["bytes_done", "lines_done", *COUNTED, "replayed", "moved_at"])


def _start(run: ImportRun, at: datetime) -> ImportRun:
    with transaction.atomic():
        present = ImportRun.objects.select_for_update().get(pk=run.pk)
        if present.state == State.WAITING:
            present.state = State.RUNNING
            present.started_at = present.started_at or at
            present.save(update_fields=["state", "started_at"])
    return present


def _end(run: ImportRun, file: BinaryIO, at: datetime) -> bool:
    """End a run that is through, unless somebody has by now."""
    if run.state != State.RUNNING:
        return False
    missing = _not_in(file, run) if run.kind == Kind.FULL else None
    with transaction.atomic():
        present = ImportRun.objects.select_for_update().get(pk=run.pk)
        if present.state != State.RUNNING:
            return False
        present.state, present.ended_at, present.not_in_file = State.ENDED, at, missing
        # Blank lines at the end belong to no batch.
        present.bytes_done = present.bytes_total
        present.save(update_fields=["state", "ended_at", "not_in_file", "bytes_done"])
        present.chunks.all().delete()
    return True


def _fail(run: ImportRun, code: str, at: datetime) -> ImportRun:
    with transaction.atomic():
        present = ImportRun.objects.select_for_update().get(pk=run.pk)
        if present.state == State.RUNNING:
            present.state, present.error, present.ended_at = State.FAILED, code, at
            present.save(update_fields=["state", "error", "ended_at"])
            present.chunks.all().delete()
    return present


def _not_in(file: BinaryIO, run: ImportRun) -> int:
    """How many cases of the source the file does not name, in any of its records.

    Counted from the file itself, so that a run that was killed counts the same. Nothing is done
    to these cases: that a file is silent of a case is no word against it.
    """
    named: set[str] = set()
    for _number, _position, items in lines(file, run.format):
        for item in items:
            if isinstance(item.raw, dict) and isinstance(name := item.raw.get("case_id"), str):
                named.add(name.strip())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS stage_named (source_id text)"
            " ON COMMIT DELETE ROWS"
        )
        cursor.execute("TRUNCATE stage_named")
        staging.copy("stage_named", ["source_id"], ((name,) for name in named if storable(name)))
        cursor.execute(
            # An anti-join, which needs no memory for all names: NOT IN would ask them one by one.
            "SELECT count(*) FROM cases_case AS kept WHERE source = %s AND NOT EXISTS"
            " (SELECT FROM stage_named AS named WHERE named.source_id = kept.source_id)",
            [run.source],
        )
        return int(cursor.fetchone()[0])


def kept_file(run: ImportRun) -> BinaryIO:
    """The file that was handed in with ``run`` and lies sealed in the database."""

    def fetch(number: int) -> bytes:
        chunk = ImportChunk.objects.get(run=run, number=number)
        return unseal_bytes(bytes(chunk.sealed))

    return io.BufferedReader(Sections(fetch, run.bytes_total, SECTION), SECTION)
