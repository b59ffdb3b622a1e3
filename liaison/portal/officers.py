"""The liaison officers as the public may know them (G9, B7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from courts.business_days import local_date
from courts.models import Court, Post, Tenure
from escalation import policy


@dataclass(frozen=True)
class Officer:
    """A liaison officer's entry; ``name`` is empty while the post stands vacant.

    ``mobile`` is given only where the policy publishes it.
    """

    unit: str
    position: str
    name: str = ""
    office_phone: str = ""
    mobile: str = ""
    is_acting: bool = False


@dataclass
class CourtEntry:
    """A court with its liaison officers."""

    court: Court
    officers: list[Officer] = field(default_factory=list)


def directory(courts: Iterable[Court], at: datetime) -> list[CourtEntry]:
    """The liaison officers of ``courts`` at ``at``, each court in the order given.

    Three statements and one per jurisdiction's policy, however many courts.
    """
    entries = {court.pk: CourtEntry(court) for court in courts}
    posts = Post.objects.filter(
        court__in=entries, kind=Post.Kind.LIAISON_OFFICER, is_open=True
    ).select_related("department")
    # Who acts for a post stands before who holds it.
    held: dict[int, Tenure] = {}
    tenures = Tenure.objects.at(at).filter(post__in=posts, person__is_active=True)
    for tenure in tenures.select_related("person").order_by("is_acting"):
        held[tenure.post_id] = tenure
    mobile_shown: dict[int, bool] = {}
    for post in posts.order_by("court_id", "department_id", "id"):
        court = entries[post.court_id].court
        jurisdiction = court.jurisdiction
        assert jurisdiction is not None
        if jurisdiction.pk not in mobile_shown:
            rules = policy.present(jurisdiction.policy, local_date(at, jurisdiction.zone))
            mobile_shown[jurisdiction.pk] = rules.publish_mobile == "public"
        entries[court.pk].officers.append(
            _officer(post, court, held.get(post.pk), mobile_shown[jurisdiction.pk])
        )
    return list(entries.values())


def _officer(post: Post, court: Court, tenure: Tenure | None, with_mobile: bool) -> Officer:
    unit = post.department.display_name if post.department else court.display_name
    title = post.title_en if post.title_en and unit.isascii() else post.title
    position = title or str(post.get_kind_display())
    if tenure is None:
        return Officer(unit, position)
    person = tenure.person
    return Officer(
        unit=unit,
        position=position,
        name=person.display_name,
        office_phone=person.office_phone,
        mobile=person.mobile if with_mobile else "",
        is_acting=tenure.is_acting,
    )
