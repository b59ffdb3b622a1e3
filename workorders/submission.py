"""What a form of the judges' and the supervisors' screens asks for, done or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm

from courts.errors import NotAllowed, WrongState
from courts.forms import run


def submitted(form: BaseForm, verb: Callable[..., Any], **kwargs: Any) -> bool:
    """Whether ``verb`` was done; what is wrong with a field stands on the form afterwards.

    ``WrongState`` and ``NotAllowed`` are raised on to their own pages: in the state or the reach
    that there is now, the page would no longer show the form.
    """
    run(form, verb, **kwargs)
    for refusal in (WrongState, NotAllowed):
        if form.has_error(NON_FIELD_ERRORS, refusal.code):
            raise refusal
    return not form.errors
