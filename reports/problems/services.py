"""The verbs of the list of problems (G11, G14)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from courts import commands
from courts.errors import Invalid
from courts.models import Court, Department, Person
from courts.roles import require
from liaison.models import Request
from liaison.services import written
from reports.follow_up.verbs import (
    announce,
    chamber_of,
    hand_back,
    heading,
    made_before,
    record,
    start_clock,
    stop_clock,
    take,
)
from reports.models import Problem
from reports.referrals.services import offices_of


@transaction.atomic
def list_problem(
    *,
    category: str,
    title: str,
    text: str,
    court: Court,
    department: Department | None,
    owner: Person,
    by: Person,
    request: Request | None = None,
    case: Case | None = None,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Problem:
    """Put a problem on the list: the unit's owner is told, and the limit begins.

    Raises ``Invalid`` for a class that the policy does not know.
    """
    at = at or timezone.now()
    department_id = department.pk if department else None
    require(by, "problems.make", court_id=court.pk, department_id=department_id, at=at)
    before = made_before(
        Problem, command_id, "problem.list", by.pk, category, title, text, court.pk, owner.pk,
        department_id, request.pk if request else None, case.pk if case else None,
    )  # fmt: skip
    if before:
        return before
    if category not in offices_of(court, at).classes:
        raise Invalid(_("The policy knows no such class."), field="category")
    problem = Problem.objects.create(
        court=court,
        department=department,
        category=category,
        title=heading(title),
        text=written(text),
        owner=owner,
        raised_by=by,
        raised_at=at,
        request=request,
        case=case,
    )
    commands.applied(command_id, problem.pk)
    entry = record(problem, "listed", at=at, by=by)
    start_clock(problem, at=at, handler_id=owner.pk)
    announce(problem, entry, [owner.pk], at=at)
    return problem


@transaction.atomic
def report(*, problem_id: int, text: str, by: Person, at: datetime | None = None) -> Problem:
    """The owner reports what was done about it. The limit stops until somebody else has looked."""
    problem, at = take(Problem, problem_id, "report", by=by, at=at)
    problem.report()
    problem.reported_at = at
    problem.save()
    entry = record(problem, "reported", at=at, by=by, text=written(text))
    stop_clock(problem, "answered", at=at)
    chamber = [one.pk for one in chamber_of(problem.court, at)]
    announce(problem, entry, [problem.raised_by_id, *chamber], at=at)
    return problem


@transaction.atomic
def strike(*, problem_id: int, text: str, by: Person, at: datetime | None = None) -> Problem:
    """Strike a problem off the list, with what was found; never by its owner."""
    problem, at = take(Problem, problem_id, "strike", by=by, at=at)
    problem.strike()
    problem.struck_at, problem.struck_by = at, by
    problem.save()
    entry = record(problem, "struck", at=at, by=by, text=written(text))
    announce(problem, entry, [problem.owner_id], at=at)
    return problem


@transaction.atomic
def send_back(*, problem_id: int, text: str, by: Person, at: datetime | None = None) -> Problem:
    """Find that it is not rectified yet: the limit runs on as if nothing had been reported."""
    return _open(problem_id, "send_back", "sent_back", text, by, at)


@transaction.atomic
def reopen(*, problem_id: int, text: str, by: Person, at: datetime | None = None) -> Problem:
    """Open a problem again that was struck off, with a reason."""
    return _open(problem_id, "reopen", "reopened", text, by, at)


def _open(
    problem_id: int, move: str, code: str, text: str, by: Person, at: datetime | None
) -> Problem:
    problem, at = take(Problem, problem_id, move, by=by, at=at)
    reported_at = problem.reported_at
    assert reported_at is not None
    getattr(problem, move)()
    problem.reopened += move == "reopen"
    problem.reported_at = problem.struck_at = problem.struck_by = None
    problem.save()
    hand_back(problem, code, text=text, replied_at=reported_at, by=by, at=at)
    return problem
