"""Sweeping through the past: at every opening hour, as the running product would have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from courts.business_days import BusinessCalendar, next_opening
from escalation.sweep import sweep


@dataclass(frozen=True)
class OpeningHours:
    """When a court opens: its business days, its opening hour and its zone."""

    calendar: BusinessCalendar
    opening: time
    zone: ZoneInfo

    def sweep_between(
        self,
        since: datetime | None,
        until: datetime,
        also: Callable[[datetime], object] = lambda at: None,
    ) -> datetime:
        """Sweep at every opening after ``since`` up to ``until``, and do ``also`` then.

        Without ``since`` nothing came before, so nothing is swept. Returns ``until``.
        """
        if since is None:
            return until
        at = next_opening(self.calendar, since, self.opening, self.zone)
        while at <= until:
            sweep(at, record=False)
            also(at)
            at = next_opening(self.calendar, at, self.opening, self.zone)
        return until
