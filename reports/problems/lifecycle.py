"""States and moves of a listed problem (G11, G14): struck off only after somebody else's check."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class ProblemState(TextChoices):
    """Where a problem on the list stands."""

    OPEN = "open", _("in hand")
    REPORTED = "reported", _("reported as rectified")
    STRUCK = "struck", _("struck off")


_S = ProblemState

PROBLEM_MOVES = table(
    Move(
        "report", (_S.OPEN,), _S.REPORTED, "problems.rectify", _("Report as rectified"),
        needs=("text",),
    ),
    Move(
        "strike", (_S.REPORTED,), _S.STRUCK, "problems.strike", _("Strike off"), needs=("text",)
    ),
    Move(
        "send_back", (_S.REPORTED,), _S.OPEN, "problems.strike", _("Not rectified yet"),
        needs=("text",),
    ),
    Move("reopen", (_S.STRUCK,), _S.OPEN, "problems.strike", _("Open again"), needs=("text",)),
)  # fmt: skip
