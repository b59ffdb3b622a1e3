"""The book set against the cases of the trial business system (G11, B11).

Requests per hundred open cases; and after which events of a case people ask. A comparison of
shares, no proof of a cause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import connection

from courts import calendar
from courts.business_days_sql import nth_after, out_of_calendar, relation
from courts.roles import Reach
from reports.holders import Unit
from reports.months import Month
from reports.push_effect import WITHIN_BUSINESS_DAYS
from reports.scope import over_cases

SILENCES = (30, 60, 90)  # days without a node
EVERY_CASE = "every"

_MATTERS = """place (court_id, zone) AS (
    SELECT * FROM unnest(%(courts)s::bigint[], %(zones)s::text[])
), matter AS MATERIALIZED (
    SELECT one.id, one.number, one.court_id, one.department_id, one.filed_on, one.closed_on,
           place.zone
      FROM cases_case AS one JOIN place ON place.court_id = one.court_id
     WHERE NOT one.is_withdrawn
       AND (one.court_id = ANY(%(whole)s) OR one.department_id = ANY(%(departments)s))
       AND (one.filed_on IS NULL OR one.filed_on < %(before)s::date)
       AND (one.closed_on IS NULL OR one.closed_on >= %(from)s::date)
)"""

_PER_CASE = """
WITH {matters}, asked AS (
    SELECT matter.id, count(*) AS requests
      FROM matter JOIN liaison_request AS request ON request.case_number = matter.number
     WHERE request.case_number <> ''
       AND request.registered_at >= %(from)s::timestamp AT TIME ZONE matter.zone
       AND request.registered_at < %(before)s::timestamp AT TIME ZONE matter.zone
     GROUP BY matter.id
)
SELECT court_id, department_id, count(*), coalesce(sum(asked.requests), 0)::bigint
  FROM matter LEFT JOIN asked USING (id)
 GROUP BY court_id, department_id
"""

# An event is a case, what happened and when. Silence is an event of the day on which it has lasted
# so long: no node stands between the one before (or the filing) and that day. What every case is
# compared with is the day before the month.
_LIFTS = """
WITH {calendars}, {matters}, step AS MATERIALIZED (
    SELECT matter.id, node.kind, node.occurred_at,
           (node.occurred_at AT TIME ZONE matter.zone)::date AS day
      FROM matter JOIN cases_casenode AS node ON node.case_id = matter.id
     WHERE node.is_current AND NOT node.is_withdrawn
), quiet AS (
    SELECT id, day, lead(day) OVER (PARTITION BY id ORDER BY day) AS next_day
      FROM (SELECT id, day FROM step
            UNION SELECT id, filed_on FROM matter WHERE filed_on IS NOT NULL) AS known
), event (id, kind, day, since) AS (
    SELECT id, 'node:' || kind, day, occurred_at FROM step
     WHERE day >= %(from)s::date AND day < %(before)s::date
    UNION ALL
    SELECT quiet.id, 'silence:' || days.n, quiet.day + days.n, NULL
      FROM quiet CROSS JOIN unnest(%(silences)s::int[]) AS days (n)
     WHERE (next_day IS NULL OR next_day > quiet.day + days.n)
       AND quiet.day + days.n >= %(from)s::date AND quiet.day + days.n < %(before)s::date
    UNION ALL
    SELECT id, %(every)s, %(from)s::date - 1, NULL FROM matter
     WHERE filed_on IS NULL OR filed_on < %(from)s::date
), counted AS MATERIALIZED (
    SELECT event.kind, event.id, event.day, event.since, matter.number, matter.zone,
           {until} AS until
      FROM event JOIN matter USING (id)
      JOIN business_calendar ON business_calendar.id = matter.court_id
     WHERE matter.closed_on IS NULL OR matter.closed_on >= event.day
)
SELECT kind, count(*), count(*) FILTER (WHERE was_asked)
  FROM (
    SELECT kind, id, bool_or(EXISTS (
               SELECT FROM liaison_request AS request
                WHERE request.case_number = counted.number AND request.case_number <> ''
                  AND request.registered_at > coalesce(
                          since, (day + 1)::timestamp AT TIME ZONE zone - interval '1 microsecond')
                  AND (request.registered_at AT TIME ZONE zone)::date <= until)) AS was_asked
      FROM counted
     WHERE until < (%(at)s::timestamptz AT TIME ZONE zone)::date
     GROUP BY kind, id
  ) AS of_case
 GROUP BY kind
"""


@dataclass(frozen=True)
class Load:
    """Cases that were open in a month, and requests about them registered in it."""

    cases: int = 0
    requests: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(self.cases + other.cases, self.requests + other.requests)

    @property
    def per_hundred(self) -> Fraction | None:
        """Requests per hundred cases; None without cases."""
        return Fraction(100 * self.requests, self.cases) if self.cases else None


@dataclass(frozen=True)
class Lift:
    """After an event of a kind: cases, and those with a request within ten business days.

    ``kind`` is ``node:`` with the node's code, ``silence:`` with the days, or ``EVERY_CASE``.
    """

    kind: str
    cases: int
    asked: int
    every: Fraction | None = None

    @property
    def share(self) -> Fraction | None:
        """The share of cases with a request; None without cases."""
        return Fraction(self.asked, self.cases) if self.cases else None

    @property
    def lift(self) -> Fraction | None:
        """How many times the share of all open cases it is; None where nobody asked in these."""
        if self.share is None or not self.every:
            return None
        return self.share / self.every


def loads(month: Month, reach: Reach) -> dict[Unit, Load]:
    """Requests against open cases of the month, by the unit that has the case: one query.

    A case was open if it was filed before the month ended and not closed before it began.
    """
    params = over_cases(month, reach.courts, reach.departments)
    if not params["courts"]:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PER_CASE.format(matters=_MATTERS), params)
        rows = cursor.fetchall()
    return {
        Unit(court_id, department_id): Load(cases, requests)
        for court_id, department_id, cases, requests in rows
    }


def by_court(found: Mapping[Unit, Load]) -> dict[int, Load]:
    """The same by court."""
    courts: dict[int, Load] = defaultdict(Load)
    for unit, load in found.items():
        courts[unit.court_id] += load
    return courts


def lifts(month: Month, reach: Reach, *, at: datetime) -> list[Lift]:
    """Every kind of event of the month, all open cases first, the highest lift next: one query.

    Events whose ten business days are not over at ``at`` say nothing yet. A case counts once for
    each kind. Raises ``OutOfCalendar`` where a calendar does not know the days.
    """
    params: dict[str, Any] = {
        **over_cases(month, reach.courts, reach.departments),
        "silences": list(SILENCES),
        "every": EVERY_CASE,
        "at": at,
    }
    courts: list[int] = params["courts"]
    if not courts:
        return []
    calendars = relation({court_id: calendar.present(court_id) for court_id in courts})
    query = _LIFTS.format(
        calendars=calendars.sql,
        matters=_MATTERS,
        until=nth_after("event.day", str(WITHIN_BUSINESS_DAYS)),
    )
    with out_of_calendar(), connection.cursor() as cursor:
        cursor.execute(query, params | dict(calendars.params))
        rows = {kind: (cases, asked) for kind, cases, asked in cursor.fetchall()}
    if EVERY_CASE not in rows:
        return []
    every = Lift(EVERY_CASE, *rows.pop(EVERY_CASE))
    found = [Lift(kind, cases, asked, every.share) for kind, (cases, asked) in rows.items()]
    found.sort(key=lambda one: (-(one.share or 0), -one.cases, one.kind))
    return [every, *found]
