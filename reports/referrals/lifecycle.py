"""States and moves of what is referred: of each item, and of a month's lot (G12, B9)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class LotState(TextChoices):
    """Where a month's lot for an office stands."""

    COMPILED = "compiled", _("compiled")
    NIL = "nil", _("nothing to refer")
    SENT = "with_office", _("with the office")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class ItemState(TextChoices):
    """Where one item stands."""

    RECORDED = "recorded", _("recorded")
    TAKEN_BACK = "taken_back", _("taken back")
    SENT = "with_office", _("with the office")
    ANSWERED = "answered", _("answered")
    ACCEPTED = "approved", _("answer accepted")


_L, _I = LotState, ItemState

LOT_MOVES = table(
    Move("record_nil", (_L.COMPILED,), _L.NIL, "", _("Record that there is nothing to refer")),
    Move("send", (_L.COMPILED,), _L.SENT, "referrals.make", _("Send to the office")),
    Move("complete", (_L.SENT,), _L.ANSWERED, "", _("All answered")),
    Move("take_up_again", (_L.ANSWERED,), _L.SENT, "", _("An answer is sent back")),
    Move("close", (_L.ANSWERED,), _L.CLOSED, "", _("All accepted")),
)
ITEM_MOVES = table(
    Move(
        "take_back", (_I.RECORDED,), _I.TAKEN_BACK, "referrals.make", _("Take back"),
        needs=("text",),
    ),
    Move("send", (_I.RECORDED,), _I.SENT, "", _("Sent with its lot")),
    Move(
        "give_answer", (_I.SENT,), _I.ANSWERED, "referrals.answer", _("Answer"), needs=("text",)
    ),
    Move("accept", (_I.ANSWERED,), _I.ACCEPTED, "referrals.make", _("Accept the answer")),
    Move(
        "send_back", (_I.ANSWERED,), _I.SENT, "referrals.make", _("Send the answer back"),
        needs=("text",),
    ),
)  # fmt: skip
