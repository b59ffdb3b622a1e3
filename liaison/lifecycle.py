"""States and moves of a request; the only table of them (G4, G5, B5, B6)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class RequestState(TextChoices):
    """Where a request stands."""

    REGISTERED = "registered", _("waiting at the desk")
    ROUTED = "routed", _("being handled")
    RETURNED = "returned", _("returned to the desk")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged into another")


_S = RequestState

MOVES = table(
    Move(
        "answer",
        (_S.REGISTERED, _S.RETURNED),
        _S.ANSWERED,
        "desk.triage",
        _("Answer on the spot"),
        needs=("text",),
    ),
    Move(
        "route",
        (_S.REGISTERED, _S.RETURNED),
        _S.ROUTED,
        "desk.triage",
        _("Dispatch as work order"),
        needs=("department",),
    ),
    Move("receive_back", (_S.ROUTED,), _S.RETURNED, "", _("Returned"), needs=("reason",)),
    Move("receive_reply", (_S.ROUTED,), _S.ANSWERED, "", _("Answered")),
    Move("receive_rejection", (_S.ANSWERED, _S.CLOSED), _S.ROUTED, "", _("Reopened")),
    Move("receive_rejection_at_desk", (_S.ANSWERED, _S.CLOSED), _S.RETURNED, "", _("Reopened")),
    Move("close", (_S.ANSWERED,), _S.CLOSED, "", _("Close")),
    Move(
        "withdraw",
        (_S.REGISTERED, _S.ROUTED, _S.RETURNED),
        _S.WITHDRAWN,
        "",
        _("Withdraw"),
    ),
    Move(
        "merge",
        (_S.REGISTERED, _S.RETURNED, _S.ROUTED),
        _S.MERGED,
        "desk.triage",
        _("Merge"),
        needs=("into",),
    ),
)

OPEN_STATES = (_S.REGISTERED, _S.ROUTED, _S.RETURNED)
DESK_STATES = (_S.REGISTERED, _S.RETURNED)
