"""The verbs of interviews (G16, B14)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from courts import commands
from courts.business_days import local_date
from courts.errors import Invalid
from courts.models import Court, Department, Jurisdiction, Person, Post
from courts.roles import require
from liaison.services import written
from reports import ranking, standings
from reports.follow_up.verbs import (
    announce,
    chamber_of,
    heading,
    holders,
    made_before,
    record,
    take,
)
from reports.models import Interview
from reports.models.interviews import is_of_the_court
from reports.months import Month


def propose_all(at: datetime | None = None) -> int:
    """Propose the interviews of the last month of every jurisdiction; returns how many are new."""
    at = at or timezone.now()
    return sum(
        propose(jurisdiction, Month.of(at, jurisdiction.zone).plus(-1), at=at)
        for jurisdiction in Jurisdiction.objects.filter(leading_court__isnull=False).order_by("pk")
    )


@transaction.atomic
def propose(jurisdiction: Jurisdiction, month: Month, *, at: datetime) -> int:
    """Propose an interview for each court and department that the ranking of a month names.

    A unit lagging in so many months as the policy says is named (``reports.ranking.interviews``).
    Each is proposed once for a month, however often this is asked. Returns how many are new.
    """
    found = standings.city(jurisdiction, month, at=at)
    new = 0
    for court_id, lagging in _named(found.by_court).items():
        new += _proposed(found.courts[court_id], None, month, lagging, at)
    for department_id, lagging in _named(found.by_department).items():
        department = found.departments[department_id]
        new += _proposed(department.court, department, month, lagging, at)
    return new


def _named(months: standings.Months) -> dict[int, int]:
    return ranking.interviews(months.rankings, months.now.rule)


def _proposed(
    court: Court, department: Department | None, month: Month, lagging: int, at: datetime
) -> bool:
    jurisdiction = court.jurisdiction
    assert jurisdiction is not None
    with override("zh-hans"):  # the language of the courts' own records
        title = gettext("Interview for lagging in the ranking")
    try:
        with transaction.atomic():
            interview = Interview.objects.create(
                court=court,
                department=department,
                title=title,
                ranking_month=month.first_day,
                lagging=lagging,
                raised_by=None,
                raised_at=at,
            )
    except IntegrityError:
        return False
    entry = record(interview, "proposed", at=at, by=None)
    announce(interview, entry, [one.pk for one in chamber_of(court, at)], at=at)
    return True


@transaction.atomic
def propose_by_hand(
    *,
    court: Court,
    department: Department | None,
    title: str,
    text: str,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Interview:
    """Propose an interview of a unit for another reason than its place in the ranking."""
    at = at or timezone.now()
    department_id = department.pk if department else None
    require(by, "interviews.hold", court_id=court.pk, department_id=department_id, at=at)
    if is_of_the_court(court, department_id, by.pk):
        raise Invalid(_("The interview about a whole court is for the court above."), field="unit")
    before = made_before(
        Interview, command_id, "interview.propose", by.pk, court.pk, department_id, title, text
    )
    if before:
        return before
    interview = Interview.objects.create(
        court=court,
        department=department,
        title=heading(title),
        text=written(text),
        raised_by=by,
        raised_at=at,
    )
    commands.applied(command_id, interview.pk)
    record(interview, "proposed_by_hand", at=at, by=by)
    return interview


def leaders_of(interview: Interview, at: datetime) -> list[Person]:
    """The leader of the unit: of a department its own, of a court its president."""
    if interview.department_id is not None:
        return holders(Post.Kind.DEPARTMENT_LEADER, department_id=interview.department_id, at=at)
    return holders(Post.Kind.PRESIDENT, court_id=interview.court_id, at=at)


@transaction.atomic
def hold(
    *,
    interview_id: int,
    interviewed: Person,
    held_on: date,
    agreed: str,
    agreed_until: date,
    by: Person,
    at: datetime | None = None,
) -> Interview:
    """Record an interview that ``by`` held: with whom, when, what was agreed, and by when.

    Raises ``Invalid`` for a day to come, for a term before that day, and for an interview with
    oneself.
    """
    interview, at = take(Interview, interview_id, "hold", by=by, at=at)
    jurisdiction = interview.court.jurisdiction
    assert jurisdiction is not None
    if held_on > local_date(at, jurisdiction.zone):
        raise Invalid(_("This day is still to come."), field="held_on")
    if agreed_until < held_on:
        raise Invalid(_("This lies before the interview."), field="agreed_until")
    if interviewed == by:
        raise Invalid(_("Nobody holds an interview with themselves."), field="interviewed")
    interview.hold()
    interview.interviewer, interview.interviewed = by, interviewed
    interview.held_on, interview.agreed_until = held_on, agreed_until
    interview.agreed = written(agreed, "agreed")
    interview.save()
    entry = record(interview, "held", at=at, by=by, text=interview.agreed)
    leaders = [one.pk for one in leaders_of(interview, at)]
    announce(interview, entry, [interviewed.pk, *leaders], at=at)
    return interview


@transaction.atomic
def dismiss(*, interview_id: int, text: str, by: Person, at: datetime | None = None) -> Interview:
    """Hold no interview, with the reason."""
    interview, at = take(Interview, interview_id, "dismiss", by=by, at=at)
    interview.dismiss()
    interview.ended_at = at
    interview.save()
    record(interview, "dismissed", at=at, by=by, text=written(text))
    return interview


@transaction.atomic
def confirm(*, interview_id: int, by: Person, at: datetime | None = None) -> Interview:
    """The leader of the unit confirms what was agreed."""
    interview, at = take(Interview, interview_id, "confirm", by=by, at=at)
    interview.confirm()
    interview.confirmed_at, interview.confirmed_by = at, by
    interview.save()
    entry = record(interview, "confirmed", at=at, by=by)
    announce(interview, entry, [interview.interviewer_id], at=at)
    return interview


@transaction.atomic
def follow_up(*, interview_id: int, text: str, by: Person, at: datetime | None = None) -> Interview:
    """Record what came of what was agreed; never by who was interviewed."""
    interview, at = take(Interview, interview_id, "follow_up", by=by, at=at)
    interview.follow_up()
    interview.ended_at = at
    interview.save()
    record(interview, "followed_up", at=at, by=by, text=written(text))
    return interview
