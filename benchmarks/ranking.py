"""A month's ranking from the figures kept ready, against DuckDB over the raw rows and others.

Two generated cities, a large and a small one, each in a database of its own. Measured are

- a month's figures of all departments by one statement: kept ready in the large city and in the
  small one, and by DuckDB from one flat file of the large city's items (the join that PostgreSQL
  has to make is made before, so that DuckDB reads columns alone);
- all months counted from the beginning, against one hand-written GROUP BY over the same tables,
  which asks for less: no person, no day, and whoever answers now instead of at the limit;
- intake: requests registered, dispatched and answered, with the triggers and without;
- the leadership page of a president, in process, with its statements.

    .venv/bin/python -m deploy.launcher.script benchmarks/ranking.py [--requests N --small N ...]
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DEMONSTRATION"] = "true"
SMALL = "benchmark_small"


def _small_url() -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{SMALL}"))


if any(argument == "--way=kept ready, small" for argument in sys.argv):
    os.environ["DATABASE_URL"] = _small_url()

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks import harness
from benchmarks.helpdesk_peer import make_environment
from courts.models import Court, Department, Person, Post
from liaison import intake
from liaison import services as requests
from liaison.models import Channel, Matter
from reports.models import MonthSummary
from reports.summary.services import rebuild
from workorders import services as orders
from workorders.models import WorkOrder

UNTIL = datetime.fromisoformat("2026-10-01T00:00+08:00")
MONTHS = [f"{year}-{month:02d}-01" for year in (2025, 2026) for month in range(1, 9)]
MEMORY = "256MB"
TABLES = (
    "escalation_clock", "escalation_clockevent", "escalation_firing", "liaison_request",
    "liaison_rating", "workorders_workorder", "workorders_contactrecord",
)  # fmt: skip

# One row for each item: what DuckDB has to read.
ITEMS = """
SELECT request.id AS request_id, {what} AS indicator, clock.court_id, clock.department_id,
       date_trunc('month', (clock.limit_at - interval '1 microsecond')
                  AT TIME ZONE 'Asia/Shanghai')::date AS month,
       CASE WHEN request.merged_into_id IS NOT NULL THEN 'merged'
            WHEN request.state = 'withdrawn' AND request.ended_at < clock.limit_at
            THEN 'withdrawn'
            WHEN {done} < clock.limit_at THEN 'done' ELSE 'late' END AS result
  FROM liaison_request AS request
  JOIN escalation_clock AS clock
    ON clock.subject_id = request.id AND clock.kind = {kind} AND clock.limit_at IS NOT NULL
"""
REACHED = """
  LEFT JOIN workorders_workorder AS lead ON lead.request_id = request.id AND lead.is_lead
  LEFT JOIN (SELECT part.request_id, min(record.at) AS at
               FROM workorders_contactrecord AS record
               JOIN workorders_workorder AS part ON part.id = record.order_id
              WHERE record.outcome = 'reached' GROUP BY 1) AS reached
    ON reached.request_id = request.id
 WHERE lead.id IS NOT NULL OR request.matter = 'contact_judge'
"""
ALL_ITEMS = " UNION ALL ".join(
    (
        ITEMS.format(what="1", done="request.triaged_at", kind="'request.acceptance'"),
        ITEMS.format(what="2", done="request.answered_at", kind="'request.reply'"),
        ITEMS.format(
            what="3", done="least(request.answered_at, reached.at)", kind="'request.reply'"
        )
        + REACHED,
    )
)
FIGURES = ", ".join(
    f"count(*) FILTER (WHERE indicator = {indicator} AND result {results})"
    for indicator in (1, 2, 3)
    for results in ("= 'done'", "IN ('done', 'late')", "= 'withdrawn'", "= 'merged'")
)
GROUP_BY = (
    f"SELECT month, court_id, department_id, {FIGURES}, count(DISTINCT request_id)"
    f"  FROM ({ALL_ITEMS}) AS item GROUP BY month, court_id, department_id"
)
RUNGS = """
SELECT date_trunc('month', firing.due_at AT TIME ZONE 'Asia/Shanghai')::date, firing.court_id,
       firing.department_id, firing.level, count(*)
  FROM escalation_firing AS firing
  JOIN escalation_clock AS clock ON clock.id = firing.clock_id AND clock.kind = 'request.reply'
 WHERE NOT firing.detail ? 'merged_from'
 GROUP BY 1, 2, 3, 4
"""
DUCK = f"""
SELECT department_id, {FIGURES}, count(DISTINCT request_id)
  FROM item WHERE month = DATE '%s' GROUP BY department_id
"""


def _flat_file() -> Path:
    return Path(tempfile.gettempdir()) / f"ranking-{os.getuid()}.duckdb"


def build(given: argparse.Namespace) -> None:
    """Two cities, and the flat file of the large one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [SMALL])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {SMALL}")
    for url, number in ((os.environ["DATABASE_URL"], given.requests), (_small_url(), given.small)):
        subprocess.run(
            [sys.executable, "-m", "benchmarks.ranking", f"--way=city {number}"],
            env={**os.environ, "DATABASE_URL": url}, check=True,
        )  # fmt: skip
    lines = _flat_file().with_suffix(".csv")
    with connection.cursor() as cursor, lines.open("wb") as file:
        cursor.copy_expert(f"COPY ({ALL_ITEMS}) TO STDOUT (FORMAT csv)", file)
    _flat_file().unlink(missing_ok=True)
    load = (
        "CREATE TABLE item (request_id BIGINT, indicator TINYINT, court_id INTEGER,"
        " department_id INTEGER, month DATE, result VARCHAR);"
        f"COPY item FROM '{lines}' (FORMAT csv)"
    )
    _in_duck([load])
    lines.unlink()


def make_city(number: int) -> None:
    """A generated city of so many requests, unless there is one already."""
    call_command("migrate", verbosity=0, interactive=False)
    if Court.objects.exists():
        print("  a city is there already")
        call_command("summarise")
        return
    call_command(
        "generate", f"--requests={number}", "--seed=7", f"--until={UNTIL.isoformat()}",
        "--months=24", "--courts=13", "--divisions=30", "--only=indicators",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")


def _in_duck(statements: list[str]) -> list[float]:
    """Milliseconds that each statement takes in the environment of the peers, fetching included."""
    script = (
        "import duckdb, json, sys, time\n"
        "given = json.load(sys.stdin)\n"
        "connection, times = duckdb.connect(given['file']), []\n"
        "for statement in given['statements']:\n"
        "    started = time.perf_counter()\n"
        "    connection.execute(statement).fetchall()\n"
        "    times.append((time.perf_counter() - started) * 1000)\n"
        "print(json.dumps(times))\n"
    )
    done = subprocess.run(
        [make_environment(), "-c", script], check=True, text=True, stdout=subprocess.PIPE,
        input=json.dumps({"file": str(_flat_file()), "statements": statements}),
    )  # fmt: skip
    times: list[float] = json.loads(done.stdout.splitlines()[-1])
    return times


def _milliseconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def kept_ready(given: argparse.Namespace) -> dict[str, float]:
    """The statement of a month's ranking by department, month after month."""
    times = []
    for month in MONTHS * given.looks:
        rows = MonthSummary.objects.filter(month=month, department__isnull=False)
        statement, params = rows.added_up("department_id").query.sql_with_params()
        with connection.cursor() as cursor:

            def ask() -> None:
                cursor.execute(statement, params)  # noqa: B023 - called at once
                if len(cursor.fetchall()) < 2:
                    raise SystemExit("Nothing is kept ready.")

            times.append(_milliseconds(ask))
    return {"ms a month": statistics.median(times)}


def by_duck(given: argparse.Namespace) -> dict[str, float]:
    """The same figures by DuckDB, without persons, ratings and rungs."""
    times = _in_duck([DUCK % month for month in MONTHS * given.looks])
    return {"ms a month": statistics.median(times)}


def from_the_beginning(_given: argparse.Namespace) -> dict[str, float]:
    """All days and months of the large city."""
    return {"seconds": _milliseconds(rebuild) / 1000}


def hand_written(_given: argparse.Namespace) -> dict[str, float]:
    """One GROUP BY for the rates, one for the rungs."""

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET work_mem = %s", [MEMORY])
            for statement in (GROUP_BY, RUNGS):
                cursor.execute(statement)
                cursor.fetchall()

    return {"seconds": _milliseconds(ask) / 1000}


def _intake(given: argparse.Namespace) -> dict[str, float]:
    court = Court.objects.filter(parent__isnull=False).order_by("pk")[0]
    kinds = (Department.Kind.TRIAL, Department.Kind.ENFORCEMENT)
    division = court.departments.filter(kind__in=kinds).order_by("pk")[0]
    judge = Person.objects.filter(
        tenures__post__department=division, tenures__post__kind=Post.Kind.JUDGE
    )[0]
    staff = Person.objects.filter(
        tenures__post__court=court, tenures__post__kind=Post.Kind.SERVICE_STAFF
    )[0]

    def take(number: int) -> None:
        one = intake.register(
            court=court, party=intake.Party("示例", phone=f"139{number:08d}"),
            channel=Channel.HOTLINE, matter=Matter.CONTACT_JUDGE, title="请法官回电",
            text="请与我联系。",
        )  # fmt: skip
        requests.route(request_id=one.pk, department=division, handler=judge, by=staff)
        order = WorkOrder.objects.get(request=one, is_lead=True)
        orders.reply(order_id=order.pk, text="已答复。", by=judge)

    take(0)
    started = time.perf_counter()
    for number in range(given.intake):
        take(number)
    return {"requests/s": given.intake / (time.perf_counter() - started)}


def intake_watched(given: argparse.Namespace) -> dict[str, float]:
    """With the triggers."""
    return _intake(given)


def intake_alone(given: argparse.Namespace) -> dict[str, float]:
    """Without the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgname LIKE 'summary_touched%%' AND NOT tgisinternal"
        )
        triggers = cursor.fetchall()
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        return _intake(given)
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, name in triggers:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def leadership_page(given: argparse.Namespace) -> dict[str, float]:
    """The page of rates and that of the ranking, of this month and of one that is over."""
    president = Person.objects.filter(
        tenures__post__kind=Post.Kind.PRESIDENT, tenures__post__court__parent__isnull=True
    )[0]
    logging.disable(logging.INFO)
    client = Client(SERVER_NAME="localhost")
    client.force_login(president, backend="django.contrib.auth.backends.ModelBackend")
    pages = [
        f"{reverse(page)}?month={month}"
        for page in ("leadership:rates", "leadership:ranking")
        for month in ("2026-08", f"{timezone.localdate() - timedelta(days=1):%Y-%m}")
    ]
    times, statements = [], set()
    for _look in range(given.looks + 1):
        for address in pages:

            def ask() -> None:
                if client.get(address).status_code != 200:  # noqa: B023 - called at once
                    raise SystemExit(f"{address} is no page")  # noqa: B023 - called at once

            times.append(_milliseconds(ask))
    for address in pages:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        statements.add(len(asked))
    return {
        "ms a page": statistics.median(times[len(pages) :]),
        "statements at most": max(statements),
    }


WAYS = {
    "kept ready": kept_ready,
    "kept ready, small": kept_ready,
    "DuckDB": by_duck,
    "intake, watched": intake_watched,
    "intake, alone": intake_alone,
    "leadership page": leadership_page,
}
LONG_WAYS = {"from the beginning": from_the_beginning, "one GROUP BY": hand_written}


def main() -> None:
    """Measure all in turns; what takes minutes in fewer rounds."""
    city = next((one for one in sys.argv if one.startswith("--way=city ")), None)
    if city is not None:
        make_city(int(city.rpartition(" ")[2]))
        return
    given = harness.arguments(
        __doc__, requests=10_000_000, small=1_000_000, looks=5, intake=400, long_rounds=3
    )
    if harness.run_one_way(WAYS | LONG_WAYS, given):
        return
    build(given)
    try:
        found = harness.measure("benchmarks.ranking", WAYS, given)
        long = argparse.Namespace(**vars(given) | {"rounds": given.long_rounds})
        slow = harness.measure("benchmarks.ranking", LONG_WAYS, long)
    finally:
        _flat_file().unlink(missing_ok=True)
    number = "ms a month"
    found.verdict("a month, kept ready", found.median("kept ready", number), at_most=3, unit="ms")
    found.verdict("DuckDB, of kept ready", found.ratio("DuckDB", "kept ready", number), at_least=5)
    found.verdict(
        "kept ready, of the small city",
        found.ratio("kept ready", "kept ready, small", number),
        at_most=1.2,
    )
    share = found.ratio("intake, watched", "intake, alone", "requests/s")
    found.verdict("intake costs", (1 - share) * 100, at_most=15, unit="%")
    page = found.median("leadership page", "ms a page")
    found.verdict("the leadership page", page, at_most=200, unit="ms")
    ratio = slow.ratio("from the beginning", "one GROUP BY", "seconds")
    slow.verdict("from the beginning, of one GROUP BY", ratio, at_most=1.3)


if __name__ == "__main__":
    main()
