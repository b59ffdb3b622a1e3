"""States and moves of a proposal for improvement (G18): answered by the chamber, then tracked."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class ImprovementState(TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed", _("waits for an answer")
    ADOPTED = "adopted", _("adopted")
    DECLINED = "declined", _("not adopted")
    IMPLEMENTED = "implemented", _("carried out")


_S = ImprovementState

IMPROVEMENT_MOVES = table(
    Move(
        "adopt", (_S.PROPOSED,), _S.ADOPTED, "improvements.answer", _("Adopt"), needs=("text",)
    ),
    Move(
        "decline", (_S.PROPOSED,), _S.DECLINED, "improvements.answer", _("Do not adopt"),
        needs=("text",),
    ),
    Move(
        "carry_out", (_S.ADOPTED,), _S.IMPLEMENTED, "improvements.answer",
        _("Record that it is carried out"), needs=("text",),
    ),
)  # fmt: skip
