"""How rates are named where objections and sheets speak of them."""

from __future__ import annotations

from typing import Any

from reports.leadership.lists import INDICATORS


def rate_name(indicator: str) -> Any:
    """The name of a rate; of one that is not known here, its code."""
    return INDICATORS.get(indicator, indicator)
