"""What the notices about matters of the follow-up say, and the clocks that these have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from courts.roles import Reach, posts_by_person, reaches
from escalation.models import Clock, Firing, FiringRecipient
from escalation.reading import ROLES
from escalation.sight import still_meant
from escalation.subjects import Subject
from escalation.subjects import register as register_subject
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Notice
from reports.follow_up import words
from reports.models import (
    AgendaMatter,
    FollowUpEntry,
    Improvement,
    Interview,
    Practice,
    Problem,
    ReferralItem,
    ReferralLot,
)
from reports.models.follow_up import Matter

NEWS = "follow_up.news"
LADDER = "ladder.follow_up"
MODELS: Mapping[str, type[Matter]] = {
    model.KIND: model
    for model in (
        ReferralLot, ReferralItem, Problem, AgendaMatter, Interview, Improvement, Practice
    )
}  # fmt: skip


def register_kinds() -> None:
    """Own the clocks and the notices of the follow-up."""
    for model in MODELS.values():
        if model.LIMIT:
            register_subject(Subject(kind=model.KIND, notice_kind=LADDER, limits=(model.LIMIT,)))
    outside = "follow_up_outside"
    register(
        NoticeKind(NEWS, read_news, inside="follow_up_news", outside=outside),
        NoticeKind(LADDER, read_ladder, inside="follow_up_ladder", outside=outside),
    )


def read_news(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """What was done about a matter, to those who may still see it."""
    entries = FollowUpEntry.objects.select_related("person").in_bulk(
        [notice.params["entry"] for notice in notices]
    )

    def inside(notice: Notice, matter: Matter) -> dict[str, Any] | None:
        entry = entries.get(notice.params["entry"])
        if entry is None:
            return None
        return {
            "event": words.NEWS[matter.KIND, entry.code],
            "by": entry.person,
            "words": entry.text,
        }

    return _read(notices, inside)


def read_ladder(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """That a matter's limit comes near or is over, while the post that it went to is held.

    Of a lot that holds matters of conduct only the office itself is told.
    """
    ids = [notice.params["firing"] for notice in notices]
    firings = Firing.objects.select_related("clock").in_bulk(ids)
    people = {notice.person_id for notice in notices if notice.person_id}
    meant = FiringRecipient.objects.filter(
        still_meant(posts_by_person(people)), firing__in=firings, person__in=people
    )
    told = set(meant.values_list("firing_id", "person_id"))
    sealed = set(
        ReferralItem.objects.filter(
            lot__in=[one.subject_id for one in notices if one.subject_kind == ReferralLot.KIND],
            is_conduct=True,
        ).values_list("lot_id", flat=True)
    )

    def inside(notice: Notice, matter: Matter) -> dict[str, Any] | None:
        firing, role = firings.get(notice.params["firing"]), notice.params["role"]
        if firing is None:
            return None
        if role == "handler":
            may = firing.clock.handler_id == notice.person_id
        else:
            is_sealed = matter.KIND == ReferralLot.KIND and matter.pk in sealed
            may = (firing.pk, notice.person_id) in told and not is_sealed
        if not may:
            return None
        limit = firing.clock.limit_at
        return {
            "level": firing.level,
            "role": ROLES[role][2],
            "limit_is_over": bool(limit and limit <= firing.fired_at),
            "settled": firing.was_settled,
        }

    return _read(notices, inside, by_post=True)


def _read(
    notices: Sequence[Notice],
    inside: Callable[[Notice, Matter], dict[str, Any] | None],
    *,
    by_post: bool = False,
) -> dict[int, NoticeContext | None]:
    """The contexts of notices: a fixed number of statements for each kind of matter.

    ``by_post``: ``inside`` has seen to it that the recipient may know.
    """
    by_kind: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.subject_kind].append(notice)
    found: dict[int, NoticeContext | None] = {}
    for kind, group in by_kind.items():
        model = MODELS[kind]
        ids = {notice.subject_id for notice in group}
        rows = model._default_manager.filter(pk__in=ids)
        related = ["court__jurisdiction", "department"]
        if model is ReferralItem:
            related.append("lot")
        matters = {row.pk: row for row in rows.select_related(*related)}
        limits = dict(
            Clock.objects.filter(kind=kind, subject_id__in=ids, stopped_at=None).values_list(
                "subject_id", "limit_at"
            )
        )
        people = {notice.person_id for notice in group if notice.person_id}
        reach = {action: reaches(people, action) for action in model.SIGHT}
        for notice in group:
            matter = matters.get(notice.subject_id)
            found[notice.pk] = None
            if matter is None or notice.person_id is None:
                continue
            if not by_post and not _sees(matter, notice.person_id, reach):
                continue
            told = inside(notice, matter)
            jurisdiction = matter.court.jurisdiction
            if told is None or jurisdiction is None:
                continue
            found[notice.pk] = NoticeContext(
                number=matter.reference,
                limit_at=limits.get(matter.pk),
                zone=jurisdiction.zone,
                opens=matter.address,
                inside={
                    "what": words.KIND_NAMES[kind],
                    "title": matter.heading,
                    "court": matter.court,
                    "department": matter.department,
                    **told,
                },
            )
    return found


def _sees(matter: Matter, person_id: int, reach: Mapping[str, Mapping[int, Reach]]) -> bool:
    own = {action: by_person[person_id] for action, by_person in reach.items()}
    return matter.seen_by(person_id, own)
