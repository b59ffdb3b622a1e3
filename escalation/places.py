"""The court's side of a count: its calendar, hours and level, looked up once for many clocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from courts import calendar
from courts.business_days import end_of_limit, local_date
from courts.models import Court
from escalation import ladder
from escalation.policy import Policy, by_version


@dataclass(frozen=True)
class Place:
    """A court with the policy of a clock, and the frame of the count."""

    court: Court
    policy: Policy
    frame: ladder.Frame

    def are_enough(self, attempts: Sequence[datetime]) -> bool:
        """Whether there are as many attempts, on as many local days, as the policy says."""
        days = {local_date(attempt, self.frame.zone) for attempt in attempts}
        return len(attempts) >= self.policy.attempts and len(days) >= self.policy.attempt_days

    def completes_at(self, replied_at: datetime) -> datetime:
        """When a reply given then counts as accepted if nobody disputes it."""
        frame, day0 = self.frame, local_date(replied_at, self.frame.zone)
        days = self.policy.complete_after_business_days
        return end_of_limit(frame.calendar, day0, days, frame.zone)


class Places:
    """Places by court, policy and calendar version: one statement for all courts."""

    def __init__(self, court_ids: Iterable[int]) -> None:
        rows = Court.objects.select_related("jurisdiction").filter(pk__in=set(court_ids))
        self.courts = {court.pk: court for court in rows}
        self._kept: dict[tuple[int, int, int], Place] = {}

    def of(self, court_id: int, policy_id: int, version_id: int) -> Place:
        """The place of a clock; raises ``ValueError`` for a court of no jurisdiction."""
        key = (court_id, policy_id, version_id)
        if key not in self._kept:
            court, policy = self.courts[court_id], by_version(policy_id)
            if court.jurisdiction is None:
                raise ValueError(f"court {court.code} belongs to no jurisdiction")
            frame = ladder.Frame(
                calendar=calendar.for_place(court_id, court.jurisdiction_id, version_id),
                zone=court.jurisdiction.zone,
                opening=policy.opening,
                court_level=court.level,
            )
            self._kept[key] = Place(court, policy, frame)
        return self._kept[key]
