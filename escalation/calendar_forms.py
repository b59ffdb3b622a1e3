"""Forms of the calendar in the administration: days, and public schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from courts import calendar
from courts.models import Court, Jurisdiction
from courts.schedule_import import FaultySchedule, Remark, read
from escalation.calendar_changes import DayChange

_MOST_DAYS = 60
_MOST_BYTES = 1_000_000
_MOST_FAULTS = 20


class TakeBackForm(forms.Form):
    """Why entries are taken back, or made; and what a court's own closure needs."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    approval = forms.CharField(
        label=_("Approval of the superior court"),
        max_length=90,
        required=False,
        help_text=_(
            "For closing a court for days, or taking back a day it had opened: the file number."
        ),
    )
    reaching_back = forms.CharField(
        label=_("Why it reaches back"),
        max_length=300,
        required=False,
        help_text=_("For a court's own closure of days that have begun."),
    )


class CalendarChangeForm(TakeBackForm):
    """Days that are, or are not, business days from now on."""

    # Why comes last.
    field_order = (
        "date", "until", "is_business_day", "name", "jurisdiction", "court", "year", "source",
    )  # fmt: skip

    date = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until, including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Left empty: the one day."),
    )
    is_business_day = forms.TypedChoiceField(
        label=_("These days are"),
        choices=[("no", _("days off")), ("yes", _("business days"))],
        coerce=lambda value: value == "yes",
        required=False,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=pgettext_lazy("of a day", "Name"),
        max_length=60,
        required=False,
        help_text=_("Shown on the ladder bar, such as a typhoon's."),
    )
    jurisdiction = forms.ModelChoiceField(
        label=_("Jurisdiction"),
        queryset=Jurisdiction.objects.all(),
        required=False,
        empty_label=_("all"),
    )
    court = forms.ModelChoiceField(
        label=_("Court"),
        queryset=Court.objects.filter(jurisdiction__isnull=False),
        required=False,
        empty_label=_("all courts of the jurisdiction"),
    )
    year = forms.IntegerField(
        label=_("Year whose schedule is announced"),
        required=False,
        help_text=_("With its last days entered: its dates are no longer marked as provisional."),
    )
    source = forms.CharField(label=_("Notice that announces it"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Days, or a year, or both; the last day is not before the first, and not far from it."""
        data = super().clean() or {}
        if data.get("date") or not data.get("year"):
            for name in ("date", "is_business_day", "name"):
                if name not in self.errors and data.get(name) in (None, ""):
                    self.add_error(name, self.fields[name].error_messages["required"])
        first, last = data.get("date"), data.get("until")
        if first and last and not 0 <= (last - first).days <= _MOST_DAYS:
            self.add_error("until", _("At most 60 days after the first."))
        return data

    def entries(self) -> list[DayChange]:
        """The days of a valid form."""
        data = self.cleaned_data
        if data["date"] is None:
            return []
        first: date = data["date"]
        last: date = data["until"] or first
        return [
            DayChange(
                date=first + timedelta(days=offset),
                is_business_day=data["is_business_day"],
                name=data["name"],
                jurisdiction=data["jurisdiction"],
                court=data["court"],
            )
            for offset in range((last - first).days + 1)
        ]

    def official_years(self) -> dict[int, str]:
        """The year of a valid form that is declared official, with its source."""
        data = self.cleaned_data
        return {data["year"]: data["source"]} if data["year"] is not None else {}


class ScheduleFileForm(forms.Form):
    """A public schedule as a file, whom it is for, and why."""

    file = forms.FileField(
        label=_("File with the schedule"),
        help_text=_(
            "JSON with a row for each special day: its date, with workday (true or false) and name."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    jurisdiction = forms.ModelChoiceField(
        label=_("Jurisdiction"),
        queryset=Jurisdiction.objects.all(),
        required=False,
        empty_label=_("all"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean_file(self) -> str:
        """The text of the file, once it reads as a schedule."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_BYTES:
            raise forms.ValidationError(_("This file is too large for a schedule."))
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is no text in UTF-8.")) from None
        try:
            self.cleaned_data["schedule"] = read(text, calendar.YEARS)
        except FaultySchedule as faulty:
            raise forms.ValidationError(_words_of(faulty.faults)) from None
        return text


def _words_of(faults: Sequence[Remark]) -> list[str]:
    """What is wrong with a file, the first twenty faults one by one."""
    words = [str(fault) for fault in faults[:_MOST_FAULTS]]
    if more := len(faults) - len(words):
        rest = ngettext("and %(n)d more fault", "and %(n)d more faults", more)
        words.append(rest % {"n": more})
    return words


class ScheduleConfirmForm(forms.Form):
    """What was shown of a schedule, to be entered; and which of ``years`` are official by it."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    jurisdiction = forms.ModelChoiceField(
        queryset=Jurisdiction.objects.all(), required=False, widget=forms.HiddenInput
    )
    seen_version_id = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    official_years = forms.TypedMultipleChoiceField(
        label=_("Years whose whole schedule is announced with it"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their dates are no longer marked as provisional."),
    )
    source = forms.CharField(label=_("Notice that announces it"), max_length=200, required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["official_years"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(year, str(year)) for year in years]
        if not years:
            del self.fields["official_years"], self.fields["source"]
