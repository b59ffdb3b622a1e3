"""Many checked records at once: copied into a temporary table, judged, and written from there.

What a record is worth is decided in one statement for all of them, by the source's sequence and
in the order in which they came, as if each had come alone: newer than what stands is ``created``
or ``updated``, the same again is ``unchanged``, an older one is ``out_of_date``; the same sequence
with other words is a ``conflict``. So it does not matter where one batch ends and the next begins.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
OUT_OF_DATE, CONFLICT, WAITING, FOREIGN = "out_of_date", "conflict", "waiting", "foreign"


@dataclass(frozen=True)
class Mirror:
    """A table of the mirror: how its records are staged, known again, and written."""

    table: str
    stage: str
    # Columns as a record is staged, after its position: name and type.
    staged: tuple[tuple[str, str], ...]
    # By which columns a record is known again; the staged name of each is the same.
    key: tuple[str, ...]
    # What is written, besides the key: column and expression over ``stage``.
    written: tuple[tuple[str, str], ...]
    # Written with a new row only.
    first: tuple[tuple[str, str], ...] = ()
    # Written over a standing row instead of what is in ``written``: column and expression.
    over: tuple[tuple[str, str], ...] = ()
    joins: str = ""
    # A condition on ``stage`` that holds within one source; its key has no column for it.
    match: str = ""

    @property
    def create(self) -> str:
        """The statement that makes the temporary table of this connection."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.staged)
        return (
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {self.stage} (pos integer, {columns},"
            " case_id bigint, outcome text, stood boolean, was_withdrawn boolean)"
            " ON COMMIT DELETE ROWS"
        )

    @property
    def judge(self) -> str:
        """The statement that gives each staged record its outcome."""
        key = ", ".join(f"s.{name}" for name in self.key)
        same = " AND ".join(f"t.{name} = s.{name}" for name in self.key)
        withdrawn = "t.is_withdrawn" if self.has_withdrawal else "NULL::boolean"
        return f"""
            UPDATE {self.stage} AS stage
               SET outcome = judged.outcome, stood = judged.stood,
                   was_withdrawn = judged.was_withdrawn
              FROM (
                SELECT pos, stood, was_withdrawn,
                       CASE WHEN newest IS NULL THEN '{CREATED}'
                            WHEN sequence > newest THEN '{UPDATED}'
                            WHEN sequence < newest THEN '{OUT_OF_DATE}'
                            WHEN digest = said THEN '{UNCHANGED}'
                            ELSE '{CONFLICT}' END AS outcome
                  FROM (
                    SELECT s.pos, s.sequence, s.digest, t.id IS NOT NULL AS stood,
                           {withdrawn} AS was_withdrawn,
                           GREATEST(t.sequence, max(s.sequence) OVER (
                               PARTITION BY {key} ORDER BY s.pos
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS newest,
                           CASE WHEN t.sequence = s.sequence THEN t.digest
                                ELSE first_value(s.digest) OVER (
                                    PARTITION BY {key}, s.sequence ORDER BY s.pos) END AS said
                      FROM {self.stage} AS s
                      LEFT JOIN {self.table} AS t ON {same} {self.match}
                     WHERE s.outcome IS NULL
                  ) AS seen
              ) AS judged
             WHERE judged.pos = stage.pos
        """  # noqa: S608 - names of this module only

    @property
    def has_withdrawal(self) -> bool:
        """Whether rows of the table may be withdrawn."""
        return any(name == "is_withdrawn" for name, _expression in self.written)

    @property
    def write(self) -> str:
        """The statement that writes the newest of each, unless a newer one stands by now."""
        constant = (("source", "%(source)s"),) if self.match else ()
        new = [
            *constant,
            *((name, f"stage.{name}") for name in self.key),
            ("sequence", "stage.sequence"),
            ("digest", "stage.digest"),
            *self.written,
            *self.first,
        ]
        instead = dict(self.over)
        changed = [
            f"{name} = {instead.get(name, f'excluded.{name}')}"
            for name in ("sequence", "digest", *(name for name, _ in self.written))
        ]
        key = ", ".join(self.key)
        unique = ", ".join([*(name for name, _ in constant), *self.key])
        return f"""
            INSERT INTO {self.table} AS t ({", ".join(name for name, _ in new)})
            SELECT {", ".join(expression for _, expression in new)}
              FROM (
                SELECT DISTINCT ON ({key}) * FROM {self.stage}
                 WHERE outcome IN ('{CREATED}', '{UPDATED}')
                 ORDER BY {key}, sequence DESC
              ) AS stage {self.joins}
             ORDER BY stage.pos
            ON CONFLICT ({unique}) DO UPDATE SET {", ".join(changed)}
             WHERE excluded.sequence > t.sequence
        """  # noqa: S608 - names of this module only


_OF_SOURCE = "AND t.source = %(source)s"

CASES = Mirror(
    table="cases_case",
    stage="stage_case",
    staged=(
        ("source_id", "text"),
        ("sequence", "bigint"),
        ("digest", "bytea"),
        ("number", "text"),
        ("number_key", "text"),
        ("court_id", "bigint"),
        ("department_id", "bigint"),
        ("judge_id", "bigint"),
        ("department_name", "text"),
        ("judge_code", "text"),
        ("judge_name", "text"),
        ("procedure_code", "text"),
        ("procedure_name", "text"),
        ("cause_code", "text"),
        ("cause_name", "text"),
        ("filed_on", "date"),
        ("closed_on", "date"),
        ("closing_mode", "text"),
        ("sensitivity", "text"),
        ("is_withdrawn", "boolean"),
    ),
    key=("source_id",),
    written=(
        *(
            (name, f"stage.{name}")
            for name in (
                "number", "number_key", "court_id", "department_id", "judge_id",
                "department_name", "judge_code", "judge_name", "procedure_code",
                "procedure_name", "cause_code", "cause_name", "filed_on", "closed_on",
                "closing_mode", "sensitivity", "is_withdrawn",
            )
        ),
        ("updated_at", "%(at)s"),
    ),
    first=(("public_id", "gen_random_uuid()"), ("created_at", "%(at)s")),
    match=_OF_SOURCE,
)  # fmt: skip

PARTICIPANTS = Mirror(
    table="cases_caseparticipant",
    stage="stage_participant",
    staged=(
        ("case_source_id", "text"),
        ("source_id", "text"),
        ("sequence", "bigint"),
        ("digest", "bytea"),
        ("name", "text"),
        ("role", "text"),
        ("capacity", "text"),
        ("represents_source_id", "text"),
        ("left_at", "timestamptz"),
        ("is_removed", "boolean"),
        ("identity_kind", "text"),
        ("id_number_index", "text"),
    ),
    key=("case_id", "source_id"),
    written=(
        *(
            (name, f"stage.{name}")
            for name in ("name", "role", "capacity", "represents_source_id", "left_at",
                         "is_removed")
        ),
        ("contact_id", "contact.id"),
        ("represents_id", "NULL::bigint"),
    ),
    over=(
        # Kept where it says the same; ``represent`` finds the others.
        (
            "represents_id",
            "CASE WHEN excluded.represents_source_id = t.represents_source_id"
            " THEN t.represents_id END",
        ),
    ),
    joins=(
        "LEFT JOIN notices_contact AS contact ON contact.identity_kind = stage.identity_kind"
        " AND contact.id_number_index = stage.id_number_index"
    ),
)  # fmt: skip

NODES = Mirror(
    table="cases_casenode",
    stage="stage_node",
    staged=(
        ("case_source_id", "text"),
        ("node_id", "text"),
        ("revision", "integer"),
        ("sequence", "bigint"),
        ("digest", "bytea"),
        ("kind", "text"),
        ("occurred_at", "timestamptz"),
        ("details", "jsonb"),
        ("is_withdrawn", "boolean"),
    ),
    key=("node_id", "revision"),
    written=(
        ("case_id", "stage.case_id"),
        ("kind", "stage.kind"),
        ("occurred_at", "stage.occurred_at"),
        ("details", "stage.details"),
        ("is_withdrawn", "stage.is_withdrawn"),
        ("received_at", "%(at)s"),
    ),
    first=(
        (
            "is_current",
            "NOT EXISTS (SELECT 1 FROM cases_casenode AS later"
            " WHERE later.source = %(source)s AND later.node_id = stage.node_id"
            " AND later.revision > stage.revision) AND stage.revision ="
            " max(stage.revision) OVER (PARTITION BY stage.node_id)",
        ),
    ),
    match=_OF_SOURCE,
)

# Records of cases that came are given the case's key; the others wait.
FIND_CASES = """
    UPDATE {stage} AS stage SET case_id = found.id
      FROM cases_case AS found
     WHERE found.source = %(source)s AND found.source_id = stage.case_source_id;
    UPDATE {stage} SET outcome = 'waiting' WHERE case_id IS NULL
"""
# What belongs to a court of another jurisdiction is not there for a caller of this one.
CLOSE_CASES = """
    UPDATE stage_case AS stage SET outcome = 'foreign'
      FROM cases_case AS found JOIN courts_court AS court ON court.id = found.court_id
     WHERE found.source = %(source)s AND found.source_id = stage.source_id
       AND court.jurisdiction_id IS DISTINCT FROM %(jurisdiction)s
"""
CLOSE_RECORDS = """
    UPDATE {stage} AS stage SET outcome = 'foreign'
      FROM cases_case AS found JOIN courts_court AS court ON court.id = found.court_id
     WHERE found.id = stage.case_id
       AND court.jurisdiction_id IS DISTINCT FROM %(jurisdiction)s
"""
# Nor does a node of another jurisdiction's case give way to one that has its number by chance.
CLOSE_NODES = """
    UPDATE stage_node AS stage SET outcome = 'foreign'
      FROM cases_casenode AS node
      JOIN cases_case AS matter ON matter.id = node.case_id
      JOIN courts_court AS court ON court.id = matter.court_id
     WHERE node.source = %(source)s AND node.node_id = stage.node_id
       AND court.jurisdiction_id IS DISTINCT FROM %(jurisdiction)s
"""
# A revision that is to be the latest first makes room for itself.
SUPERSEDE = """
    UPDATE cases_casenode AS node SET is_current = FALSE
      FROM (SELECT node_id, max(revision) AS revision FROM stage_node
             WHERE outcome IN ('created', 'updated') GROUP BY node_id) AS latest
     WHERE node.source = %(source)s AND node.node_id = latest.node_id AND node.is_current
       AND node.revision < latest.revision
"""
REPRESENT = """
    UPDATE cases_caseparticipant AS agent SET represents_id = party.id
      FROM cases_caseparticipant AS party
     WHERE agent.case_id IN (SELECT case_id FROM stage_participant
                              WHERE outcome IN ('created', 'updated'))
       AND agent.represents_source_id <> '' AND agent.represents_id IS NULL
       AND party.case_id = agent.case_id AND party.source_id = agent.represents_source_id
"""
NEWS = """
    SELECT DISTINCT node.id
      FROM stage_node AS stage
      JOIN cases_casenode AS node
        ON node.source = %(source)s AND node.node_id = stage.node_id
       AND node.revision = stage.revision
     WHERE stage.outcome IN ('created', 'updated') AND node.is_current
       AND (NOT stage.stood OR stage.was_withdrawn <> node.is_withdrawn)
     ORDER BY node.id
"""


def ready(*mirrors: Mirror) -> None:
    """Empty temporary tables for a batch; they live as long as the connection."""
    with connection.cursor() as cursor:
        for mirror in mirrors:
            cursor.execute(mirror.create)
            cursor.execute(f"TRUNCATE {mirror.stage}")


def _cell(value: Any) -> str:
    """A value in the text form of COPY."""
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    if text.isalnum():
        return text
    escaped = text.replace("\\", "\\\\").replace("\t", "\\t")
    return escaped.replace("\n", "\\n").replace("\r", "\\r")


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a table in one statement."""
    text = io.StringIO()
    for row in rows:
        text.write("\t".join(map(_cell, row)))
        text.write("\n")
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)
        # Without it the planner takes the table for a large one.
        cursor.execute(f"ANALYZE {table}")


def stage(mirror: Mirror, rows: Iterable[Sequence[Any]]) -> None:
    """Copy records with their positions into a mirror's temporary table."""
    copy(mirror.stage, ["pos", *(name for name, _kind in mirror.staged)], rows)


def execute(statement: str, **params: Any) -> int:
    """Run one statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def fetch(statement: str, **params: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def outcomes(mirror: Mirror) -> list[tuple[int, str | None]]:
    """Position and outcome, if there is one yet, of each staged record."""
    statement = f"SELECT pos, outcome FROM {mirror.stage}"  # noqa: S608 - names of this module
    return [(int(place), outcome) for place, outcome in fetch(statement)]
