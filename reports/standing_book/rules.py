"""How one request reads in the standing book; pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar, OutOfCalendar, local_date


class Timeliness(StrEnum):
    """What became of a limit; the last two are left out of a rate."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


def timeliness(
    *,
    limit_at: datetime | None,
    done_at: datetime | None,
    at: datetime,
    is_merged: bool = False,
    withdrawn_at: datetime | None = None,
) -> Timeliness:
    """How a limit stands at ``at``, as the rates count it (``reports.indicators``).

    ``limit_at`` is the exclusive end. What was withdrawn after it counts as late; before it, and
    what was merged, is left out.
    """
    if is_merged:
        return Timeliness.MERGED
    if withdrawn_at is not None and (limit_at is None or withdrawn_at < limit_at):
        return Timeliness.WITHDRAWN
    if done_at is not None and (limit_at is None or done_at < limit_at):
        return Timeliness.IN_TIME
    if limit_at is not None and (done_at is not None or limit_at <= at):
        return Timeliness.LATE
    return Timeliness.OPEN


def business_days_to(
    opened_at: datetime, answered_at: datetime | None, *, calendar: BusinessCalendar, zone: ZoneInfo
) -> int | None:
    """Business days from the local day of ``opened_at`` to that of the answer; the first is 0.

    None without an answer, and where the calendar does not know the year.
    """
    if answered_at is None:
        return None
    try:
        return calendar.number_of(local_date(opened_at, zone), local_date(answered_at, zone))
    except OutOfCalendar:
        return None


def last_week(day: date) -> tuple[date, date]:
    """First and last local day of the week (Monday to Sunday) before the one of ``day``."""
    monday = day - timedelta(days=day.weekday())
    return monday - timedelta(days=7), monday - timedelta(days=1)


def next_monday(day: date) -> date:
    """The local day on which the week of ``day`` is over."""
    return day + timedelta(days=7 - day.weekday())


def last_month(day: date) -> tuple[date, date]:
    """First and last local day of the month before the one of ``day``."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def next_first(day: date) -> date:
    """The local day on which the month of ``day`` is over."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
