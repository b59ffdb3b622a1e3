"""What active push prevents: requests on the same case after a node, told of and not told of.

For each node that stands and came in a month: whether anybody asked about its case within ten
business days. A comparison, no proof: what is pushed differs from what is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from courts import calendar
from courts.business_days_sql import nth_after, out_of_calendar, relation
from reports.months import Month
from reports.scope import Scope, over_cases

WITHIN_BUSINESS_DAYS = 10

# The days are those of the court; a node whose ten days are not over yet says nothing so far.
_QUERY = """
WITH {calendars}, place (court_id, zone) AS (
    SELECT * FROM unnest(%(courts)s::bigint[], %(zones)s::text[])
), counted AS MATERIALIZED (
    SELECT node.id, node.kind, matter.number, node.received_at, place.zone,
           {until} AS until,
           EXISTS (SELECT FROM cases_push AS push WHERE push.node_id = node.id) AS is_pushed
      FROM cases_casenode AS node
      JOIN cases_case AS matter ON matter.id = node.case_id AND NOT matter.is_withdrawn
      JOIN place ON place.court_id = matter.court_id
      JOIN business_calendar ON business_calendar.id = matter.court_id
     WHERE node.is_current AND NOT node.is_withdrawn
       AND (matter.court_id = ANY(%(whole)s) OR matter.department_id = ANY(%(departments)s))
       AND node.received_at >= %(from)s::timestamp AT TIME ZONE place.zone
       AND node.received_at < %(before)s::timestamp AT TIME ZONE place.zone
)
SELECT kind, is_pushed, count(*),
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM liaison_request AS request
            WHERE request.case_number = counted.number AND request.case_number <> ''
              AND request.registered_at > counted.received_at
              AND (request.registered_at AT TIME ZONE counted.zone)::date <= counted.until))
  FROM counted
 WHERE until < (%(at)s::timestamptz AT TIME ZONE zone)::date
 GROUP BY kind, is_pushed
 ORDER BY kind, is_pushed
"""


@dataclass(frozen=True)
class Group:
    """Nodes, and how many of them were followed by a request on the same case."""

    nodes: int = 0
    asked: int = 0

    @property
    def share(self) -> float | None:
        """The share that was followed by a request; None of no nodes."""
        return self.asked / self.nodes if self.nodes else None

    def __add__(self, other: Group) -> Group:
        return Group(self.nodes + other.nodes, self.asked + other.asked)


@dataclass(frozen=True)
class Effect:
    """Nodes of one kind, or of all ('')."""

    kind: str
    pushed: Group
    not_pushed: Group


def effect(month: Month, scope: Scope, *, at: datetime) -> list[Effect]:
    """The comparison by kind of node, that of all first; empty where there is nothing to compare.

    Of nodes received in the local month whose ten business days are over at ``at``: one query
    over them. Raises ``OutOfCalendar`` where a calendar does not know the days.
    """
    params = over_cases(month, scope.courts, scope.departments)
    courts: list[int] = params["courts"]
    if not courts:
        return []
    calendars = relation({court_id: calendar.present(court_id) for court_id in courts})
    day = "(node.received_at AT TIME ZONE place.zone)::date"
    query = _QUERY.format(calendars=calendars.sql, until=nth_after(day, str(WITHIN_BUSINESS_DAYS)))
    with out_of_calendar(), connection.cursor() as cursor:
        cursor.execute(query, params | dict(calendars.params) | {"at": at})
        rows = cursor.fetchall()
    found: dict[str, dict[bool, Group]] = {}
    total: dict[bool, Group] = {True: Group(), False: Group()}
    for kind, is_pushed, nodes, asked in rows:
        group = Group(nodes, asked)
        found.setdefault(kind, {})[is_pushed] = group
        total[is_pushed] += group
    if not rows:
        return []
    everything = Effect("", total[True], total[False])
    return [everything] + [
        Effect(kind, groups.get(True, Group()), groups.get(False, Group()))
        for kind, groups in found.items()
    ]
