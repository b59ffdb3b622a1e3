"""Forms of a party who signs in, and of what they wish to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases import wishes
from cases.node_rules import Outside
from notices.channels import party_channels
from notices.models import Delivery


class PhoneForm(forms.Form):
    """Where the code is to be sent."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("The one that you gave the court, such as 138 0000 0000."),
        error_messages={"required": _("Enter the mobile number that you gave the court.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )


class CodeForm(forms.Form):
    """The code that came by text message."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        help_text=_("Six digits, good for ten minutes."),
        error_messages={"required": _("Enter the code from the message.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        required=False,
        help_text=_(
            "Only if several people are registered with this mobile number: identity card, "
            "lawyer’s licence or credit code."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class WishesForm(forms.Form):
    """What a person is told, by which channels, and how much outside the court's network."""

    is_wanted = forms.BooleanField(
        label=_("Tell me of news in my cases"),
        required=False,
        help_text=_("Without it nothing is sent to you; you can still read everything here."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Of what"), required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        label=_("By which way"), required=False, widget=forms.CheckboxSelectMultiple
    )
    outside = forms.ChoiceField(
        label=_("Sensitive matters"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Divorce, minors, domestic violence and secrets. Think of who else sees your telephone."
        ),
    )

    def __init__(self, *args: Any, contact_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "").lower()
        self._present = wishes.wanted_by(contact_id)
        kinds, channels, outside = (self.fields[n] for n in ("kinds", "channels", "outside"))
        assert isinstance(kinds, forms.MultipleChoiceField)
        assert isinstance(channels, forms.MultipleChoiceField)
        assert isinstance(outside, forms.ChoiceField)
        kinds.choices = [
            (kind, rule.title.in_language(language))
            for kind, rule in wishes.kinds_of_nodes().items()
        ]
        labels = dict(Delivery.Channel.choices)
        channels.choices = [
            (name, str(labels.get(name, name)).capitalize()) for name in party_channels()
        ]
        outside.choices = [
            ("", _("As the court’s list has it")),
            (Outside.NOTHING.value, _("Send me nothing about them")),
            (Outside.NEUTRAL.value, _("Say only that the court has a message for me")),
            (Outside.NEWS.value, _("Say that my case has news, as for other cases")),
        ]

    def wanted(self) -> dict[str, bool]:
        """The wishes by kind, as the verb takes them."""
        chosen = set(self.cleaned_data["kinds"])
        kinds = {kind: kind in chosen for kind in wishes.kinds_of_nodes()}
        return {"": self.cleaned_data["is_wanted"]} | kinds

    def refused(self) -> list[str]:
        """The channels that were left unticked."""
        chosen = set(self.cleaned_data["channels"])
        return [name for name in party_channels() if name not in chosen]
