"""A verb of portal or channel is applied once, however often it comes."""

from __future__ import annotations

import json
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courts.errors import Invalid
from courts.fields import blind_index
from courts.models import AppliedCommand


def digest_of(*arguments: str | int | bool | None) -> str:
    """A keyed digest of what a verb was given: to whom it is done, and with which words."""
    return blind_index(json.dumps(arguments))


def claim(command_id: uuid.UUID | None, verb: str, digest: str) -> AppliedCommand | None:
    """Take a command to apply it; returns it when it was applied before, else ``None``.

    Call it first in the verb's transaction: a second copy that comes at the same time waits for
    the first to end, and then finds it applied. Raises ``Invalid`` (``command_reused``) when the
    id was used for another verb, or with other arguments by their ``digest``: that is no copy,
    and to take it for one would lose what it says.
    """
    if command_id is None:
        return None
    try:
        with transaction.atomic():
            AppliedCommand.objects.create(pk=command_id, verb=verb, digest=digest)
    except IntegrityError:
        found = AppliedCommand.objects.get(pk=command_id)
        if (found.verb, found.digest) != (verb, digest):
            raise Invalid(
                _("This form was sent before with other words. Please check and send again."),
                code="command_reused",
            ) from None
        return found
    return None


def applied(command_id: uuid.UUID | None, subject_id: int) -> None:
    """Remember what a claimed command was applied to."""
    if command_id is not None:
        AppliedCommand.objects.filter(pk=command_id).update(subject_id=subject_id)
