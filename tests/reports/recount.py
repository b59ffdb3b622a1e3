"""Every figure of the summaries counted again by the rule itself, item by item."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count

from courts.business_days import local_date
from escalation.models import Clock, Firing
from liaison.kinds import REPLY
from reports import facts
from reports.models.summary import COUNTS, LEVELS
from reports.months import Month
from reports.scope import Scope, zones
from reports.summary.counts import counts
from tests.city import SHANGHAI

_KEY = ("court_id", "department_id", "handler_id")


def every_item(at: datetime) -> facts.Items:
    """The items of all months in which a limit ended."""
    ends = Clock.objects.filter(limit_at__isnull=False).values_list("limit_at", flat=True)
    months = sorted({Month.of(limit_at - timedelta(seconds=1), SHANGHAI) for limit_at in ends})
    if not months:
        return facts.Items([], [])
    first, last = months[0], months[-1]
    months = [first]
    while months[-1] < last:
        months.append(months[-1].plus(1))
    found = facts.months_items(months, Scope.everything(), at=at).values()
    return facts.Items(
        [item for one in found for item in one.outcomes],
        [item for one in found for item in one.ratings],
    )


def recount(at: datetime) -> dict[tuple, Counter[str]]:
    """The counts by day and unit, by the names of the columns."""
    places = zones()
    found: dict[tuple, Counter[str]] = defaultdict(Counter)
    items = every_item(at)
    for key, numbers in counts(items.outcomes, items.ratings, places).items():
        found[tuple(key)].update(numbers)
    steps = Firing.objects.filter(clock__kind=REPLY).exclude(detail__has_key="merged_from")
    for due_at, level, *whose in (
        steps.order_by().values_list("due_at", "level", *_KEY).annotate(Count("pk"))
    ):
        *whose, number = whose
        found[local_date(due_at, places[whose[0]]), *whose][LEVELS[level]] += number
    return found


def differences(at: datetime) -> list[tuple]:
    """What is in the kept days and months and not in the recount, and the other way round."""
    days = recount(at)
    months: dict[tuple, Counter[str]] = defaultdict(Counter)
    for (day, *whose), numbers in days.items():
        months[day.replace(day=1), *whose].update(numbers)
    found = []
    for table, column, expected in (
        ("reports_daysummary", "day", days),
        ("reports_monthsummary", "month", months),
    ):
        rows = [(*key, *(numbers[name] for name in COUNTS)) for key, numbers in expected.items()]
        found += _except_both_ways(table, column, rows)
    return found


def _except_both_ways(table: str, column: str, rows: list[tuple]) -> list[tuple]:
    names = (column, *_KEY, *COUNTS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS recounted")
        cursor.execute(
            f"CREATE TEMPORARY TABLE recounted AS SELECT {', '.join(names)} FROM {table} LIMIT 0"
        )
        if rows:
            line = f"({', '.join(['%s'] * len(names))})"
            values = ", ".join([line] * len(rows))
            cursor.execute(
                f"INSERT INTO recounted VALUES {values}", [v for row in rows for v in row]
            )
        kept = f"SELECT {', '.join(names)} FROM {table}"
        cursor.execute(
            f"(SELECT 'kept', * FROM ({kept} EXCEPT ALL SELECT * FROM recounted) AS more)"
            f" UNION ALL"
            f"(SELECT 'counted', * FROM (SELECT * FROM recounted EXCEPT ALL {kept}) AS less)"
            " ORDER BY 2, 3, 4, 5, 1"
        )
        return [(table, *row) for row in cursor.fetchall()]
