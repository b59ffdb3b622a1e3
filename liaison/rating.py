"""A party rates the reply that stands (the rate of satisfaction; G2, B2).

One rating for each reply, changed as often as the party likes for as long as the reply might be
taken up again. A reply that is rejected takes its rating with it, and the next one may be rated
anew; while a reply is in dispute its rating does not count and cannot be given.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts import commands
from courts.errors import Invalid, WrongState
from liaison.kinds import tell_officer
from liaison.models import REMARK_LIMIT, Grade, Rating, Request, TimelineEntry
from liaison.replies import may_dispute, standing_reply
from liaison.services import lock
from liaison.timeline import record


def rating_of(request: Request) -> Rating | None:
    """What the party thinks of the reply that the request has now, in dispute or not."""
    return request.ratings.current().first()


def ratings_of(requests: Iterable[Request]) -> dict[int, Rating]:
    """``rating_of`` for many requests at once, by request: one statement."""
    rows = Rating.objects.current().filter(request__in=requests)
    return {row.request_id: row for row in rows}


@transaction.atomic
def rate(
    *,
    request_id: int,
    grade: str,
    remark: str = "",
    answered_at: datetime | None = None,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Rating:
    """Rate the reply that stands, or change the rating.

    ``answered_at`` names the reply that the party read, by its instant: another one since is
    ``WrongState``, as is a reply that was sent back, is in dispute, or is older than the policy
    lets a request be taken up again. ``Invalid`` for a grade that there is not, a remark of more
    than ``REMARK_LIMIT`` characters, or a ``command_id`` that came with others. The same rating
    again changes nothing. The first time that the party is not satisfied with a reply, the
    liaison officer of the unit is told.
    """
    asked = commands.digest_of(request_id, grade, remark)
    claimed = commands.claim(command_id, "rate", asked)
    if claimed is not None:
        assert claimed.subject_id is not None
        return Rating.objects.get(pk=claimed.subject_id)
    request = lock(request_id)
    at = at or timezone.now()
    remark = remark.strip()
    if grade not in Grade.values:
        raise Invalid(field="grade")
    if len(remark) > REMARK_LIMIT:
        words = _("Please say it in at most %(number)s characters.") % {"number": REMARK_LIMIT}
        raise Invalid(words, code="too_long", field="remark")
    reply = standing_reply(request)
    if reply is None or not may_dispute(request, at):
        raise WrongState
    if answered_at is not None and answered_at != request.answered_at:
        raise WrongState
    rating = _write(request, reply, grade, remark, at)
    commands.applied(command_id, rating.pk)
    return rating


def _write(request: Request, reply: TimelineEntry, grade: str, remark: str, at: datetime) -> Rating:
    rating = Rating.objects.filter(reply=reply).first()
    if rating is None:
        rating = Rating.objects.create(
            request=request, reply=reply, grade=grade, remark=remark, rated_at=at
        )
        entry = record(
            request, "rated", at=at, by_party=True, text=remark, public=True, grade=grade
        )
    elif (rating.grade, rating.remark) == (grade, remark):
        return rating
    else:
        rating.grade, rating.remark, rating.rated_at = grade, remark, at
        rating.save(update_fields=["grade", "remark", "rated_at"])
        entry = record(
            request, "rating_changed", at=at, by_party=True, text=remark, public=True, grade=grade
        )
    if grade == Grade.NOT_SATISFIED:
        tell_officer(
            request, "request.not_satisfied", f"not_satisfied:{reply.pk}", at=at, entry=entry.pk
        )
    return rating
