"""What the frame of every page shows of notices: the bell."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from notices.models import Notice

# The bell says "99+" from here on, so there is no need to count further.
MOST = 100


def unread_count(person_id: int) -> int:
    """How many notices wait to be read, to a hundred: one statement on a partial index."""
    unread = Notice.objects.for_person(person_id).filter(read_at__isnull=True)
    return unread.order_by()[:MOST].count()


def bell(request: HttpRequest) -> dict[str, Any]:
    """``notices_url`` and ``notices_unread``, for signed-in staff alone.

    The count is a callable that asks once: a page without a bell asks nothing.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    person_id = user.pk
    return {
        "notices_url": reverse("notices:list"),
        "notices_bell_url": reverse("notices:bell"),
        "notices_unread": cache(lambda: unread_count(person_id)),
    }
