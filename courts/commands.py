"""A verb of portal or channel is applied once, however often it comes."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction

from courts.errors import Invalid
from courts.models import AppliedCommand


def claim(command_id: uuid.UUID | None, verb: str) -> AppliedCommand | None:
    """Take a command to apply it; returns it when it was applied before, else ``None``.

    Call it first in the verb's transaction: a second copy that comes at the same time waits for
    the first to end, and then finds it applied. Raises ``Invalid`` when the id was used for
    another verb: that is no copy.
    """
    if command_id is None:
        return None
    try:
        with transaction.atomic():
            AppliedCommand.objects.create(pk=command_id, verb=verb)
    except IntegrityError:
        found = AppliedCommand.objects.get(pk=command_id)
        if found.verb != verb:
            raise Invalid(code="command_reused") from None
        return found
    return None


def applied(command_id: uuid.UUID | None, subject_id: int) -> None:
    """Remember what a claimed command was applied to."""
    if command_id is not None:
        AppliedCommand.objects.filter(pk=command_id).update(subject_id=subject_id)
