"""The table of court codes that this deployment recognises case numbers by."""

from __future__ import annotations

from functools import lru_cache

from cases.case_number import CourtTable, default_table
from courts.models import Court


@lru_cache(maxsize=4)
def _table(courts: tuple[tuple[str, str], ...]) -> CourtTable:
    return default_table().with_courts(dict(courts))


def deployment_table() -> CourtTable:
    """The national table, with the courts of this deployment (invented ones included)."""
    rows = Court.objects.filter(status=Court.Status.CURRENT).order_by("code")
    return _table(tuple(rows.values_list("code", "name")))
