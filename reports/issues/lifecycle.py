"""States and moves of a proposed issue (G12, B9)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class IssueState(TextChoices):
    """Where an issue stands."""

    PROPOSED = "proposed", _("proposed")
    IN_BRIEFING = "in_briefing", _("in the briefing")
    REFERRED = "referred", _("referred")
    DISMISSED = "dismissed", _("dismissed")


_S = IssueState

ISSUE_MOVES = table(
    Move("rename", (_S.PROPOSED,), _S.PROPOSED, "issues.judge", _("Rename"), needs=("title",)),
    Move("take_in", (_S.PROPOSED,), _S.IN_BRIEFING, "issues.judge", _("Take into the briefing")),
    Move(
        "refer", (_S.PROPOSED, _S.IN_BRIEFING), _S.REFERRED, "issues.judge",
        _("Refer to an office"), needs=("category", "text"),
    ),
    Move(
        "dismiss", (_S.PROPOSED,), _S.DISMISSED, "issues.judge", _("Dismiss"), needs=("text",)
    ),
    Move(
        "reopen", (_S.DISMISSED,), _S.PROPOSED, "issues.judge", _("Propose again"), needs=("text",)
    ),
)  # fmt: skip
