"""The values of a policy with their sources, and who signed for those that no clause gives (G19).

An assumed value is to be confirmed until somebody has signed for it. What was signed for in one
version stays signed in later ones that have the same value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.errors import Invalid
from courts.models import Person
from escalation.models import PolicySignature, PolicyVersion
from escalation.policy_clocks import BUSINESS_DAYS, CONDITIONS, LIMIT_KEYS, PLACE, STEP_KEYS
from escalation.policy_reader import ASSUMED, VALUE_KEYS

# What a row means where it is silent. It is signed for with the rest: else a condition could be
# taken out of a signed step, and the step, now wider, would still count as signed for.
_STEP_SILENT: Mapping[str, Any] = {
    "unit": BUSINESS_DAYS, "at_most": 1, "court_levels": [], "limits": [],
}  # fmt: skip
_SPECIAL_LIMIT_SILENT: Mapping[str, Any] = {condition: [] for condition in CONDITIONS}


@dataclass(frozen=True)
class Sourced:
    """A value of a policy. ``row`` is the place of the limit or step that it is a part of.

    A value of no row is its own: ``row`` is then its key.
    """

    row: str
    name: str
    value: Any
    source: str

    @property
    def key(self) -> str:
        """Its place in the policy, such as ``clocks.request.reply.steps.warning.after``."""
        return f"{self.row}.{self.name}" if self.name else self.row


def sourced_values(document: Mapping[str, Any]) -> list[Sourced]:
    """Every value of a policy document, in one order however the database kept them."""
    values = document["values"]
    found = [
        Sourced(f"values.{name}", "", values[name]["value"], values[name]["source"])
        for name in VALUE_KEYS
        if name in values
    ]
    for kind, clock in sorted(document["clocks"].items()):
        limits = clock["limits"].items()
        for name, body in sorted(limits, key=lambda pair: pair[1].get(PLACE, 0)):
            silent = _SPECIAL_LIMIT_SILENT if "instead_of" in body else {}
            found += _row(f"clocks.{kind}.limits.{name}", body, LIMIT_KEYS, silent)
        for body in clock.get("steps", []):
            found += _row(f"clocks.{kind}.steps.{body['key']}", body, STEP_KEYS, _STEP_SILENT)
    return found


def _row(
    place: str, row: Mapping[str, Any], names: Collection[str], silent: Mapping[str, Any]
) -> Iterator[Sourced]:
    source = row.get("source", "")
    said = {**silent, **row}
    for name in names:
        if name in ("key", "source") or name not in said:
            continue
        body = said[name]
        if isinstance(body, dict):
            yield Sourced(place, name, body["value"], body.get("source", source))
        else:
            yield Sourced(place, name, body, source)


def assumed_values(policy: PolicyVersion) -> list[Sourced]:
    """The values of a policy version that no clause gives."""
    return [one for one in sourced_values(policy.document) if one.source == ASSUMED]


def signatures_for(policies: Collection[PolicyVersion]) -> dict[int, dict[str, PolicySignature]]:
    """The signatures that stand for values of each version, by its id and by the value's key.

    Of several for one value the newest. One statement, however many versions.
    """
    rows = PolicySignature.objects.filter(policy__slug__in={policy.slug for policy in policies})
    signed = list(rows.select_related("policy", "signed_by").order_by("policy__version"))
    found: dict[int, dict[str, PolicySignature]] = {}
    for policy in policies:
        values = {one.key: one.value for one in assumed_values(policy)}
        found[policy.pk] = {
            row.key: row
            for row in signed
            if row.policy.slug == policy.slug
            and row.policy.version <= policy.version
            and row.key in values
            and row.value == values[row.key]
        }
    return found


def to_be_confirmed(policies: Collection[PolicyVersion]) -> dict[int, list[Sourced]]:
    """The assumed values of each version that nobody has signed for, by its id."""
    signed = signatures_for(policies)
    return {
        policy.pk: [one for one in assumed_values(policy) if one.key not in signed[policy.pk]]
        for policy in policies
    }


@transaction.atomic
def sign(
    *,
    policy_id: int,
    keys: Collection[str],
    by: Person,
    note: str,
    at: datetime | None = None,
) -> list[PolicySignature]:
    """Sign for assumed values of a policy version; returns the new signatures.

    What is signed for already, in this version or with the same value in an earlier one, is left
    as it is. Raises ``Invalid`` without a note, without a value, or for a key that is no assumed
    value of the version.
    """
    at = at or timezone.now()
    policy = PolicyVersion.objects.select_for_update().get(pk=policy_id)
    assumed = {
        one.key: one.value for one in sourced_values(policy.document) if one.source == ASSUMED
    }
    if not note.strip():
        raise Invalid(field="note")
    if not keys or not set(keys) <= set(assumed):
        raise Invalid(_("Only values that no clause gives can be signed for."), field="values")
    signed = signatures_for([policy])[policy.pk]
    return PolicySignature.objects.bulk_create(
        PolicySignature(
            policy=policy,
            key=key,
            value=assumed[key],
            signed_by=by,
            signed_at=at,
            note=note.strip(),
        )
        for key in sorted(set(keys) - set(signed))
    )
