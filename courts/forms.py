"""What a service refuses is put onto the form that asked for it; and the choice of a court."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import F, QuerySet
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from courts.errors import Refused
from courts.models import Court

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


def courts_that_answer() -> QuerySet[Court]:
    """The courts that take requests here, leading courts first."""
    rows = Court.objects.filter(jurisdiction__isnull=False, status=Court.Status.CURRENT)
    leading_first = F("parent").asc(nulls_first=True)
    return rows.order_by("jurisdiction__code", leading_first, "code")


class CourtField(forms.ModelChoiceField):
    """A court, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Court"))
        kwargs.setdefault("empty_label", _("Choose a court"))
        super().__init__(queryset=Court.objects.none(), to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The court's name in the reader's language."""
        return str(obj.display_name)


class CommandForm(forms.Form):
    """A verb that is applied once, however often its form is sent."""

    command_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def renew_command(form: BaseForm) -> None:
    """Give a form whose command came before with other words an id of its own, to be sent again."""
    errors = form.errors.as_data().get(NON_FIELD_ERRORS, [])
    if any(error.code == "command_reused" for error in errors):
        name = form.add_prefix("command_id")
        form.data = dict(form.data.items()) | {name: str(uuid.uuid4())}


class CalendarForm(forms.Form):
    """Whose year is shown: what all courts have in common, or that of one."""

    court = CourtField(required=False, empty_label=_("All courts"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        court = self.fields["court"]
        assert isinstance(court, CourtField)
        court.queryset = courts_that_answer().select_related("jurisdiction")


class SignInForm(AuthenticationForm):
    """Sign-in of court staff; says the same whether the name or the password was wrong."""

    error_messages = {
        "invalid_login": _("User name or password is not right. Please try again."),
        "inactive": _("User name or password is not right. Please try again."),
    }


class ChangePasswordForm(PasswordChangeForm):
    """A new password of one's own, in the words of this product."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("This is not your present password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _(
            "Twelve characters or more; not digits alone, no common password, not like your name."
        )
        self.fields["new_password2"].help_text = ""
