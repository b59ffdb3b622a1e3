"""States and moves of a work order; the only table of them (G5, B6, G17).

A reassignment changes the unit and not the state, so it is no move.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class OrderState(TextChoices):
    """Where a work order stands."""

    DISPATCHED = "dispatched", _("dispatched")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    REPLIED = "replied", _("replied")
    COMPLETED = "completed", _("completed")
    RETURNED = "returned", _("returned to the desk")
    WITHDRAWN = "withdrawn", _("withdrawn")


_S = OrderState

MOVES = table(
    Move("acknowledge", (_S.DISPATCHED,), _S.ACKNOWLEDGED, "orders.handle", _("Acknowledge")),
    Move(
        "reply",
        (_S.DISPATCHED, _S.ACKNOWLEDGED),
        _S.REPLIED,
        "orders.handle",
        _("Reply"),
        needs=("text",),
    ),
    Move(
        "return_to_desk",
        (_S.DISPATCHED, _S.ACKNOWLEDGED),
        _S.RETURNED,
        "orders.handle",
        _("Return to the desk"),
        needs=("reason",),
    ),
    Move("dispatch_again", (_S.RETURNED, _S.WITHDRAWN), _S.DISPATCHED, "", _("Dispatch again")),
    Move("complete", (_S.REPLIED,), _S.COMPLETED, "orders.handle", _("Complete")),
    Move(
        "reopen",
        (_S.REPLIED, _S.COMPLETED),
        _S.ACKNOWLEDGED,
        "supervision.reject",
        _("Reject the reply"),
        needs=("reason",),
    ),
    Move(
        "withdraw",
        (_S.DISPATCHED, _S.ACKNOWLEDGED, _S.RETURNED),
        _S.WITHDRAWN,
        "",
        _("Withdrawn"),
    ),
)

OPEN_STATES = (_S.DISPATCHED, _S.ACKNOWLEDGED, _S.RETURNED)
WAITING_STATES = (_S.DISPATCHED, _S.ACKNOWLEDGED)
