"""What staff are told about an order, and who they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escalation.opening_hours import staff_hours
from escalation.recipients import Roster, Unit
from notices.outbox import NewNotice, put
from workorders.models import WorkOrder

SUBJECT = "workorder"


def tell(
    order: WorkOrder,
    kind: str,
    *,
    at: datetime,
    event: str = "",
    to_officer: bool = False,
    **params: Any,
) -> None:
    """Put a notice to the order's handler in the outbox; with none, to the department's leader.

    ``event`` makes it unique where the same kind may come more than once for an order.
    ``to_officer`` tells the liaison officer too. E-mail waits for the court's opening hours.
    """
    roles = ["handler", "liaison_officer"] if to_officer else ["handler"]
    handler = order.handler if order.handler is not None and order.handler.is_active else None
    unit = Unit(order.court_id, order.department_id, handler.pk if handler else None)
    found = Roster([order.court], since=at).resolve(roles, unit, due_at=at, fired_at=at)
    put(
        [
            NewNotice(
                key=":".join(part for part in (kind, str(order.pk), event, str(person_id)) if part),
                kind=kind,
                subject_kind=SUBJECT,
                subject_id=order.pk,
                person_id=person_id,
                params=params | {"role": role},
            )
            for person_id, role in found.people.items()
        ],
        at=at,
        outside_at=staff_hours(order.court_id, at),
    )
