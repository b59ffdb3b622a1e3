"""Forms of the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.forms import CommandForm, CourtField, courts_that_answer
from liaison.forms import TEXT_LIMIT, choices_of
from liaison.models import REMARK_LIMIT, Grade, Procedure, Rating, Request


class TrackForm(forms.Form):
    """Number and access code open a request, and nothing else does."""

    number = forms.CharField(
        label=_("Request number"),
        max_length=40,
        help_text=_("On your receipt, such as SF20261121-00042."),
        error_messages={"required": _("Enter the request number from your receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("Access code"),
        max_length=20,
        help_text=_("Eight letters and digits, such as ABCD-EFGH."),
        error_messages={"required": _("Enter the access code from your receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class DisputeForm(CommandForm):
    """Why a reply is no answer."""

    text = forms.CharField(
        label=_("What is still unanswered?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The liaison officer reads it beside the reply and decides what follows."),
        error_messages={"required": _("Write what is still unanswered.")},
    )

    @classmethod
    def of(cls, found: Request, data: Any = None) -> DisputeForm:
        """The form for a request: the desk takes up again at once what it answered itself (G5)."""
        form = cls(data)
        if found.procedure == Procedure.SUMMARY:
            form.fields["text"].help_text = _(
                "Your request goes back to the court, which reads this and takes it up again."
            )
        return form


class RateForm(CommandForm):
    """What the party thinks of the reply that it has read: ``answered_at`` says of which."""

    grade = forms.ChoiceField(
        label=_("How satisfied are you with the reply?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how satisfied you are.")},
    )
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=REMARK_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was good, or what was missing. The court reads it with your rating."),
    )
    answered_at = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The page holds another form with a command of its own.
        super().__init__(*args, **kwargs | {"auto_id": "rate_%s"})
        grade = self.fields["grade"]
        assert isinstance(grade, forms.ChoiceField)
        grade.choices = choices_of(Grade)
        grade.css = "grid"  # type: ignore[attr-defined]

    @classmethod
    def of(cls, request: Request, rating: Rating | None) -> RateForm:
        """The form for the reply that ``request`` has, with what was given before."""
        assert request.answered_at is not None
        # As text: a widget would leave the microseconds out, and the instant would be another.
        first = {"answered_at": request.answered_at.isoformat()}
        if rating is not None:
            first |= {"grade": rating.grade, "remark": rating.remark}
        return cls(initial=first)


class OfficersForm(forms.Form):
    """Which court's liaison officers to show."""

    court = CourtField(required=False, empty_label=_("All courts"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        court = self.fields["court"]
        assert isinstance(court, CourtField)
        court.queryset = courts_that_answer()
