"""Reads open cases with what has happened in them, and how the lists have done; set-based."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from courts import calendar
from courts.business_days_sql import nth_after, out_of_calendar, relation
from courts.roles import Reach
from reports.ahead.rule import Candidate
from reports.models import WatchEntry, WatchList
from reports.models.follow_up import in_reach
from reports.months import Month
from reports.push_effect import WITHIN_BUSINESS_DAYS
from reports.scope import zones
from reports.standing_book.case_figures import SILENCES

# A node speaks for ten business days, a silence for as long as it lasts.
_CANDIDATES = """
WITH {calendars}, place (court_id, zone) AS (
    SELECT * FROM unnest(%(courts)s::bigint[], %(zones)s::text[])
), matter AS MATERIALIZED (
    SELECT one.id, one.court_id, one.filed_on, place.zone
      FROM cases_case AS one JOIN place ON place.court_id = one.court_id
     WHERE NOT one.is_withdrawn AND one.closed_on IS NULL
       AND (one.filed_on IS NULL OR one.filed_on <= %(day)s::date)
), step AS MATERIALIZED (
    SELECT matter.id, matter.court_id, node.kind,
           (node.occurred_at AT TIME ZONE matter.zone)::date AS day
      FROM matter JOIN cases_casenode AS node ON node.case_id = matter.id
     WHERE node.is_current AND NOT node.is_withdrawn AND node.occurred_at <= %(at)s
), quiet AS (
    SELECT matter.id, %(day)s::date - greatest(max(step.day), matter.filed_on) AS days
      FROM matter LEFT JOIN step ON step.id = matter.id
     GROUP BY matter.id, matter.filed_on
)
SELECT matter.id, matter.court_id, array_remove(array_agg(DISTINCT event.kind), NULL)
  FROM matter
  LEFT JOIN (
    SELECT step.id, 'node:' || step.kind AS kind
      FROM step JOIN business_calendar ON business_calendar.id = step.court_id
     WHERE step.day > %(day)s::date - 60 AND {until} >= %(day)s::date
    UNION ALL
    SELECT id, 'silence:' || (SELECT max(n) FROM unnest(%(silences)s::int[]) AS n WHERE n <= days)
      FROM quiet
     WHERE days >= (SELECT min(n) FROM unnest(%(silences)s::int[]) AS n)
  ) AS event ON event.id = matter.id
 GROUP BY matter.id, matter.court_id
"""
_ASKED = """
SELECT count(*) FILTER (WHERE on_list), count(*) FILTER (WHERE NOT on_list)
  FROM (
    SELECT request.id, bool_or(entry.id IS NOT NULL) AS on_list
      FROM liaison_request AS request
      JOIN cases_case AS one ON one.number = request.case_number AND NOT one.is_withdrawn
      LEFT JOIN reports_watchentry AS entry
             ON entry.case_id = one.id AND entry.list_id = %(list)s
     WHERE request.case_number <> '' AND request.state <> 'merged'
       AND request.registered_at >= %(from)s AND request.registered_at < %(before)s
       AND (one.court_id = ANY(%(courts)s) OR one.department_id = ANY(%(departments)s))
     GROUP BY request.id
  ) AS of_request
"""


@dataclass(frozen=True)
class Judged:
    """How a list did: requests about cases on it and about others, since it was drawn.

    ``states`` counts its cases by what was done.
    """

    on_list: int
    outside: int
    states: Counter[str]

    @property
    def watched(self) -> int:
        """How many cases are on it."""
        return sum(self.states.values())

    @property
    def acted(self) -> int:
        """For how many of them somebody did something."""
        return self.states["pushed"] + self.states["called"]


def candidates(courts: Iterable[int], day: date, *, at: datetime) -> list[Candidate]:
    """The open cases of courts with the events behind them on a local day: one query.

    Raises ``OutOfCalendar`` where a calendar does not know the days.
    """
    places = zones()
    known = sorted(set(courts) & set(places))
    if not known:
        return []
    calendars = relation({court_id: calendar.present(court_id) for court_id in known})
    query = _CANDIDATES.format(
        calendars=calendars.sql, until=nth_after("step.day", str(WITHIN_BUSINESS_DAYS))
    )
    params: dict[str, Any] = {
        "courts": known,
        "zones": [str(places[court_id]) for court_id in known],
        "day": day,
        "at": at,
        "silences": list(SILENCES),
    }
    with out_of_calendar(), connection.cursor() as cursor:
        cursor.execute(query, params | dict(calendars.params))
        return [Candidate(pk, court_id, tuple(kinds)) for pk, court_id, kinds in cursor.fetchall()]


def judged(watch: WatchList, reach: Reach, *, at: datetime) -> Judged:
    """How a list has done by ``at`` within a reach, up to the end of its month: two queries."""
    zone = watch.jurisdiction.zone
    end = Month(watch.month.year, watch.month.month).bounds(zone)[1]
    with connection.cursor() as cursor:
        cursor.execute(
            _ASKED,
            {
                "list": watch.pk,
                "from": watch.drawn_at,
                "before": min(end, at),
                "courts": list(reach.courts),
                "departments": list(reach.departments),
            },
        )
        on_list, outside = cursor.fetchone()
    entries = WatchEntry.objects.filter(in_reach(reach), list=watch).order_by()
    states = Counter(dict(entries.values_list("state").annotate(number=Count("pk"))))
    return Judged(on_list, outside, states)
