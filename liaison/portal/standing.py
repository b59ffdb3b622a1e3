"""Where a request stands, in the words of who asked: not those of the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.lifecycle import RequestState
from liaison.models import Request

_S = RequestState
_LABELS: dict[RequestState, Any] = {
    _S.REGISTERED: pgettext_lazy("state of a request", "Received"),
    _S.ROUTED: _("With the judge or department"),
    _S.RETURNED: _("Being passed to the right judge"),
    _S.ANSWERED: pgettext_lazy("state of a request", "Answered"),
    _S.CLOSED: pgettext_lazy("state of a request", "Closed"),
    _S.WITHDRAWN: pgettext_lazy("state of a request", "Withdrawn"),
    _S.MERGED: _("Goes on under another number"),
}
_SENTENCES: dict[RequestState, Any] = {
    _S.REGISTERED: _("Your request is waiting at the court’s litigation service."),
    _S.ROUTED: _("Your request is with the judge or department."),
    _S.RETURNED: _("The litigation service is looking for the right judge."),
    _S.ANSWERED: _("The court has answered."),
    _S.CLOSED: _("The court has answered, and your request is closed."),
    _S.WITHDRAWN: _("You withdrew this request."),
    _S.MERGED: _("This request goes on under another number."),
}
_AGAIN = _("The earlier reply no longer counts; the court is working on it again.")


def state_label(state: str) -> Any:
    """A state in a word or two."""
    return _LABELS[RequestState(state)]


def state_sentence(found: Request) -> Any:
    """Where a request stands; one whose reply was rejected does not merely wait."""
    if found.is_open and found.timeline.filter(kind="reply_rejected").exists():
        return _AGAIN
    return _SENTENCES[RequestState(found.state)]
