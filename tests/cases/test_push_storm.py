"""A storm of nodes, each sent three times: one row in the outbox for each that may know it."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection

from cases.models import Case, CaseNode, CaseParticipant, Push
from notices.models import Contact, Delivery, Notice
from tests.cases.mirrored import AT, arrive
from tests.city import City

BATCH = 2000
DIGEST_AT_LEAST = 5


def _storm(town: City, size: int) -> list[CaseNode]:
    """Cases of ten nodes with two parties and a lawyer of five cases; every eleventh corrected."""
    cases = Case.objects.bulk_create(
        Case(
            source_id=f"storm-{n}",
            number=f"（2026）示0101民初{n}号",
            number_key=f"（2026）示0101民初{n}号",
            court=town.east,
            sequence=n,
            digest=b"",
        )
        for n in range(size // 10)
    )
    people = Contact.objects.bulk_create(
        (
            Contact(
                name=f"当事人{n}",
                phone=f"138{n:08}",
                phone_index=f"p{n}",
                id_number_index=f"i{n}",
                identity_kind=Contact.IdentityKind.ID_CARD,
                email=f"p{n}@example.org",
            )
            for n in range(len(cases) * 2 + len(cases) // 5 + 1)
        ),
        batch_size=5000,
    )
    lawyers = people[len(cases) * 2 :]
    rows = []
    for n, one in enumerate(cases):
        for place, (role, capacity, person) in enumerate(
            [
                ("plaintiff", "party", people[2 * n]),
                ("defendant", "party", people[2 * n + 1]),
                ("plaintiff", "litigation_agent", lawyers[n // 5]),
            ]
        ):
            rows.append(
                CaseParticipant(
                    case=one,
                    source_id=f"{n}-{place}",
                    name=person.name,
                    role=role,
                    capacity=capacity,
                    contact=person,
                    sequence=n,
                    digest=b"",
                )
            )
    CaseParticipant.objects.bulk_create(rows, batch_size=5000)
    kinds = ("hearing", "panel", "acceptance", "judgment_issued", "archiving")
    return CaseNode.objects.bulk_create(
        (
            CaseNode(
                case=cases[n // 10],
                node_id=f"storm-{n}",
                kind=kinds[n % 5],
                occurred_at=AT - timedelta(minutes=n % 600),
                sequence=n,
                digest=b"",
            )
            for n in range(size)
        ),
        batch_size=5000,
    )


def _corrected(nodes: Sequence[CaseNode]) -> list[CaseNode]:
    first = nodes[::11]
    CaseNode.objects.filter(pk__in=[one.pk for one in first]).update(is_current=False)
    return CaseNode.objects.bulk_create(
        (
            CaseNode(
                case_id=one.case_id,
                node_id=one.node_id,
                revision=2,
                kind=one.kind,
                occurred_at=one.occurred_at,
                details={"place": "第二法庭"},
                sequence=one.sequence + len(nodes),
                digest=b"",
            )
            for one in first
        ),
        batch_size=5000,
    )


def _send(nodes: Sequence[CaseNode], minute: int) -> None:
    for start in range(0, len(nodes), BATCH):
        arrive(nodes[start : start + BATCH], at=AT + timedelta(minutes=minute))


def _blow(town: City, size: int) -> None:
    dice = random.Random(5)
    nodes = _storm(town, size)
    began = time.perf_counter()
    for minute in range(3):
        shuffled = list(nodes)
        dice.shuffle(shuffled)
        _send(shuffled, minute)
    seconds = time.perf_counter() - began
    arrivals, told = 3 * len(nodes), Notice.objects.filter(kind="case.news").count()
    print(
        f"\n{arrivals} arrivals, {told} notices in {seconds:.1f} s:"
        f" {arrivals / seconds:.0f} arrivals and {told / seconds:.0f} notices a second"
    )
    _hold(nodes, [])
    corrected = _corrected(nodes)
    for minute in range(3, 6):
        _send(corrected, minute)
        _send(nodes, minute)  # the first revisions come late once more
    _hold(nodes, corrected)


def _hold(nodes: Sequence[CaseNode], corrected: Sequence[CaseNode]) -> None:
    """Exactly one row for each revision and person who may know it, and no other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, contact_id, count(*) FROM notices_notice"
            " WHERE subject_kind = 'case_node' GROUP BY 1, 2"
        )
        rows = {(node, contact): count for node, contact, count in cursor.fetchall()}
    people: dict[int, list[int]] = {}
    for case_id, contact_id in CaseParticipant.objects.values_list("case_id", "contact_id"):
        assert contact_id is not None
        people.setdefault(case_id, []).append(contact_id)
    expected = {
        (one.pk, contact): 1
        for one in [*nodes, *corrected]
        if one.kind != "archiving"
        for contact in people[one.case_id]
    }
    assert rows == expected
    assert Push.objects.count() == len(expected)
    # Everybody here has at least five messages within the hour, so one digest each was to be sent.
    digests = Notice.objects.filter(kind="case.digest")
    assert digests.count() == len({contact for _node, contact in expected})
    assert Delivery.objects.filter(notice__in=digests).count() == digests.count()


@pytest.mark.django_db
def test_a_storm_ends_with_one_row_for_each_revision_and_person(town: City) -> None:
    _blow(town, 1500)


@pytest.mark.full
@pytest.mark.django_db
def test_a_storm_of_fifty_thousand_nodes(town: City) -> None:
    _blow(town, 50_000)
