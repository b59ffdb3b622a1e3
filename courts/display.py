"""How a browser shows the pages: each choice is a cookie, so that the first paint is right.

A choice belongs to the machine and its screen, not to the person: an older visitor needs no
account for larger type, and a member of staff may sit before a small screen tomorrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

LARGE, COMPACT = "large", "compact"
# Cookie -> the values that it may have; the first is what holds without a choice.
CHOICES = {"type": ("normal", LARGE), "density": ("comfortable", COMPACT)}


def chosen(given: Mapping[str, Any]) -> dict[str, str]:
    """The choices that a form makes; what is no choice is left out."""
    return {name: given[name] for name, values in CHOICES.items() if given.get(name) in values}


def shown(request: HttpRequest) -> dict[str, bool]:
    """What the page frames ask: ``large_type`` and ``is_compact``."""
    kept = chosen(request.COOKIES)
    return {
        "large_type": kept.get("type") == LARGE,
        "is_compact": kept.get("density") == COMPACT,
    }
