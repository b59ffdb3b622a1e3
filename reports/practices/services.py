"""The verbs of good practices (B16)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courts import commands
from courts.errors import NotAllowed, WrongState
from courts.models import Court, Department, Person, Post, Tenure
from courts.roles import ACTIONS, require
from liaison.services import written
from reports.follow_up.verbs import (
    announce,
    chamber_of,
    heading,
    lock,
    made_before,
    record,
    take,
)
from reports.models import Practice, PracticeAcknowledgement
from reports.practices.lifecycle import PracticeState


@transaction.atomic
def record_practice(
    *,
    court: Court,
    department: Department | None,
    title: str,
    text: str,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Practice:
    """Record a good practice of the court in which ``by`` works."""
    at = at or timezone.now()
    department_id = department.pk if department else None
    require(by, "practices.make", court_id=court.pk, department_id=department_id, at=at)
    before = made_before(Practice, command_id, "practice.record", by.pk, title, text)
    if before:
        return before
    practice = Practice.objects.create(
        court=court,
        department=department,
        title=heading(title),
        text=written(text),
        raised_by=by,
        raised_at=at,
    )
    commands.applied(command_id, practice.pk)
    entry = record(practice, "recorded", at=at, by=by)
    announce(practice, entry, [one.pk for one in chamber_of(court, at)], at=at)
    return practice


@transaction.atomic
def circulate(*, practice_id: int, by: Person, at: datetime | None = None) -> Practice:
    """Circulate a practice to all courts of the jurisdiction; by the leading court's chamber.

    The president of every other court is told.
    """
    practice, at = take(Practice, practice_id, "circulate", by=by, at=at)
    jurisdiction = practice.court.jurisdiction
    assert jurisdiction is not None
    assert jurisdiction.leading_court_id is not None
    leading = jurisdiction.leading_court_id
    require(by, "practices.circulate", court_id=leading, department_id=None, at=at)
    practice.circulate()
    practice.circulated_at, practice.circulated_by = at, by
    practice.save()
    entry = record(practice, "circulated", at=at, by=by)
    presidents = Tenure.objects.at(at).filter(
        post__kind=Post.Kind.PRESIDENT,
        post__is_open=True,
        post__court__jurisdiction=jurisdiction,
        person__is_active=True,
    )
    others = presidents.exclude(post__court=practice.court_id)
    people = [practice.raised_by_id, *others.values_list("person_id", flat=True)]
    announce(practice, entry, people, at=at)
    return practice


@transaction.atomic
def decline(*, practice_id: int, text: str, by: Person, at: datetime | None = None) -> Practice:
    """Do not circulate a practice, with the reason."""
    practice, at = take(Practice, practice_id, "decline", by=by, at=at)
    practice.decline()
    practice.save()
    record(practice, "not_circulated", at=at, by=by, text=written(text))
    return practice


@transaction.atomic
def acknowledge(
    *, practice_id: int, court: Court, by: Person, at: datetime | None = None
) -> PracticeAcknowledgement:
    """Take note of a circulated practice for a court; done again, nothing changes."""
    at = at or timezone.now()
    practice = lock(Practice, practice_id)
    if court.jurisdiction_id != practice.court.jurisdiction_id:
        raise NotAllowed
    posts = Post.objects.filter(court=court, tenures__in=Tenure.objects.at(at).filter(person=by))
    posts = posts.filter(is_open=True, kind__in=ACTIONS["practices.acknowledge"])
    departments = posts.filter(department__isnull=False).values_list("department_id", flat=True)
    require(
        by,
        "practices.acknowledge",
        court_id=court.pk,
        department_id=departments.first(),
        at=at,
    )
    if practice.state != PracticeState.CIRCULATED:
        raise WrongState
    row, _made = PracticeAcknowledgement.objects.get_or_create(
        practice=practice, court=court, defaults={"person": by, "at": at}
    )
    return row
