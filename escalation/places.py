"""The court's side of a count: its calendar, hours and level, looked up once for many clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from courts import calendar
from courts.models import Court
from escalation import ladder
from escalation.policy import Policy, by_version


@dataclass(frozen=True)
class Place:
    """A court with the policy of a clock, and the frame of the count."""

    court: Court
    policy: Policy
    frame: ladder.Frame


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
