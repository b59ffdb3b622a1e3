"""What was entered, in the order of one sequence; and in what order it goes over the wire.

A wire is not kind: some records come twice, some late, so that a node overtakes its case. How, is
planned when the ledger is made, so that one seed gives one stream.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from deploy.trial_system.lives import Entry

_TABLES = """
CREATE TABLE entered (at TEXT, place INTEGER PRIMARY KEY, kind TEXT, key TEXT, body TEXT);
CREATE TABLE record (sequence INTEGER PRIMARY KEY, at TEXT, kind TEXT, key TEXT, body TEXT);
CREATE TABLE wire (place INTEGER PRIMARY KEY, sequence INTEGER);
CREATE TABLE sent (target TEXT PRIMARY KEY, place INTEGER);
"""


@dataclass(frozen=True)
class Record:
    """One record as it is sent: the whole state of its key as of its sequence."""

    sequence: int
    kind: str
    said: dict[str, Any]

    def line(self) -> dict[str, Any]:
        """As a line of a file."""
        return {"record": self.kind, "sequence": self.sequence, **self.said}


@dataclass(frozen=True)
class Disorder:
    """How unkind the wire is: shares of all records, from 0 to 1."""

    doubled: float = 0.01
    late: float = 0.02
    # By at most how many records a late one is overtaken.
    furthest: int = 500


class Ledger:
    """The database of the trial business system."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @property
    def is_made(self) -> bool:
        """Whether there is anything in it."""
        found = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'record'")
        return found.fetchone() is not None

    def make(
        self, entries: Iterable[Entry], *, until: datetime, seed: int, disorder: Disorder
    ) -> int:
        """Keep what is entered before ``until`` and plan the wire; how many records there are."""
        with self._db:
            self._db.executescript(_TABLES)
            rows = (
                (entry.at.isoformat(), entry.kind, entry.key, _body(entry.record))
                for entry in entries
                if entry.at < until
            )
            self._db.executemany(
                "INSERT INTO entered (at, kind, key, body) VALUES (?, ?, ?, ?)", rows
            )
            self._db.execute(
                "INSERT INTO record (at, kind, key, body)"
                " SELECT at, kind, key, body FROM entered ORDER BY at, place"
            )
            self._db.execute("DROP TABLE entered")
            self._db.execute("CREATE INDEX record_key ON record (kind, key, sequence)")
            count = int(self._db.execute("SELECT count(*) FROM record").fetchone()[0])
            plan = sorted(_wire(count, Random(f"{seed} wire"), disorder))
            self._db.executemany(
                "INSERT INTO wire (sequence) VALUES (?)", ((sequence,) for _at, sequence in plan)
            )
        return count

    def full(self) -> Iterator[Record]:
        """The present state of everything, as a nightly full file has it: cases first."""
        found = self._db.execute(
            "SELECT sequence, kind, body FROM record AS one WHERE sequence ="
            " (SELECT max(sequence) FROM record WHERE kind = one.kind AND key = one.key)"
            " ORDER BY CASE kind WHEN 'case' THEN 0 WHEN 'participant' THEN 1 ELSE 2 END, sequence"
        )
        return (Record(sequence, kind, json.loads(body)) for sequence, kind, body in found)

    def unsent(self, target: str, most: int | None = None) -> list[tuple[int, Record]]:
        """What ``target`` has not been sent, as the wire brings it, each with its place there."""
        found = self._db.execute(
            "SELECT wire.place, record.sequence, kind, body FROM wire JOIN record USING (sequence)"
            " WHERE wire.place > coalesce((SELECT place FROM sent WHERE target = ?), 0)"
            " ORDER BY wire.place",
            [target],
        )
        return [
            (place, Record(sequence, kind, json.loads(body)))
            for place, sequence, kind, body in islice(found, most)
        ]

    def note_sent(self, target: str, place: int) -> None:
        """Remember how far ``target`` has been told."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO sent VALUES (?, ?)", [target, place])


def _body(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


def _wire(count: int, random: Random, disorder: Disorder) -> Iterator[tuple[float, int]]:
    for sequence in range(1, count + 1):
        late = random.random() < disorder.late
        yield sequence + (random.uniform(1, disorder.furthest) if late else 0), sequence
        if random.random() < disorder.doubled:
            yield sequence + random.uniform(0, 2 * disorder.furthest), sequence
