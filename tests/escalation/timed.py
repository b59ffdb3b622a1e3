"""A thing that is timed, without the thing: the engine knows only its kind and number."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime

from courts.models import Court, Department, Person
from escalation import services
from escalation.models import Clock, Firing
from escalation.sweep import sweep
from liaison.kinds import REPLY
from notices.models import Notice
from tests.city import City

# Where the invented owner keeps why a reply was rejected.
WORDS = 7
_numbers = itertools.count(1_000_000)


@dataclass
class Timed:
    """A reply clock of an invented subject, with the verbs as methods."""

    town: City
    court: Court
    kind: str = REPLY
    subject_id: int = field(default_factory=lambda: next(_numbers))

    @property
    def clock(self) -> Clock:
        return Clock.objects.of(self.kind, self.subject_id).get()

    def start(self, at: datetime) -> Timed:
        service = Department.objects.get(court=self.court, kind="litigation_service")
        services.start(
            kind=self.kind,
            subject_id=self.subject_id,
            court=self.court,
            department_id=service.pk,
            limit_name="summary",
            at=at,
        )
        return self

    def assign(
        self,
        at: datetime,
        department: Department | None = None,
        handler: Person | None = None,
        limit_name: str = "ordinary",
    ) -> Timed:
        department = department or self.town.division(self.court)
        services.assign(
            kind=self.kind,
            subject_id=self.subject_id,
            court_id=department.court_id,
            department_id=department.pk,
            handler_id=handler.pk if handler else None,
            limit_name=limit_name,
            at=at,
        )
        return self

    def move(self, at: datetime, department: Department, handler: Person | None = None) -> Timed:
        services.move(
            kind=self.kind,
            subject_id=self.subject_id,
            court_id=department.court_id,
            department_id=department.pk,
            handler_id=handler.pk if handler else None,
            at=at,
        )
        return self

    def stop(self, at: datetime, reason: str = "replied") -> Timed:
        services.stop(kind=self.kind, subject_id=self.subject_id, reason=reason, at=at)
        return self

    def resume(self, at: datetime, replied_at: datetime) -> Timed:
        services.resume(
            kind=self.kind,
            subject_id=self.subject_id,
            words_id=WORDS,
            replied_at=replied_at,
            at=at,
        )
        return self

    def attempt(self, at: datetime) -> Timed:
        services.record_attempt(kind=self.kind, subject_id=self.subject_id, at=at)
        return self

    def merge_into(self, survivor: Timed, at: datetime) -> None:
        services.merge(
            kind=self.kind, survivor_id=survivor.subject_id, other_id=self.subject_id, at=at
        )

    def swept(self, *instants: datetime) -> Timed:
        for at in instants:
            sweep(at)
        return self

    @property
    def fired(self) -> dict[str, Firing]:
        """What has fired, by step (and occurrence where there are more)."""
        rows = Firing.objects.filter(clock=self.clock).order_by("due_at", "level", "id")
        return {
            row.step if row.occurrence == 1 else f"{row.step}-{row.occurrence}": row for row in rows
        }

    def went_to(self, step: str) -> dict[str, str]:
        """Who received a step (user name) and for which role."""
        rows = self.fired[step].recipients.select_related("person")
        return {row.person.username: row.role for row in rows}

    @property
    def notices(self) -> list[tuple[str, str]]:
        """Step and recipient of every notice of this clock, in order."""
        rows = Notice.objects.filter(subject_kind=self.kind, subject_id=self.subject_id)
        return [
            (row.params["step"], row.person.username)
            for row in rows.select_related("person").order_by("pk")
        ]


def register_once(town: City, at: datetime, handler: Person | None = None) -> Timed:
    """A subject of the eastern court, opened and assigned at the same instant."""
    timed = Timed(town, town.east)
    return timed.start(at).assign(at, handler=handler or town.judge())
