"""What the trial business system sends, and what it reads of it.

The body as a whole is checked here. Each record is checked by ``cases.imports.records``, as a line
of a file is: a record that is wrong costs that record alone, so its fields are described here and
not judged.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from cases.imports.records import CASE, NODE, PARTICIPANT
from cases.models import Capacity, Case, PartyRole
from cases.models.case import DEFAULT_SOURCE
from notices.models import Contact

LARGEST = 500  # records of a kind in one call
_BIGGEST = 2**63 - 1


def _sequence() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0,
        max_value=_BIGGEST,
        help_text="The source's own sequence. A record is older than another by it alone.",
    )


def _text(longest: int, help_text: str = "", *, required: bool = False) -> serializers.CharField:
    return serializers.CharField(
        max_length=longest, required=required, allow_blank=not required, help_text=help_text
    )


@extend_schema_serializer(component_name="MirroredParticipant")
class ParticipantIn(serializers.Serializer):
    """A party or representative of a case. With a case, ``case_id`` and ``sequence`` are its own.

    Whoever is to be told of the case is identified by number and has a mobile number.
    """

    case_id = _text(64, "Of the case; only where it does not stand within its case.")
    participant_id = _text(64, "In the source; one of its case.", required=True)
    sequence = _sequence()
    name = _text(60, required=True)
    role = serializers.ChoiceField(choices=PartyRole.choices)
    capacity = serializers.ChoiceField(choices=Capacity.choices)
    identity_kind = serializers.ChoiceField(choices=Contact.IdentityKind.choices, required=False)
    identity_number = _text(40, "Kept encrypted.")
    phone = _text(30, "A mobile number. Kept encrypted.")
    represents = _text(64, "The `participant_id` of whom this one represents.")
    left_at = serializers.DateTimeField(required=False)
    removed = serializers.BooleanField(required=False, help_text="It was entered in error.")


@extend_schema_serializer(component_name="MirroredCase")
class CaseIn(serializers.Serializer):
    """A case: its whole state as of its sequence."""

    case_id = _text(64, "The case in the source.", required=True)
    sequence = _sequence()
    case_number = _text(80, "Such as （2026）示0101民初12号.", required=True)
    court = _text(12, "The court's code, such as 示0101.", required=True)
    department = _text(100, "By its name in this deployment.")
    judge = _text(60, "The handling judge's user name in this deployment.")
    judge_name = _text(60)
    procedure_code = _text(40)
    procedure = _text(100)
    cause_code = _text(40)
    cause = _text(200)
    filed_on = serializers.DateField(required=False)
    closed_on = serializers.DateField(required=False)
    closing_mode = _text(60)
    sensitivity = serializers.ChoiceField(choices=Case.Sensitivity.choices, required=False)
    withdrawn = serializers.BooleanField(required=False, help_text="It was entered in error.")
    participants = ParticipantIn(many=True, required=False)


@extend_schema_serializer(component_name="MirroredNode")
class NodeIn(serializers.Serializer):
    """One revision of a step of a case."""

    case_id = _text(64, required=True)
    node_id = _text(64, "In the source; the same in all its revisions.", required=True)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    sequence = _sequence()
    kind = _text(40, "Its code in the node list, such as hearing.", required=True)
    occurred_at = serializers.DateTimeField()
    details = serializers.DictField(
        required=False, help_text="Such as time and place. No telephone, no identity number."
    )
    withdrawn = serializers.BooleanField(required=False, help_text="It was entered in error.")


class _Batch(serializers.Serializer):
    """Records that are sent together; ``kinds`` names the lists and what is in them."""

    kinds: dict[str, str] = {}
    source = serializers.RegexField(  # type: ignore[assignment]
        r"^[a-z0-9_-]{1,20}$",
        default=DEFAULT_SOURCE,
        help_text="Which trial business system, where there is more than one.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Something must have been sent."""
        if not any(attrs.get(name) for name in self.kinds):
            raise serializers.ValidationError(
                {name: self.fields[name].error_messages["required"] for name in self.kinds},
                code="required",
            )
        return attrs


def _records(item: type[serializers.Serializer]) -> Any:
    """A list whose items are described as ``item`` and judged one by one, later."""

    @extend_schema_field(item(many=True))
    class Records(serializers.ListField):
        child = serializers.JSONField()

    return Records(max_length=LARGEST, required=False)


@extend_schema_serializer(component_name="MirroredCases")
class CasesIn(_Batch):
    """Cases with or without their participants, and participants of cases sent before."""

    kinds = {"cases": CASE, "participants": PARTICIPANT}
    cases = _records(CaseIn)
    participants = _records(ParticipantIn)


@extend_schema_serializer(component_name="MirroredNodes")
class NodesIn(_Batch):
    """Nodes of any cases."""

    kinds = {"nodes": NODE}
    nodes = _records(NodeIn)


@extend_schema_serializer(component_name="RecordTaken")
class TakenOut(serializers.Serializer):
    """What became of one record."""

    place = serializers.CharField(help_text="Where it stood in the body, such as `cases.3`.")
    record = serializers.ChoiceField(choices=[CASE, PARTICIPANT, NODE])
    outcome = serializers.ChoiceField(
        choices=["created", "updated", "unchanged", "out_of_date", "waiting", "rejected"],
        help_text="`waiting`: its case is not known; it is taken by itself when the case comes.",
    )
    field = serializers.CharField(required=False, help_text="What is wrong, by its path.")
    reason = serializers.CharField(required=False, help_text="Stable, for machines.")
    detail = serializers.CharField(required=False, help_text="For people.")


@extend_schema_serializer(component_name="RecordsTaken")
class ReportOut(serializers.Serializer):
    """What became of each record of a call, in its order."""

    counts = serializers.DictField(child=serializers.IntegerField(), help_text="By outcome.")
    items = TakenOut(many=True)
