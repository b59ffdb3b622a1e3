"""What staff are told about an order, and who they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from courts.models import Person
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
    author: Person | None = None,
    **params: Any,
) -> None:
    """Put a notice to the order's handler in the outbox; with none, to the department's leader.

    ``event`` makes it unique where the same kind may come more than once for an order.
    Given the ``author`` of a reply, those hear of it too who may rule on that. E-mail waits for
    the court's opening hours.
    """
    handler = order.handler if order.handler is not None and order.handler.is_active else None
    unit = Unit(order.court_id, order.department_id, handler.pk if handler else None)
    roster = Roster([order.court], since=at)
    people = roster.resolve(["handler"], unit, due_at=at, fired_at=at).people
    if author is not None:
        people = people | _who_rule(roster, unit, author, at)
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
            for person_id, role in people.items()
        ],
        at=at,
        outside_at=staff_hours(order.court_id, at),
    )


def _who_rule(roster: Roster, unit: Unit, author: Person, at: datetime) -> dict[int, str]:
    """Who rules on a reply by ``author``, with their roles: the liaison officer (G9).

    Nobody rules on their own: where the officer wrote it, or there is none, the Filing Chamber.
    """
    for role in ("liaison_officer", "filing_chamber"):
        found = roster.resolve([role], unit, due_at=at, fired_at=at).people
        rulers = {pk: held for pk, held in found.items() if held == role and pk != author.pk}
        if rulers:
            return rulers
    return {}
