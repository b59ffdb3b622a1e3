"""What the notices about an objection say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from courts.models import Post
from courts.roles import posts_by_person
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Notice
from reports.assessment.words import rate_name
from reports.models import Objection


def register_kinds() -> None:
    """Make the notices of this app known."""
    register(
        NoticeKind("objection.made", read_objections, inside="objection_made"),
        NoticeKind("objection.answered", read_objections, inside="objection_answered"),
    )


def read_objections(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """To who objected, and to who is of the Chamber that answers; to nobody else."""
    rows = Objection.objects.filter(pk__in=[notice.subject_id for notice in notices])
    objections = {
        row.pk: row for row in rows.select_related("request", "person", "court__jurisdiction")
    }
    people = posts_by_person(notice.person_id for notice in notices if notice.person_id)

    def context(notice: Notice) -> NoticeContext | None:
        found, person_id = objections.get(notice.subject_id), notice.person_id
        if found is None or person_id is None:
            return None
        city = found.court.jurisdiction
        assert city is not None
        inside = {
            "rate": rate_name(found.indicator),
            "month": found.month,
            "person": found.person,
            "reason": found.reason,
            "answer": found.answer,
        }
        if person_id == found.person_id:
            query = {"month": f"{found.month:%Y-%m}"}
            return NoticeContext(
                found.request.number,
                None,
                city.zone,
                opens=("assessment:own", {}),
                inside=inside,
                query=query,
                says=found.state,
            )
        of_chamber = any(
            post.kind == Post.Kind.FILING_CHAMBER and post.court_id == city.leading_court_id
            for post in people[person_id]
        )
        if not of_chamber:
            return None
        return NoticeContext(
            found.request.number,
            None,
            city.zone,
            opens=("assessment:objection", {"public_id": found.public_id}),
            inside=inside,
            says=found.state,
        )

    return {notice.pk: context(notice) for notice in notices}
