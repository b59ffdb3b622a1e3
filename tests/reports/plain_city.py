"""A month's figures counted once more: plain loops over exported rows, nothing shared.

It reads rows as they lie in the tables (requests, orders and their way, calls, what the timeline
says) and not a single limit, rung or event of a clock: each is found anew by walking from day to
day. The rule of the count is that of ``indicators.md`` and of clause G8.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

ZONE = ZoneInfo("Asia/Shanghai")
OPENING = time(9)
# Level, from which anchor, after more than so many business days (G8); 4 in primary courts only.
STEPS = ((0, "assigned", 2), (1, "assigned", 3), (2, "assigned", 5), (3, "assigned", 7),
         (4, "opened", 8))  # fmt: skip
FIGURES = ("acceptance", "liaison", "completion")


def exported(table: str, columns: str, order: str = "id") -> list[tuple[Any, ...]]:
    """Rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
        return list(cursor.fetchall())


@dataclass
class Life:
    """What the rows say of one request."""

    desk: int
    matter: str
    opened: datetime
    state: str
    accepted: datetime | None
    answered: datetime | None
    ended: datetime | None
    merged_into: int | None
    assigned: datetime | None = None
    holders: list[tuple[datetime, int]] = field(default_factory=list)
    reached: datetime | None = None
    # When the reply's clock stood still: from an answer on, until that was rejected.
    stops: list[list[datetime | None]] = field(default_factory=list)


class PlainCity:
    """Counts every month at once."""

    def __init__(self, worked: Callable[[date], bool], until: datetime) -> None:
        self.until = until
        days = [date(2022, 1, 1) + timedelta(days=number) for number in range(366 * 6)]
        self.worked = {day: worked(day) for day in days}
        self.primary = {row[0] for row in exported("courts_court", "id, level")
                        if row[1] == "primary"}  # fmt: skip
        self.court_of = dict(exported("courts_department", "id, court_id"))
        self.lives: dict[int, Life] = {}
        self.twins: dict[int, list[Life]] = defaultdict(list)
        self.counts: dict[tuple[int, int], Counter[tuple[str, int, str]]] = defaultdict(Counter)
        self.rungs: dict[tuple[int, int], Counter[tuple[int, int]]] = defaultdict(Counter)
        self.overdue: Counter[int] = Counter()
        self._read()
        for pk, life in self.lives.items():
            self._count(pk, life)

    # --- the rows ------------------------------------------------------------------------------

    def _read(self) -> None:
        service = {row[1]: row[0] for row in exported("courts_department", "id, court_id, kind")
                   if row[2] == "litigation_service"}  # fmt: skip
        # A request's own court may have changed; where it came in is in its history's first row.
        came = {}
        for pk, court in exported("liaison_requestevent", "pgh_obj_id, court_id", "pgh_id"):
            came.setdefault(pk, court)
        for row in exported(
            "liaison_request",
            "id, matter, registered_at, state, triaged_at, answered_at, ended_at, merged_into_id",
        ):
            desk = service[came[row[0]]]
            self.lives[row[0]] = Life(desk, *row[1:], holders=[(row[2], desk)])
        of_order = {}
        for pk, request, is_lead in exported("workorders_workorder", "id, request_id, is_lead"):
            of_order[pk] = (self.lives[request], is_lead)
        for order, kind, unit, at in exported(
            "workorders_transfer", "order_id, kind, to_department_id, at", "at, id"
        ):
            life, is_lead = of_order[order]
            if is_lead and kind != "return":
                life.assigned = life.assigned or at
                life.holders.append((at, unit))
        for order, at, outcome in exported(
            "workorders_contactrecord", "order_id, at, outcome", "at, id"
        ):
            life, _is_lead = of_order[order]
            if outcome == "reached" and life.reached is None:
                life.reached = at
        for request, kind, at in exported("liaison_timelineentry", "request_id, kind, at"):
            stops = self.lives[request].stops
            if kind in ("answered", "replied", "answered_by_word", "withdrawn", "merged"):
                stops.append([at, None])
            elif kind == "reply_rejected":
                stops[-1][1] = at
        for life in self.lives.values():
            if life.merged_into is not None:
                self.twins[life.merged_into].append(life)

    # --- days ----------------------------------------------------------------------------------

    def local(self, at: datetime) -> date:
        return at.astimezone(ZONE).date()

    def nth(self, day0: date, count: int) -> date:
        """So many business days after a day, walking."""
        day = day0
        while count:
            day += timedelta(days=1)
            count -= self.worked[day]
        return day

    def limit(self, day0: date, days: int) -> datetime:
        """24:00 of the last business day."""
        day = self.nth(day0, days) + timedelta(days=1)
        return datetime.combine(day, time(0), tzinfo=ZONE)

    def opening_after(self, at: datetime) -> datetime:
        """The first opening of a business day strictly after an instant."""
        day = self.local(at)
        today = datetime.combine(day, OPENING, tzinfo=ZONE)
        if self.worked[day] and today > at:
            return today
        return datetime.combine(self.nth(day, 1), OPENING, tzinfo=ZONE)

    # --- the count -----------------------------------------------------------------------------

    def _unit(self, life: Life, limit: datetime) -> int:
        """Who had it at its limit, unless for less than one full business day."""
        holders: list[tuple[datetime, int]] = []
        for one in life.holders:
            if one[0] >= limit and holders:
                break
            if not holders or holders[-1][1] != one[1]:
                holders.append(one)
        until = limit
        while len(holders) > 1:
            since = holders[-1][0]
            day, had = self.local(since) + timedelta(days=1), 0
            while datetime.combine(day + timedelta(days=1), time(0), tzinfo=ZONE) <= until:
                had += self.worked[day]
                day += timedelta(days=1)
            if had:
                break
            until = since
            holders.pop()
        return holders[-1][1]

    def _count(self, pk: int, life: Life) -> None:
        acceptance = self.limit(self.local(life.opened), 1)
        self._put("acceptance", life, acceptance, life.desk, life.accepted)
        reply = self.limit(self.local(life.assigned), 3) if life.assigned else acceptance
        unit = self._unit(life, reply)
        self._put("completion", life, reply, unit, life.answered)
        family = [life, *self.twins[pk]]
        if any(one.assigned or one.matter == "contact_judge" for one in family):
            instants = [one for one in (life.reached, life.answered) if one]
            self._put("liaison", life, reply, unit, min(instants, default=None))
        runs = life.state in ("registered", "routed", "returned")
        if runs and reply <= self.until:
            self.overdue[life.holders[-1][1]] += 1
        for level, anchor, days in STEPS:
            self._rung(life, level, life.opened if anchor == "opened" else life.assigned, days)

    def _put(
        self, what: str, life: Life, limit: datetime, unit: int, done: datetime | None
    ) -> None:
        if limit > self.until:
            return
        if life.merged_into is not None:
            result = "merged"
        elif life.state == "withdrawn" and life.ended and life.ended < limit:
            result = "withdrawn"
        else:
            result = "in_time" if done and done < limit else "late"
        last = self.local(limit - timedelta(seconds=1))
        self.counts[last.year, last.month][what, unit, result] += 1

    def _rung(self, life: Life, level: int, anchor: datetime | None, days: int) -> None:
        """A rung counts in the month of its day, for who had the request when it was sent."""
        if anchor is None or (level == 4 and self.court_of[life.desk] not in self.primary):
            return
        day = self.nth(self.local(anchor), days + 1)
        due = datetime.combine(day, OPENING, tzinfo=ZONE)
        fires: datetime | None = due
        for stopped, resumed in life.stops:
            assert stopped is not None
            if fires is not None and fires > stopped:
                held = self.opening_after(resumed) if resumed else None
                fires = max(fires, held) if held else None
        if fires is None or fires > self.until:
            return
        holder = [unit for since, unit in life.holders if since <= fires][-1]
        self.rungs[day.year, day.month][holder, level] += 1
