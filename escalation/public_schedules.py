"""Importing a public schedule before the installed package knows it.

Only the days that differ from the present calendar are entered, as those of a public schedule:
its days off are holidays, and not closures of the courts. So the same file a second time changes
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courts import calendar
from courts.errors import Invalid, WrongState
from courts.models import CalendarVersion, Jurisdiction, Person
from courts.schedule_import import Difference, Schedule, YearOfChange, by_year, differences
from escalation.calendar_changes import DayChange, change_calendar


@dataclass(frozen=True)
class Preview:
    """What a schedule would change of a calendar version; ``years`` are the same year by year."""

    version_id: int
    differences: Sequence[Difference]
    years: Sequence[YearOfChange]


def preview(schedule: Schedule, *, jurisdiction: Jurisdiction | None = None) -> Preview:
    """What importing a schedule would change now, for all courts or those of a jurisdiction."""
    version_id = calendar.current_version().pk
    present = calendar.for_place(None, jurisdiction.pk if jurisdiction else None, version_id)
    found = differences(schedule, present)
    return Preview(
        version_id=version_id,
        differences=found,
        years=by_year(found, present),
    )


def announced_by(schedule: Schedule) -> list[int]:
    """The years still provisional of which this is the whole schedule."""
    provisional = calendar.provisional_years(calendar.current_version().pk)
    return sorted(schedule.whole_years & provisional)


def import_schedule(
    schedule: Schedule,
    *,
    reason: str,
    by: Person | None,
    jurisdiction: Jurisdiction | None = None,
    official_years: Collection[int] = (),
    source: str = "",
    seen_version_id: int | None = None,
    at: datetime | None = None,
) -> CalendarVersion | None:
    """Make a version of the calendar with the days of ``schedule`` that are otherwise now.

    ``official_years`` are official from now on, with ``source`` as the notice that announces
    them; those that are so already are passed over. Returns ``None`` if nothing changes.
    ``seen_version_id`` is the version that was shown before. Not to be called in a transaction.
    Raises ``Invalid`` for an official year of which this is not the whole schedule, or which is
    not for all courts, and like ``change_calendar``; ``WrongState`` like that, and if the
    calendar has changed since it was shown.
    """
    shown = preview(schedule, jurisdiction=jurisdiction)
    if seen_version_id is not None and seen_version_id != shown.version_id:
        raise WrongState(_("The calendar has changed meanwhile. Please look at it again."))
    if official_years and jurisdiction is not None:
        raise Invalid(
            _("A year is official for all courts, so its schedule is imported for all."),
            field="official_years",
        )
    for year in sorted(official_years):
        if year not in schedule.whole_years:
            raise Invalid(
                _("The file does not hold the whole schedule of %(year)s.") % {"year": year},
                field="official_years",
            )
    waited_for = announced_by(schedule)
    announced = {year: source for year in official_years if year in waited_for}
    if not shown.differences and not announced:
        return None
    return change_calendar(
        [
            DayChange(
                one.date,
                one.is_business_day,
                one.name,
                jurisdiction=jurisdiction,
                is_public=True,
            )
            for one in shown.differences
        ],
        reason=reason,
        by=by,
        official_years=announced,
        at=at,
    )
