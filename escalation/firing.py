"""Recording what is due of some locked clocks: the one code of sweep, settling and re-timing.

Firing, its record, its notices and the clock's next instant are one statement. What is due is
judged once for all clocks that read alike; the rows are then written set by set, so the number
of statements does not grow with the number of clocks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import structlog
from django.db import DataError, Error, IntegrityError, connection, transaction

from courts import calendar
from escalation import ladder, opening_hours, subjects
from escalation.counting import Counted, Outcome, Rung, judge
from escalation.ladder import Frame
from escalation.models import Clock, ClockEvent
from escalation.places import Place, Places
from escalation.recipients import Roster, Unit
from escalation.rows import Alike, counted_of, these
from notices import outbox

log = structlog.get_logger(__name__)


def may_be_of_a_row(error: Exception) -> bool:
    """Whether one bad row may be the cause, and not a database that is gone or overburdened."""
    return isinstance(error, IntegrityError | DataError) or not isinstance(error, Error)


def why_set_aside(error: Exception) -> str:
    """What is kept with a clock that could not be judged."""
    return f"{type(error).__name__}: {error}"[:200]


@dataclass(frozen=True)
class Recorded:
    """How many clocks were judged, how many firings recorded, which clocks were set aside."""

    clocks: int
    firings: int
    set_aside: int = 0


# The clocks, each with the numbers of those that are alike and of how they stand; what is due, by
# the number of those alike; then what the numbers of rungs and audiences mean. The ids are listed
# besides being joined: so the planner knows how many rows come, and takes the index whatever the
# size of the table. Recipients stay in their order, that of the ladder.
_FIRE = """
WITH recorded AS (
    UPDATE escalation_clock AS clock
       SET next_due_at = outcome.next_due_at, limit_at = outcome.limit_at,
           not_before_at = outcome.not_before_at, fired = outcome.fired,
           calendar_version_id = outcome.version_id
      FROM unnest(%(clocks)s::bigint[], %(alikes)s::int[], %(outcomes)s::int[])
           AS judged(id, alike, outcome)
      JOIN jsonb_to_recordset(%(outcome_rows)s) AS outcome
           (no int, next_due_at timestamptz, limit_at timestamptz, not_before_at timestamptz,
            fired bigint, version_id bigint, moved jsonb)
        ON outcome.no = judged.outcome
     WHERE clock.id = judged.id AND clock.id = ANY(%(clocks)s::bigint[])
    RETURNING clock.id, clock.kind, clock.subject_id, clock.court_id, clock.department_id,
              clock.handler_id, judged.alike, outcome.moved
), rung AS (
    SELECT * FROM jsonb_to_recordset(%(rungs)s) AS rung
           (no int, step text, occurrence int, level int, day0 date, version_id bigint,
            due_at timestamptz, attempted boolean, silent boolean, notice_kind text,
            outside_at timestamptz)
), audience AS (
    SELECT * FROM jsonb_to_recordset(%(audiences)s) AS audience
           (no int, detail jsonb, people bigint[], roles text[])
), due AS MATERIALIZED (
    SELECT nextval('escalation_firing_id_seq') AS firing_id, clock.*
      FROM (SELECT recorded.id AS clock_id, kind, subject_id, court_id, department_id,
                   handler_id, due.rung, due.audience
              FROM unnest(%(due_alikes)s::int[], %(due_rungs)s::int[], %(due_audiences)s::int[])
                   AS due(alike, rung, audience)
              JOIN recorded ON recorded.alike = due.alike
              JOIN rung ON rung.no = due.rung
             ORDER BY rung.due_at, rung.level, recorded.id) AS clock
), fired AS (
    INSERT INTO escalation_firing
           (id, clock_id, step, occurrence, level, day0, calendar_version_id, due_at, fired_at,
            court_id, department_id, handler_id, was_attempted, was_settled, is_silent, detail)
    SELECT firing_id, clock_id, step, occurrence, level, day0, version_id, due_at, %(at)s,
           court_id, department_id, handler_id, attempted, %(answered)s, silent, detail
      FROM due
      JOIN rung ON rung.no = due.rung
      JOIN audience ON audience.no = due.audience
), addressed AS MATERIALIZED (
    SELECT firing_id, kind, subject_id, step, occurrence, silent, notice_kind, outside_at,
           unnest(array_replace(people, NULL, handler_id)) AS person_id, unnest(roles) AS role
      FROM due
      JOIN rung ON rung.no = due.rung
      JOIN audience ON audience.no = due.audience
     ORDER BY firing_id
), recipient AS (
    INSERT INTO escalation_firingrecipient (firing_id, person_id, role)
    SELECT firing_id, person_id, role FROM addressed
), new_notice AS (
    SELECT kind || ':' || subject_id || ':' || step || ':' || occurrence || ':' || person_id
           AS key, notice_kind AS kind, kind AS subject_kind, subject_id, person_id,
           NULL::bigint AS contact_id, outside_at,
           jsonb_build_object('firing', firing_id, 'step', step, 'role', role) AS params
      FROM addressed
     WHERE NOT silent
)"""
_TELL_OF_MOVED = """
INSERT INTO escalation_clockevent (clock_id, kind, at, court_id, department_id, handler_id, params)
SELECT id, %(retimed)s, %(at)s, court_id, department_id, handler_id, moved
  FROM recorded
 WHERE moved IS NOT NULL
"""
_SET_ASIDE = """
UPDATE escalation_clock AS clock SET set_aside = bad.reason
  FROM unnest(%s::bigint[], %s::text[]) AS bad(id, reason)
 WHERE clock.id = bad.id
"""


class _Numbered(list[dict[str, Any]]):
    """Rows that many clocks share, each written once and known by its number."""

    def add(self, row: dict[str, Any]) -> int:
        self.append(row | {"no": len(self)})
        return len(self) - 1


class _Judged(NamedTuple):
    """The number of an outcome, and what is due with the numbers of its rungs."""

    outcome: int
    rungs: list[tuple[Rung, int]]


class _Batch:
    """What is to be written of some clocks, gathered group by group."""

    def __init__(
        self, groups: Sequence[Alike], at: datetime, *, answered: bool, fire: bool
    ) -> None:
        self.places = Places({alike.counted.court_id for alike in groups})
        self.began_on = min((alike.counted.opened_on for alike in groups), default=at.date())
        self.at, self.answered, self.fire = at, answered, fire
        self.judged: dict[Counted, _Judged | str] = {}
        # Courts of one level with the same calendar and hours are judged once for all.
        self.judged_in_frame: dict[tuple[Frame, Counted], _Judged] = {}
        self.outcomes, self.rungs, self.audiences = _Numbered(), _Numbered(), _Numbered()
        self.audience_numbers: dict[tuple[Any, ...], int] = {}
        self.clocks: list[tuple[int, int, int]] = []
        self.due: list[tuple[int, int, int]] = []
        self.firings = 0
        self.bad: dict[int, str] = {}

    @cached_property
    def roster(self) -> Roster:
        """Asked for once something is due: to time clocks anew takes no recipients."""
        # Nothing is due before its matter began, wherever on earth that day began.
        began_at = datetime.combine(self.began_on, time(0), tzinfo=UTC) - timedelta(days=1)
        return Roster(self.places.courts.values(), since=began_at)

    def add(self, number: int, alike: Alike) -> None:
        """Judge clocks under a number; those that cannot be judged are kept with the reason."""
        judged = self.judged.get(alike.counted)
        if judged is None:
            judged = self.judged[alike.counted] = self._judge(alike)
        if isinstance(judged, str):
            self.bad |= dict.fromkeys(alike.clock_ids, judged)
            return
        self.clocks += [(clock_id, number, judged.outcome) for clock_id in alike.clock_ids]
        for rung, rung_number in judged.rungs:
            self.due.append((number, rung_number, self._audience(alike, rung)))
        self.firings += len(judged.rungs) * len(alike.clock_ids)

    def _judge(self, alike: Alike) -> _Judged | str:
        clock = alike.counted
        try:
            place = self.places.of(clock.court_id, clock.policy_id, clock.version_id)
            key = (place.frame, clock._replace(court_id=0))
            if key in self.judged_in_frame:
                return self.judged_in_frame[key]
            outcome = judge(clock, place, self.at, fire=self.fire)
            notice_kind = subjects.of(clock.kind).notice_kind if outcome.rungs else ""
        except Exception as error:  # a poisoned row must not stop the others
            if not may_be_of_a_row(error):
                raise
            log.exception("clocks_set_aside", clocks=alike.clock_ids)
            return why_set_aside(error)
        number = self.outcomes.add(_outcome_row(clock, outcome))
        rungs = [(rung, self._rung(clock, place, notice_kind, rung)) for rung in outcome.rungs]
        self.judged_in_frame[key] = judged = _Judged(number, rungs)
        return judged

    def _rung(self, clock: Counted, place: Place, notice_kind: str, rung: Rung) -> int:
        due, frame = rung.due, place.frame
        # What is counted in minutes does not wait for a door to open (G10: day or night).
        outside_at = self.at
        if due.step.unit not in ladder.UNITS:
            outside_at = opening_hours.within(place.policy, frame.calendar, frame.zone, self.at)
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
        }
        return self.rungs.add(row)

    def _audience(self, alike: Alike, rung: Rung) -> int:
        """The recipients of a rung, found once for all clocks whose recipients are the same."""
        to, due_at = rung.due.step.to, rung.due.due_at
        place = (alike.counted.court_id, alike.department_id, alike.handler_id)
        key = (place, to, due_at, rung.is_behind)
        number = self.audience_numbers.get(key)
        if number is None:
            found = self.roster.resolve(to, Unit(*place), due_at=due_at, fired_at=self.at)
            detail = found.detail | ({"after_rejection": True} if rung.is_behind else {})
            people = [person_id or None for person_id in found.people]  # None: each one's handler
            row = {"detail": detail, "people": people, "roles": list(found.people.values())}
            number = self.audience_numbers[key] = self.audiences.add(row)
        return number

    def write(self) -> None:
        """Write all of it: one statement, and one more if some clocks are set aside."""
        with connection.cursor() as cursor:
            if self.clocks:
                record_all = ", ".join((_FIRE, outbox.write_new())) + _TELL_OF_MOVED
                cursor.execute(record_all, self._params())
            if self.bad:
                cursor.execute(_SET_ASIDE, [list(self.bad), list(self.bad.values())])

    def _params(self) -> dict[str, Any]:
        due = self.due
        clocks = sorted(self.clocks)  # in the order in which the table has them
        return {
            "at": self.at,
            "answered": self.answered,
            "retimed": ClockEvent.Kind.RETIMED,
            "clocks": _array([row[0] for row in clocks]),
            "alikes": _array([row[1] for row in clocks]),
            "outcomes": _array([row[2] for row in clocks]),
            "outcome_rows": json.dumps(self.outcomes),
            "rungs": json.dumps(self.rungs),
            "audiences": json.dumps(self.audiences),
            "due_alikes": _array([row[0] for row in due]),
            "due_rungs": _array([row[1] for row in due]),
            "due_audiences": _array([row[2] for row in due]),
        }


def _array(numbers: Sequence[int]) -> str:
    """An array as PostgreSQL reads it: for thousands of numbers much cheaper than an expression."""
    return "{" + ",".join(map(str, numbers)) + "}"


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
    groups: Sequence[Alike], *, at: datetime, answered: bool = False, fire: bool = True
) -> Recorded:
    """Record everything that is due at or before ``at`` of locked clocks, and how they stand then.

    The clocks must be locked by the caller's transaction and still run. One that was timed by an
    older calendar is timed anew before it is judged, so nothing fires by an old date; without
    ``fire`` nothing fires at all. A clock that cannot be judged is set aside. With ``answered``
    (a settling before a stop) the notices say that the answer has since come.

    At most three statements however many clocks, and one more if some are set aside.
    """
    batch = _Batch(groups, at, answered=answered, fire=fire)
    for number, alike in enumerate(groups):
        batch.add(number, alike)
    batch.write()
    return Recorded(len(batch.clocks), batch.firings, len(batch.bad))


def settle(clock: Clock, *, at: datetime, answered: bool = False) -> None:
    """Record what is due of one locked clock, and bring the object up to date with its row."""
    record(these([clock.pk]), at=at, answered=answered)
    clock.refresh_from_db(
        fields=["next_due_at", "limit_at", "not_before_at", "fired", "calendar_version",
                "set_aside"]
    )  # fmt: skip


def settle_again(clock: Clock, *, at: datetime, answered: bool = False) -> None:
    """Settle a locked clock that was set aside, if it can be judged by now.

    Where the cause is mended nothing that was due is lost. Else the clock stays set aside: that
    must not keep an answer from being given.
    """
    try:
        with transaction.atomic():
            Clock.objects.filter(pk=clock.pk).update(set_aside="")
            settle(clock, at=at, answered=answered)
    except Exception as error:
        if not may_be_of_a_row(error):
            raise
        log.exception("clock_stays_set_aside", clock=clock.pk)
        clock.refresh_from_db(fields=["set_aside"])


def time_clock(clock: Clock, *, at: datetime) -> None:
    """Count a running clock, as it stands in memory, from its anchors in the present calendar.

    Sets its limit and next due instant and saves nothing. A clock that was stopped stays as it is.
    """
    if clock.stopped_at is not None:
        return
    version, places = calendar.current_version(), Places([clock.court_id])
    counted = counted_of(clock, places, version.pk)
    place = places.of(clock.court_id, clock.policy_id, version.pk)
    outcome = judge(counted, place, at, fire=False)
    clock.calendar_version = version
    clock.limit_at, clock.not_before_at = outcome.limit_at, outcome.not_before_at
    clock.next_due_at = outcome.next_due_at
