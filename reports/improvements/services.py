"""The verbs of proposals for improvement (G18)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courts import commands
from courts.models import Court, Department, Person
from courts.roles import require
from liaison.services import written
from reports.follow_up.verbs import (
    announce,
    chamber_of,
    heading,
    made_before,
    record,
    start_clock,
    stop_clock,
    take,
)
from reports.models import Improvement


@transaction.atomic
def propose(
    *,
    court: Court,
    department: Department | None,
    title: str,
    text: str,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Improvement:
    """Report a problem for improvement to the Case Filing Chamber: the limit of its answer begins.

    ``court`` and ``department`` are where ``by`` works.
    """
    at = at or timezone.now()
    department_id = department.pk if department else None
    require(by, "improvements.make", court_id=court.pk, department_id=department_id, at=at)
    before = made_before(Improvement, command_id, "improvement.propose", by.pk, title, text)
    if before:
        return before
    proposal = Improvement.objects.create(
        court=court,
        department=department,
        title=heading(title),
        text=written(text),
        raised_by=by,
        raised_at=at,
    )
    commands.applied(command_id, proposal.pk)
    entry = record(proposal, "recorded", at=at, by=by)
    start_clock(proposal, at=at, handler_id=None)
    announce(proposal, entry, [one.pk for one in chamber_of(court, at)], at=at)
    return proposal


@transaction.atomic
def adopt(*, improvement_id: int, text: str, by: Person, at: datetime | None = None) -> Improvement:
    """Answer that it is adopted, and how; it stays open until it is carried out."""
    return _answer(improvement_id, "adopt", "adopted", text, by, at)


@transaction.atomic
def decline(
    *, improvement_id: int, text: str, by: Person, at: datetime | None = None
) -> Improvement:
    """Answer that it is not adopted, and why."""
    return _answer(improvement_id, "decline", "declined", text, by, at)


def _answer(
    improvement_id: int, move: str, code: str, text: str, by: Person, at: datetime | None
) -> Improvement:
    proposal, at = take(Improvement, improvement_id, move, by=by, at=at)
    getattr(proposal, move)()
    proposal.answered_at, proposal.answered_by = at, by
    proposal.save()
    entry = record(proposal, code, at=at, by=by, text=written(text))
    stop_clock(proposal, "answered", at=at)
    announce(proposal, entry, [proposal.raised_by_id], at=at)
    return proposal


@transaction.atomic
def carry_out(
    *, improvement_id: int, text: str, by: Person, at: datetime | None = None
) -> Improvement:
    """Record that an adopted proposal has been carried out."""
    proposal, at = take(Improvement, improvement_id, "carry_out", by=by, at=at)
    proposal.carry_out()
    proposal.carried_out_at = at
    proposal.save()
    entry = record(proposal, "carried_out", at=at, by=by, text=written(text))
    announce(proposal, entry, [proposal.raised_by_id], at=at)
    return proposal
