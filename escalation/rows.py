"""Clocks as the engine reads them: locked, and those that read alike together.

There may be very many: what they have in common is asked for once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from courts.business_days import local_date
from escalation.counting import Counted
from escalation.models import Clock
from escalation.places import Places
from escalation.recipients import ANYONE, POSTS


class Alike(NamedTuple):
    """Locked clocks whose count and whose recipients are the same.

    The handler is None if there is none any more, and ``ANYONE`` if it does not matter who it
    is: one who never held a post of the ladder.
    """

    clock_ids: list[int]
    department_id: int | None
    handler_id: int | None
    counted: Counted


# Clocks that others hold locked are passed over: whoever holds them settles them.
_LOCK = """
WITH clock AS MATERIALIZED (
    SELECT * FROM escalation_clock AS clock
     WHERE {which}
     LIMIT %(limit)s
       FOR UPDATE OF clock SKIP LOCKED
), present AS (
    SELECT max(id) AS version_id FROM courts_calendarversion
)
SELECT array_agg(clock.id), clock.department_id,
       CASE WHEN NOT handler.is_active THEN NULL
            WHEN clock.handler_id IN (
                 SELECT tenure.person_id FROM courts_tenure AS tenure
                   JOIN courts_post AS post ON post.id = tenure.post_id
                  WHERE post.kind = ANY(%(posts)s)) THEN clock.handler_id
            WHEN clock.handler_id IS NOT NULL THEN %(anyone)s END AS reads_as,
       clock.court_id, clock.kind, clock.policy_id, present.version_id, clock.limit_name,
       clock.fired,
       (clock.opened_at AT TIME ZONE jurisdiction.time_zone)::date AS opened_on,
       (clock.assigned_at AT TIME ZONE jurisdiction.time_zone)::date AS assigned_on,
       clock.fixed_on,
       CASE WHEN clock.counts_minutes THEN clock.opened_at END AS opened_at,
       CASE WHEN clock.counts_minutes THEN clock.assigned_at END AS assigned_at,
       clock.not_before_at, clock.resumed_at, clock.attempted_at,
       clock.calendar_version_id <> present.version_id AS is_stale,
       CASE WHEN clock.calendar_version_id <> present.version_id THEN clock.next_due_at END
            AS next_due_at,
       CASE WHEN clock.calendar_version_id <> present.version_id THEN clock.limit_at END
            AS limit_at
  FROM clock
 CROSS JOIN present
  LEFT JOIN courts_person AS handler ON handler.id = clock.handler_id
  LEFT JOIN courts_court AS court ON court.id = clock.court_id
  LEFT JOIN courts_jurisdiction AS jurisdiction ON jurisdiction.id = court.jurisdiction_id
 GROUP BY 2, 11, 10, 3, 9, 8, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20
"""
_DUE = _LOCK.format(
    which="next_due_at <= %(at)s AND set_aside = '' ORDER BY next_due_at",
)
_STALE = _LOCK.format(
    which="stopped_at IS NULL AND set_aside = '' AND calendar_version_id < %(version)s"
    " ORDER BY calendar_version_id, id",
)
_THESE = _LOCK.format(which="id = ANY(%(ids)s) AND stopped_at IS NULL AND set_aside = ''")


def _rows(statement: str, limit: int, **params: Any) -> list[Alike]:
    params |= {"limit": limit, "posts": list(POSTS), "anyone": ANYONE}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [Alike._make((*row[:3], Counted._make(row[3:]))) for row in cursor.fetchall()]


# Most sweeps find nothing: a look at one index, for which the statement above is too long to plan.
_ANY_DUE = """
SELECT 1 FROM escalation_clock WHERE next_due_at <= %s AND set_aside = ''
 ORDER BY next_due_at LIMIT 1
"""
_ANY_STALE = """
SELECT 1 FROM escalation_clock WHERE stopped_at IS NULL AND set_aside = ''
   AND calendar_version_id < (SELECT max(id) FROM courts_calendarversion)
 ORDER BY calendar_version_id LIMIT 1
"""


def _any(statement: str, *params: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone() is not None


def any_due(at: datetime) -> bool:
    """Whether a clock is due at or before ``at``."""
    return _any(_ANY_DUE, at)


def any_stale() -> bool:
    """Whether a running clock was timed by an older calendar than the present one."""
    return _any(_ANY_STALE)


def due(at: datetime, limit: int) -> list[Alike]:
    """Lock at most ``limit`` clocks that are due at or before ``at``, the longest due first."""
    return _rows(_DUE, limit, at=at)


def stale(version_id: int, limit: int) -> list[Alike]:
    """Lock at most ``limit`` running clocks that were timed by an older calendar than this."""
    return _rows(_STALE, limit, version=version_id)


def these(clock_ids: Sequence[int]) -> list[Alike]:
    """Lock those of these clocks that run, but for those set aside."""
    return _rows(_THESE, len(clock_ids), ids=list(clock_ids))


def counted_of(clock: Clock, places: Places, version_id: int) -> Counted:
    """What the count of a clock depends on, as it stands in memory; the caller has it locked.

    Raises ``ValueError`` for a court of no jurisdiction.
    """
    zone = places.of(clock.court_id, clock.policy_id, version_id).frame.zone
    is_stale = clock.calendar_version_id != version_id
    return Counted(
        court_id=clock.court_id,
        kind=clock.kind,
        policy_id=clock.policy_id,
        version_id=version_id,
        limit_name=clock.limit_name,
        fired=clock.fired,
        opened_on=local_date(clock.opened_at, zone),
        assigned_on=local_date(clock.assigned_at, zone) if clock.assigned_at else None,
        fixed_on=clock.fixed_on,
        opened_at=clock.opened_at if clock.counts_minutes else None,
        assigned_at=clock.assigned_at if clock.counts_minutes else None,
        not_before_at=clock.not_before_at,
        resumed_at=clock.resumed_at,
        attempted_at=clock.attempted_at,
        is_stale=is_stale,
        next_due_at=clock.next_due_at if is_stale else None,
        limit_at=clock.limit_at if is_stale else None,
    )
