"""States and moves of a good practice (B16): recorded by a court, circulated to all."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class PracticeState(TextChoices):
    """Where a good practice stands."""

    RECORDED = "recorded", _("recorded")
    CIRCULATED = "circulated", _("circulated")
    DECLINED = "declined", _("not circulated")


_S = PracticeState

PRACTICE_MOVES = table(
    Move("circulate", (_S.RECORDED,), _S.CIRCULATED, "practices.circulate", _("Circulate")),
    Move(
        "decline", (_S.RECORDED,), _S.DECLINED, "practices.circulate", _("Do not circulate"),
        needs=("text",),
    ),
)  # fmt: skip
