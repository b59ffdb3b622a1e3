"""A worker writes the files of the standing book, batch by batch, from wherever one was left.

The file lies in the database, in sealed parts: web and worker need share no disk. Only the lines of
a workbook lie in a folder of the worker while it is written. Of CSV a batch's lines, the place
behind them and the key to go on from are one transaction, so a killed export goes on with the same
bytes, and two workers write each batch once. A workbook is written anew when its worker was killed:
its parts only come with its end.
"""

from __future__ import annotations

import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from courts.fields import seal_bytes, unseal_bytes
from courts.roles import Reach
from reports.models import Export, ExportPart
from reports.standing_book.about import about
from reports.standing_book.book import ACTION, Book, Key
from reports.standing_book.columns import chosen
from reports.standing_book.handling import gather
from reports.standing_book.scheduled import tell_owner
from reports.standing_book.wishes import Wish
from reports.standing_book.writing import MOST_ROWS_OF_A_SHEET, Workbook, csv_head, csv_rows

BATCH = 2_000
SECTION = 1 << 20  # bytes of a workbook in one part
# Begun so often in vain (an error, a kill before its first batch), a file is given up: it must not
# stand in the way of those asked for after it.
MOST_TRIES = 3
Format, State = Export.Format, Export.State
_LOCK = "files of the standing book"
OPEN = (State.WAITING, State.RUNNING)


def take_up(*, seconds: float) -> Export | None:
    """Go on for so many seconds with the export that has waited longest for its next batch.

    Returns it, or ``None`` when there is none or another worker is at one: files never hold more
    than one worker, for the sweep of the clocks needs the others. Any number of workers may call
    it; a worker that dies lets go.
    """
    with _alone() as is_alone:
        waiting = Export.objects.filter(state__in=OPEN)
        export = waiting.order_by("tries", F("moved_at").asc(nulls_first=True), "id").first()
        if not is_alone or export is None:
            return None
        return carry_on(export, seconds=seconds)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process writes a file; a lock of the connection, not of a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [_LOCK])
        (is_alone,) = cursor.fetchone()
    try:
        yield bool(is_alone)
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [_LOCK])


def carry_on(
    export: Export,
    *,
    seconds: float | None = None,
    progress: Callable[[Export], None] = lambda _export: None,
    at: Callable[[], datetime] = timezone.now,
) -> Export:
    """Write what is left of an export and end it; or stop when ``seconds`` have gone by.

    ``progress`` is called after each batch. Not to be called in a transaction. A workbook is
    written in one go. An export whose owner reads no book any more fails, as does one that was
    begun ``MOST_TRIES`` times and got nowhere.
    """
    until = None if seconds is None else time.monotonic() + seconds
    export = _start(export, at())
    if export.state != State.RUNNING:
        return export
    book = Book.of(export.person, Wish.of(export.wish), at=export.asked_at, until=export.asked_at)
    if not book.covers(export.courts, export.departments):
        return _end(export, at(), error="not_allowed")
    with translation.override(export.language):
        if export.format == Format.XLSX:
            return _write_workbook(export, book, progress, at)
        while export.state == State.RUNNING:
            export = _write_batch(export, book, at())
            progress(export)
            if until is not None and time.monotonic() > until:
                break
    return export


def _start(export: Export, at: datetime) -> Export:
    with transaction.atomic():
        present = Export.objects.select_for_update().get(pk=export.pk)
        if present.state not in OPEN:
            return present
        if present.state == State.WAITING or present.format == Format.XLSX:
            present.state, present.rows_done = State.RUNNING, 0
            present.started_at = present.started_at or at
        present.tries += 1
        present.save(update_fields=["state", "rows_done", "started_at", "tries"])
    if present.tries > MOST_TRIES:
        return _end(present, at, error="given_up")
    if present.rows_estimate is None:
        # Outside the transaction above: an error here counts as a try.
        present.rows_estimate = _estimate(present)
        Export.objects.filter(pk=present.pk).update(rows_estimate=present.rows_estimate)
    return present


def _widen(export: Export) -> None:
    """Note all that rows just read may be of: to take the file its owner must still read that."""
    reach = Reach.of(export.person, ACTION)
    export.courts = sorted({*export.courts, *reach.courts})
    export.departments = sorted({*export.departments, *reach.departments})
    Export.objects.filter(pk=export.pk).update(courts=export.courts, departments=export.departments)


def _estimate(export: Export) -> int:
    """How many rows it will have; of many, about how many."""
    wish = Wish.of(export.wish)
    book = Book.of(export.person, wish, at=export.asked_at, until=export.asked_at)
    counted = book.count()
    return book.estimate() if counted.at_least else counted.number


def _key(export: Export) -> Key | None:
    if export.key_at is None or export.key_id is None:
        return None
    return export.key_at, export.key_id


def _write_batch(export: Export, book: Book, at: datetime) -> Export:
    """Write the next lines, unless another process or the owner was faster."""
    columns = chosen(export.columns)
    found, on = book.batch(_key(export), BATCH)
    lines = csv_rows(columns, gather([pk for _at, pk in found], at=export.asked_at))
    _widen(export)
    if not export.bytes_done:
        lines = csv_head(columns) + lines
    with transaction.atomic():
        present = Export.objects.select_for_update().get(pk=export.pk)
        if present.state != State.RUNNING or _key(present) != _key(export):
            return present
        if lines:
            _keep(present, lines)
        present.rows_done += len(found)
        present.moved_at, present.tries = at, 0
        if on is None:
            present.state, present.ended_at = State.DONE, at
            tell_owner(present, at=at)
        else:
            present.key_at, present.key_id = on
        present.save()
    return present


def _keep(export: Export, content: bytes) -> None:
    """Put content at the end of a locked export's file."""
    ExportPart.objects.create(
        export=export,
        starts_at=export.bytes_done,
        size=len(content),
        sealed=seal_bytes(zlib.compress(content)),
    )
    export.bytes_done += len(content)


def _write_workbook(
    export: Export, book: Book, progress: Callable[[Export], None], at: Callable[[], datetime]
) -> Export:
    columns = chosen(export.columns)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        workbook = Workbook(file, columns, made_at=export.asked_at, folder=folder)
        on: Key | None = None
        while True:
            found, on = book.batch(on, BATCH)
            workbook.write(gather([pk for _at, pk in found], at=export.asked_at))
            _widen(export)
            export.rows_done += len(found)
            if export.rows_done > MOST_ROWS_OF_A_SHEET:
                return _end(export, at(), error="too_many_rows")
            moved = Export.objects.filter(pk=export.pk, state=State.RUNNING)
            if not moved.update(rows_done=export.rows_done, moved_at=at()):
                return Export.objects.get(pk=export.pk)
            progress(export)
            if on is None:
                break
        workbook.close(about(export))
        file.seek(0)
        return _keep_workbook(export, file, at())


def _keep_workbook(export: Export, file: BinaryIO, at: datetime) -> Export:
    with transaction.atomic():
        present = Export.objects.select_for_update().get(pk=export.pk)
        if present.state != State.RUNNING:
            return present
        while piece := file.read(SECTION):
            _keep(present, piece)
        present.state, present.ended_at = State.DONE, at
        present.save()
        tell_owner(present, at=at)
    return present


def _end(export: Export, at: datetime, *, error: str) -> Export:
    with transaction.atomic():
        present = Export.objects.select_for_update().get(pk=export.pk)
        if present.state == State.RUNNING:
            ExportPart.objects.filter(export=present).delete()
            present.state, present.error, present.ended_at = State.FAILED, error, at
            present.save()
            tell_owner(present, at=at)
    return present


def read(export: Export, first: int, last: int) -> Iterator[bytes]:
    """The bytes of the file from ``first`` to ``last``, both included, a part at a time."""
    parts = ExportPart.objects.filter(export=export).order_by("starts_at")
    places = list(parts.filter(starts_at__lte=last).values_list("pk", "starts_at", "size"))
    for pk, starts_at, size in places:
        if starts_at + size <= first:
            continue
        sealed = ExportPart.objects.values_list("sealed", flat=True).get(pk=pk)
        content = zlib.decompress(unseal_bytes(bytes(sealed)))
        yield content[max(0, first - starts_at) : last - starts_at + 1]
