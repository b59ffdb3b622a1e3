"""A month in a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.months import Month


class MonthField(forms.CharField):
    """A month written as 2026-10; its value is a ``Month``, None where none was given."""

    widget = forms.TextInput(attrs={"type": "month"})
    default_error_messages = {"no_month": _("Enter a month such as 2026-10.")}

    def clean(self, value: Any) -> Month | None:
        """The month, or what is wrong with it."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except ValueError:
            raise forms.ValidationError(self.error_messages["no_month"]) from None
