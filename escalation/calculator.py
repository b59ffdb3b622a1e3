"""Until when a court would have, counted as the engine counts; for the page and for machines.

It is public: the rules are, and nothing of any request is in the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from courts import calendar
from courts.business_days import BusinessCalendar, OutOfCalendar, local_date
from courts.errors import Invalid
from courts.models import Court
from escalation.deadline import LaidOpen, lay_open
from escalation.kind_names import longest_limit
from escalation.ladder import Anchors
from escalation.models import PolicyVersion
from escalation.places import Places
from escalation.policy import Policy, version_for


@dataclass(frozen=True)
class Deadline:
    """What was asked and the count laid open; instants are aware."""

    court: Court
    policy: Policy
    version: PolicyVersion
    kind: str
    anchors: Anchors
    laid: LaidOpen


def calculate(
    *,
    court: Court,
    limit: str,
    start: datetime,
    assigned: datetime | None = None,
    fixed_on: date | None = None,
) -> Deadline:
    """Lay open what a clock would count that starts at ``start`` in ``court``.

    ``limit`` is a kind of the policy, with one of its limits after a colon
    (``request.reply:ordinary``); the kind alone means its longest. ``assigned`` is when it is
    given to a unit; left out: at once. ``fixed_on`` is the local date of a limit that is a fixed
    date; any other takes none. It follows the policy that holds on the local date of
    ``start`` and the calendar as it stands now. Raises ``Invalid``, naming the argument, for a
    limit that the policy has not, for a dispatch or a fixed date before the start, for a fixed date
    that is missing, and for years beyond the calendar.
    """
    jurisdiction = court.jurisdiction
    if jurisdiction is None:
        raise ValueError(f"court {court.code} belongs to no jurisdiction")
    zone = jurisdiction.zone
    days = calendar.present(court.pk)
    for field, instant in (("start", start), ("assigned", assigned)):
        if instant is not None and not _is_known(instant, zone, days):
            raise _beyond(days, field)
    version = version_for(jurisdiction.policy, local_date(start, zone))
    place = Places([court.pk]).of(court.pk, version.pk, calendar.current_version().pk)
    kind, _colon, name = limit.partition(":")
    timed = place.policy.clocks.get(kind)
    if timed is None or (name and name not in timed.limits):
        raise Invalid(_("The policy of this court counts no such limit."), field="limit")
    if assigned is not None and assigned < start:
        raise Invalid(_("This lies before the start."), field="assigned")
    name = name or longest_limit(timed)
    if not timed.limits[name].is_fixed_date:
        fixed_on = None
    elif fixed_on is None:
        raise Invalid(_("Enter the day by which it is to be done."), field="fixed_on")
    elif not days.first <= fixed_on <= days.last:
        raise _beyond(days, "fixed_on")
    elif fixed_on < local_date(start, zone):
        raise Invalid(_("This lies before the start."), field="fixed_on")
    anchors = Anchors(start, assigned or start, fixed_on)
    try:
        laid = lay_open(timed, name, anchors, place.frame)
    except OutOfCalendar:
        field = "fixed_on" if fixed_on else "assigned" if assigned else "start"
        raise _beyond(days, field) from None
    return Deadline(court, place.policy, version, kind, anchors, laid)


def _is_known(instant: datetime, zone: ZoneInfo, days: BusinessCalendar) -> bool:
    try:
        return days.first <= local_date(instant, zone) <= days.last
    except OverflowError:  # the first or last day that there is, in another zone
        return False


def _beyond(days: BusinessCalendar, field: str) -> Invalid:
    words = _("The calendar knows the years %(first)s to %(last)s only.")
    years = {"first": days.first.year, "last": days.last.year}
    return Invalid(str(words) % years, field=field)
