"""The limit chip of a request: how its clock reads, and what became of the request."""

from __future__ import annotations

from typing import Any

from django import template

from courts.templatetags import ui
from escalation.reading import Reading
from liaison.lifecycle import RequestState
from liaison.models import Request

register = template.Library()


def standing(reading: Reading, request: Request) -> str:
    """The state of the chip. A stopped clock alone does not say whether a reply stands.

    A disputed reply waits for a judgment, and who withdrew or was merged was not answered.
    """
    if reading.clock.stopped_at is None:
        return reading.state
    if request.state in (RequestState.WITHDRAWN, RequestState.MERGED):
        return "stopped"
    if request.disputed_at is not None:
        return "disputed"
    return "answered_in_time" if reading.was_in_time else "answered_late"


@register.inclusion_tag("components/limit_chip.html")
def request_limit(reading: Reading, request: Request) -> dict[str, Any]:
    """The limit chip: ``{% load limits %}{% request_limit reading request %}``."""
    return ui.limit_chip(
        reading.day,
        reading.of,
        reading.clock.limit_at if reading.minutes else reading.limit_on,
        minutes=reading.minutes,
        state=standing(reading, request),
        provisional=reading.limit_is_provisional,
    )
