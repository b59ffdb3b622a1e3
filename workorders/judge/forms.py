"""Forms of an order. Their fields are named as the services name what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.models import ContactRecord, WorkOrder
from workorders.submission import LONGEST_NOTE, OnceForm, VerbForm, area
from workorders.units import UnitField, UnitForm

LONGEST_REPLY = 8000


class ReplyForm(VerbForm):
    """A written reply, or the report of an assisting unit."""

    verb = "reply"

    text = forms.CharField(
        label=_("Reply"),
        help_text=_("The party reads these words as you write them."),
        max_length=LONGEST_REPLY,
        error_messages={"required": _("Write the reply.")},
        widget=area(7, LONGEST_REPLY),
    )

    def __init__(self, data: Any = None, *, order: WorkOrder, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not order.is_lead:
            self.fields["text"].label = _("Report")
            self.fields["text"].help_text = _(
                "It goes to the handler of the lead order, not to the party."
            )
            self.fields["text"].error_messages["required"] = _("Write the report.")


class ContactForm(OnceForm):
    """A call or a meeting. The button that is pressed says whether the party was reached."""

    verb = "contact"

    means = forms.ChoiceField(
        label=_("By"),
        choices=ContactRecord.Means.choices,
        error_messages={"required": _("Choose how you tried to reach the party.")},
        initial=ContactRecord.Means.CALL,
        widget=forms.RadioSelect,
    )
    summary = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=area(3),
    )
    is_answer = forms.BooleanField(
        label=_("This was the answer"),
        help_text=_("The party is sent what was said at once, and the clock stops."),
        required=False,
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=ContactRecord.Outcome.choices, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """An answer was heard by the party, and says what was said."""
        given = super().clean() or {}
        if given.get("is_answer"):
            if given.get("outcome") == ContactRecord.Outcome.NOT_REACHED:
                self.add_error(
                    "is_answer", _("A party who was not reached cannot have been answered.")
                )
            elif not given.get("summary"):
                self.add_error("summary", _("Say what was said: the party is sent these words."))
        return given


class ReturnForm(VerbForm):
    """Back to the desk, with a reason."""

    verb = "return"

    reason = forms.CharField(
        label=_("Why it is not yours"),
        max_length=LONGEST_NOTE,
        widget=area(3),
        error_messages={"required": _("Say why it is not yours.")},
    )


class AssistForm(UnitForm, OnceForm):
    """A question to another unit."""

    verb = "assist"

    department = UnitField(
        label=_("Whom to ask"), error_messages={"required": _("Choose whom to ask.")}
    )
    note = forms.CharField(
        label=_("What you need"),
        max_length=LONGEST_NOTE,
        widget=area(2),
        error_messages={"required": _("Say what you need.")},
    )
