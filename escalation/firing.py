"""Recording what is due of some locked clocks: the one code of sweep and settling.

Firing, its record, its notices and the clock's next instant are one transaction. All writes are
set-based: the number of statements does not grow with the number of clocks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from courts import calendar
from courts.business_days import next_opening
from courts.models import CalendarVersion, Court
from escalation import ladder, opening_hours, subjects
from escalation.models import Clock, ClockEvent, Firing, FiringRecipient
from escalation.policy import Policy, by_version
from escalation.recipients import Found, Roster, Unit
from notices.outbox import NewNotice, put


@dataclass(frozen=True)
class Recorded:
    """How many clocks were looked at and how many firings were recorded."""

    clocks: int
    firings: int


@dataclass(frozen=True)
class _Place:
    """The court's part of a count."""

    court: Court
    policy: Policy
    frame: ladder.Frame


class Places:
    """Frames by court, policy and calendar version, looked up once per call."""

    def __init__(self, court_ids: Iterable[int]) -> None:
        rows = Court.objects.select_related("jurisdiction").filter(pk__in=set(court_ids))
        self._courts = {court.pk: court for court in rows}
        self._kept: dict[tuple[int, int, int], _Place] = {}

    def of(self, court_id: int, policy_id: int, version_id: int) -> _Place:
        """The court, policy and frame for a clock."""
        key = (court_id, policy_id, version_id)
        if key not in self._kept:
            court, policy = self._courts[court_id], by_version(policy_id)
            if court.jurisdiction is None:
                raise ValueError(f"court {court.code} belongs to no jurisdiction")
            frame = ladder.Frame(
                calendar=calendar.for_court(court_id, version_id),
                zone=court.jurisdiction.zone,
                opening=policy.opening,
                court_level=court.level,
            )
            self._kept[key] = _Place(court, policy, frame)
        return self._kept[key]


def _waiting(
    clock: Clock, place: _Place, fired: set[tuple[str, int]]
) -> list[tuple[datetime, ladder.Due]]:
    kind = place.policy.clocks[clock.kind]
    anchors = ladder.Anchors(clock.opened_at, clock.assigned_at)
    due = ladder.schedule(kind, anchors, place.frame)
    return ladder.pending(due, fired, clock.not_before_at)


def fired_keys(clocks: Sequence[Clock]) -> dict[int, set[tuple[str, int]]]:
    """What each clock has fired already: one statement."""
    fired: dict[int, set[tuple[str, int]]] = defaultdict(set)
    rows = Firing.objects.filter(clock__in=[clock.pk for clock in clocks])
    for clock_id, step, occurrence in rows.values_list("clock_id", "step", "occurrence"):
        fired[clock_id].add((step, occurrence))
    return fired


def time_clock(clock: Clock, places: Places, fired: set[tuple[str, int]]) -> None:
    """Set the limit and the next due instant of a clock from its anchors (not saved)."""
    place = places.of(clock.court_id, clock.policy_id, clock.calendar_version_id)
    limit = place.policy.clocks[clock.kind].limits[clock.limit_name]
    anchors = ladder.Anchors(clock.opened_at, clock.assigned_at)
    clock.limit_at = ladder.limit_end(limit, anchors, place.frame)
    waiting = _waiting(clock, place, fired)
    clock.next_due_at = waiting[0][0] if waiting and clock.stopped_at is None else None


def fire_due(clocks: Sequence[Clock], *, at: datetime, answered: bool = False) -> Recorded:
    """Record everything of ``clocks`` that is due at or before ``at``, and their next instants.

    The clocks must be locked by the caller's transaction and still run. A clock timed by an
    older calendar is re-timed before it is judged, so nothing fires by an old date. With
    ``answered`` (a settling before a stop) the notices say that the answer has since come.
    """
    version = calendar.current_version()
    fired = fired_keys(clocks)
    places = Places(clock.court_id for clock in clocks)
    firings: list[Firing] = []
    retimed: list[ClockEvent] = []
    for clock in clocks:
        if clock.calendar_version_id != version.pk:
            retimed += retime(clock, version, places, fired[clock.pk], at)
        place = places.of(clock.court_id, clock.policy_id, version.pk)
        waiting = _waiting(clock, place, fired[clock.pk])
        now_due = [item for instant, item in waiting if instant <= at]
        firings += _firings(clock, now_due, at, answered)
        rest = [instant for instant, _item in waiting if instant > at]
        clock.next_due_at = rest[0] if rest else None
    if firings:
        _write(clocks, firings, places, at)
    ClockEvent.objects.bulk_create(retimed)
    update_times(clocks)
    return Recorded(len(clocks), len(firings))


def retime(
    clock: Clock,
    version: CalendarVersion,
    places: Places,
    fired: set[tuple[str, int]],
    at: datetime,
) -> list[ClockEvent]:
    """Count a clock anew in a version of the calendar (neither is saved).

    Returns the event that says why its date moved, or none if the date stayed.
    """
    before = clock.next_due_at, clock.limit_at
    clock.calendar_version = version
    if clock.resumed_at and clock.not_before_at and clock.not_before_at > at:
        frame = places.of(clock.court_id, clock.policy_id, version.pk).frame
        clock.not_before_at = next_opening(
            frame.calendar, clock.resumed_at, frame.opening, frame.zone
        )
    time_clock(clock, places, fired)
    moved = dates_moved(before, clock)
    if not moved:
        return []
    event = ClockEvent(
        clock=clock,
        kind=ClockEvent.Kind.RETIMED,
        at=at,
        court_id=clock.court_id,
        department_id=clock.department_id,
        handler_id=clock.handler_id,
        params=moved | {"reason": version.reason},
    )
    return [event]


def dates_moved(
    before: tuple[datetime | None, datetime | None], clock: Clock
) -> dict[str, datetime | None]:
    """How a clock's next instant and limit differ from ``before``, for its event; {} if not."""
    if before == (clock.next_due_at, clock.limit_at):
        return {}
    return {
        "from": before[0],
        "to": clock.next_due_at,
        "limit_from": before[1],
        "limit_to": clock.limit_at,
    }


def _firings(clock: Clock, now_due: list[ladder.Due], at: datetime, answered: bool) -> list[Firing]:
    """The records of what is due; behind a rejected reply only the highest is sent."""
    missed = [due for due in now_due if clock.resumed_at and due.due_at <= clock.resumed_at]
    sent = ladder.loudest(missed)
    made = []
    for due in now_due:
        behind = due in missed
        made.append(
            Firing(
                clock=clock,
                step=due.step.key,
                occurrence=due.occurrence,
                level=due.step.level,
                due_at=due.due_at,
                fired_at=at,
                court_id=clock.court_id,
                department_id=clock.department_id,
                handler_id=clock.handler_id,
                was_attempted=bool(clock.attempted_at and clock.attempted_at <= due.due_at),
                was_settled=answered,
                is_silent=behind and due is not sent,
                detail={"after_rejection": True} if behind else {},
            )
        )
    return made


def _write(clocks: Sequence[Clock], firings: list[Firing], places: Places, at: datetime) -> None:
    by_id = {clock.pk: clock for clock in clocks}
    roster = Roster(
        {firing.court_id for firing in firings},
        {firing.handler_id for firing in firings if firing.handler_id},
    )
    found: list[Found] = []
    for firing in firings:
        clock = by_id[firing.clock_id]
        place = places.of(clock.court_id, clock.policy_id, clock.calendar_version_id)
        step = _step(place.policy, clock.kind, firing.step)
        unit = Unit(firing.court_id, firing.department_id, firing.handler_id)
        result = roster.resolve(step.to, unit, due_at=firing.due_at, fired_at=at)
        firing.detail |= result.detail
        found.append(result)
    Firing.objects.bulk_create(firings)
    FiringRecipient.objects.bulk_create(
        FiringRecipient(firing=firing, person_id=person_id, role=role)
        for firing, result in zip(firings, found, strict=True)
        for person_id, role in result.people.items()
    )
    by_opening: dict[datetime, list[NewNotice]] = defaultdict(list)
    for firing, result in zip(firings, found, strict=True):
        if firing.is_silent:
            continue
        clock = by_id[firing.clock_id]
        place = places.of(clock.court_id, clock.policy_id, clock.calendar_version_id)
        frame = place.frame
        outside_at = opening_hours.within(place.policy, frame.calendar, frame.zone, at)
        by_opening[outside_at] += _notices(clock, firing, result)
    for outside_at, notices in by_opening.items():
        put(notices, at=at, outside_at=outside_at)


def _step(policy: Policy, kind: str, key: str) -> ladder.Step:
    return next(step for step in policy.clocks[kind].steps if step.key == key)


def _notices(clock: Clock, firing: Firing, found: Found) -> list[NewNotice]:
    """One notice per clock, step, occurrence and person, whatever posts the person holds."""
    kind = subjects.of(clock.kind).notice_kind
    return [
        NewNotice(
            key=f"{clock.kind}:{clock.subject_id}:{firing.step}:{firing.occurrence}:{person_id}",
            kind=kind,
            subject_kind=clock.kind,
            subject_id=clock.subject_id,
            person_id=person_id,
            params=notice_params(firing, role),
        )
        for person_id, role in found.people.items()
    ]


def notice_params(firing: Firing, role: str) -> dict[str, Any]:
    """What a ladder notice needs to be worded later, as of the firing."""
    return {
        "firing": firing.pk,
        "step": firing.step,
        "level": firing.level,
        "role": role,
        "due_at": firing.due_at.isoformat(),
        "settled": firing.was_settled,
        "attempted": firing.was_attempted,
        "after_rejection": bool(firing.detail.get("after_rejection")),
    }


def update_times(clocks: Sequence[Clock]) -> None:
    """Write the limits, next due instants and calendar versions of clocks: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE escalation_clock AS clock
               SET next_due_at = new.next_due_at,
                   limit_at = new.limit_at,
                   not_before_at = new.not_before_at,
                   calendar_version_id = new.version
              FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[],
                          %s::timestamptz[], %s::bigint[])
                   AS new(id, next_due_at, limit_at, not_before_at, version)
             WHERE clock.id = new.id
            """,
            [
                [clock.pk for clock in clocks],
                [clock.next_due_at for clock in clocks],
                [clock.limit_at for clock in clocks],
                [clock.not_before_at for clock in clocks],
                [clock.calendar_version_id for clock in clocks],
            ],
        )
