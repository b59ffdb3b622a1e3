"""COPY into tables whose keys, indexes and triggers stand aside until all rows are there.

All in the caller's transaction, under exclusive locks: keys and indexes are built anew from what
the catalogue itself says of them, every foreign key is checked over all rows, and what stands
afterwards is compared with what stood before.
"""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

from reports.generated.tables import COLUMNS, key_of

# Read at once by COPY: each read waits for whoever makes the lines meanwhile.
_AT_ONCE = 1 << 20

_CONSTRAINTS = """
SELECT format('%%s', conrelid::regclass), quote_ident(conname), contype::text,
       pg_get_constraintdef(oid), convalidated
  FROM pg_constraint
 WHERE (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
   AND contype IN ('p', 'u', 'x', 'f', 'c') AND conparentid = 0
 ORDER BY contype = 'f', conname, conrelid::regclass::text
"""
_INDEXES = """
SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid),
       index.indisvalid AND index.indisready,
       EXISTS (SELECT FROM pg_constraint AS own
                WHERE own.conindid = index.indexrelid AND own.contype IN ('p', 'u', 'x'))
  FROM pg_index AS index
 WHERE index.indrelid = ANY(%(tables)s::regclass[])
 ORDER BY 1
"""
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid), tgenabled::text
  FROM pg_trigger
 WHERE tgrelid = ANY(%(tables)s::regclass[]) AND NOT tgisinternal
 ORDER BY 1, 2
"""
# A condition with a list of values is written otherwise once PostgreSQL has read it again. An
# index with one stays where it is: such are small, since they hold what is still to be done.
_LISTS = "ANY (("


class NotRestored(RuntimeError):
    """Keys, indexes or triggers are not what they were; the transaction must not be committed."""


def catalogue(cursor: Any, tables: Collection[str]) -> tuple[list[Any], list[Any], list[Any]]:
    """The constraints, indexes and triggers of tables, foreign keys to them included."""
    found = []
    for statement in (_CONSTRAINTS, _INDEXES, _TRIGGERS):
        cursor.execute(statement, {"tables": list(tables)})
        found.append(cursor.fetchall())
    return found[0], found[1], found[2]


@contextmanager
def laid_bare(cursor: Any, tables: Collection[str]) -> Iterator[None]:
    """Tables without keys, indexes and triggers; all of them again afterwards, and checked.

    Raises ``NotRestored`` if anything differs then, ``IntegrityError`` if rows break a key.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else what waits to be checked is in the way
    cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
    before = catalogue(cursor, tables)
    constraints, indexes, triggers = before
    disabled = {table for table, *_rest in triggers}
    for table in sorted(disabled):
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, name, kind, _definition, _valid in reversed(constraints):
        if kind != "c":
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    own = {
        name: definition
        for name, definition, _valid, of_constraint in indexes
        if not of_constraint and _LISTS not in definition
    }
    for name in own:
        cursor.execute(f"DROP INDEX {name}")
    yield
    keys = [row for row in constraints if row[2] in "pux"]
    for table, name, _kind, definition, _valid in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for definition in own.values():
        cursor.execute(definition)
    for table, name, kind, definition, _valid in constraints:
        if kind == "f":
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table, name, _definition, enabled in triggers:
        if enabled == "O":
            cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER "{name}"')
    differing = [
        row
        for was, now in zip(before, catalogue(cursor, tables), strict=True)
        for row in set(was) ^ set(now)
    ]
    if differing:
        raise NotRestored(str(differing))


class Copying:
    """Hands lines to COPY, in a thread of its own, while the next are made.

    The connection must be used for nothing else meanwhile, but by who holds ``quiet``.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._cursor = connection.connection.cursor()
        self._waiting: queue.Queue[Mapping[str, bytes] | None] = queue.Queue(maxsize=2)
        self._error: BaseException | None = None
        self.quiet = threading.Lock()
        self._thread = threading.Thread(target=self._copy_all, name="copying", daemon=True)
        self._thread.start()

    def __enter__(self) -> Copying:
        return self

    def __exit__(self, *error: object) -> None:
        """Wait until everything is written; raises what COPY raised."""
        self._waiting.put(None)
        self._thread.join()
        self._cursor.close()
        if error[0] is None:
            self._raise()

    def put(self, lines: Mapping[str, bytes]) -> None:
        """Lines by table; waits while two lots are waiting. Raises what COPY raised before."""
        self._raise()
        self._waiting.put(lines)

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _copy_all(self) -> None:
        while (lines := self._waiting.get()) is not None:
            if self._error is not None:
                continue  # what comes after a failure is not written
            try:
                for table, text in lines.items():
                    with self.quiet:
                        copy(self._cursor, table, io.BytesIO(text))
            except BaseException as error:  # told to the one who makes the lines
                self._error = error


def copy(cursor: Any, table: str, lines: Any) -> None:
    """COPY a file of lines into a table."""
    columns = ", ".join(COLUMNS[table])
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines, _AT_ONCE)


def first_ids(cursor: Any) -> dict[str, int]:
    """The id that each table gives next."""
    found = {}
    for table in COLUMNS:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key_of(table)])
        (sequence,) = cursor.fetchone()
        # A name that the database itself has given, quoted where it must be.
        cursor.execute(f"SELECT last_value + is_called::int FROM {sequence}")  # noqa: S608 - a name of the database's own
        found[table] = cursor.fetchone()[0]
    return found


def continue_after(cursor: Any, next_ids: Mapping[str, int]) -> None:
    """Let each table give these ids next."""
    for table, number in next_ids.items():
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)",
            [table, key_of(table), number],
        )
