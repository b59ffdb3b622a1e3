"""The sweep against one hand-written statement that writes the same rows.

The hand-written one is given its rungs, recipients and next instants in temporary tables, so it is
the limit that a sweep in this database could reach; once more on copies of the tables that have
the keys which keep a rung from being recorded twice and no others, and on bare copies, where only
clocks have a primary key and the index on what is due. The rows that each has written are
compared with those of the product, one by one.

    .venv/bin/python -m deploy.launcher.script benchmarks/sweep.py [--clocks N --due N ...]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

from django.db import connection, transaction

from benchmarks import harness, sweep_city
from benchmarks.sweep_city import AT, WRITTEN
from config.celery import keep_what_is_loaded
from escalation import firing, rows
from escalation.sweep import BATCH, in_batches

HAND_WRITTEN = """
WITH locked AS MATERIALIZED (
    SELECT id, kind, subject_id, court_id, department_id, handler_id, calendar_version_id
      FROM escalation_clock
     WHERE next_due_at <= %(at)s AND set_aside = ''
     ORDER BY next_due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), due AS MATERIALIZED (
    SELECT nextval('escalation_firing_id_seq') AS firing_id, locked.*, rung.step, rung.level,
           rung.due_at, rung.day0
      FROM locked JOIN bench_rung AS rung ON rung.clock_id = locked.id
), moved AS (
    UPDATE escalation_clock AS clock SET next_due_at = rung.next_due_at, fired = rung.fired
      FROM locked JOIN bench_rung AS rung ON rung.clock_id = locked.id
     WHERE clock.id = locked.id
), fired AS (
    INSERT INTO escalation_firing
           (id, clock_id, step, occurrence, level, day0, calendar_version_id, due_at, fired_at,
            court_id, department_id, handler_id, was_attempted, was_settled, is_silent, detail)
    SELECT firing_id, id, step, 1, level, day0, calendar_version_id, due_at, %(at)s, court_id,
           department_id, handler_id, false, false, false, '{}'
      FROM due
), told AS MATERIALIZED (
    SELECT nextval('notices_notice_id_seq') AS notice_id, due.*, who.person_id, who.role,
           who.has_email
      FROM due JOIN bench_who AS who ON who.clock_id = due.id
), recipient AS (
    INSERT INTO escalation_firingrecipient (firing_id, person_id, role)
    SELECT firing_id, person_id, role FROM told
), noticed AS (
    INSERT INTO notices_notice (id, public_id, key, kind, person_id, subject_kind, subject_id,
           params, created_at, outside_at)
    SELECT notice_id, gen_random_uuid(),
           concat_ws(':', kind, subject_id, step, 1, person_id), 'ladder.reply', person_id,
           kind, subject_id,
           jsonb_build_object('firing', firing_id, 'step', step, 'role', role), %(at)s, %(at)s
      FROM told
), delivered AS (
    INSERT INTO notices_delivery (notice_id, channel, state, next_attempt_at, attempts, language,
           subject, body, error)
    SELECT notice_id, way.channel, 'pending', %(at)s, 0, '', '', '', ''
      FROM told JOIN (VALUES ('in_app', false), ('email', true)) AS way (channel, wants_email)
        ON told.has_email OR NOT way.wants_email
)
SELECT count(*) FROM due
"""

# What was written, without the numbers that differ from run to run.
_WRITTEN = {
    "firings": """
        SELECT step, occurrence, level, day0, calendar_version_id, due_at, fired_at, clock_id,
               court_id, department_id, handler_id, was_attempted, was_settled, is_silent, detail
          FROM escalation_firing""",
    "recipients": """
        SELECT firing.clock_id, firing.step, person_id, role
          FROM escalation_firingrecipient AS told
          JOIN escalation_firing AS firing ON firing.id = told.firing_id""",
    "notices": """
        SELECT key, kind, person_id, contact_id, subject_kind, subject_id, created_at,
               outside_at, params - 'firing'
          FROM notices_notice""",
    "deliveries": """
        SELECT notice.key, channel, state, next_attempt_at, attempts, language, subject, body
          FROM notices_delivery AS delivery
          JOIN notices_notice AS notice ON notice.id = delivery.notice_id""",
    "clocks": """
        SELECT id, next_due_at, limit_at, fired, calendar_version_id, set_aside
          FROM escalation_clock WHERE id IN (SELECT id FROM benchmark_start)""",
}


def written() -> dict[str, tuple[int, str]]:
    """How many rows of each table there are, and a digest of them in whatever order."""
    found = {}
    with connection.cursor() as cursor:
        for name, rows in _WRITTEN.items():
            cursor.execute(
                f"SELECT count(*), sum(hashtextextended(rows::text, 0))::text FROM ({rows}) AS rows"
            )
            found[name] = cursor.fetchone()
    return found


def by_product() -> Iterator[int]:
    """The product's sweep, batch by batch: how many clocks each has."""
    batches = in_batches(lambda: rows.due(AT, BATCH), lambda batch: firing.record(batch, at=AT))
    for recorded in batches:
        yield recorded.clocks


def by_hand() -> Iterator[int]:
    """The hand-written statement, batch by batch: how many clocks each has."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(HAND_WRITTEN, {"at": AT, "batch": BATCH})
            (clocks,) = cursor.fetchone()
        if not clocks:
            return
        yield clocks


def _timed(batches: Iterator[int]) -> dict[str, float]:
    next(batches)  # the first is left out: it fills the memory of process and server
    started = time.perf_counter()
    clocks = sum(batches)
    seconds = time.perf_counter() - started
    if (found := written()) != (wanted := _wanted()):
        raise SystemExit(f"not the same rows: {found}, and not {wanted}")
    return {"clocks/s": clocks / seconds}


def _wanted() -> dict[str, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, rows, digest FROM benchmark_written")
        return {name: (rows, digest) for name, rows, digest in cursor.fetchall()}


def _temporary_tables() -> None:
    with connection.cursor() as cursor:
        for name, key in (("rung", "clock_id"), ("who", "clock_id, person_id")):
            cursor.execute(f"CREATE TEMP TABLE bench_{name} AS TABLE benchmark_{name}")
            cursor.execute(f"ALTER TABLE bench_{name} ADD PRIMARY KEY ({key})")
            cursor.execute(f"ANALYZE bench_{name}")


def product(_given: argparse.Namespace) -> dict[str, float]:
    """The product's sweep, in a process that begins as a worker does."""
    keep_what_is_loaded()
    return _timed(by_product())


def hand_written(_given: argparse.Namespace) -> dict[str, float]:
    """The statement on the product's own tables."""
    _temporary_tables()
    return _timed(by_hand())


def _on_copies(schema: str) -> dict[str, float]:
    _temporary_tables()
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {schema}, public")
    return _timed(by_hand())


def promised(_given: argparse.Namespace) -> dict[str, float]:
    """The statement on copies with the keys that carry the promise, and no others."""
    return _on_copies("promised")


def bare(_given: argparse.Namespace) -> dict[str, float]:
    """The statement on bare copies of the tables."""
    return _on_copies("bare")


PROMISED, BARE = "by hand, promised keys only", "by hand, bare tables"
WAYS = {"by hand": hand_written, "product": product, PROMISED: promised, BARE: bare}
SCHEMAS = {PROMISED: "promised", BARE: "bare"}
# What keeps a rung, its recipients and its notices from being recorded twice.
PROMISE = {
    "escalation_firing": "clock_id, step, occurrence",
    "escalation_firingrecipient": "firing_id, person_id",
    "notices_notice": "key",
    "notices_delivery": "notice_id, channel",
}


def prepare(given: argparse.Namespace) -> None:
    """The city, what its sweep writes, and the bare copies."""
    sweep_city.build(given)
    statements = 0

    def count(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        clocks = sum(by_product())
    batches = -(-clocks // BATCH)
    # The last look, which finds nothing, is one statement more.
    print(f"  statements: {(statements - 1) / batches:.2f} a batch of {BATCH:,}")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TABLE benchmark_rung AS
            SELECT clock_id, step, level, firing.due_at, firing.day0, clock.next_due_at, clock.fired
              FROM escalation_firing AS firing
              JOIN escalation_clock AS clock ON clock.id = firing.clock_id;
            CREATE TABLE benchmark_who AS
            SELECT firing.clock_id, told.person_id, told.role, person.email <> '' AS has_email
              FROM escalation_firingrecipient AS told
              JOIN escalation_firing AS firing ON firing.id = told.firing_id
              JOIN courts_person AS person ON person.id = told.person_id;
            CREATE TABLE benchmark_written (name text, rows bigint, digest text)
            """
        )
        for name, (rows, digest) in written().items():
            cursor.execute(
                "INSERT INTO benchmark_written VALUES (%s, %s, %s)", [name, rows, digest]
            )
            print(f"  {name}: {rows:,}")
        sweep_city.reset()
        for schema in SCHEMAS.values():
            _copy(schema)


def _copy(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        for table in WRITTEN:
            cursor.execute(
                f"CREATE TABLE {schema}.{table}"
                f" (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY)"
            )
            if schema == "promised" and table in PROMISE:
                cursor.execute(
                    f"ALTER TABLE {schema}.{table} ADD PRIMARY KEY (id),"
                    f" ADD UNIQUE ({PROMISE[table]})"
                )
        cursor.execute(
            f"""
            CREATE TABLE {schema}.escalation_clock AS TABLE escalation_clock ORDER BY id;
            ALTER TABLE {schema}.escalation_clock ADD PRIMARY KEY (id);
            CREATE INDEX ON {schema}.escalation_clock (next_due_at)
                   WHERE next_due_at IS NOT NULL AND set_aside = ''
            """
        )


def main() -> None:
    """Measure all ways in turns."""
    given = harness.arguments(__doc__, **sweep_city.SIZES)
    if harness.run_one_way(WAYS, given):
        return
    prepare(given)
    found = harness.measure(
        "benchmarks.sweep",
        WAYS,
        given,
        before_each=lambda way: sweep_city.reset(SCHEMAS.get(way, "public")),
    )
    ratio = found.ratio("product", "by hand", "clocks/s")
    found.verdict("product, of the hand-written statement", ratio, at_least=0.9)
    for way in (PROMISED, BARE):
        ratio = found.ratio("product", way, "clocks/s")
        found.verdict(f"product, of {way}", ratio, at_least=0.6)


if __name__ == "__main__":
    main()
