"""Loading a full file of the trial business system, against a bare COPY and hand-written upserts.

The file is that of the invented trial business system (``deploy/trial_system``), in CSV. By hand it
is copied into a temporary table as it is, and from there upserted into the same tables, in one
transaction: nothing is checked, nobody is identified, nothing is encrypted, no line is reported.
The product then imports the same file a second time, which changes nothing.

    .venv/bin/python -m deploy.launcher.script benchmarks/case_import.py [--cases N --rounds N]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import harness
from benchmarks.memory import most_held
from cases.imports import runs
from cases.models import Case, ImportRun
from cases.services import open_run
from courts import invented
from courts.models import Court
from deploy.trial_system import __main__ as trial_system
from deploy.trial_system.files import COLUMNS

SINCE = datetime(2016, 1, 1, tzinfo=UTC)
TABLES = {
    "case": "cases_case",
    "participant": "cases_caseparticipant",
    "node": "cases_casenode",
}
BY_HAND = (
    """
    INSERT INTO cases_case AS t (
        public_id, source, source_id, number, number_key, court_id, department_id,
        department_name, judge_code, judge_name, procedure_code, procedure_name, cause_code,
        cause_name, filed_on, closed_on, closing_mode, sensitivity, is_withdrawn, sequence, digest,
        created_at, updated_at)
    SELECT gen_random_uuid(), 'trial', case_id, case_number, case_number, court.id, division.id,
           coalesce(department, ''), coalesce(judge, ''), coalesce(judge_name, ''),
           coalesce(procedure_code, ''), coalesce(procedure, ''), coalesce(cause_code, ''),
           coalesce(cause, ''), filed_on::date, closed_on::date, coalesce(closing_mode, ''),
           coalesce(sensitivity, 'none'), coalesce(withdrawn, 'false')::boolean, sequence::bigint,
           '', now(), now()
      FROM bench_raw AS raw
      JOIN courts_court AS court ON court.code = raw.court AND court.status = 'current'
      LEFT JOIN courts_department AS division
        ON division.court_id = court.id AND division.name = raw.department
     WHERE record = 'case'
    ON CONFLICT (source, source_id) DO UPDATE SET
        number = excluded.number, court_id = excluded.court_id, cause_name = excluded.cause_name,
        closed_on = excluded.closed_on, sequence = excluded.sequence, updated_at = now()
     WHERE excluded.sequence > t.sequence
    """,
    """
    INSERT INTO cases_caseparticipant AS t (
        case_id, source_id, name, role, capacity, represents_source_id, left_at, is_removed,
        sequence, digest)
    SELECT c.id, participant_id, name, role, capacity, coalesce(represents, ''),
           left_at::timestamptz, coalesce(removed, 'false')::boolean, raw.sequence::bigint, ''
      FROM bench_raw AS raw
      JOIN cases_case AS c ON c.source = 'trial' AND c.source_id = raw.case_id
     WHERE record = 'participant'
    ON CONFLICT (case_id, source_id) DO UPDATE SET
        name = excluded.name, role = excluded.role, sequence = excluded.sequence
     WHERE excluded.sequence > t.sequence
    """,
    """
    INSERT INTO cases_casenode AS t (
        source, node_id, revision, case_id, kind, occurred_at, details, is_withdrawn, is_current,
        sequence, digest, received_at)
    SELECT 'trial', node_id, revision::integer, c.id, kind, occurred_at::timestamptz,
           coalesce(details, '{}')::jsonb, coalesce(withdrawn, 'false')::boolean,
           revision::integer = max(revision::integer) OVER (PARTITION BY node_id),
           raw.sequence::bigint, '', now()
      FROM bench_raw AS raw
      JOIN cases_case AS c ON c.source = 'trial' AND c.source_id = raw.case_id
     WHERE record = 'node'
    ON CONFLICT (source, node_id, revision) DO UPDATE SET
        kind = excluded.kind, occurred_at = excluded.occurred_at, details = excluded.details,
        is_withdrawn = excluded.is_withdrawn, sequence = excluded.sequence
     WHERE excluded.sequence > t.sequence
    """,
)


def _file(given: argparse.Namespace) -> Path:
    return Path(tempfile.gettempdir()) / f"case-import-{os.getuid()}-{given.cases}.csv"


def build(given: argparse.Namespace) -> None:
    """Found the demonstration city's courts in an empty database, and write the file."""
    call_command("migrate", verbosity=0, interactive=False)
    if Court.objects.exists():
        raise SystemExit("This database is in use: a benchmark wants one of its own.")
    city = invented.found_jurisdiction(
        code="shifan", prefix="SF", policy="guangzhou", name="示范市", name_en="Shifan",
        court_code="示01", court_name="示范市中级人民法院", court_name_en="Shifan Court",
    )  # fmt: skip
    assert city.leading_court is not None
    courts = [city.leading_court]
    for number in range(1, 5):
        name = f"示范市第{number}人民法院"
        court = invented.add_primary_court(city, code=f"示010{number}", name=name, name_en="")
        courts.append(court)
    for number, court in enumerate(courts):
        invented.staff_court(court, invented.Plan(), since=SINCE, prefix=f"b{number}-")
    with tempfile.TemporaryDirectory() as folder:
        words = [
            f"--database={folder}/trial.sqlite", f"--cases={given.cases}", f"--full={_file(given)}",
            # Of a hundred thousand cases about as many nodes as the issue names.
            "--days=100",
        ]  # fmt: skip
        if trial_system.main(words) != 0:
            raise SystemExit("the trial business system has failed")


def before_each(_way: str) -> None:
    """An empty mirror, and the tables tidy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE cases_case, cases_caseparticipant, cases_casenode, cases_registeredcontact,"
            " cases_importrun, cases_rejectedline, cases_importchunk, notices_contact,"
            " notices_contactevent CASCADE"
        )
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _expected(path: Path) -> Counter[str]:
    with path.open(encoding="utf-8") as file:
        next(file)
        return Counter(line.partition(",")[0] for line in file)


def _check(path: Path) -> int:
    """How many records the file holds; stops the run unless each has its row."""
    expected = _expected(path)
    with connection.cursor() as cursor:
        for kind, table in TABLES.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            (found,) = cursor.fetchone()
            if found != expected[kind]:
                raise SystemExit(f"{found:,} rows in {table}, not {expected[kind]:,}")
    return sum(expected.values())


def by_hand(given: argparse.Namespace) -> dict[str, float]:
    """One COPY, three upserts, one transaction."""
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    path = _file(given)
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(f"CREATE TEMP TABLE bench_raw ({columns}) ON COMMIT DROP")
        cursor.copy_expert("COPY bench_raw FROM STDIN WITH (FORMAT csv, HEADER)", file)
        cursor.execute("ANALYZE bench_raw")
        for statement in BY_HAND:
            cursor.execute(statement)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "records/s": _check(path) / seconds}


def _import(path: Path) -> tuple[float, ImportRun]:
    started = time.perf_counter()
    with path.open("rb") as file:
        run = open_run(file, file_name=path.name, kind=ImportRun.Kind.FULL)
        run = runs.carry_on(run, file)
    return time.perf_counter() - started, run


def product(given: argparse.Namespace) -> dict[str, float]:
    """The product's import, and the same file again."""
    path = _file(given)
    seconds, run = _import(path)
    count = _check(path)
    if (run.state, run.created, run.rejected) != ("ended", count, 0):
        raise SystemExit(f"{run.created:,} of {count:,} created, {run.rejected:,} rejected")
    stamp = Case.objects.order_by("-updated_at").values_list("updated_at", flat=True)[0]
    again, run = _import(path)
    if run.unchanged != count or Case.objects.filter(updated_at__gt=stamp).exists():
        raise SystemExit("the second time has changed something")
    return {
        "seconds": seconds,
        "records/s": count / seconds,
        "seconds again": again,
        "MB at most": most_held(),
    }


WAYS = {"by hand": by_hand, "product": product}


def main() -> None:
    """Measure both in turns."""
    given = harness.arguments(__doc__, cases=100_000)
    if harness.run_one_way(WAYS, given):
        return
    build(given)
    try:
        found = harness.measure("benchmarks.case_import", WAYS, given, before_each=before_each)
    finally:
        _file(given).unlink(missing_ok=True)
    found.verdict(
        "product, of COPY and upserts by hand", found.ratio("product", "by hand", "seconds")
    )
    seconds = found.median("product", "seconds")
    found.verdict("loaded", seconds, at_most=300, unit="seconds")
    found.verdict(
        "held", found.median("product", "MB at most"), at_most=1024, unit="MB", timed=False
    )


if __name__ == "__main__":
    main()
