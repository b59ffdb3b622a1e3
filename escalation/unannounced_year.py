"""From November on, administrators are told that the schedule of the next year is missing.

Once per year and administrator, however often it is asked: the notice's key is unique.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courts import calendar
from courts.models import Person
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Notice
from notices.outbox import NewNotice, put

_WORDS = "calendar_unannounced"


def register_kind() -> None:
    """Make the notice known. It holds nothing that may not be told outside."""
    register(NoticeKind("calendar.unannounced", _read, inside=_WORDS, outside=_WORDS))


def administrators() -> QuerySet[Person]:
    """Those who may change the calendar in the administration."""
    allowed = ModelBackend().with_perm("courts.add_calendarentry")
    return Person.objects.filter(pk__in=allowed.values("pk"), is_staff=True)


@transaction.atomic
def warn_of_unannounced_year(at: datetime | None = None) -> int:
    """Tell every administrator that a year's schedule is missing at ``at`` (default: now).

    Whoever was told of that year before is not told again. Returns how many are administrators,
    or 0 while no schedule is missing.
    """
    at = at or timezone.now()
    year = calendar.year_to_announce(timezone.localdate(at))
    if year is None:
        return 0
    return put(
        [
            NewNotice(
                key=f"calendar.unannounced:{year}:{person_id}",
                kind="calendar.unannounced",
                subject_kind="calendar",
                subject_id=year,
                person_id=person_id,
            )
            for person_id in administrators().values_list("pk", flat=True)
        ],
        at=at,
    )


def _read(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """To those who are still administrators: which year, and where its schedule is imported."""
    still = set(administrators().values_list("pk", flat=True))
    return {
        notice.pk: NoticeContext(
            number=str(notice.subject_id),
            limit_at=None,
            zone=timezone.get_default_timezone(),
            opens=("admin:courts_calendarentry_import", {}),
        )
        if notice.person_id in still
        else None
        for notice in notices
    }
