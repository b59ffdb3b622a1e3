"""What a clock comes to at an instant: judged once for all clocks that read alike.

The rule is ``escalation.ladder``; the calculator, the sweep, the settling and the re-timing all
count by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from courts import calendar
from courts.business_days import local_instant, next_opening
from escalation import ladder
from escalation.places import Place


class Counted(NamedTuple):
    """All of a clock that its count depends on, but for the department and the handler.

    ``version_id`` is the calendar to count in. The instants of the anchors are given where the
    policy counts minutes, else their local dates do. The last three are given of a stale clock,
    one that was timed by an older calendar.
    """

    court_id: int
    kind: str
    policy_id: int
    version_id: int
    limit_name: str
    fired: int
    opened_on: date
    assigned_on: date | None
    fixed_on: date | None
    opened_at: datetime | None
    assigned_at: datetime | None
    not_before_at: datetime | None
    resumed_at: datetime | None
    attempted_at: datetime | None
    is_stale: bool
    next_due_at: datetime | None
    limit_at: datetime | None


@dataclass(frozen=True)
class Rung:
    """A step that is due; ``day0`` is the local date that it was counted from.

    ``is_behind`` tells that it was missed behind a reply that was rejected since; of several
    such all but the loudest are silent.
    """

    due: ladder.Due
    day0: date
    was_attempted: bool
    is_behind: bool
    is_silent: bool


@dataclass(frozen=True)
class Outcome:
    """What is due of a clock, and how it stands once that is recorded.

    ``moved`` says how the dates of a stale clock differ from before, for its event; empty if
    they do not.
    """

    rungs: tuple[Rung, ...]
    next_due_at: datetime | None
    limit_at: datetime | None
    not_before_at: datetime | None
    fired: int
    moved: Mapping[str, str | None]


def judge(clock: Counted, place: Place, at: datetime, *, fire: bool = True) -> Outcome:
    """What is due of a running clock at or before ``at``; without ``fire`` it is only timed."""
    kind, frame = place.policy.clocks[clock.kind], place.frame
    anchors = _anchors(clock, frame)
    due = ladder.schedule(kind, anchors, frame, clock.limit_name)
    limit_at = ladder.limit_end(kind.limits[clock.limit_name], anchors, frame)
    not_before = _not_before(clock, frame)
    waiting = ladder.pending(
        kind, due, clock.fired, rejected_at=clock.resumed_at, not_before=not_before
    )
    moved = _moved(clock, waiting[0][0] if waiting else None, limit_at)
    now_due = [item for instant, item in waiting if fire and instant <= at]
    later = [instant for instant, _item in waiting[len(now_due) :]]
    return Outcome(
        rungs=_rungs(clock, now_due, anchors, frame),
        next_due_at=later[0] if later else None,
        limit_at=limit_at,
        not_before_at=not_before,
        fired=clock.fired + sum(kind.bits[item.key] for item in now_due),
        moved=moved,
    )


def _anchors(clock: Counted, frame: ladder.Frame) -> ladder.Anchors:
    opened_at = clock.opened_at or local_instant(clock.opened_on, time(0), frame.zone)
    assigned_at = clock.assigned_at
    if assigned_at is None and clock.assigned_on is not None:
        assigned_at = local_instant(clock.assigned_on, time(0), frame.zone)
    return ladder.Anchors(opened_at, assigned_at, clock.fixed_on)


def _not_before(clock: Counted, frame: ladder.Frame) -> datetime | None:
    """When a resumed clock may fire again: at the next opening hour, where it is counted now.

    An opening hour that had come when the calendar changed stays as it was.
    """
    held, rejected = clock.not_before_at, clock.resumed_at
    if rejected is None:
        return None
    if held and not (clock.is_stale and calendar.change_of(clock.version_id).entered_at < held):
        return held
    return next_opening(frame.calendar, rejected, frame.opening, frame.zone)


def _moved(
    clock: Counted, next_due_at: datetime | None, limit_at: datetime | None
) -> dict[str, str | None]:
    if not clock.is_stale:
        return {}
    moved = dates_moved((clock.next_due_at, clock.limit_at), (next_due_at, limit_at))
    return moved | {"reason": calendar.change_of(clock.version_id).reason} if moved else {}


def dates_moved(
    before: tuple[datetime | None, datetime | None], after: tuple[datetime | None, datetime | None]
) -> dict[str, str | None]:
    """How a clock's next instant and limit differ from ``before``, for its event; {} if not."""
    if before == after:
        return {}
    instants = {
        "from": before[0],
        "to": after[0],
        "limit_from": before[1],
        "limit_to": after[1],
    }
    return {name: instant.isoformat() if instant else None for name, instant in instants.items()}


def _rungs(
    clock: Counted, now_due: list[ladder.Due], anchors: ladder.Anchors, frame: ladder.Frame
) -> tuple[Rung, ...]:
    """The records of what is due; behind a rejected reply only the highest is sent."""
    missed = [due for due in now_due if clock.resumed_at and due.due_at <= clock.resumed_at]
    sent = ladder.loudest(missed)
    made = []
    for due in now_due:
        day0 = anchors.day0(due.step.anchor, frame.zone)
        assert day0 is not None  # else the step would have no instant
        made.append(
            Rung(
                due=due,
                day0=day0,
                was_attempted=bool(clock.attempted_at and clock.attempted_at <= due.due_at),
                is_behind=due in missed,
                is_silent=due in missed and due is not sent,
            )
        )
    return tuple(made)
