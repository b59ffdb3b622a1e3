"""The verbs of a clock. Each locks the clock, and settles it before it stops or moves it.

Settling records every rung whose instant is at or before the verb's own ``at``, for the unit
that answered then: so the record never depends on when a sweep ran, no rung due before an
answer is lost, and none due after it is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts import calendar
from courts.business_days import local_date
from courts.errors import Invalid, WrongState
from courts.models import Court
from escalation.counting import dates_moved
from escalation.firing import settle, settle_again, time_clock
from escalation.models import Clock, ClockEvent, Firing, FiringRecipient
from escalation.places import Place, Places
from escalation.policy import Policy, by_version, version_for


def _hold_anew(clock: Clock, at: datetime) -> None:
    """What waits for an opening hour after a rejection waits for that of the court it is at now."""
    if clock.stopped_at is None and clock.not_before_at and clock.not_before_at > at:
        clock.not_before_at = None  # counted with the rest


def _check_fixed_date(clock: Clock) -> None:
    """A clock has a fixed date just where its limit is one."""
    limit = policy_of(clock).clocks[clock.kind].limits[clock.limit_name]
    if limit.is_fixed_date != (clock.fixed_on is not None):
        raise ValueError(f"{clock.kind}: limit {limit.name} with the fixed date {clock.fixed_on}")


def _event(clock: Clock, kind: str, at: datetime, **params: Any) -> None:
    ClockEvent.objects.create(
        clock=clock,
        kind=kind,
        at=at,
        court_id=clock.court_id,
        department_id=clock.department_id,
        handler_id=clock.handler_id,
        params=params,
    )


def _locked(kind: str, subject_id: int) -> Clock:
    return Clock.objects.select_for_update().of(kind, subject_id).get()


def hold(*, kinds: Sequence[str], subject_id: int) -> None:
    """Lock the clocks of a subject until the caller's transaction ends."""
    clocks = Clock.objects.select_for_update().filter(kind__in=kinds, subject_id=subject_id)
    list(clocks.order_by("pk").values_list("pk", flat=True))


def _settle(clock: Clock, at: datetime, *, answered: bool = False) -> None:
    if clock.stopped_at is not None:
        return
    if clock.set_aside:
        settle_again(clock, at=at, answered=answered)
        return
    # What a change of the calendar moved forward is due although the kept instant is not; and
    # where no rung is left, the limit moves all the same.
    is_stale = clock.calendar_version_id != calendar.current_version().pk
    if is_stale or (clock.next_due_at is not None and clock.next_due_at <= at):
        settle(clock, at=at, answered=answered)


def _times(clock: Clock) -> tuple[datetime | None, datetime | None]:
    return clock.next_due_at, clock.limit_at


def _place(clock: Clock) -> Place:
    places = Places([clock.court_id])
    return places.of(clock.court_id, clock.policy_id, clock.calendar_version_id)


def policy_of(clock: Clock) -> Policy:
    """The policy that a clock started with."""
    return by_version(clock.policy_id)


@transaction.atomic
def start(
    *,
    kind: str,
    subject_id: int,
    court: Court,
    department_id: int | None,
    limit_name: str,
    fixed_on: date | None = None,
    at: datetime | None = None,
) -> Clock:
    """Start the clock of a subject at ``at``, which becomes its ``opened`` anchor.

    It follows the version of its jurisdiction's policy that holds on that local date, to its
    end. A limit that is a fixed date takes ``fixed_on``, a local date: it ends at 24:00 of that,
    business day or not. Raises ``Invalid`` for a date before the start, ``ValueError`` for a date
    that the limit does not take or for its lack, and ``IntegrityError`` if the subject has a
    clock of this kind already.
    """
    at = at or timezone.now()
    jurisdiction = court.jurisdiction
    if jurisdiction is None:
        raise ValueError(f"court {court.code} belongs to no jurisdiction")
    today = local_date(at, jurisdiction.zone)
    if fixed_on is not None and fixed_on < today:
        raise Invalid(_("This day has passed."), field="fixed_on")
    policy = version_for(jurisdiction.policy, today)
    clock = Clock(
        kind=kind,
        subject_id=subject_id,
        policy=policy,
        calendar_version=calendar.current_version(),
        court=court,
        department_id=department_id,
        opened_at=at,
        limit_name=limit_name,
        fixed_on=fixed_on,
        counts_minutes=by_version(policy.pk).clocks[kind].counts_minutes,
    )
    _check_fixed_date(clock)
    time_clock(clock, at=at)
    clock.save()
    _event(clock, ClockEvent.Kind.STARTED, at)
    return clock


@transaction.atomic
def assign(
    *,
    kind: str,
    subject_id: int,
    court_id: int,
    department_id: int,
    handler_id: int | None,
    limit_name: str,
    at: datetime | None = None,
) -> Clock:
    """Give the clock to a unit. The first time sets its ``assigned`` anchor, later ones do not.

    Passing a matter on buys no time. Raises ``ValueError`` for a limit that is a fixed date where
    the clock has none, and for any other where it has one.
    """
    at = at or timezone.now()
    clock = _locked(kind, subject_id)
    _settle(clock, at)
    first = clock.assigned_at is None
    before = _times(clock)
    clock.court_id, clock.department_id, clock.handler_id = court_id, department_id, handler_id
    clock.limit_name = limit_name
    _check_fixed_date(clock)
    if first:
        clock.assigned_at = at
    _hold_anew(clock, at)
    time_clock(clock, at=at)
    clock.save()
    kind_of_event = ClockEvent.Kind.ASSIGNED if first else ClockEvent.Kind.MOVED
    _event(clock, kind_of_event, at, **dates_moved(before, _times(clock)))
    return clock


@transaction.atomic
def move(
    *,
    kind: str,
    subject_id: int,
    court_id: int,
    department_id: int | None,
    handler_id: int | None,
    at: datetime | None = None,
) -> Clock:
    """Move the clock to another unit or person, its anchors unchanged.

    A move to another court counts anew in that court's calendar; the event says what moved.
    """
    at = at or timezone.now()
    clock = _locked(kind, subject_id)
    _settle(clock, at)
    before = _times(clock)
    clock.court_id, clock.department_id, clock.handler_id = court_id, department_id, handler_id
    _hold_anew(clock, at)
    time_clock(clock, at=at)
    clock.save()
    _event(clock, ClockEvent.Kind.MOVED, at, **dates_moved(before, _times(clock)))
    return clock


@transaction.atomic
def stop(*, kind: str, subject_id: int, reason: str, at: datetime | None = None) -> Clock:
    """Stop the clock at ``at``, settled first. Stopping a stopped clock changes nothing."""
    at = at or timezone.now()
    clock = _locked(kind, subject_id)
    if clock.stopped_at is not None:
        return clock
    _settle(clock, at, answered=True)
    clock.stopped_at, clock.next_due_at = at, None
    clock.save(update_fields=["stopped_at", "next_due_at"])
    _event(clock, ClockEvent.Kind.STOPPED, at, reason=reason)
    return clock


@transaction.atomic
def resume(
    *, kind: str, subject_id: int, words_id: int, replied_at: datetime, at: datetime | None = None
) -> Clock:
    """Let a stopped clock run on as if the reply of ``replied_at`` had never been sent.

    Rungs missed meanwhile are recorded in order at the next opening hour, not before.
    ``words_id`` is the caller's: where it keeps the words that say why. None are kept here.
    """
    at = at or timezone.now()
    clock = _locked(kind, subject_id)
    if clock.stopped_at is None:
        return clock
    clock.stopped_at = None
    clock.resumed_at, clock.not_before_at = at, None
    time_clock(clock, at=at)
    clock.save()
    _event(clock, ClockEvent.Kind.RESUMED, at, words=words_id, replied_at=replied_at)
    return clock


@transaction.atomic
def record_attempt(*, kind: str, subject_id: int, at: datetime | None = None) -> None:
    """Record an attempt to reach the party. It stops nothing.

    After as many attempts on as many days as the policy says (three on two), later rungs are
    marked "attempted".
    """
    at = at or timezone.now()
    clock = _locked(kind, subject_id)
    _event(clock, ClockEvent.Kind.ATTEMPTED, at)
    if clock.attempted_at is None and _place(clock).are_enough(_attempts(clock)):
        clock.attempted_at = at
        clock.save(update_fields=["attempted_at"])


def _attempts(clock: Clock) -> list[datetime]:
    events = clock.events.filter(kind=ClockEvent.Kind.ATTEMPTED)
    return list(events.order_by("at").values_list("at", flat=True))


@transaction.atomic
def merge(*, kind: str, survivor_id: int, other_id: int, at: datetime | None = None) -> Clock:
    """Let one subject take the earliest anchors and all fired rungs of both; the other stops.

    It takes the attempts to reach the party too: those of both count together.
    The two clocks are locked in the order of their subjects, so that two merges cannot wait
    for each other. Raises ``WrongState`` if the limit of only one of them is a fixed date.
    """
    at = at or timezone.now()
    subject_ids = [survivor_id, other_id]
    locked = Clock.objects.select_for_update().filter(kind=kind, subject_id__in=subject_ids)
    clocks = {clock.subject_id: clock for clock in locked.order_by("subject_id")}
    survivor, other = clocks[survivor_id], clocks[other_id]
    _settle(survivor, at)
    _settle(other, at)
    survivor.opened_at = min(survivor.opened_at, other.opened_at)
    if survivor.assigned_at is None and other.assigned_at is not None:
        survivor.limit_name = _limit_of(other, survivor)
    if survivor.fixed_on and other.fixed_on:
        survivor.fixed_on = min(survivor.fixed_on, other.fixed_on)
    elif survivor.fixed_on or other.fixed_on:
        raise WrongState(_("Only one of them is due on a fixed date: they cannot be merged."))
    assigned = [clock.assigned_at for clock in (survivor, other) if clock.assigned_at]
    survivor.assigned_at = min(assigned) if assigned else None
    _add_attempts(survivor, other)
    survivor.fired |= _copy_firings(survivor, other)
    _take_over_rejection(survivor, other, at)
    time_clock(survivor, at=at)
    survivor.save()
    _event(survivor, ClockEvent.Kind.MERGED, at, other=other_id)
    if other.stopped_at is None:
        other.stopped_at, other.next_due_at = at, None
        other.save(update_fields=["stopped_at", "next_due_at"])
    _event(other, ClockEvent.Kind.STOPPED, at, reason="merged", into=survivor_id)
    return survivor


def _limit_of(other: Clock, survivor: Clock) -> str:
    """The limit of ``other`` by the version of the policy that ``survivor`` follows.

    A version that does not know a special limit counts the one in whose place it stands.
    """
    known = policy_of(survivor).clocks[survivor.kind].limits
    limit = policy_of(other).clocks[other.kind].limits[other.limit_name]
    names = (limit.name, limit.instead_of, survivor.limit_name)
    return next(name for name in names if name in known)


def _take_over_rejection(survivor: Clock, other: Clock, at: datetime) -> None:
    """What was missed behind a rejected reply is held back on the clock that goes on too."""
    held, rejected = other.not_before_at, other.resumed_at
    if other.stopped_at is not None or held is None or rejected is None or held <= at:
        return
    survivor.not_before_at = None  # counted with the rest, where the survivor is
    if survivor.resumed_at is None or survivor.resumed_at < rejected:
        survivor.resumed_at = rejected
        _copy_events([other.events.filter(kind=ClockEvent.Kind.RESUMED).latest("at")], survivor)


def _add_attempts(survivor: Clock, other: Clock) -> None:
    """Let those of both count together, from the first instant at which they are enough."""
    _copy_events(other.events.filter(kind=ClockEvent.Kind.ATTEMPTED), survivor)
    attempts, place = _attempts(survivor), _place(survivor)
    ends = (attempts[:number] for number in range(1, len(attempts) + 1))
    enough = next((first[-1] for first in ends if place.are_enough(first)), None)
    found = [at for at in (survivor.attempted_at, other.attempted_at, enough) if at]
    survivor.attempted_at = min(found, default=None)


def _copy_events(events: Iterable[ClockEvent], survivor: Clock) -> None:
    copies = list(events)
    for event in copies:
        event.pk, event.clock = None, survivor
    ClockEvent.objects.bulk_create(copies)


def _copy_firings(survivor: Clock, other: Clock) -> int:
    """Let the survivor have fired what the other has; returns the bits of what is new to it."""
    bits = policy_of(survivor).clocks[survivor.kind].bits
    have = set(survivor.firings.values_list("step", "occurrence"))
    fired = 0
    for firing in other.firings.prefetch_related("recipients"):
        if (firing.step, firing.occurrence) in have:
            continue
        fired |= bits.get((firing.step, firing.occurrence), 0)
        recipients = list(firing.recipients.all())
        source = firing.pk
        copy = Firing.objects.get(pk=source)
        copy.pk, copy._state.adding = None, True
        copy.clock = survivor
        copy.detail = copy.detail | {"merged_from": source}
        copy.save()
        FiringRecipient.objects.bulk_create(
            FiringRecipient(firing=copy, person_id=row.person_id, role=row.role)
            for row in recipients
        )
    return fired


def auto_complete_at(clock: Clock, at: datetime) -> datetime:
    """When a reply given at ``at`` counts as accepted if nobody disputes it."""
    return _place(clock).completes_at(at)
