"""Cases of the invented city as the import writes them, and nodes as it announces them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases.models import Capacity, Case, CaseNode, CaseParticipant, ImportRun, PartyRole
from cases.signals import nodes_arrived
from courts.models import Court
from notices.models import Contact
from tests.city import local

AT = local(2026, 11, 18)
SEQUENCE = itertools.count(1)


def contact(name: str = "李青", **fields: Any) -> Contact:
    """A person whom the court's records identify; reached by e-mail, which every gateway has."""
    number = next(SEQUENCE)
    return Contact.objects.create(
        name=name,
        phone=fields.pop("phone", f"139{number:08}"),
        id_number=fields.pop("id_number", f"4401{number:014}"),
        identity_kind=Contact.IdentityKind.ID_CARD,
        email=fields.pop("email", f"party{number}@example.org"),
        **fields,
    )


def case(court: Court, **fields: Any) -> Case:
    """A case of a court."""
    number = next(SEQUENCE)
    text = fields.pop("number", f"（2026）{court.code}民初{number}号")
    values: dict[str, Any] = {
        "source_id": f"case-{number}",
        "number": text,
        "number_key": text,
        "court": court,
        "cause_name": "民间借贷纠纷",
        "sequence": number,
        "digest": b"",
    }
    return Case.objects.create(**(values | fields))


def participant(
    of: Case,
    person: Contact | None = None,
    *,
    role: str = PartyRole.PLAINTIFF,
    capacity: str = Capacity.PARTY,
    **fields: Any,
) -> CaseParticipant:
    """Somebody who takes part in a case."""
    person = person or contact()
    number = next(SEQUENCE)
    return CaseParticipant.objects.create(
        case=of,
        source_id=f"participant-{number}",
        name=person.name,
        role=role,
        capacity=capacity,
        contact=person,
        sequence=number,
        digest=b"",
        **fields,
    )


def node(of: Case, kind: str = "", *, after: CaseNode | None = None, **fields: Any) -> CaseNode:
    """A node, or with ``after`` the next revision of one, as the import writes it."""
    number = next(SEQUENCE)
    values: dict[str, Any] = {
        "case": of,
        "kind": kind or (after.kind if after else "hearing"),
        "node_id": after.node_id if after else f"node-{number}",
        "revision": after.revision + 1 if after else 1,
        "occurred_at": after.occurred_at if after else AT - timedelta(hours=1),
        "details": after.details if after else {},
        "sequence": number,
        "digest": b"",
    }
    if after is not None:
        CaseNode.objects.filter(source=after.source, node_id=after.node_id).update(is_current=False)
    return CaseNode.objects.create(**(values | fields))


def withdraw(one: CaseNode, *, is_withdrawn: bool = True) -> CaseNode:
    """Mark a revision as withdrawn, or as standing again, as the import does."""
    CaseNode.objects.filter(pk=one.pk).update(is_withdrawn=is_withdrawn, sequence=next(SEQUENCE))
    one.refresh_from_db()
    return one


def arrive(nodes: Iterable[CaseNode], at: datetime = AT) -> None:
    """Announce nodes in a transaction, as the import does."""
    with transaction.atomic():
        nodes_arrived.send(sender=ImportRun, node_ids=[one.pk for one in nodes], at=at)
