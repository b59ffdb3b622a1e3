"""Forms of the chamber that refers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courts.models import Department, Jurisdiction, Person
from courts.roles import posts_of
from reports.follow_up.forms import EvidenceForm, UnitField, class_choices, now
from reports.models import ReferralItem
from reports.month_field import MonthField
from reports.months import Month
from reports.referrals.services import Evidence, offices_of


def home_of(person: Person) -> Jurisdiction | None:
    """The jurisdiction of the first post that a person holds."""
    posts = posts_of(person)
    return posts[0].court.jurisdiction if posts else None


class ReferralForm(EvidenceForm):
    """Something to be referred: class, kind of issue, subject, text, and what it rests on."""

    category = forms.ChoiceField(label=_("Class"))
    issue = forms.ChoiceField(label=_("Kind of issue"), choices=ReferralItem.Issue.choices)
    unit = UnitField(label=_("Unit concerned"), required=False)
    month = MonthField(
        label=_("Month of the ranking"),
        required=False,
        help_text=_("If it rests on the unit's place in a month's ranking."),
    )
    named = forms.CharField(
        label=_("Person concerned"),
        required=False,
        help_text=_("In matters of conduct only: name or user name. This person never reads it."),
    )
    field_order = [
        "category", "issue", "title", "text", "request", "case", "unit", "month", "named",
        "command_id",
    ]  # fmt: skip

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, person=person, initial=initial)
        self.home = home_of(person)
        assert self.home is not None
        assert self.home.leading_court is not None
        offices = offices_of(self.home.leading_court, now())
        category: Any = self.fields["category"]
        category.choices = class_choices(offices.classes)
        category.help_text = _("Class and kind of issue say which office it goes to.")
        unit: Any = self.fields["unit"]
        unit.offer(person, "referrals.make")

    def clean_named(self) -> Person | None:
        """The member of the staff of that name, within the jurisdiction."""
        name = self.cleaned_data["named"].strip()
        if not name:
            return None
        of_here = Person.objects.filter(tenures__post__court__jurisdiction=self.home).distinct()
        found = list(of_here.filter(username=name) or of_here.filter(name=name)[:2])
        if len(found) != 1:
            raise ValidationError(
                _("There is no such person, or more than one. Give the user name.")
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        """What it rests on, as the service takes it."""
        given = super().clean() or {}
        court, department = given.pop("unit", None) or (None, None)
        month: Month | None = given.pop("month", None)
        first: date | None = month.first_day if month else None
        given["evidence"] = Evidence(
            request=given.pop("request", None),
            case=given.pop("case", None),
            court=court,
            department=department,
            month=first,
        )
        given["jurisdiction"] = self.home
        return given


class CompileForm(forms.Form):
    """Which month's lot for which office."""

    office = forms.ModelChoiceField(label=_("Office"), queryset=Department.objects.none())
    month = MonthField(label=_("Month"))

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        home = home_of(person)
        assert home is not None
        assert home.leading_court is not None
        kinds = [one.kind for one in offices_of(home.leading_court, now()).offices]
        rows = Department.objects.filter(court=home.leading_court, kind__in=kinds)
        office: Any = self.fields["office"]
        office.queryset = rows.select_related("court__jurisdiction").order_by("pk")
