"""The sweep against one hand-written statement that writes the same rows into the same tables.

Both record one warning for each of the due clocks: firing, recipients, notices, deliveries, next
instant. The hand-written one is given its recipients and next instants in temporary tables, so
it is the limit that a sweep in this database could reach. Order A B B A ..., the first pair left
out, medians and their spread printed.

    .venv/bin/python -m deploy.launcher.script benchmarks/sweep.py [CLOCKS] [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from courts import calendar, invented
from courts.models import Court, Department, Post, Tenure
from escalation.models import Clock, PolicyVersion
from escalation.sweep import sweep

ZONE = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2020, 6, 5, 10, tzinfo=ZONE)
DUE = datetime(2020, 6, 10, 9, tzinfo=ZONE)
NEXT = datetime(2020, 6, 11, 9, tzinfo=ZONE)
LIMIT = datetime(2020, 6, 11, 0, tzinfo=ZONE)
AT = DUE + timedelta(hours=1)

HAND_WRITTEN = """
WITH due AS (
    SELECT id, court_id, department_id, handler_id, subject_id FROM escalation_clock
     WHERE next_due_at <= %(at)s AND set_aside = ''
     ORDER BY next_due_at LIMIT 1000 FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE escalation_clock AS clock SET next_due_at = bench_next.next_due_at
      FROM due, bench_next WHERE clock.id = due.id AND bench_next.court_id = due.court_id
), fired AS (
    INSERT INTO escalation_firing (clock_id, step, occurrence, level, due_at, fired_at, court_id,
           department_id, handler_id, was_attempted, was_settled, is_silent, detail)
    SELECT id, 'warning', 1, 0, %(due)s, %(at)s, court_id, department_id, handler_id,
           false, false, false, '{}' FROM due
    RETURNING id, clock_id, court_id
), told AS (
    INSERT INTO escalation_firingrecipient (firing_id, person_id, role)
    SELECT fired.id, who.person_id, who.role FROM fired JOIN bench_who AS who USING (court_id)
), noticed AS (
    INSERT INTO notices_notice (public_id, key, kind, person_id, subject_kind, subject_id, params,
           created_at)
    SELECT gen_random_uuid(), 'request.reply:' || due.subject_id || ':warning:1:' || who.person_id,
           'ladder.reply', who.person_id, 'request.reply', due.subject_id,
           jsonb_build_object('firing', fired.id, 'step', 'warning', 'level', 0,
                              'role', who.role, 'due_at', %(due)s, 'settled', false,
                              'attempted', false, 'after_rejection', false), %(at)s
      FROM fired JOIN due ON due.id = fired.clock_id JOIN bench_who AS who ON
           who.court_id = fired.court_id
    RETURNING id
), delivered AS (
    INSERT INTO notices_delivery (notice_id, channel, state, next_attempt_at, attempts, language,
           subject, body, error)
    SELECT id, 'in_app', 'pending', %(at)s, 0, '', '', '', '' FROM noticed
)
SELECT count(*) FROM due
"""


def prepare(clocks: int) -> Court:
    """One invented court, and running clocks whose warning is due."""
    call_command("migrate", verbosity=0, interactive=False)
    city = invented.found_jurisdiction(
        code="bench",
        prefix="B",
        policy="guangzhou",
        name="测试市",
        name_en="Bench",
        court_code="测01",
        court_name="测试市中级人民法院",
        court_name_en="Bench Intermediate Court",
    )
    court = invented.add_primary_court(
        city, code="测0101", name="测试市甲区人民法院", name_en="Bench Court"
    )
    since = datetime(2010, 1, 1, tzinfo=UTC)
    invented.staff_court(court, invented.Plan(), since=since, prefix="b")
    division = Department.objects.filter(court=court, kind=Department.Kind.TRIAL).get()
    judge = Tenure.objects.filter(post__department=division, post__kind=Post.Kind.JUDGE)[0].person
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO escalation_clock (kind, subject_id, policy_id, calendar_version_id,
                   court_id, department_id, handler_id, opened_at, assigned_at, limit_name,
                   limit_at, next_due_at, set_aside)
            SELECT 'request.reply', n, %s, %s, %s, %s, %s, %s, %s, 'ordinary', %s, %s, ''
              FROM generate_series(1, %s) AS n
            """,
            [
                PolicyVersion.objects.get(slug="guangzhou").pk,
                calendar.current_version().pk,
                court.pk,
                division.pk,
                judge.pk,
                OPENED,
                OPENED,
                LIMIT,
                DUE,
                clocks,
            ],
        )
        officer = Tenure.objects.get(
            post__department=division, post__kind=Post.Kind.LIAISON_OFFICER
        ).person
        cursor.execute("CREATE TEMP TABLE bench_next (court_id bigint, next_due_at timestamptz)")
        cursor.execute("INSERT INTO bench_next VALUES (%s, %s)", [court.pk, NEXT])
        cursor.execute("CREATE TEMP TABLE bench_who (court_id bigint, person_id bigint, role text)")
        cursor.execute(
            "INSERT INTO bench_who VALUES (%s, %s, 'handler'), (%s, %s, 'liaison_officer')",
            [court.pk, judge.pk, court.pk, officer.pk],
        )
    return court


def reset() -> None:
    """Back to the beginning: nothing fired, everything due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE notices_delivery, notices_notice, escalation_firingrecipient, "
            "escalation_firing CASCADE"
        )
        cursor.execute("UPDATE escalation_clock SET next_due_at = %s", [DUE])
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE escalation_clock")
        cursor.execute("CHECKPOINT")


def by_hand() -> None:
    """The hand-written statement, batch by batch."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(HAND_WRITTEN, {"at": AT, "due": DUE.isoformat()})
            if not cursor.fetchone()[0]:
                return


def by_product() -> None:
    """The product's sweep."""
    sweep(AT, record=False)


def measured(run: Callable[[], None], clocks: int) -> float:
    """Clocks a second; the rows written are checked."""
    reset()
    started = time.perf_counter()
    run()
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM escalation_firing),"
            " (SELECT count(*) FROM escalation_firingrecipient),"
            " (SELECT count(*) FROM notices_notice), (SELECT count(*) FROM notices_delivery)"
        )
        written = cursor.fetchone()
    if written != (clocks, 2 * clocks, 2 * clocks, 2 * clocks):
        raise SystemExit(f"not the same rows: {written}")
    if Clock.objects.exclude(next_due_at=NEXT).exists():
        raise SystemExit("not the same next instants")
    return clocks / seconds


def main() -> None:
    """Prepare, measure in turns, print medians and their ratio."""
    clocks = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    prepare(clocks)
    rates: dict[str, list[float]] = {"product": [], "by hand": []}
    ways = [("product", by_product), ("by hand", by_hand)]
    for number in range(rounds):
        for name, run in ways if number % 2 == 0 else reversed(ways):
            rates[name].append(measured(run, clocks))
    medians = {}
    for name, values in rates.items():
        kept = values[1:]
        medians[name] = statistics.median(kept)
        spread = (max(kept) - min(kept)) / medians[name]
        print(f"{name:<10}{medians[name]:>10,.0f} clocks/s   spread {spread:.0%} of {len(kept)}")
    print(f"ratio     {medians['product'] / medians['by hand']:>10.2f}")


if __name__ == "__main__":
    main()
