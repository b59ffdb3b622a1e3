"""States and moves of an interview (G16, B14): proposed, held, confirmed, followed up."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class InterviewState(TextChoices):
    """Where an interview stands."""

    PROPOSED = "proposed", _("proposed")
    DISMISSED = "dismissed", _("not held")
    HELD = "held", _("held")
    CONFIRMED = "confirmed", _("confirmed by the unit")
    FOLLOWED_UP = "followed_up", _("followed up")


_S = InterviewState

INTERVIEW_MOVES = table(
    Move(
        "hold", (_S.PROPOSED,), _S.HELD, "interviews.hold", _("Record the interview"),
        needs=("interviewed", "held_on", "agreed", "agreed_until"),
    ),
    Move(
        "dismiss", (_S.PROPOSED,), _S.DISMISSED, "interviews.hold", _("Hold no interview"),
        needs=("text",),
    ),
    Move(
        "confirm", (_S.HELD,), _S.CONFIRMED, "interviews.confirm", _("Confirm what was agreed")
    ),
    Move(
        "follow_up", (_S.CONFIRMED,), _S.FOLLOWED_UP, "interviews.hold",
        _("Record what came of it"), needs=("text",),
    ),
)  # fmt: skip
