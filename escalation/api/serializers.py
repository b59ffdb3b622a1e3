"""What a machine asks of the deadline calculator, and what it reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from courts import date_words, day_names
from courts.business_days import DayKind, local_date
from courts.forms import courts_that_answer
from courts.models import Court
from escalation.calculator import Deadline
from escalation.ladder import ASSIGNED, FIXED_DATE, OPENED
from escalation.policy_clocks import RECIPIENTS

_ANCHORS = [OPENED, ASSIGNED, FIXED_DATE]


class _CourtField(serializers.SlugRelatedField):
    default_error_messages = {"does_not_exist": _("No court here has the code {value}.")}

    def to_internal_value(self, data: Any) -> Court:
        if not isinstance(data, str) or "\x00" in data:
            self.fail("invalid")
        found: Court = super().to_internal_value(data)
        return found


class _MomentField(serializers.DateTimeField):
    """Without an offset it is local to the court, which is known only when all is read."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """As given, aware or not."""
        return value


class QuestionIn(serializers.Serializer):
    """The same question that the page asks, by the same names."""

    court = _CourtField(
        slug_field="code",
        queryset=courts_that_answer().select_related("jurisdiction"),
        help_text="The court's code, such as 示0101.",
    )
    limit = serializers.CharField(
        max_length=80,
        help_text="A kind of the policy, such as `request.reply`, and after a colon which of its"
        " limits, such as `request.reply:summary`; the kind alone means its longest.",
    )
    start = _MomentField(
        help_text="When it was registered, or happened. Without an offset: local to the court."
    )
    assigned = _MomentField(
        required=False, help_text="When it was given to a unit. Left out: at the start."
    )
    fixed_on = serializers.DateField(
        required=False, help_text="The local day by which it is to be done, of a fixed date only."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The moments as instants."""
        zone = attrs["court"].jurisdiction.zone
        for name in ("start", "assigned"):
            if name in attrs and timezone.is_naive(attrs[name]):
                attrs[name] = attrs[name].replace(tzinfo=zone)
        return attrs


@extend_schema_serializer(component_name="CountedDay")
class DayOut(serializers.Serializer):
    """A day from day 0 on. It counts where ``business_days`` has a number above 0."""

    date = serializers.DateField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in DayKind])
    name = serializers.CharField(
        help_text="Of a holiday or closure, in the language of Accept-Language; else empty."
    )
    worked_for = serializers.DateField(
        allow_null=True, help_text="Of a make-up working day: the day off that it is worked for."
    )
    business_days = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Its number counted from `opened`, `assigned` and `fixed_date`: 0 is day 0;"
        " a count that skips the day, or has not begun, is left out.",
    )
    is_provisional = serializers.BooleanField()


@extend_schema_serializer(component_name="CountedLimit")
class LimitOut(serializers.Serializer):
    """The limit that was asked for."""

    kind = serializers.CharField()
    name = serializers.CharField()
    counted_from = serializers.ChoiceField(choices=_ANCHORS)
    business_days = serializers.IntegerField(
        help_text="0 of a limit in minutes or of a fixed date."
    )
    minutes = serializers.IntegerField(
        help_text="0 of a limit in business days or of a fixed date."
    )
    ends_at = serializers.DateTimeField(help_text="Done before it is in time, done at it is late.")
    ends_on = serializers.DateField(
        help_text="The last local day; a limit that is not in minutes ends at its midnight."
    )
    is_provisional = serializers.BooleanField()


@extend_schema_serializer(component_name="LadderStep")
class StepOut(serializers.Serializer):
    """A step of the ladder. One that does not hold for this court has no instant."""

    key = serializers.CharField()
    occurrence = serializers.IntegerField()
    level = serializers.IntegerField(help_text="0 is a warning; 1 to 4 are the rungs.")
    counted_from = serializers.ChoiceField(choices=_ANCHORS)
    to = serializers.ListField(child=serializers.ChoiceField(choices=sorted(RECIPIENTS)))
    holds_here = serializers.BooleanField()
    business_day = serializers.IntegerField(
        allow_null=True, help_text="On whose opening it is due; none if it is counted in minutes."
    )
    due_at = serializers.DateTimeField(allow_null=True)
    is_provisional = serializers.BooleanField()


@extend_schema_serializer(component_name="Deadline")
class DeadlineOut(serializers.Serializer):
    """A limit and its ladder, counted as the courts' clocks count."""

    court = serializers.CharField()
    policy = serializers.CharField()
    policy_version = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    assigned_at = serializers.DateTimeField()
    limit = LimitOut()
    steps = StepOut(many=True)
    days = DayOut(many=True)
    provisional_years = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Their public schedules are not announced yet: these dates may still move.",
    )


def written(deadline: Deadline) -> dict[str, Any]:
    """A deadline as it is sent; instants in the local time of the court."""
    laid = deadline.laid
    zone = laid.frame.zone
    opened_at, assigned_at = deadline.anchors.opened_at, deadline.anchors.assigned_at
    assert assigned_at is not None
    provisional = laid.frame.calendar.provisional_years
    ends_on = date_words.last_day(laid.limit_at, zone)
    limit = {
        "kind": deadline.kind,
        "name": laid.limit.name,
        "counted_from": laid.limit.anchor,
        "business_days": laid.limit.business_days,
        "minutes": laid.limit.minutes,
        "ends_at": laid.limit_at.astimezone(zone),
        "ends_on": ends_on,
        "is_provisional": ends_on.year in provisional,
    }
    steps: list[dict[str, Any]] = [
        {
            "key": due.step.key,
            "occurrence": due.occurrence,
            "level": due.step.level,
            "counted_from": due.step.anchor,
            "to": due.step.to,
            "holds_here": True,
            "business_day": laid.number_of(due),
            "due_at": due.due_at.astimezone(zone),
            "is_provisional": local_date(due.due_at, zone).year in provisional,
        }
        for due in laid.due
    ]
    steps += [
        {
            "key": step.key,
            "occurrence": 1,
            "level": step.level,
            "counted_from": step.anchor,
            "to": step.to,
            "holds_here": False,
            "business_day": None,
            "due_at": None,
            "is_provisional": False,
        }
        for step in laid.elsewhere
    ]
    days = [
        {
            "date": row.day.date,
            "kind": row.day.kind.value,
            "name": day_names.name_of(row.day, zone),
            "worked_for": row.worked_for,
            "business_days": {
                anchor: number
                for count, number in zip(laid.counts, row.numbers, strict=True)
                for anchor in count.anchors
                if number is not None
            },
            "is_provisional": row.day.is_provisional,
        }
        for row in laid.days
    ]
    sent = DeadlineOut(
        {
            "court": deadline.court.code,
            "policy": deadline.version.slug,
            "policy_version": deadline.version.version,
            "opened_at": opened_at.astimezone(zone),
            "assigned_at": (deadline.anchors.assigned_at or deadline.anchors.opened_at).astimezone(
                zone
            ),
            "limit": limit,
            "steps": steps,
            "days": days,
            "provisional_years": laid.provisional,
        }
    )
    return dict(sent.data)
