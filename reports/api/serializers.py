"""What machines ask of the figures, and how these are described to them.

What is sent is made by ``reports.edition`` and ``reports.briefing.document``, as the editions are:
here it is only described.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from escalation.models import Clock
from reports.indicators import Indicator
from reports.models import Briefing
from reports.models.follow_up import Matter
from reports.months import Month


class MonthIn(serializers.Serializer):
    """Which month."""

    month = serializers.CharField(help_text="A local month of the courts, such as 2026-10.")

    def validate_month(self, text: str) -> Month:
        """The month; refused unless written as described."""
        try:
            return Month.parse(text)
        except ValueError:
            raise serializers.ValidationError(_("Enter a month such as 2026-10.")) from None


class FigureOut(serializers.Serializer):
    """A rate: what was done in time of what was due."""

    done = serializers.IntegerField()
    due = serializers.IntegerField()
    rate = serializers.CharField(allow_null=True, help_text="An exact fraction, such as 2/3.")
    percent = serializers.CharField(allow_null=True, help_text="With one decimal, such as 66.7.")
    withdrawn = serializers.IntegerField(help_text="Withdrawn before the limit: in no rate.")
    merged = serializers.IntegerField(help_text="Merged into another: in no rate.")


class SatisfactionOut(serializers.Serializer):
    """The satisfied of the rated."""

    satisfied = serializers.IntegerField()
    rated = serializers.IntegerField()
    rate = serializers.CharField(allow_null=True)
    percent = serializers.CharField(allow_null=True)


class RatesOut(serializers.Serializer):
    """The three rates."""

    acceptance = FigureOut()
    liaison = FigureOut()
    completion = FigureOut()


class RowOut(serializers.Serializer):
    """The figures of a month for one unit, or for all."""

    rates = RatesOut()
    satisfaction = SatisfactionOut()
    rungs = serializers.DictField(
        child=serializers.IntegerField(), help_text="How often each step fired; 0 is the warning."
    )


class DepartmentFiguresOut(RowOut):
    """A department, with the requests behind its figures."""

    id = serializers.UUIDField(allow_null=True, help_text="None: of the court, in no department.")
    name = serializers.CharField(allow_null=True)
    name_en = serializers.CharField(allow_null=True)
    items = serializers.DictField(
        child=serializers.DictField(child=serializers.ListField(child=serializers.CharField())),
        help_text="By rate and result: the numbers of the requests.",
    )
    rated = serializers.DictField(
        child=serializers.DictField(child=serializers.DateTimeField()),
        help_text="By grade: the numbers of the rated requests, and when each was rated.",
    )


class CourtFiguresOut(RowOut):
    """A court with its departments."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    departments = DepartmentFiguresOut(many=True)


class IndicatorsOut(serializers.Serializer):
    """The figures of a month."""

    month = serializers.CharField()
    courts = CourtFiguresOut(many=True)
    all = RowOut()


class RankedOut(serializers.Serializer):
    """A unit in a ranking. Units with too few requests have no place."""

    unit = serializers.UUIDField()
    place = serializers.IntegerField(allow_null=True)
    score = serializers.CharField(allow_null=True, help_text="An exact fraction.")
    lagging = serializers.ListField(child=serializers.CharField(), help_text="Why it lags.")
    rungs = serializers.IntegerField(help_text="Steps 1 to 4 of the ladder that fired.")
    requests = serializers.IntegerField()
    satisfaction = serializers.ListField(
        child=serializers.IntegerField(), help_text="Satisfied, rated."
    )
    rates = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text=f"{', '.join(Indicator)}: done, due, withdrawn, merged.",
    )


class RankingOut(serializers.Serializer):
    """A ranking and the rule of the policy by which it was made."""

    rule = serializers.DictField(help_text="Weights, and from where a unit is ranked or lags.")
    rows = RankedOut(many=True)


class RankingsOut(serializers.Serializer):
    """The courts and the departments of the city in their places."""

    month = serializers.CharField()
    courts = RankingOut()
    departments = RankingOut()


class BriefingOut(serializers.ModelSerializer[Briefing]):
    """A published edition of a monthly briefing."""

    id = serializers.UUIDField(source="public_id")
    month = serializers.SerializerMethodField(help_text="Such as 2026-10.")
    edition = serializers.IntegerField(source="number", help_text="Above 1 it is a correction.")
    sha256 = serializers.CharField(source="edition.sha256", help_text="Of its document.")

    class Meta:
        model = Briefing
        fields = ("id", "month", "edition", "published_at", "sha256")

    def get_month(self, briefing: Briefing) -> str:
        """The month as it is asked for."""
        return f"{briefing.month:%Y-%m}"


class BookOut(serializers.Serializer):
    """A page of the standing book; names of parties are masked."""

    next = serializers.URLField(allow_null=True)
    looked_until = serializers.DateTimeField(
        allow_null=True, help_text="How far was looked, where few requests fit."
    )
    results = serializers.ListField(
        child=serializers.DictField(), help_text="A row: the columns by their names."
    )


class PlaceOut(serializers.Serializer):
    """A court or a department."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    name_en = serializers.CharField()


class EntryOut(serializers.Serializer):
    """What was done about a matter, and the words given with it."""

    code = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField()


class MatterOut(serializers.Serializer):
    """A matter of the follow-up, of whatever kind."""

    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField(help_text="How people speak of it, such as WT-00012.")
    state = serializers.CharField()
    title = serializers.CharField(source="heading")
    court = PlaceOut()
    department = PlaceOut(allow_null=True, help_text="The unit, or the office that answers.")
    raised_at = serializers.DateTimeField()
    limit_at = serializers.SerializerMethodField(help_text="None: nothing is counted.")
    settled_at = serializers.SerializerMethodField(help_text="When its limit stopped running.")
    codes = serializers.SerializerMethodField(
        help_text="What is known of its kind: class, issue, month, body, counts."
    )

    def _clock(self, matter: Matter) -> Clock | None:
        found: Clock | None = self.context["clocks"].get(matter.pk)
        return found

    def get_limit_at(self, matter: Matter) -> datetime | None:
        """The end of its limit."""
        clock = self._clock(matter)
        return clock.limit_at if clock else None

    def get_settled_at(self, matter: Matter) -> datetime | None:
        """When the limit stopped."""
        clock = self._clock(matter)
        return clock.stopped_at if clock else None

    def get_codes(self, matter: Matter) -> dict[str, str | int | None]:
        """By name; dates of months as their first day."""
        names = self.context["codes"]
        found = {name: getattr(matter, name) for name in names}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in found.items()
        }


class MatterDetailOut(MatterOut):
    """A matter with its text and its history."""

    text = serializers.CharField()
    entries = serializers.SerializerMethodField()

    @extend_schema_field(EntryOut(many=True))
    def get_entries(self, matter: Matter) -> Any:
        """What was done, in order."""
        return EntryOut(self.context["entries"], many=True).data
