"""Who is told of a published briefing, and that they have read it (G12, B10)."""

from __future__ import annotations

from datetime import datetime

from courts.models import Court, Person, Post, Tenure
from courts.roles import Reach, posts_of
from escalation.opening_hours import staff_hours
from notices.outbox import NewNotice, put
from reports.models import Briefing, BriefingReading

SUBJECT = "briefing"
KIND = "briefing.published"
_MUST_READ = (Post.Kind.PRESIDENT, Post.Kind.FILING_CHAMBER)


def tell_readers(briefing: Briefing, *, at: datetime) -> int:
    """Write down who must read it and put a notice to each in the outbox; how many they are.

    They are who holds or acts for the post of president or of the Case Filing Chamber in a
    court of the jurisdiction at ``at``.
    """
    tenures = (
        Tenure.objects.at(at)
        .filter(
            post__kind__in=_MUST_READ,
            post__is_open=True,
            post__court__jurisdiction=briefing.jurisdiction_id,
            post__court__status=Court.Status.CURRENT,
            person__is_active=True,
        )
        .order_by("post__court__code", "post_id", "pk")
        .values_list("person_id", "post__court_id", "post__department_id")
    )
    readings = {
        (person, court): BriefingReading(
            briefing=briefing,
            person_id=person,
            court_id=court,
            department_id=department,
            must_read=True,
        )
        for person, court, department in tenures
    }
    BriefingReading.objects.bulk_create(readings.values(), ignore_conflicts=True)
    leading = briefing.jurisdiction.leading_court_id
    assert leading is not None
    return put(
        [
            NewNotice(
                key=f"{KIND}:{briefing.pk}:{person}",
                kind=KIND,
                subject_kind=SUBJECT,
                subject_id=briefing.pk,
                person_id=person,
            )
            for person in dict.fromkeys(person for person, _court in readings)
        ],
        at=at,
        outside_at=staff_hours(leading, at),
    )


def acknowledgement_of(briefing: Briefing, person: Person, *, at: datetime) -> None:
    """Keep that ``person`` has read it, for each court that they were to read it for.

    Whoever reads without having to is kept for the court of their first post that may.
    """
    mine = BriefingReading.objects.filter(briefing=briefing, person=person)
    if not mine.exists():
        posts = posts_of(person, at)
        reach = Reach.of_posts(person.pk, posts, "briefings.read").courts
        post = next((one for one in posts if one.court_id in reach), None)
        if post is None:
            return
        BriefingReading.objects.bulk_create(
            [
                BriefingReading(
                    briefing=briefing,
                    person=person,
                    court_id=post.court_id,
                    department_id=post.department_id,
                )
            ],
            ignore_conflicts=True,
        )
    mine.filter(read_at__isnull=True).update(read_at=at)
