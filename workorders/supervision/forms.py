"""Forms of a supervisor. Their fields are named as the services name what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.models import Instruction
from workorders.submission import LONGEST_NOTE, OnceForm, VerbForm, area


class InstructForm(OnceForm):
    """A word to the handler. The button that is pressed says whether it urges or instructs."""

    verb = "instruct"

    text = forms.CharField(
        label=_("To the handler"),
        help_text=_(
            "On timeliness and manner only: when and how the party is answered. Never on the "
            "outcome of the case. It stays on record."
        ),
        required=False,
        max_length=LONGEST_NOTE,
        widget=area(3),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Instruction.Kind.choices, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """One may urge without a word; an instruction says what is to be done."""
        given = super().clean() or {}
        if given.get("kind") == Instruction.Kind.INSTRUCT and not given.get("text"):
            self.add_error("text", _("Say what is to be done, or urge instead."))
        return given


class RejectForm(VerbForm):
    """Why a reply does not count."""

    verb = "reject"

    reason = forms.CharField(
        label=_("Why the reply is improper"),
        help_text=_("The handler and whoever the ladder reaches next read this."),
        error_messages={"required": _("Say why the reply is improper.")},
        max_length=LONGEST_NOTE,
        widget=area(3),
    )


class DismissForm(VerbForm):
    """Why a disputed reply stands."""

    verb = "dismiss"

    reason = forms.CharField(
        label=_("Why the reply stands"),
        help_text=_("The party reads this."),
        error_messages={"required": _("Say why the reply stands.")},
        max_length=LONGEST_NOTE,
        widget=area(3),
    )
