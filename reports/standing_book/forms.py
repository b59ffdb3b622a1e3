"""What one asks of the standing book, and under which name it is kept."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courts.models import Court, Department
from courts.roles import Reach
from liaison.forms import choices_of
from liaison.lifecycle import RequestState
from liaison.models import Channel, Matter
from reports.models import Export, SavedView
from reports.month_field import MonthField
from reports.months import FIRST_YEAR, LAST_YEAR
from reports.standing_book.about import LABELS
from reports.standing_book.columns import COLUMNS, TIMELINESS
from reports.standing_book.wishes import ANY_RUNG, RUNGS, Wish

_EVERY: list[tuple[str, Any]] = [("", _("All"))]


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=_EVERY + choices)


def _words(label: Any, most: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most)


class BookForm(forms.Form):
    """The filters and columns. Courts and departments are those that the reader reaches."""

    registered_from = _day(LABELS["registered_from"])
    registered_until = _day(LABELS["registered_until"])
    limit_month = MonthField(label=LABELS["limit_month"], required=False, max_length=7)
    court = _choice(LABELS["court"], [])
    department = _choice(LABELS["department"], [])
    channel = _choice(LABELS["channel"], choices_of(Channel))
    matter = _choice(LABELS["matter"], choices_of(Matter))
    state = _choice(LABELS["state"], choices_of(RequestState))
    timeliness = _choice(LABELS["timeliness"], list(TIMELINESS.items()))
    rung = _choice(
        LABELS["rung"], [(ANY_RUNG, _("Any rung")), *((level, level) for level in RUNGS)]
    )
    handler = _words(LABELS["handler"], 60)
    case_number = _words(LABELS["case_number"], 80)
    number = _words(LABELS["number"], 24)
    column = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        choices=[(column.name, column.label) for column in COLUMNS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, reach: Reach) -> None:
        super().__init__(data)
        whole = Q(court__in=reach.courts) | Q(pk__in=reach.departments)
        departments = Department.objects.filter(whole, court__jurisdiction__isnull=False)
        by_court: dict[Court, list[tuple[str, str]]] = defaultdict(list)
        for one in departments.select_related("court").order_by("court__code", "pk"):
            by_court[one.court].append((str(one.public_id), one.display_name))
        self._set("court", [(str(one.public_id), one.display_name) for one in by_court])
        self._set("department", [(one.display_name, inside) for one, inside in by_court.items()])

    def _set(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _EVERY + choices

    def filters(self) -> list[forms.BoundField]:
        """The fields of the filter."""
        return [field for field in self if field.name != "column"]

    def _clean_day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("No such year is known."), code="year")
        return day

    def clean_registered_from(self) -> date | None:
        """A day of a year that the calendar knows."""
        return self._clean_day("registered_from")

    def clean_registered_until(self) -> date | None:
        """A day of a year that the calendar knows."""
        return self._clean_day("registered_until")

    def wish(self) -> Wish:
        """What is asked for; the form must be valid."""
        return Wish.of(self.cleaned_data)


class ViewForm(forms.Form):
    """A name for what is shown; ``query`` is its address."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)


class ExportForm(forms.Form):
    """The form of a file; ``query`` is the address of what it shows."""

    form = forms.ChoiceField(choices=Export.Format.choices)
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)


class RhythmForm(forms.Form):
    """Whether and how a saved view is written to a file by itself."""

    rhythm = forms.ChoiceField(label=_("Comes"), choices=SavedView.Rhythm.choices)
    form = forms.ChoiceField(label=_("Form"), choices=Export.Format.choices)

    @classmethod
    def of(cls, view: SavedView) -> RhythmForm:
        """The form as the view stands; many of them may be on one page."""
        now = {"rhythm": view.rhythm, "form": view.rhythm_format}
        return cls(initial=now, auto_id=f"id_{view.public_id}_%s")


def asked_by(query: str, reach: Reach) -> BookForm:
    """The filters and columns that stand in an address."""
    return BookForm(QueryDict(query), reach=reach)
