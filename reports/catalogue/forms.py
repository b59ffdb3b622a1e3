"""One form with every kind of field, and the filter of the sample list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.catalogue import samples


class SampleForm(forms.Form):
    """Every widget that the product uses."""

    name = forms.CharField(label=_("Name"), help_text=_("As on your identity card."))
    phone = forms.CharField(
        label=_("Mobile number"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    matter = forms.ChoiceField(label=_("Matter"), choices=samples.MATTERS)
    reach = forms.ChoiceField(
        label=_("How may we reach you?"),
        choices=[
            ("phone", _("By telephone")),
            ("email", _("By e-mail")),
            ("none", _("Not at all")),
        ],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label=_("On which days?"),
        choices=[("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label=_("Message"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": ""}),
    )
    file = forms.FileField(label=_("Attachment"), required=False)
    court = forms.CharField(label=_("Court"), disabled=True, required=False)
    agreed = forms.BooleanField(label=_("I have read how my data is used."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "on"):
            self.fields[name].css = "short"  # type: ignore[attr-defined]
        self.fields["matter"].css = "medium"  # type: ignore[attr-defined]


class ShortForm(forms.Form):
    """What a dialog or a kiosk asks for."""

    reason = forms.CharField(label=_("Reason"), max_length=100)
    reach = forms.ChoiceField(
        label=_("How may we reach you?"),
        choices=[("phone", _("By telephone")), ("none", _("Not at all"))],
        widget=forms.RadioSelect,
    )


class FilterForm(forms.Form):
    """Which rows of the sample list are shown."""

    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *samples.ROW_STATES]
    )
