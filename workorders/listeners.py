"""Hears what happens to requests; a listener runs in the sender's transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from liaison.signals import (
    reply_disputed,
    request_answered_at_desk,
    request_merged,
    request_routed,
    request_withdrawn,
)
from workorders import following


@receiver(request_routed)
def open_order(sender: Any, **news: Any) -> None:
    """A routed request gets its lead order."""
    following.open_lead(
        request=news["request"],
        department=news["department"],
        handler=news["handler"],
        by=news["by"],
        note=news["note"],
        at=news["at"],
    )


@receiver(request_answered_at_desk)
@receiver(request_withdrawn)
@receiver(request_merged)
def end_orders(sender: Any, **news: Any) -> None:
    """A request that has ended leaves no order open."""
    following.end_orders(request=news["request"], at=news["at"])


@receiver(reply_disputed)
def note_dispute(sender: Any, **news: Any) -> None:
    """A disputed reply waits for the liaison officer's judgment."""
    following.note_dispute(request=news["request"], at=news["at"])
