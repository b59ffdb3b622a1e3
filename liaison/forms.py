"""What a request asks for, whoever fills it in: the portal's form and the desk's share it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from courts.errors import Invalid
from courts.forms import CommandForm, CourtField, courts_that_answer
from liaison.intake import read_case_number, read_phone
from liaison.models import Matter

TEXT_LIMIT = 4000
# How wide a field stands (static/css/forms.css).
_WIDTHS = {
    "court": "medium",
    "matter": "grid",
    "case_number": "medium",
    "judge_name": "medium",
    "name": "medium",
    "phone": "medium",
    "email": "medium",
}


def choices_of(kind: Any) -> list[tuple[str, Any]]:
    """The choices of a ``TextChoices`` in sentence case, so that they stand as labels."""
    return [(value, capfirst(label)) for value, label in kind.choices]


class RequestForm(CommandForm):
    """A request: nine fields, of which four may stay empty."""

    court = CourtField(
        help_text=_("The court that has your case, or where you want to bring it."),
        error_messages={"required": _("Choose the court that you want to reach.")},
    )
    matter = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what your request is about.")},
    )
    case_number = forms.CharField(
        label=_("Case number"),
        required=False,
        max_length=80,
        help_text=_("It’s on every paper from the court, such as （2026）示0101民初123号."),
    )
    judge_name = forms.CharField(label=_("Judge’s name"), required=False, max_length=60)
    text = forms.CharField(
        label=_("Your message"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what you ask for, as you would tell it to a person."),
        error_messages={"required": _("Write what you ask for.")},
    )
    title = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=80,
        help_text=_("In a few words. If empty, we use the start of your message."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        help_text=_("The court calls you here. Only those who handle your request see it."),
        error_messages={"required": _("Enter a telephone number where the court reaches you.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("To tell you about progress."),
        error_messages={"invalid": _("Enter an e-mail address such as name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        courts = self.fields["court"]
        assert isinstance(courts, CourtField)
        courts.queryset = courts_that_answer()
        matter = self.fields["matter"]
        assert isinstance(matter, forms.ChoiceField)
        matter.choices = choices_of(Matter)
        for name in ("case_number", "judge_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name, css in _WIDTHS.items():
            self.fields[name].css = css  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """A number that can be dialled."""
        try:
            return read_phone(self.cleaned_data["phone"])
        except Invalid as error:
            raise forms.ValidationError(error.text, code=error.code) from error

    def clean_case_number(self) -> str:
        """A case number that can be read, or none."""
        raw = str(self.cleaned_data["case_number"])
        try:
            read_case_number(raw)
        except Invalid as error:
            raise forms.ValidationError(error.text, code=error.code) from error
        return raw

    def registration(self) -> dict[str, Any]:
        """What ``liaison.intake.register`` takes of a valid form, but the party."""
        names = ("court", "matter", "title", "text", "case_number", "judge_name", "command_id")
        return {name: self.cleaned_data[name] for name in names}
