"""The verbs of agenda matters (G13, G14, B12, B13)."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts import commands
from courts.business_days import local_date
from courts.errors import Invalid
from courts.models import Court, Department, Jurisdiction, Person
from courts.roles import require
from escalation import policy
from liaison.services import written
from reports.agenda.lifecycle import AgendaState
from reports.agenda.sample import draw
from reports.follow_up.verbs import (
    announce,
    hand_back,
    heading,
    made_before,
    record,
    start_clock,
    stop_clock,
    take,
)
from reports.models import AgendaMatter, LookBack
from reports.months import Month

# Where a policy says nothing of the look back.
AFTER_DAYS, PERCENT = 90, 20


@transaction.atomic
def put_on_agenda(
    *,
    body: str,
    meeting_on: date,
    title: str,
    text: str,
    court: Court,
    department: Department | None,
    owner: Person,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> AgendaMatter:
    """Put a matter on the agenda of a leading body: its owner is told, and the limit begins.

    ``court`` is the one whose body it is, ``department`` the one that it concerns. Raises
    ``Invalid`` for a joint meeting that is not the leading court's.
    """
    at = at or timezone.now()
    require(by, "agenda.make", court_id=court.pk, department_id=None, at=at)
    before = made_before(
        AgendaMatter, command_id, "agenda.put", by.pk, body, title, text, court.pk, owner.pk,
        meeting_on.isoformat(), department.pk if department else None,
    )  # fmt: skip
    if before:
        return before
    if body not in AgendaMatter.Body.values:
        raise Invalid(field="body")
    jurisdiction = court.jurisdiction
    assert jurisdiction is not None
    joint = body == AgendaMatter.Body.JOINT_MEETING
    if joint and jurisdiction.leading_court_id != court.pk:
        raise Invalid(_("The leading court holds the joint meeting of courts."), field="body")
    matter = AgendaMatter.objects.create(
        body=body,
        meeting_on=meeting_on,
        title=heading(title),
        text=written(text),
        court=court,
        department=department,
        owner=owner,
        raised_by=by,
        raised_at=at,
    )
    commands.applied(command_id, matter.pk)
    entry = record(matter, "on_the_agenda", at=at, by=by)
    start_clock(matter, at=at, handler_id=owner.pk)
    announce(matter, entry, [owner.pk], at=at)
    return matter


@transaction.atomic
def record_result(
    *, matter_id: int, text: str, by: Person, at: datetime | None = None
) -> AgendaMatter:
    """The owner records what came of it. The limit stops until somebody else has looked."""
    matter, at = take(AgendaMatter, matter_id, "record_result", by=by, at=at)
    matter.record_result()
    matter.resulted_at = at
    matter.save()
    entry = record(matter, "resulted", at=at, by=by, text=written(text))
    stop_clock(matter, "answered", at=at)
    announce(matter, entry, [matter.raised_by_id], at=at)
    return matter


@transaction.atomic
def close(*, matter_id: int, text: str, by: Person, at: datetime | None = None) -> AgendaMatter:
    """Close a matter whose result holds; never by its owner."""
    matter, at = take(AgendaMatter, matter_id, "close", by=by, at=at)
    matter.close()
    matter.closed_at, matter.closed_by = at, by
    matter.save()
    record(matter, "closed", at=at, by=by, text=written(text))
    return matter


@transaction.atomic
def confirm(*, matter_id: int, text: str, by: Person, at: datetime | None = None) -> AgendaMatter:
    """Looked at again, the result holds: the matter is closed as before, and not drawn again."""
    matter, at = take(AgendaMatter, matter_id, "confirm", by=by, at=at)
    matter.confirm()
    matter.save()
    record(matter, "holds", at=at, by=by, text=written(text))
    return matter


@transaction.atomic
def send_back(*, matter_id: int, text: str, by: Person, at: datetime | None = None) -> AgendaMatter:
    """Find that it is not resolved yet: the limit runs on as if there had been no result."""
    return _open(matter_id, "send_back", "sent_back", text, by, at)


@transaction.atomic
def reopen(*, matter_id: int, text: str, by: Person, at: datetime | None = None) -> AgendaMatter:
    """Looked at again, the result does not hold: the matter is in hand again."""
    return _open(matter_id, "reopen", "reopened", text, by, at)


def _open(
    matter_id: int, move: str, code: str, text: str, by: Person, at: datetime | None
) -> AgendaMatter:
    matter, at = take(AgendaMatter, matter_id, move, by=by, at=at)
    resulted_at = matter.resulted_at
    assert resulted_at is not None
    getattr(matter, move)()
    matter.resulted_at = matter.closed_at = matter.closed_by = None
    matter.save()
    hand_back(matter, code, text=text, replied_at=resulted_at, by=by, at=at)
    return matter


def look_back_due(at: datetime | None = None) -> int:
    """Draw what is due of the look back in every jurisdiction; returns how many were drawn.

    A month's closed matters are drawn from once, when the policy's days have passed since its end.
    Asked again, or by two at once, nothing more is drawn: the draw is a row of its own.
    """
    at = at or timezone.now()
    drawn = 0
    for jurisdiction in Jurisdiction.objects.order_by("pk"):
        for month in _months_due(jurisdiction, at):
            drawn += _look_back(jurisdiction, month, at)
    return drawn


def _months_due(jurisdiction: Jurisdiction, at: datetime) -> list[Month]:
    today = local_date(at, jurisdiction.zone)
    numbers = policy.present(jurisdiction.policy, today).look_back
    last = today - timedelta(days=numbers.get("after_days", AFTER_DAYS))
    before = Month(last.year, last.month)  # its end, and all before, lie far enough back
    _start, end = before.plus(-1).bounds(jurisdiction.zone)
    closed = AgendaMatter.objects.filter(
        court__jurisdiction=jurisdiction, state=AgendaState.CLOSED, closed_at__lt=end
    ).values_list("closed_at", flat=True)
    months = {Month.of(instant, jurisdiction.zone) for instant in closed if instant}
    done = set(LookBack.objects.filter(jurisdiction=jurisdiction).values_list("month", flat=True))
    return sorted(month for month in months if month.first_day not in done)


@transaction.atomic
def _look_back(jurisdiction: Jurisdiction, month: Month, at: datetime) -> int:
    start, end = month.bounds(jurisdiction.zone)
    rows = AgendaMatter.objects.select_for_update(of=("self",)).filter(
        court__jurisdiction=jurisdiction,
        state=AgendaState.CLOSED,
        closed_at__gte=start,
        closed_at__lt=end,
    )
    matters = {row.pk: row for row in rows.select_related("court__jurisdiction").order_by("pk")}
    seed = secrets.token_hex(16)
    today = local_date(at, jurisdiction.zone)
    percent = policy.present(jurisdiction.policy, today).look_back.get("percent", PERCENT)
    drawn = draw(matters, percent=percent, seed=seed)
    try:
        with transaction.atomic():
            LookBack.objects.create(
                jurisdiction=jurisdiction,
                month=month.first_day,
                seed=seed,
                among=sorted(matters),
                drawn=drawn,
                at=at,
            )
    except IntegrityError:
        return 0  # somebody else has just drawn from this month
    for pk in drawn:
        matter = matters[pk]
        matter.look_back()
        matter.save()
        entry = record(matter, "drawn", at=at, by=None)
        announce(matter, entry, [matter.closed_by_id, matter.raised_by_id], at=at)
    return len(drawn)
