"""When staff are written to outside the application: within the opening hours of their court."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from courts import calendar
from courts.business_days import BusinessCalendar, local_date, next_opening
from courts.models import Court
from escalation import policy
from escalation.policy import Policy


def within(hours: Policy, days: BusinessCalendar, zone: ZoneInfo, at: datetime) -> datetime:
    """The instant ``at`` itself if it lies within opening hours, else the next opening."""
    is_open = hours.opening <= at.astimezone(zone).time() < hours.closing
    if is_open and days.is_business_day(local_date(at, zone)):
        return at
    return next_opening(days, at, hours.opening, zone)


def staff_hours(court_id: int, at: datetime) -> datetime:
    """From ``at`` on, the first instant within the court's opening hours, as they stand now.

    Three statements. Raises ``ValueError`` for a court of no jurisdiction.
    """
    court = Court.objects.select_related("jurisdiction").get(pk=court_id)
    if court.jurisdiction is None:
        raise ValueError(f"court {court.code} belongs to no jurisdiction")
    zone = court.jurisdiction.zone
    hours = policy.present(court.jurisdiction.policy, local_date(at, zone))
    return within(hours, calendar.present(court_id), zone, at)
