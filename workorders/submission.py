"""Forms of the judges' and the supervisors' screens: one per verb, done or refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from courts.errors import NotAllowed, WrongState
from courts.forms import renew_command, run

LONGEST_NOTE = 2000


def area(rows: int, longest: int = LONGEST_NOTE) -> forms.Textarea:
    """A text field of so many rows, which counts the characters that are left."""
    return forms.Textarea(attrs={"rows": rows, "maxlength": longest})


class VerbForm(forms.Form):
    """The form of a verb. Several stand on one page, so their fields are told apart by it."""

    verb: str

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{self.verb}_%s", **kwargs)


class OnceForm(VerbForm):
    """The form of a verb that may come again in the same state, and is done once if sent twice."""

    command_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)


def submitted(form: forms.BaseForm, verb: Callable[..., Any], **kwargs: Any) -> bool:
    """Whether ``verb`` was done with what the form holds; its errors say what was wrong.

    ``WrongState`` and ``NotAllowed`` are raised on to their own pages: in the state or the reach
    that there is now, the page would no longer show the form.
    """
    given = form.cleaned_data if form.is_valid() else {}
    run(form, verb, **given, **kwargs)
    renew_command(form)
    for refusal in (WrongState, NotAllowed):
        if form.has_error(NON_FIELD_ERRORS, refusal.code):
            raise refusal
    return not form.errors
