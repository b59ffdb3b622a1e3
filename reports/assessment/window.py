"""Until when the figures of a month may be objected to (the number is policy data)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from courts import calendar
from courts.business_days import BusinessCalendar, end_of_limit, local_date
from courts.models import Court
from escalation import policy
from liaison.models import TimelineEntry
from reports.months import Month


@dataclass(frozen=True)
class Window:
    """The days in which what counts for a court in a month may be objected to."""

    calendar: BusinessCalendar
    zone: ZoneInfo
    last_day: date
    business_days: int

    @classmethod
    def of(cls, court: Court, month: Month) -> Window:
        """By the court's calendar, and the policy that held when the month began."""
        jurisdiction = court.jurisdiction
        assert jurisdiction is not None
        rules = policy.present(jurisdiction.policy, month.first_day)
        return cls(
            calendar.present(court.pk),
            jurisdiction.zone,
            month.plus(1).first_day - timedelta(days=1),
            rules.objection_business_days,
        )

    def closes_at(self, rejected_at: datetime | None = None) -> datetime:
        """The end (24:00) of its last business day.

        An item may become late after the month, by the rejection of a reply: it may be objected to
        for as many days from then.
        """
        last_day = self.last_day
        if rejected_at is not None:
            last_day = max(last_day, local_date(rejected_at, self.zone))
        return end_of_limit(self.calendar, last_day, self.business_days, self.zone)


def closes_at(court: Court, month: Month) -> datetime:
    """The end (24:00) of the last business day, by the court's calendar, for objections."""
    return Window.of(court, month).closes_at()


def last_rejections(request_ids: Iterable[int]) -> dict[int, datetime]:
    """When a reply to each request was rejected last, where one was: one statement."""
    rows = TimelineEntry.objects.filter(request__in=set(request_ids), kind="reply_rejected")
    return dict(rows.order_by().values_list("request").annotate(Max("at")))
