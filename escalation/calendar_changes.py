"""Changing the business calendar, and what it does to clocks that run.

What was due under the old calendar is settled first; then the change is committed as a new
version; then every clock that runs is counted anew in it, batch by batch. Until its batch has
come, a clock is stale: the sweep counts it anew before it judges it, and takes up what an
interrupted change has left. Fired rungs and stopped clocks are not touched.

An upgrade of the public schedule is a change of the calendar like any other.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts import calendar
from courts.business_days import local_date
from courts.errors import Invalid, WrongState
from courts.models import (
    CalendarEntry,
    CalendarVersion,
    Court,
    Jurisdiction,
    OfficialYear,
    Person,
    PublicSchedule,
)
from escalation.models import Clock
from escalation.retiming import retime_stale
from escalation.sweep import sweep

log = structlog.get_logger(__name__)

_WAIT_SECONDS = 10
# One change after the other. A lock of its own: every clock refers to a version's row.
_LOCK = 20_070_101


@dataclass(frozen=True)
class DayChange:
    """What a local date is to be from now on.

    With a court: for that court alone; with a jurisdiction: for its courts; with neither: for
    all. ``is_business_day`` of ``None`` takes an entry back, so that the wider rule holds again.
    ``is_public`` says that a public schedule has it so, and no court of its own accord.
    """

    date: date
    is_business_day: bool | None
    name: str = ""
    jurisdiction: Jurisdiction | None = None
    court: Court | None = None
    is_public: bool = False


def change_calendar(
    entries: Sequence[DayChange],
    *,
    reason: str,
    by: Person | None,
    approval: str = "",
    reaching_back: str = "",
    official_years: Mapping[int, str] | None = None,
    at: datetime | None = None,
) -> CalendarVersion:
    """Make a new version of the calendar at ``at`` (default: now) and count running clocks anew.

    The first batch of them is counted at once, which is all of them in most places; the rest is
    the work of the background job ``escalation.tasks.retime``.
    ``official_years`` are years whose schedule is known from now on, entries and all, each with
    its source: dates in them are no longer provisional. Do not call it in a transaction: each
    batch is one of its own. Raises ``Invalid`` without a reason, for a court's own closure without
    ``approval`` (its superior court's, by file number or the like), or of a local date that has
    begun without ``reaching_back`` (why it reaches back), for a day given twice, for an entry to be
    taken back that is not there, and for a year without a source or known already; ``WrongState``
    when clocks that are due stay locked by others.
    """
    asked_at = at or timezone.now()
    official_years = official_years or {}
    _check(entries, reason, official_years)
    _check_closures(entries, approval, reaching_back, asked_at)
    _settle(asked_at)
    words = f"{reason.strip()} ({approval.strip()})" if approval.strip() else reason.strip()
    with transaction.atomic():
        _wait_for_turn()
        at = _settle_in_turn(at)
        present = calendar.current_version()
        version = CalendarVersion.objects.create(
            schedule_id=present.schedule_id,
            reason=words[:300],
            reaching_back=reaching_back.strip(),
            entered_by=by,
            entered_at=at,
        )
        for entry in entries:
            _enter(entry, version)
        for year, source in official_years.items():
            if year not in calendar.provisional_years(present.pk):
                raise Invalid(_("The schedule of this year is known already."), field="year")
            OfficialYear.objects.create(year=year, source=source.strip(), version=version)
    retime_stale(at, batches=1)
    return version


def take_public_schedule(
    at: datetime | None = None, *, deployed: bool = False
) -> CalendarVersion | None:
    """Make a version of the public schedule that is installed, unless the present one has it.

    Returns the new version, or ``None``. A schedule that was in force before is taken again only
    when ``deployed`` (after a migration): otherwise it is that of a worker not yet restarted
    since an upgrade. Not to be called in a transaction. Raises ``WrongState`` like
    ``change_calendar``.
    """
    if not CalendarVersion.objects.exists():
        with transaction.atomic():
            _wait_for_turn()
            calendar.current_version()
        return None
    schedule = calendar.installed()
    if not _is_to_take(schedule, deployed):
        return None
    _settle(at or timezone.now())
    with transaction.atomic():
        _wait_for_turn()
        if not _is_to_take(schedule, deployed):
            return None  # another was faster
        at = _settle_in_turn(at)
        before = calendar.kept_schedule(calendar.current_version().schedule_id)
        years = _years_that_differ(before, calendar.kept_schedule(schedule.pk))
        version = CalendarVersion.objects.create(
            schedule=schedule, reason=f"public schedule of {years}"[:300], entered_at=at
        )
    retime_stale(at, batches=1)
    return version


def _is_to_take(schedule: PublicSchedule, deployed: bool) -> bool:
    if calendar.current_version().schedule_id == schedule.pk:
        return False
    return deployed or not CalendarVersion.objects.filter(schedule=schedule).exists()


def _years_that_differ(before: calendar.Schedule, after: calendar.Schedule) -> str:
    years = set(before[1] ^ after[1])
    for day in before[0].keys() | after[0].keys():
        if before[0].get(day, (None,))[0] != after[0].get(day, (None,))[0]:
            years.add(day.year)
    return ", ".join(str(year) for year in sorted(years)) or "the installed package"


def _wait_for_turn() -> None:
    """Changes take turns until they are committed, so versions are numbered as they commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _check(entries: Sequence[DayChange], reason: str, official_years: Mapping[int, str]) -> None:
    if not entries and not official_years:
        raise Invalid(_("Enter at least one day."), field="date")
    if not reason.strip():
        raise Invalid(_("Write why the calendar changes."), field="reason")
    places = [(entry.date, entry.jurisdiction, entry.court) for entry in entries]
    if len(set(places)) < len(places):
        raise Invalid(_("The same day is entered twice."), field="date")
    for entry in entries:
        if not calendar.FIRST_YEAR <= entry.date.year <= calendar.LAST_YEAR:
            raise Invalid(_("The calendar does not reach this year."), field="date")
        if entry.court is not None and entry.jurisdiction is not None:
            raise Invalid(_("Choose a court or a jurisdiction, not both."), field="court")
        if entry.court is not None and entry.is_public:
            raise Invalid(_("No single court has a public schedule of its own."), field="court")
    for year, source in official_years.items():
        if not calendar.FIRST_YEAR <= year <= calendar.LAST_YEAR:
            raise Invalid(_("The calendar does not reach this year."), field="year")
        if not source.strip():
            raise Invalid(_("Name the notice that announces the schedule."), field="source")


def _check_closures(
    entries: Sequence[DayChange], approval: str, reaching_back: str, at: datetime
) -> None:
    """What a court's own closure needs, and taking back a day that it had opened.

    A day that has begun where the court is lies behind.
    """
    closures = [entry for entry in entries if entry.court and _closes(entry)]
    if closures and not approval.strip():
        raise Invalid(
            _("A court's own closure needs the approval of its superior court."),
            field="approval",
        )
    for closure in closures:
        assert closure.court is not None
        if closure.court.jurisdiction is None:
            raise Invalid(_("This court belongs to no jurisdiction."), field="court")
        today = local_date(at, closure.court.jurisdiction.zone)
        if closure.date <= today and not reaching_back.strip():
            raise Invalid(
                _("These days have begun. Write why the closure reaches back to them."),
                field="reaching_back",
            )


def _closes(entry: DayChange) -> bool:
    """Whether a day is closed, or what had opened it is taken back."""
    if entry.is_business_day is None:
        return _standing(entry).filter(is_business_day=True).exists()
    return not entry.is_business_day


def _standing(entry: DayChange) -> QuerySet[CalendarEntry]:
    return CalendarEntry.objects.filter(
        date=entry.date,
        jurisdiction=entry.jurisdiction,
        court=entry.court,
        removed_in__isnull=True,
    )


def _settle_in_turn(at: datetime | None) -> datetime:
    """Record what came due while a change waited for its turn; the instant at which it is made.

    No line is kept about the run: sweeps would wait for that line until the change commits.
    """
    at = at or timezone.now()
    _settle(at, record=False)
    return at


def _settle(at: datetime, *, record: bool = True) -> None:
    """Record all that is due by the old calendar; a sweep passes over what others hold locked."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        retime_stale(at)  # what a change before this one has moved forward may be due
        sweep(at, record=record)
        if not Clock.objects.filter(next_due_at__lte=at, set_aside="").exists():
            return
        if time.monotonic() > until:
            raise WrongState(_("Matters that are due are being worked on. Please try again."))
        time.sleep(0.2)


def _enter(entry: DayChange, version: CalendarVersion) -> None:
    taken_back = _standing(entry).update(removed_in=version)
    if entry.is_business_day is not None:
        CalendarEntry.objects.create(
            date=entry.date,
            is_business_day=entry.is_business_day,
            name=entry.name,
            is_public=entry.is_public,
            jurisdiction=entry.jurisdiction,
            court=entry.court,
            added_in=version,
        )
    elif not taken_back:
        raise Invalid(_("There is no such entry to take back."), field="date")
