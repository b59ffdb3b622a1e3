"""Changing the business calendar, and what it does to clocks that run.

What was due under the old calendar is settled first; then the change is committed as a new
version; then every clock that runs is counted anew in it, batch by batch. Until its batch has
come, a clock is stale: the sweep counts it anew before it judges it, and takes up what an
interrupted change has left. Fired rungs and stopped clocks are not touched.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts import calendar
from courts.errors import Invalid, WrongState
from courts.models import CalendarEntry, CalendarVersion, Court, Jurisdiction, Person
from escalation.firing import Places, fired_keys, retime, update_times
from escalation.models import Clock, ClockEvent
from escalation.sweep import sweep

log = structlog.get_logger(__name__)

BATCH = 1000
_WAIT_SECONDS = 10


@dataclass(frozen=True)
class DayChange:
    """What a local date is to be from now on.

    With a court: for that court alone; with a jurisdiction: for its courts; with neither: for
    all. ``is_business_day`` of ``None`` takes an entry back, so that the wider rule holds again.
    """

    date: date
    is_business_day: bool | None
    name: str = ""
    jurisdiction: Jurisdiction | None = None
    court: Court | None = None


def change_calendar(
    entries: Sequence[DayChange],
    *,
    reason: str,
    by: Person | None,
    approval: str = "",
    at: datetime | None = None,
) -> CalendarVersion:
    """Make a new version of the calendar at ``at`` (default: now) and count running clocks anew.

    Do not call it in a transaction: each batch is one of its own. Raises ``Invalid`` without a
    reason (a change that reaches back needs it in writing), for a court's own closure without
    ``approval`` (its superior court's, by file number or the like), for a day given twice, and
    for an entry to be taken back that is not there; ``WrongState`` when clocks that are due
    stay locked by others.
    """
    at = at or timezone.now()
    _check(entries, reason, approval)
    _settle(at)
    words = f"{reason.strip()} ({approval.strip()})" if approval.strip() else reason.strip()
    with transaction.atomic():
        # One change after the other: the order of versions is the order of their commits.
        CalendarVersion.objects.select_for_update().get(pk=calendar.current_version().pk)
        version = CalendarVersion.objects.create(reason=words[:300], entered_by=by, entered_at=at)
        for entry in entries:
            _enter(entry, version)
    retime_stale(at)
    return version


def _check(entries: Sequence[DayChange], reason: str, approval: str) -> None:
    if not entries:
        raise Invalid(_("Enter at least one day."), field="date")
    if not reason.strip():
        raise Invalid(_("Write why the calendar changes."), field="reason")
    places = [(entry.date, entry.jurisdiction, entry.court) for entry in entries]
    if len(set(places)) < len(places):
        raise Invalid(_("The same day is entered twice."), field="date")
    for entry in entries:
        if not calendar.FIRST_YEAR <= entry.date.year <= calendar.LAST_YEAR:
            raise Invalid(_("The calendar does not reach this year."), field="date")
        if entry.court is None:
            continue
        if entry.jurisdiction is not None:
            raise Invalid(_("Choose a court or a jurisdiction, not both."), field="court")
        if entry.is_business_day is False and not approval.strip():
            raise Invalid(
                _("A court's own closure needs the approval of its superior court."),
                field="approval",
            )


def _settle(at: datetime) -> None:
    """Record all that is due by the old calendar; a sweep passes over what others hold locked."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        sweep(at)
        if not Clock.objects.filter(next_due_at__lte=at, set_aside="").exists():
            return
        if time.monotonic() > until:
            raise WrongState(_("Matters that are due are being worked on. Please try again."))
        time.sleep(0.2)


def _enter(entry: DayChange, version: CalendarVersion) -> None:
    standing = CalendarEntry.objects.filter(
        date=entry.date,
        jurisdiction=entry.jurisdiction,
        court=entry.court,
        removed_in__isnull=True,
    )
    taken_back = standing.update(removed_in=version)
    if entry.is_business_day is not None:
        CalendarEntry.objects.create(
            date=entry.date,
            is_business_day=entry.is_business_day,
            name=entry.name,
            jurisdiction=entry.jurisdiction,
            court=entry.court,
            added_in=version,
        )
    elif not taken_back:
        raise Invalid(_("There is no such entry to take back."), field="date")


def retime_stale(at: datetime | None = None, *, due_only: bool = False) -> int:
    """Count running clocks of older calendar versions anew; return how many.

    Batch by batch, each in a transaction of its own, so that it can be interrupted and taken up
    again; clocks that others hold locked are left for the next time. ``due_only`` leaves out
    those that have no rung left, which is cheap enough for every sweep.
    """
    at = at or timezone.now()
    done = 0
    while True:
        with transaction.atomic():
            version = calendar.current_version()
            stale = Clock.objects.running().filter(set_aside="", calendar_version_id__lt=version.pk)
            if due_only:
                stale = stale.filter(next_due_at__isnull=False)
            batch = list(stale.order_by("pk").select_for_update(skip_locked=True)[:BATCH])
            if not batch:
                return done
            _retime_batch(batch, version, at)
        done += len(batch)


def _retime_batch(clocks: list[Clock], version: CalendarVersion, at: datetime) -> None:
    places, fired = Places(clock.court_id for clock in clocks), fired_keys(clocks)
    events: list[ClockEvent] = []
    counted = []
    for clock in clocks:
        try:
            events += retime(clock, version, places, fired[clock.pk], at)
        except Exception as error:  # a poisoned row must not stop the others
            log.exception("clock_set_aside", clock=clock.pk)
            set_aside = f"{type(error).__name__}: {error}"[:200]
            Clock.objects.filter(pk=clock.pk).update(set_aside=set_aside)
        else:
            counted.append(clock)
    ClockEvent.objects.bulk_create(events)
    update_times(counted)
