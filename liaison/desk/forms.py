"""Forms of the desk."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.forms import courts_that_answer
from courts.models import Department, Person, Tenure
from courts.roles import Reach
from liaison.forms import TEXT_LIMIT, RequestForm, choices_of
from liaison.models import Channel, Matter, Request
from liaison.units import seats_in, units_for


class FilterForm(forms.Form):
    """Narrow the queue."""

    q = forms.CharField(
        label=_("Number, name, case number or words"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    matter = forms.ChoiceField(label=_("Matter"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        for name, kind in (("matter", Matter), ("channel", Channel)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = every + choices_of(kind)


class MatterField(forms.ChoiceField):
    """What a request is about."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Matter"), choices=choices_of(Matter), **kwargs)


class AnswerForm(forms.Form):
    """An answer on the spot."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6, "data-focus": ""}),
        help_text=_("The party reads it as you write it."),
        error_messages={"required": _("Write the answer.")},
    )
    matter = MatterField()


class UnitField(forms.ModelChoiceField):
    """A department that takes work orders."""

    def label_from_instance(self, obj: Any) -> str:
        """The department's name in the reader's language."""
        return str(obj.display_name)


class RouteForm(forms.Form):
    """To which department of the request's own court, and whom in it.

    The service takes any department of the jurisdiction. The desk offers the own court alone,
    since the party chose it and the desk knows its people; a matter of another court is passed
    on from the order, where one may reassign to every court of the jurisdiction.
    """

    department = UnitField(
        label=_("Department"),
        queryset=Department.objects.none(),
        empty_label=_("Choose a department"),
        error_messages={"required": _("Choose the department that is to handle it.")},
    )
    handler = forms.ModelChoiceField(
        label=_("Handler"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("The department’s leader decides"),
        error_messages={"invalid_choice": _("Choose someone who holds a post there.")},
    )
    matter = MatterField()
    note = forms.CharField(
        label=_("Note to the handler"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, request: Request, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at
        units = units_for(request)
        seats = seats_in(units, at)
        department, handler = self.fields["department"], self.fields["handler"]
        assert isinstance(department, UnitField)
        assert isinstance(handler, forms.ModelChoiceField)
        department.queryset = units
        department.widget.attrs["data-focus"] = ""
        handler.queryset = Person.objects.filter(pk__in=[seat.person_id for seat in seats])
        by_unit: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for seat in seats:
            assert seat.post.department is not None
            label = f"{seat.person.display_name} · {seat.post.get_kind_display()}"
            by_unit[seat.post.department.display_name].append((seat.person_id, label))
        handler.widget.attrs["data-narrowed-by"] = "department"
        handler.widget.choices = [("", handler.empty_label), *by_unit.items()]

    def clean(self) -> dict[str, Any]:
        """The handler works in the department chosen."""
        given = super().clean() or {}
        department, handler = given.get("department"), given.get("handler")
        if department and handler:
            posts = Tenure.objects.at(self._at).filter(
                person=handler, post__department=department, post__is_open=True
            )
            if not posts.exists():
                self.add_error("handler", _("Choose someone who holds a post there."))
        return given


class OpenRequestField(forms.ModelChoiceField):
    """An open request, by its public id."""

    def label_from_instance(self, obj: Any) -> str:
        """Number and subject, so that it can be told from the others."""
        return f"{obj.number} · {obj.title}"


class MergeForm(forms.Form):
    """Into which other open request of the same party."""

    into = OpenRequestField(
        label=_("Merge into"),
        queryset=Request.objects.none(),
        to_field_name="public_id",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose the request that goes on."),
            "invalid_choice": _("Choose an open request of the same party."),
        },
    )

    def __init__(self, *args: Any, candidates: QuerySet[Request], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, OpenRequestField)
        into.queryset = candidates


class WithdrawForm(forms.Form):
    """A withdrawal by telephone: the party's own act, recorded by who heard it."""

    heard = forms.BooleanField(
        label=_("The party asked for this in a call with me"),
        error_messages={"required": _("Only the party can withdraw a request.")},
    )


# The same fields, said of the party instead of to the party.
_DESK_WORDS = {
    "name": (_("Party’s name"), _("Enter the party’s name.")),
    "phone": (_("Telephone"), _("Enter a telephone number where the party can be reached.")),
    "text": (_("Message"), _("Write what the party asks for.")),
    "matter": (_("Matter"), _("Choose the matter.")),
    "court": (_("Court"), _("Choose the court.")),
}


class DeskRequestForm(RequestForm):
    """A request taken down by the staff, from any of their channels."""

    channel = forms.ChoiceField(label=_("Channel"))
    field_order = ("channel", "name", "phone", "court", "matter", "case_number")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = Reach.of(person, "desk.triage")
        court, channel = self.fields["court"], self.fields["channel"]
        assert isinstance(court, forms.ModelChoiceField)
        assert isinstance(channel, forms.ChoiceField)
        court.queryset = courts_that_answer().filter(pk__in=reach.courts)
        court.help_text = ""
        if len(reach.courts) == 1:
            court.initial = court.queryset.values_list("code", flat=True).first()
            court.empty_label = None
        channel.choices = choices_of(Channel)
        for name, (label, required) in _DESK_WORDS.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = required
        for name in ("text", "title", "phone", "email", "case_number"):
            self.fields[name].help_text = ""
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "off"
