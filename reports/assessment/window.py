"""Until when the figures of a month may be objected to (the number is policy data)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime

from courts import calendar
from courts.business_days import BusinessCalendar, end_of_limit, local_date
from courts.models import Court
from escalation import policy
from escalation.models import ClockEvent
from liaison.kinds import REPLY
from reports.indicators import Indicator
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

        An item may become late after the month, by the rejection of a reply in time: it may be
        objected to for as many days from then.
        """
        last_day = self.last_day
        if rejected_at is not None:
            last_day = max(last_day, local_date(rejected_at, self.zone))
        return end_of_limit(self.calendar, last_day, self.business_days, self.zone)


def closes_at(court: Court, month: Month) -> datetime:
    """The end (24:00) of the last business day, by the court's calendar, for objections."""
    return Window.of(court, month).closes_at()


class Rejections:
    """When replies to some requests were rejected: one statement."""

    def __init__(self, request_ids: Iterable[int]) -> None:
        self._pairs: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        events = ClockEvent.objects.filter(
            clock__kind=REPLY, clock__subject_id__in=set(request_ids), kind=ClockEvent.Kind.RESUMED
        )
        for request_id, params, at in events.values_list("clock__subject_id", "params", "at"):
            if (replied_at := parse_datetime(params["replied_at"])) is not None:
                self._pairs[request_id].append((replied_at, at))

    def made_late_at(self, request_id: int, indicator: str, limit_at: datetime) -> datetime | None:
        """When an item was made late by the rejection of a reply that was in time, if it was."""
        if indicator == Indicator.ACCEPTANCE:
            return None
        pairs = self._pairs.get(request_id, ())
        return max((at for replied_at, at in pairs if replied_at < limit_at), default=None)
