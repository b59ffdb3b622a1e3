"""To which units a work order may go, and who in them may handle it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from courts.models import Department, Post, Tenure
from liaison.models import Request

# Judges first: most orders go to one.
_HANDLERS = (Post.Kind.JUDGE, Post.Kind.JUDGE_ASSISTANT, Post.Kind.DEPARTMENT_LEADER)


def units_for(request: Request) -> QuerySet[Department]:
    """The departments of the request's court that take work orders; not the desk itself."""
    rows = Department.objects.filter(court_id=request.court_id, is_open=True)
    return rows.exclude(kind=Department.Kind.LITIGATION_SERVICE).order_by("pk")


def seats_in(units: QuerySet[Department], at: datetime) -> list[Tenure]:
    """Who may handle orders in these departments at ``at``: judges first, each seat once."""
    rows = Tenure.objects.at(at).filter(
        post__department__in=units,
        post__kind__in=_HANDLERS,
        post__is_open=True,
        person__is_active=True,
    )
    seats = list(rows.select_related("person", "post__department"))
    rank = {kind: index for index, kind in enumerate(_HANDLERS)}
    return sorted(seats, key=lambda seat: (rank[Post.Kind(seat.post.kind)], seat.post_id))
