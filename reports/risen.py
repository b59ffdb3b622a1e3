"""What the ladder sent a person of the matters of the follow-up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from courts.models import Person, Post
from escalation.models import FiringRecipient
from escalation.sight import still_meant


def risen_to(person: Person, posts: Iterable[Post], kind: str) -> QuerySet[FiringRecipient, Any]:
    """The ids of the matters of a kind that rose to ``person`` while holding the post meant."""
    rows = FiringRecipient.objects.filter(firing__clock__kind=kind)
    still = rows.filter(still_meant({person.pk: posts}) & ~Q(role="handler"))
    return still.values("firing__clock__subject_id")
