"""What the notice of a file that came by itself says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from courts.roles import reaches
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Notice
from reports.models import Export
from reports.scope import zones
from reports.standing_book.book import ACTION
from reports.standing_book.scheduled import KIND
from reports.standing_book.wishes import Wish


def register_kinds() -> None:
    """Make the notices of this app known."""
    register(NoticeKind(KIND, read_exports, "export_ready", "export_outside"))


def read_exports(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """Notices of files, to who asked for them and still reads a book; three statements."""
    rows = Export.objects.filter(pk__in={notice.subject_id for notice in notices})
    found = {one.pk: one for one in rows.select_related("view")}
    people = {notice.person_id for notice in notices if notice.person_id}
    reach, places = reaches(people, ACTION), zones()

    def context(notice: Notice) -> NoticeContext | None:
        one, person_id = found.get(notice.subject_id), notice.person_id
        if one is None or person_id != one.person_id or reach[one.person_id].is_empty:
            return None
        if one.state == Export.State.REMOVED:
            return None
        wish = Wish.of(one.wish)
        return NoticeContext(
            number=f"{wish.registered_from} – {wish.registered_until}",
            limit_at=None,
            zone=next((places[pk] for pk in one.courts if pk in places), ZoneInfo("UTC")),
            opens=("book:export", {"public_id": one.public_id}),
            inside={"view": one.view.name if one.view else ""},
            says=one.state,
        )

    return {notice.pk: context(notice) for notice in notices}
