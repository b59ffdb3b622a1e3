"""What the notice of a published briefing says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import lazy

from courts.roles import reaches
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Notice
from reports.briefing.readers import KIND
from reports.briefing.wording import title
from reports.models import Briefing


def register_kinds() -> None:
    """Make the notices of this app known."""
    register(NoticeKind(KIND, read_briefings, "briefing_published", "briefing_outside"))


def read_briefings(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """Notices of published briefings; who reads none any more is told nothing."""
    rows = Briefing.objects.filter(pk__in={notice.subject_id for notice in notices})
    found = {one.pk: one for one in rows.select_related("jurisdiction")}
    people = {notice.person_id for notice in notices if notice.person_id}
    reach = reaches(people, "briefings.read")
    words = lazy(title, str)
    contexts: dict[int, NoticeContext | None] = {}
    for notice in notices:
        one, person_id = found.get(notice.subject_id), notice.person_id
        if one is None or person_id is None or reach[person_id].is_empty:
            contexts[notice.pk] = None
            continue
        contexts[notice.pk] = NoticeContext(
            number=f"{one.month:%Y-%m}",
            limit_at=None,
            zone=one.jurisdiction.zone,
            opens=("briefings:briefing", {"public_id": one.public_id}),
            inside={"briefing_title": words(one.values, one.number)},
        )
    return contexts
