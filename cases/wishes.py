"""What a person wishes to be told of their cases, and how: the verbs of their own page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import node_list
from cases.models import PushPreference, SensitiveChoice
from cases.node_rules import NodeRule, Outside
from courts.errors import Invalid
from courts.models import Jurisdiction
from notices.channels import party_channels
from notices.models import Contact


def kinds_of_nodes() -> dict[str, NodeRule]:
    """Every kind of node of which this deployment tells, in the order of the lists."""
    found: dict[str, NodeRule] = {}
    for slug in Jurisdiction.objects.order_by("pk").values_list("policy", flat=True):
        for kind, rule in node_list.for_policy(slug).rules.items():
            found.setdefault(kind, rule)
    return found


def wanted_by(contact_id: int) -> dict[str, bool]:
    """What a person is told of by kind, as they or else the list have it; '' for any at all."""
    wanted = {"": True} | {kind: rule.push for kind, rule in kinds_of_nodes().items()}
    wishes = PushPreference.objects.filter(contact=contact_id)
    return wanted | dict(wishes.values_list("kind", "is_wanted"))


def chosen_outside(contact_id: int) -> str:
    """What a person chose for sensitive matters; '' where they leave it to the court."""
    rows = SensitiveChoice.objects.filter(contact=contact_id)
    return rows.values_list("outside", flat=True).first() or ""


@transaction.atomic
def set_wishes(*, contact_id: int, wanted: Mapping[str, bool], at: datetime | None = None) -> int:
    """Note of which kinds ('': of any at all) a person wishes to be told; how many changed.

    What they leave as it is stays with the list, should it change. Raises ``Invalid`` for a kind
    that no list has.
    """
    at = at or timezone.now()
    known = kinds_of_nodes()
    if not set(wanted) <= {"", *known}:
        raise Invalid(field="kinds")
    # Two forms of one person take turns.
    Contact.objects.select_for_update().get(pk=contact_id)
    present = wanted_by(contact_id)
    changed = {kind: wish for kind, wish in wanted.items() if present[kind] != wish}
    PushPreference.objects.bulk_create(
        [
            PushPreference(contact_id=contact_id, kind=kind, is_wanted=wish, changed_at=at)
            for kind, wish in sorted(changed.items())
        ],
        update_conflicts=True,
        unique_fields=["contact", "kind"],
        update_fields=["is_wanted", "changed_at"],
    )
    return len(changed)


@transaction.atomic
def choose_outside(*, contact_id: int, outside: str, at: datetime | None = None) -> None:
    """Note how much may be said outside of a person's sensitive matters; '' asks the court's list.

    Raises ``Invalid`` for a word that is none.
    """
    at = at or timezone.now()
    if outside and outside not in set(Outside):
        raise Invalid(field="outside")
    if not outside:
        SensitiveChoice.objects.filter(contact=contact_id).delete()
        return
    SensitiveChoice.objects.update_or_create(
        contact_id=contact_id, defaults={"outside": outside, "changed_at": at}
    )


@transaction.atomic
def refuse_channels(*, contact_ids: Collection[int], refused: Collection[str]) -> None:
    """Note by which channels a person does not wish to be written to.

    Raises ``Invalid`` for a channel by which no party is written to.
    """
    known = set(party_channels())
    if not set(refused) <= known:
        raise Invalid(field="channels")
    rows = Contact.objects.select_for_update().filter(pk__in=contact_ids).order_by("pk")
    for contact in rows:
        others = [name for name in contact.refused_channels if name not in known]
        contact.refused_channels = sorted({*others, *refused})
        contact.save(update_fields=["refused_channels"])
