"""Forms of a briefing. Their fields are named as the services name what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.briefing.services import LONGEST_TEXT
from reports.month_field import MonthField


class DraftForm(forms.Form):
    """Of which month to draft the briefing."""

    month = MonthField(
        label=_("Month"),
        error_messages=dict.fromkeys(("required", "no_month"), _("Write the month like 2026-10.")),
        widget=forms.TextInput(attrs={"type": "month", "pattern": "[0-9]{4}-[0-9]{2}"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].css = "short"  # type: ignore[attr-defined]


class TextForm(forms.Form):
    """The words of a section. ``version`` is the one that was read when the form was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line begins a new paragraph. Name no party and no telephone number."),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Write the text of this section.")},
        widget=forms.Textarea(attrs={"rows": 16, "maxlength": LONGEST_TEXT}),
    )


class SendBackForm(forms.Form):
    """Why a briefing is sent back."""

    reason = forms.CharField(
        label=_("What should be changed?"),
        max_length=500,
        error_messages={"required": _("Say what should be changed.")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )
