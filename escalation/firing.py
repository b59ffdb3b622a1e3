"""Recording what is due of some locked clocks: the one code of sweep, settling and re-timing.

Firing, its record, its notices and the clock's next instant are one statement. What is due is
judged once for all clocks that read alike; the rows are then written set by set, so the number
of statements does not grow with the number of clocks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import connection

from courts import calendar
from escalation import opening_hours, subjects
from escalation.counting import Counted, Outcome, Rung, judge
from escalation.ladder import Step
from escalation.models import Clock, ClockEvent
from escalation.places import Place, Places
from escalation.recipients import Found, Roster, Unit
from escalation.rows import Row, counted_of, these
from notices import outbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Recorded:
    """How many clocks were judged, how many firings recorded, which clocks were set aside."""

    clocks: int
    firings: int
    set_aside: int = 0


# %(clocks)s, each with the number of its outcome; %(due)s: clock, rung and audience, in the
# order in which they are recorded; the rest are what these numbers mean.
_FIRE = """
WITH judged AS (
    SELECT * FROM unnest(%(clocks)s::bigint[], %(outcomes)s::int[]) AS judged(id, outcome)
), outcome AS (
    SELECT * FROM jsonb_to_recordset(%(outcome_rows)s) AS outcome
           (no int, next_due_at timestamptz, limit_at timestamptz, not_before_at timestamptz,
            fired bigint, version_id bigint, moved jsonb)
), clock AS (
    UPDATE escalation_clock AS clock
       SET next_due_at = outcome.next_due_at, limit_at = outcome.limit_at,
           not_before_at = outcome.not_before_at, fired = outcome.fired,
           calendar_version_id = outcome.version_id
      FROM judged JOIN outcome ON outcome.no = judged.outcome
     WHERE clock.id = judged.id
    RETURNING clock.id, clock.kind, clock.subject_id, clock.court_id, clock.department_id,
              clock.handler_id, outcome.moved
), rung AS (
    SELECT * FROM jsonb_to_recordset(%(rungs)s) AS rung
           (no int, step text, occurrence int, level int, day0 date, version_id bigint,
            due_at timestamptz, attempted boolean, silent boolean, notice_kind text,
            outside_at timestamptz, params jsonb)
), audience AS (
    SELECT * FROM jsonb_to_recordset(%(audiences)s) AS audience (no int, detail jsonb)
), due AS MATERIALIZED (
    SELECT nextval('escalation_firing_id_seq') AS firing_id, clock.id AS clock_id, clock.kind,
           clock.subject_id, clock.court_id, clock.department_id, clock.handler_id,
           due.audience, audience.detail, rung.*
      FROM unnest(%(due_clocks)s::bigint[], %(due_rungs)s::int[], %(due_audiences)s::int[])
           WITH ORDINALITY AS due(clock_id, rung, audience, place)
      JOIN clock ON clock.id = due.clock_id
      JOIN rung ON rung.no = due.rung
      JOIN audience ON audience.no = due.audience
     ORDER BY due.place
), fired AS (
    INSERT INTO escalation_firing
           (id, clock_id, step, occurrence, level, day0, calendar_version_id, due_at, fired_at,
            court_id, department_id, handler_id, was_attempted, was_settled, is_silent, detail)
    SELECT firing_id, clock_id, step, occurrence, level, day0, version_id, due_at, %(at)s,
           court_id, department_id, handler_id, attempted, %(answered)s, silent, detail
      FROM due
), addressed AS MATERIALIZED (
    SELECT due.*, COALESCE(who.person_id, due.handler_id) AS person_id, who.role
      FROM due
      JOIN unnest(%(who_audiences)s::int[], %(who_people)s::bigint[], %(who_roles)s::text[])
           AS who(audience, person_id, role) ON who.audience = due.audience
), recipient AS (
    INSERT INTO escalation_firingrecipient (firing_id, person_id, role)
    SELECT firing_id, person_id, role FROM addressed
), new_notice AS (
    SELECT concat_ws(':', kind, subject_id, step, occurrence, person_id) AS key,
           notice_kind AS kind, kind AS subject_kind, subject_id, person_id,
           NULL::bigint AS contact_id, outside_at,
           params || jsonb_build_object('firing', firing_id, 'role', role) AS params
      FROM addressed
     WHERE NOT silent
)"""
_TELL_OF_MOVED = """
INSERT INTO escalation_clockevent (clock_id, kind, at, court_id, department_id, handler_id, params)
SELECT id, %(retimed)s, %(at)s, court_id, department_id, handler_id, moved
  FROM clock
 WHERE moved IS NOT NULL
"""
_RECORD = ", ".join((_FIRE, outbox.WRITE)) + _TELL_OF_MOVED
_SET_ASIDE = """
UPDATE escalation_clock AS clock SET set_aside = bad.reason
  FROM unnest(%s::bigint[], %s::text[]) AS bad(id, reason)
 WHERE clock.id = bad.id
"""


@dataclass
class _Numbered:
    """Things that many clocks share, each written once and known by its number."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[Any, int] = field(default_factory=dict)

    def add(self, key: Any, row: dict[str, Any]) -> int:
        self.numbers[key] = number = len(self.rows)
        self.rows.append(row | {"no": number})
        return number


class _Batch:
    """What is to be written of some clocks, gathered clock by clock."""

    def __init__(self, places: Places, at: datetime, *, answered: bool, fire: bool) -> None:
        self.places, self.at, self.answered, self.fire = places, at, answered, fire
        self.roster: Roster | None = None
        self.judged: dict[Counted, tuple[int, Outcome, list[int]] | str] = {}
        self.outcomes, self.rungs, self.audiences = _Numbered(), _Numbered(), _Numbered()
        self.clocks: list[int] = []
        self.clock_outcomes: list[int] = []
        self.due: list[tuple[int, int, int]] = []
        self.who: list[tuple[int, int | None, str]] = []
        self.bad: dict[int, str] = {}

    def add(self, row: Row) -> None:
        """Judge a clock; one that cannot be judged is remembered with the reason."""
        judged = self.judged.get(row.counted)
        if judged is None:
            judged = self.judged[row.counted] = self._judge(row)
        if isinstance(judged, str):
            self.bad[row.clock_id] = judged
            return
        number, outcome, rungs = judged
        self.clocks.append(row.clock_id)
        self.clock_outcomes.append(number)
        for rung, rung_number in zip(outcome.rungs, rungs, strict=True):
            self.due.append((row.clock_id, rung_number, self._audience(row, rung)))

    def _judge(self, row: Row) -> tuple[int, Outcome, list[int]] | str:
        clock = row.counted
        try:
            place = self.places.of(clock.court_id, clock.policy_id, clock.version_id)
            outcome = judge(clock, place, self.at, fire=self.fire)
            notice_kind = subjects.of(clock.kind).notice_kind if outcome.rungs else ""
        except Exception as error:  # a poisoned row must not stop the others
            log.exception("clock_set_aside", clock=row.clock_id)
            return f"{type(error).__name__}: {error}"[:200]
        number = self.outcomes.add(clock, _outcome_row(clock, outcome))
        rungs = [self._rung(clock, place, notice_kind, rung) for rung in outcome.rungs]
        return number, outcome, rungs

    def _rung(self, clock: Counted, place: Place, notice_kind: str, rung: Rung) -> int:
        due, frame = rung.due, place.frame
        outside_at = opening_hours.within(place.policy, frame.calendar, frame.zone, self.at)
        params = {
            "step": due.step.key,
            "level": due.step.level,
            "due_at": due.due_at.isoformat(),
            "settled": self.answered,
            "attempted": rung.was_attempted,
            "after_rejection": rung.is_behind,
        }
        row = {
            "step": due.step.key,
            "occurrence": due.occurrence,
            "level": due.step.level,
            "day0": rung.day0.isoformat(),
            "version_id": clock.version_id,
            "due_at": due.due_at.isoformat(),
            "attempted": rung.was_attempted,
            "silent": rung.is_silent,
            "notice_kind": notice_kind,
            "outside_at": outside_at.isoformat(),
            "params": params,
        }
        return self.rungs.add((clock, due.key), row)

    def _audience(self, row: Row, rung: Rung) -> int:
        """The recipients of a rung, found once for all clocks whose recipients are the same."""
        roster = self.roster
        if roster is None:
            roster = self.roster = Roster(self.places.courts.values())
        handler = roster.reads_as(row.handler_id, row.is_handler_active)
        unit = Unit(row.counted.court_id, row.department_id, handler)
        step: Step = rung.due.step
        key = (step.to, unit, rung.due.due_at, rung.is_behind)
        number = self.audiences.numbers.get(key)
        if number is None:
            found = roster.resolve(step.to, unit, due_at=rung.due.due_at, fired_at=self.at)
            detail = found.detail | ({"after_rejection": True} if rung.is_behind else {})
            number = self.audiences.add(key, {"detail": detail})
            self.who += _addresses(number, found)
        return number

    def write(self) -> None:
        """Write all of it: one statement, and one more if some clocks are set aside."""
        with connection.cursor() as cursor:
            if self.clocks:
                cursor.execute(_RECORD, self._params())
            if self.bad:
                cursor.execute(_SET_ASIDE, [list(self.bad), list(self.bad.values())])

    def _params(self) -> dict[str, Any]:
        due, who = self.due, self.who
        return {
            "at": self.at,
            "answered": self.answered,
            "retimed": ClockEvent.Kind.RETIMED,
            "clocks": _array(self.clocks),
            "outcomes": _array(self.clock_outcomes),
            "outcome_rows": json.dumps(self.outcomes.rows),
            "rungs": json.dumps(self.rungs.rows),
            "audiences": json.dumps(self.audiences.rows),
            "due_clocks": _array([row[0] for row in due]),
            "due_rungs": _array([row[1] for row in due]),
            "due_audiences": _array([row[2] for row in due]),
            "who_audiences": [row[0] for row in who],
            "who_people": [row[1] for row in who],
            "who_roles": [row[2] for row in who],
        }


def _array(numbers: Sequence[int]) -> str:
    """An array as PostgreSQL reads it: for thousands of numbers much cheaper than an expression."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _addresses(audience: int, found: Found) -> list[tuple[int, int | None, str]]:
    """The recipients as rows; the handler, whoever it is, stands as None."""
    return [(audience, person_id or None, role) for person_id, role in found.people.items()]


def _outcome_row(clock: Counted, outcome: Outcome) -> dict[str, Any]:
    def text(instant: datetime | None) -> str | None:
        return instant.isoformat() if instant else None

    return {
        "next_due_at": text(outcome.next_due_at),
        "limit_at": text(outcome.limit_at),
        "not_before_at": text(outcome.not_before_at),
        "fired": outcome.fired,
        "version_id": clock.version_id,
        "moved": outcome.moved or None,
    }


def record(
    rows: Sequence[Row], *, at: datetime, answered: bool = False, fire: bool = True
) -> Recorded:
    """Record everything that is due at or before ``at`` of locked clocks, and how they stand then.

    The clocks must be locked by the caller's transaction and still run. One that was timed by an
    older calendar is timed anew before it is judged, so nothing fires by an old date; without
    ``fire`` nothing fires at all. A clock that cannot be judged is set aside. With ``answered``
    (a settling before a stop) the notices say that the answer has since come.

    At most three statements however many clocks, and one more if some are set aside.
    """
    places = Places({row.counted.court_id for row in rows})
    batch = _Batch(places, at, answered=answered, fire=fire)
    for row in rows:
        batch.add(row)
    batch.write()
    return Recorded(len(batch.clocks), len(batch.due), len(batch.bad))


def settle(clock: Clock, *, at: datetime, answered: bool = False) -> None:
    """Record what is due of one locked clock, and bring the object up to date with its row."""
    record(these([clock.pk]), at=at, answered=answered)
    clock.refresh_from_db(
        fields=["next_due_at", "limit_at", "not_before_at", "fired", "calendar_version",
                "set_aside"]
    )  # fmt: skip


def time_clock(clock: Clock, *, at: datetime) -> None:
    """Count a clock, as it stands in memory, from its anchors in the present calendar.

    Sets its limit and next due instant and saves nothing.
    """
    version, places = calendar.current_version(), Places([clock.court_id])
    counted = counted_of(clock, places, version.pk)
    place = places.of(clock.court_id, clock.policy_id, version.pk)
    outcome = judge(counted, place, at, fire=False)
    clock.calendar_version = version
    clock.limit_at, clock.not_before_at = outcome.limit_at, outcome.not_before_at
    clock.next_due_at = outcome.next_due_at if clock.stopped_at is None else None
