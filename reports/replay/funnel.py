"""What became of replayed messages, counted in the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q

from escalation.models import Clock, Firing
from liaison.kinds import REPLY
from notices.models import Notice

# The recipient as the policy names it -> the post that stands for it in the count.
_POSTS = {"handler": "judge"}


def funnel(request_ids: Iterable[int], rejected: int) -> dict[str, Any]:
    """Requests, replies in time and late, rungs by level, ladder notices by recipient's post.

    A reply is in time before the limit's end. ``warnings`` and ``rungs`` count firings.
    """
    ids = list(request_ids)
    clocks = Clock.objects.filter(kind=REPLY, subject_id__in=ids)
    replies = clocks.aggregate(
        requests=Count("pk"),
        in_time=Count("pk", filter=Q(stopped_at__lt=F("limit_at"))),
        late=Count("pk", filter=Q(stopped_at__gte=F("limit_at"))),
        never=Count("pk", filter=Q(stopped_at__isnull=True)),
    )
    by_level = dict(
        Firing.objects.filter(clock__in=clocks)
        .values_list("level")
        .annotate(n=Count("pk"))
        .order_by("level")
    )
    notices: dict[str, int] = {}
    rows = Notice.objects.filter(kind="ladder.reply", subject_id__in=ids)
    for role, count in rows.values_list("params__role").annotate(n=Count("pk")).order_by():
        post = _POSTS.get(role, role)
        notices[post] = notices.get(post, 0) + count
    return {
        "requests": replies["requests"],
        "replied_in_time": replies["in_time"],
        "replied_late": replies["late"],
        "never_replied": replies["never"],
        "warnings": by_level.get(0, 0),
        "rungs": {str(level): by_level.get(level, 0) for level in range(1, 5)},
        "notices": dict(sorted(notices.items())),
        "rejected_lines": rejected,
    }
