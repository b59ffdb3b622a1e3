"""A generated city against a bare COPY of the same rows into the same tables.

The rows are generated once and copied out to files. Bare COPY then copies the files in, table by
table, in one transaction: once into the tables as they stand, with their keys and indexes (only
the history triggers are off, else they would write what the files hold already), and once into
tables whose keys and indexes are built, and checked, afterwards, as the product does. The product
makes its rows meanwhile; each way ends with the same number of rows and the same catalogue.

    .venv/bin/python -m deploy.launcher.script benchmarks/generate.py [--requests N --rounds N]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEMONSTRATION", "true")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import harness
from benchmarks.memory import most_held
from courts.models import Court, Jurisdiction
from reports.generated import load
from reports.generated.founding import CODE
from reports.generated.services import Plan, fill, generate
from reports.generated.tables import COLUMNS, INDICATORS, key_of

UNTIL = datetime(2026, 10, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def _plan(given: argparse.Namespace) -> Plan:
    tables = INDICATORS if given.only_indicators else frozenset(COLUMNS)
    return Plan(
        requests=given.requests, seed=7, until=UNTIL, courts=given.courts,
        divisions=given.divisions, tables=tables,
    )  # fmt: skip


def _tables(given: argparse.Namespace) -> list[str]:
    return [table for table in COLUMNS if table in _plan(given).tables]


def _file(given: argparse.Namespace, table: str) -> Path:
    return Path(tempfile.gettempdir()) / f"generate-{os.getuid()}-{given.requests}-{table}.copy"


def build(given: argparse.Namespace) -> None:
    """Generate a city in an empty database and copy its rows out."""
    call_command("migrate", verbosity=0, interactive=False)
    if Court.objects.exists():
        raise SystemExit("This database is in use: a benchmark wants one of its own.")
    made = generate(_plan(given))
    print(f"  {made.requests:,} requests, {made.rows:,} rows")
    with connection.cursor() as cursor:
        for table in _tables(given):
            columns = ", ".join(COLUMNS[table])
            rows = f"SELECT {columns} FROM {table} ORDER BY {key_of(table)}"
            with _file(given, table).open("wb") as file:
                cursor.copy_expert(f"COPY ({rows}) TO STDOUT", file)


def before_each(_way: str) -> None:
    """The founded city, with empty tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(COLUMNS)} RESTART IDENTITY CASCADE")
        cursor.execute("CHECKPOINT")


def _rows(given: argparse.Namespace) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in _tables(given):
            cursor.execute(f"SELECT count(*) FROM {table}")
            (found[table],) = cursor.fetchone()
    return found


def _measured(given: argparse.Namespace, seconds: float) -> dict[str, float]:
    """Rows a second; stops the run unless every table has as many rows as the files have lines."""
    rows = _rows(given)
    for table, number in rows.items():
        with _file(given, table).open("rb") as file:
            if number != (lines := sum(1 for _line in file)):
                raise SystemExit(f"{number:,} rows in {table}, not {lines:,}")
    total = sum(rows.values())
    return {"seconds": seconds, "rows/s": total / seconds, "MB at most": most_held()}


@contextmanager
def _without_history(cursor: Any, tables: list[str]) -> Iterator[None]:
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _copy_in(given: argparse.Namespace, standing_by: Any) -> dict[str, float]:
    tables = _tables(given)
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor, standing_by(cursor, tables):
        for table in tables:
            with _file(given, table).open("rb") as file:
                load.copy(cursor, table, file)
    return _measured(given, time.perf_counter() - started)


def bare(given: argparse.Namespace) -> dict[str, float]:
    """COPY into the tables with their keys and indexes."""
    return _copy_in(given, _without_history)


def bare_keys_after(given: argparse.Namespace) -> dict[str, float]:
    """COPY into bare tables; keys and indexes are built afterwards."""
    return _copy_in(given, load.laid_bare)


def product(given: argparse.Namespace) -> dict[str, float]:
    """The generator, which makes the rows as it goes."""
    jurisdiction = Jurisdiction.objects.get(code=CODE)
    started = time.perf_counter()
    with transaction.atomic():
        fill(_plan(given), jurisdiction)
    return _measured(given, time.perf_counter() - started)


WAYS = {"bare COPY": bare, "bare COPY, keys after": bare_keys_after, "product": product}


def main() -> None:
    """Measure all in turns."""
    given = harness.arguments(__doc__, requests=20_000, courts=13, divisions=8, only_indicators=0)
    if harness.run_one_way(WAYS, given):
        return
    build(given)
    try:
        found = harness.measure("benchmarks.generate", WAYS, given, before_each=before_each)
    finally:
        for table in COLUMNS:
            _file(given, table).unlink(missing_ok=True)
    for bar in ("bare COPY", "bare COPY, keys after"):
        ratio = found.ratio("product", bar, "rows/s")
        found.verdict(f"product, of {bar}", ratio, at_least=0.5)


if __name__ == "__main__":
    main()
