"""What a machine sends to register a request, and what it reads of one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from courts.errors import Invalid
from courts.models import ApiClient, Court
from escalation.reading import Reading
from liaison.forms import TEXT_LIMIT
from liaison.intake import Party, read_phone
from liaison.models import REMARK_LIMIT, Channel, Grade, Matter, Rating, Request


@extend_schema_serializer(component_name="Party")
class PartyIn(serializers.Serializer):
    """Who asks. Telephone and identity number are kept encrypted and never sent back."""

    name = serializers.CharField(max_length=60)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    id_number = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES,
        default="zh-hans",
        help_text="In which the party is written to.",
    )

    def validate_phone(self, value: str) -> str:
        """A number that can be dialled, in its one spelling."""
        try:
            return read_phone(value)
        except Invalid as error:
            raise serializers.ValidationError(error.text, code=error.code) from error

    def to_internal_value(self, data: Any) -> Party:
        """The party as ``liaison.intake`` takes it."""
        return Party(**super().to_internal_value(data))


@extend_schema_field({"type": "string", "maxLength": 12})
class CourtCodeField(serializers.SlugRelatedField):
    """A court of the caller's jurisdiction, by its code."""

    default_error_messages = {"does_not_exist": _("No court of yours has the code {value}.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", **kwargs)

    def get_queryset(self) -> QuerySet[Court]:
        """Courts that answer to the caller's jurisdiction today."""
        client = self.context["client"]
        assert isinstance(client, ApiClient)
        return Court.objects.select_related("jurisdiction").filter(
            jurisdiction=client.jurisdiction_id, status=Court.Status.CURRENT
        )

    def to_internal_value(self, data: Any) -> Court:
        """The court; anything but a text is no code."""
        if not isinstance(data, str) or "\x00" in data:
            self.fail("invalid")
        found: Court = super().to_internal_value(data)
        return found


@extend_schema_serializer(component_name="NewRequest")
class RequestIn(serializers.Serializer):
    """A request to be registered. Its channel is the one that the caller's key stands for."""

    court = CourtCodeField(
        queryset=Court.objects.none(), help_text="The court's code, such as 示0101."
    )
    party = PartyIn()
    matter = serializers.ChoiceField(choices=Matter.choices)
    title = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        default="",
        help_text="In a few words; left out, the message begins it.",
    )
    text = serializers.CharField(max_length=TEXT_LIMIT)
    case_number = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    judge_name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


@extend_schema_serializer(component_name="Limit")
class LimitOut(serializers.Serializer):
    """Until when the party is to have an answer."""

    business_days = serializers.IntegerField(source="of")
    ends_on = serializers.DateField(
        source="limit_on", help_text="The last local day; the limit ends at its midnight."
    )
    is_provisional = serializers.BooleanField(
        source="limit_is_provisional",
        help_text="The public schedule of that year is not announced yet: the day may move.",
    )
    state = serializers.ChoiceField(choices=["running", "due_today", "late", "done"])


@extend_schema_serializer(component_name="Request")
class RequestOut(serializers.ModelSerializer):
    """A request as the machine that registered it may read it: nothing of the party in it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    court = serializers.CharField(source="court.code", read_only=True)
    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True)
    matter = serializers.ChoiceField(choices=Matter.choices, read_only=True)
    limit = serializers.SerializerMethodField()

    class Meta:
        model = Request
        fields = [
            "id",
            "number",
            "court",
            "channel",
            "matter",
            "case_number",
            "state",
            "registered_at",
            "answered_at",
            "limit",
        ]
        read_only_fields = fields

    @extend_schema_field(LimitOut(allow_null=True))
    def get_limit(self, request: Request) -> dict[str, Any] | None:
        """The reply clock of the request, read now."""
        readings: dict[int, Reading] = self.context["readings"]
        reading = readings.get(request.pk)
        return dict(LimitOut(reading).data) if reading else None


@extend_schema_serializer(component_name="RegisteredRequest")
class RegisteredOut(RequestOut):
    """The answer to a registration: with what the party needs to follow the request."""

    access_code = serializers.CharField(
        read_only=True, help_text="Opens the tracking page together with the number."
    )
    tracking_url = serializers.URLField(read_only=True)

    class Meta(RequestOut.Meta):
        fields = [*RequestOut.Meta.fields, "access_code", "tracking_url"]
        read_only_fields = fields


@extend_schema_serializer(component_name="NewRating")
class RatingIn(serializers.Serializer):
    """What the party thinks of the answer that it has read."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    remark = serializers.CharField(
        max_length=REMARK_LIMIT, required=False, allow_blank=True, default=""
    )
    answered_at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Of the answer that the party read, as the request says it: if another came "
        "since, the rating is refused (409).",
    )


@extend_schema_serializer(component_name="Rating")
class RatingOut(serializers.ModelSerializer):
    """The rating that stands; the party's remark is for the court, and is not sent back."""

    grade = serializers.ChoiceField(choices=Grade.choices, read_only=True)
    answered_at = serializers.DateTimeField(source="reply.at", read_only=True)

    class Meta:
        model = Rating
        fields = ["grade", "rated_at", "answered_at"]
        read_only_fields = fields
