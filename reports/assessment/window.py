"""Until when the figures of a month may be objected to (the number is policy data)."""

from __future__ import annotations

from datetime import datetime, timedelta

from courts import calendar
from courts.business_days import end_of_limit
from courts.models import Court
from escalation import policy
from reports.months import Month


def objection_days(court: Court, month: Month) -> int:
    """In how many business days, by the policy that held when the month began."""
    assert court.jurisdiction is not None
    return policy.present(court.jurisdiction.policy, month.first_day).objection_business_days


def closes_at(court: Court, month: Month) -> datetime:
    """The end (24:00) of the last business day, by the court's calendar, for objections."""
    assert court.jurisdiction is not None
    last_day = month.plus(1).first_day - timedelta(days=1)
    days = objection_days(court, month)
    return end_of_limit(calendar.present(court.pk), last_day, days, court.jurisdiction.zone)
