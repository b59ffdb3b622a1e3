"""States and moves of an agenda matter (G13, G14, B12, B13), with the look back at closed ones."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class AgendaState(TextChoices):
    """Where an agenda matter stands."""

    OPEN = "open", _("in hand")
    RESULTED = "resulted", _("result recorded")
    CLOSED = "closed", _("closed")
    CHECKING = "checking", _("looked at again")


_S = AgendaState

AGENDA_MOVES = table(
    Move(
        "record_result", (_S.OPEN,), _S.RESULTED, "agenda.result", _("Record the result"),
        needs=("text",),
    ),
    Move("close", (_S.RESULTED,), _S.CLOSED, "agenda.close", _("Close"), needs=("text",)),
    Move(
        "send_back", (_S.RESULTED,), _S.OPEN, "agenda.close", _("Not resolved yet"),
        needs=("text",),
    ),
    Move("look_back", (_S.CLOSED,), _S.CHECKING, "", _("Drawn for the look back")),
    Move(
        "confirm", (_S.CHECKING,), _S.CLOSED, "agenda.close", _("The result holds"),
        needs=("text",),
    ),
    Move(
        "reopen", (_S.CHECKING,), _S.OPEN, "agenda.close", _("The result does not hold"),
        needs=("text",),
    ),
)  # fmt: skip
