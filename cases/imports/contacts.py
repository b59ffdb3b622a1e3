"""People whom the court's records identify: one contact for each, the newest word on them kept.

A name or telephone is newer by the sequence of the record that brings it, also where that record
itself comes too late to change the participant: so the order in which records come makes no
difference. Sealing costs more than all else here, so only what is new or changed is sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from cases.imports import staging
from courts.fields import blind_index
from notices.models import Contact

_STAGE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS stage_identity (
        place integer, identity_kind text, id_number_index text, sequence bigint,
        phone_sequence bigint
    ) ON COMMIT DELETE ROWS
"""
_FIND = """
    SELECT stage.place, contact.id, contact.name, contact.phone_index,
           COALESCE(stage.sequence > registered.sequence, TRUE),
           COALESCE(stage.phone_sequence > registered.phone_sequence,
                    stage.phone_sequence IS NOT NULL)
      FROM stage_identity AS stage
      LEFT JOIN notices_contact AS contact
        ON contact.identity_kind = stage.identity_kind
       AND contact.id_number_index = stage.id_number_index
      LEFT JOIN cases_registeredcontact AS registered
        ON registered.contact_id = contact.id AND registered.source = %(source)s
"""
_REGISTER = """
    INSERT INTO cases_registeredcontact AS t (source, contact_id, sequence, phone_sequence)
    SELECT %(source)s, contact.id, stage.sequence, stage.phone_sequence
      FROM stage_identity AS stage
      JOIN notices_contact AS contact
        ON contact.identity_kind = stage.identity_kind
       AND contact.id_number_index = stage.id_number_index
     ORDER BY contact.id
    ON CONFLICT (contact_id, source) DO UPDATE
       SET sequence = GREATEST(t.sequence, excluded.sequence),
           phone_sequence = GREATEST(t.phone_sequence, excluded.phone_sequence)
     WHERE excluded.sequence > t.sequence
        OR excluded.phone_sequence > t.phone_sequence
        OR (t.phone_sequence IS NULL AND excluded.phone_sequence IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as one record names them; no telephone is no word on it."""

    kind: str
    index: str
    number: str
    sequence: int
    name: str
    phone: str


@dataclass(slots=True)
class _Newest:
    """The newest name and the newest telephone of one identity in a batch."""

    named: Identity
    reached: Identity | None


def register(identities: Iterable[Identity], *, source: str) -> None:
    """Write the contacts of a batch, in its transaction and in the turn of its source."""
    newest = _newest(identities)
    if not newest:
        return
    # In the order of their key: two sources that name the same people wait in one order.
    people = [newest[key] for key in sorted(newest)]
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute("TRUNCATE stage_identity")
    staging.copy(
        "stage_identity",
        ["place", "identity_kind", "id_number_index", "sequence", "phone_sequence"],
        (
            (
                place,
                one.named.kind,
                one.named.index,
                one.named.sequence,
                one.reached.sequence if one.reached else None,
            )
            for place, one in enumerate(people)
        ),
    )
    fresh, renamed, moved = [], [], []
    for place, pk, name, phone_index, name_counts, phone_counts in staging.fetch(
        _FIND, source=source
    ):
        one = people[place]
        if pk is None:
            fresh.append(one)
            continue
        if name_counts and name != one.named.name:
            renamed.append(Contact(pk=pk, name=one.named.name))
        if one.reached and phone_counts:
            index = blind_index(one.reached.phone)
            if index != phone_index:
                moved.append(Contact(pk=pk, phone=one.reached.phone, phone_index=index))
    _add(fresh)
    if changed := {one.pk for one in (*renamed, *moved)}:
        # Two updates follow: another source that names the same people waits here for both.
        list(Contact.objects.filter(pk__in=changed).order_by("pk").select_for_update().values("pk"))
    Contact.objects.bulk_update(renamed, ["name"], batch_size=500)
    Contact.objects.bulk_update(moved, ["phone", "phone_index"], batch_size=500)
    staging.execute(_REGISTER, source=source)


def _newest(identities: Iterable[Identity]) -> dict[tuple[str, str], _Newest]:
    newest: dict[tuple[str, str], _Newest] = {}
    for one in identities:
        reached = one if one.phone else None
        known = newest.setdefault((one.kind, one.index), _Newest(one, reached))
        if (one.sequence, one.name) > (known.named.sequence, known.named.name):
            known.named = one
        if reached and (
            known.reached is None
            or (one.sequence, one.phone) > (known.reached.sequence, known.reached.phone)
        ):
            known.reached = reached
    return newest


def _add(fresh: list[_Newest]) -> None:
    fresh.sort(key=lambda one: (one.named.kind, one.named.index))
    rows = []
    for one in fresh:
        phone = one.reached.phone if one.reached else ""
        rows.append(
            Contact(
                name=one.named.name,
                phone=phone,
                phone_index=blind_index(phone),
                id_number=one.named.number,
                id_number_index=one.named.index,
                identity_kind=one.named.kind,
            )
        )
    # Conflicts: another source was faster.
    Contact.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
