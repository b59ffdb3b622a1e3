"""How long is waited, in the reader's words: business days, minutes or seconds."""

from __future__ import annotations

from django.utils.translation import ngettext

from escalation.ladder import Step


def span(number: int, unit: str) -> str:
    """So many of a unit of a policy: ``3 business days``, ``30 minutes``."""
    if unit == "minutes":
        words = ngettext("%(n)s minute", "%(n)s minutes", number)
    elif unit == "seconds":
        words = ngettext("%(n)s second", "%(n)s seconds", number)
    else:
        words = ngettext("%(n)s business day", "%(n)s business days", number)
    return words % {"n": number}


def waited(step: Step, occurrence: int = 1) -> str:
    """How long is waited from the anchor before an occurrence of a step is due."""
    return span(step.passed(occurrence), step.unit)
