"""What a service refuses is put onto the form that asked for it, in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from courts.errors import Refused

Result = TypeVar("Result")


def run(form: BaseForm, verb: Callable[..., Result], **kwargs: Any) -> Result | None:
    """Call the service ``verb`` for a form, if the form is valid; return what it returns.

    A refusal becomes an error of the field it names, else of the whole form, and ``None`` is
    returned. A verb that itself returns nothing is told from a refused one by
    ``form.is_valid()``, which is false after a refusal.
    """
    if not form.is_valid():
        return None
    try:
        return verb(**kwargs)
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, ValidationError(refused.text, code=refused.code))
        return None


class SignInForm(AuthenticationForm):
    """Sign-in of court staff; says the same whether the name or the password was wrong."""

    error_messages = {
        "invalid_login": _("User name or password is not right. Please try again."),
        "inactive": _("User name or password is not right. Please try again."),
    }
