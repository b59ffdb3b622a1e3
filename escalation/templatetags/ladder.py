"""The ladder bar in templates: ``{% load ladder %}{% ladder_bar ladder "row" %}``."""

from __future__ import annotations

from itertools import count
from typing import Any

from django import template

from escalation import ladder_bar as geometry

register = template.Library()

# Titles inside an SVG are referred to by id; one page may show the bar many times.
_serial = count(1)


@register.inclusion_tag("components/ladder_bar.html")
def ladder_bar(ladder: geometry.Ladder | None, size: geometry.Size = "detail") -> dict[str, Any]:
    """The bar in size ``row``, ``detail`` or ``print``; nothing where no clock runs."""
    if ladder is None:
        return {"bar": None}
    return {"bar": geometry.draw(ladder, size), "id": f"ladder-{next(_serial)}"}


@register.inclusion_tag("components/ladder_sentence.html")
def ladder_sentence(ladder: geometry.Ladder | None, shown: str = "full") -> dict[str, Any]:
    """The plain form for a party. ``shown`` is the policy's ``ladder_shown_to_party``."""
    if ladder is None:
        return {"bar": None}
    return {"bar": geometry.draw(ladder, "row"), "full": shown == "full"}
