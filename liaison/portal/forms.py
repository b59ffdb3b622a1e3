"""Forms of the portal."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.forms import CourtField, courts_that_answer
from liaison.forms import TEXT_LIMIT


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


class CommandForm(forms.Form):
    """A verb that needs nothing but to be applied once."""

    command_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class DisputeForm(CommandForm):
    """Why a reply is no answer."""

    text = forms.CharField(
        label=_("What is still unanswered?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The liaison officer reads it beside the reply and decides what follows."),
        error_messages={"required": _("Write what is still unanswered.")},
    )


class OfficersForm(forms.Form):
    """Which court's liaison officers to show."""

    court = CourtField(required=False, empty_label=_("All courts"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        court = self.fields["court"]
        assert isinstance(court, CourtField)
        court.queryset = courts_that_answer()
