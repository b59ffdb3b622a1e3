"""Counting all running clocks anew after a change of the calendar, against one UPDATE.

A working day on which all clocks wait for something is closed, or opened again, so that the dates
of every clock move. The hand-written UPDATE is given the new dates in a temporary table by court
and days; once more with the events that say why a date moved, which the product writes too.

    .venv/bin/python -m deploy.launcher.script benchmarks/retime.py [--clocks N ...]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from django.db import connection

from benchmarks import harness, sweep_city
from benchmarks.sweep_city import BEFORE, DAY
from config.celery import keep_what_is_loaded
from courts import calendar
from courts.models import CalendarEntry, CalendarVersion
from escalation.models import Clock, ClockEvent
from escalation.retiming import retime_stale

UPDATE = """
UPDATE escalation_clock AS clock
   SET next_due_at = new.next_due_at, limit_at = new.limit_at, calendar_version_id = %(version)s
  FROM bench_times AS new
 WHERE new.court_id = clock.court_id
   AND new.opened_on = (clock.opened_at AT TIME ZONE 'Asia/Shanghai')::date
   AND new.assigned_on = COALESCE((clock.assigned_at AT TIME ZONE 'Asia/Shanghai')::date,
                                  'infinity')
   AND clock.stopped_at IS NULL AND clock.set_aside = ''
   AND clock.calendar_version_id < %(version)s
"""
WITH_EVENTS = f"""
WITH moved AS (
    {UPDATE}
    RETURNING clock.id, clock.court_id, clock.department_id, clock.handler_id,
              new.was_due_at, new.next_due_at, new.limit_was_at, new.limit_at
)
INSERT INTO escalation_clockevent (clock_id, kind, at, court_id, department_id, handler_id, params)
SELECT id, 'retimed', %(at)s, court_id, department_id, handler_id,
       jsonb_build_object('from', was_due_at, 'to', next_due_at, 'limit_from', limit_was_at,
                          'limit_to', limit_at, 'reason', %(reason)s::text)
  FROM moved
"""


def change_calendar() -> None:
    """A new version in which DAY is closed, or worked again if it was; no clock is counted anew."""
    before = calendar.current_version()
    version = CalendarVersion.objects.create(schedule_id=before.schedule_id, reason="Typhoon")
    closed = CalendarEntry.objects.filter(removed_in__isnull=True)
    if not closed.update(removed_in=version):
        CalendarEntry.objects.create(
            date=DAY, is_business_day=False, name="Typhoon", added_in=version
        )
    sweep_city.write_plans("benchmark_plan_before", sweep_city.plans(before.pk))
    sweep_city.write_plans("benchmark_plan_after", sweep_city.plans(version.pk))


def before_each(_way: str) -> None:
    """All clocks stale, and the tables tidy."""
    change_calendar()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE escalation_clockevent")
        cursor.execute("VACUUM ANALYZE escalation_clock")
        cursor.execute("CHECKPOINT")


def _temporary_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE bench_times AS
            SELECT DISTINCT court_id, opened_on,
                   COALESCE(new.assigned_on, 'infinity') AS assigned_on,
                   new.next_due_at, new.limit_at,
                   old.next_due_at AS was_due_at, old.limit_at AS limit_was_at
              FROM benchmark_plan_after AS new
              JOIN benchmark_plan_before AS old USING (court_id, opened_on, no, is_due)
             WHERE old.assigned_on IS NOT DISTINCT FROM new.assigned_on
            """
        )
        cursor.execute("ANALYZE bench_times")


def _timed(run: Callable[[], object], *, with_events: bool) -> dict[str, float]:
    _temporary_table()
    clocks = Clock.objects.count()
    version = calendar.current_version()
    started = time.perf_counter()
    run()
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM escalation_clock AS clock JOIN bench_times AS new"
            "    ON new.court_id = clock.court_id"
            "   AND new.opened_on = (clock.opened_at AT TIME ZONE 'Asia/Shanghai')::date"
            "   AND new.assigned_on ="
            "       COALESCE((clock.assigned_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity')"
            " WHERE clock.next_due_at = new.next_due_at AND clock.limit_at = new.limit_at"
            "   AND new.was_due_at <> new.next_due_at AND calendar_version_id = %s",
            [version.pk],
        )
        (moved,) = cursor.fetchone()
    events = ClockEvent.objects.count()
    if (moved, events) != (clocks, clocks if with_events else 0):
        raise SystemExit(f"{moved:,} of {clocks:,} clocks have moved, with {events:,} events")
    return {"seconds": seconds, "clocks/s": clocks / seconds}


def _execute(statement: str) -> Callable[[], None]:
    def run() -> None:
        version = calendar.current_version()
        with connection.cursor() as cursor:
            cursor.execute(
                statement, {"version": version.pk, "at": BEFORE, "reason": version.reason}
            )

    return run


def product(_given: argparse.Namespace) -> dict[str, float]:
    """The product's job, with its events, in a process that begins as a worker does."""
    keep_what_is_loaded()
    return _timed(lambda: retime_stale(BEFORE), with_events=True)


def update(_given: argparse.Namespace) -> dict[str, float]:
    """One UPDATE."""
    return _timed(_execute(UPDATE), with_events=False)


def update_with_events(_given: argparse.Namespace) -> dict[str, float]:
    """One UPDATE and the same events."""
    return _timed(_execute(WITH_EVENTS), with_events=True)


WAYS = {"UPDATE": update, "product": product, "UPDATE with events": update_with_events}


def main() -> None:
    """Measure all ways in turns."""
    given = harness.arguments(__doc__, **sweep_city.SIZES)
    if harness.run_one_way(WAYS, given):
        return
    sweep_city.build(given)
    found = harness.measure("benchmarks.retime", WAYS, given, before_each=before_each)
    ratio = found.ratio("product", "UPDATE", "seconds")
    found.verdict("product, of one UPDATE", ratio, at_most=1.5)
    ratio = found.ratio("product", "UPDATE with events", "seconds")
    found.verdict("product, of one UPDATE with the same events", ratio)


if __name__ == "__main__":
    main()
