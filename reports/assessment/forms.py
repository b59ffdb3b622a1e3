"""Forms of objections and sheets. Their fields are named as the services name what is wrong."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.submission import LONGEST_NOTE, VerbForm, area


class ObjectionForm(VerbForm):
    """Why an item should not count against the person."""

    verb = "object"

    reason = forms.CharField(
        label=_("Why it should not count against you"),
        max_length=LONGEST_NOTE,
        widget=area(5),
        error_messages={"required": _("Say why it should not count against you.")},
    )


class AnswerForm(VerbForm):
    """The answer to an objection; the button that is pressed says whether it is upheld."""

    verb = "answer"

    answer = forms.CharField(
        label=_("Answer"),
        help_text=_("The person reads these words. No figure changes by them."),
        max_length=LONGEST_NOTE,
        widget=area(5),
        error_messages={"required": _("Say why.")},
    )
    upheld = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )


class StatementForm(VerbForm):
    """The judge's own word on the year."""

    verb = "state"

    statement = forms.CharField(
        label=_("Your statement on the year"),
        help_text=_("It stands on the sheet as you write it, and is written once."),
        max_length=LONGEST_NOTE,
        widget=area(6),
        error_messages={"required": _("Write the statement.")},
    )


class CommentForm(VerbForm):
    """The comment without which no sheet is signed."""

    verb = "comment"

    comment = forms.CharField(
        label=_("Comment on the year"),
        help_text=_("Beyond the figures: what explains them, and what they do not show."),
        max_length=LONGEST_NOTE,
        widget=area(6),
        error_messages={"required": _("Write the comment.")},
    )
