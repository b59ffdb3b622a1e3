"""Who is told of an objection and of its answer."""

from __future__ import annotations

from datetime import datetime

from escalation.opening_hours import staff_hours
from escalation.recipients import Roster, Unit
from notices.outbox import NewNotice, put
from reports.models import Objection

SUBJECT = "objection"


def tell_chamber(objection: Objection, *, at: datetime) -> None:
    """Tell the Case Filing Chamber of the leading court that an objection waits."""
    unit = Unit(objection.court_id, objection.department_id, objection.person_id)
    found = Roster([objection.court], since=at).resolve(
        ["filing_chamber"], unit, due_at=at, fired_at=at
    )
    put(
        [
            NewNotice(
                key=f"objection.made:{objection.pk}:{person_id}",
                kind="objection.made",
                subject_kind=SUBJECT,
                subject_id=objection.pk,
                person_id=person_id,
            )
            for person_id in found.people
            if person_id != objection.person_id
        ],
        at=at,
        outside_at=staff_hours(objection.court_id, at),
    )


def tell_author(objection: Objection, *, at: datetime) -> None:
    """Tell who objected that there is an answer."""
    put(
        [
            NewNotice(
                key=f"objection.answered:{objection.pk}",
                kind="objection.answered",
                subject_kind=SUBJECT,
                subject_id=objection.pk,
                person_id=objection.person_id,
            )
        ],
        at=at,
        outside_at=staff_hours(objection.court_id, at),
    )
