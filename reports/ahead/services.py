"""The verbs of the watch list (G11, B11)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases.models import Case
from courts import calendar
from courts.business_days import local_date
from courts.errors import Invalid, WrongState
from courts.models import Jurisdiction, Person
from courts.roles import require
from escalation import policy
from liaison.services import written
from reports.ahead import figures, rule
from reports.models import FollowUpEntry, WatchEntry, WatchList
from reports.months import Month
from reports.scope import Scope
from reports.standing_book.case_figures import lifts

# Where a policy was kept before there was a watch list.
DEFAULTS = {"percent": 5, "months": 3, "least_cases": 20}
State = WatchEntry.State


def draw_all(at: datetime | None = None) -> int:
    """Draw the list of the present month where it is due; returns how many were drawn.

    It is due from the first business day of the month on.
    """
    at = at or timezone.now()
    drawn = 0
    for one in Jurisdiction.objects.filter(leading_court__isnull=False).order_by("pk"):
        month = Month.of(at, one.zone)
        assert one.leading_court_id is not None
        days = calendar.present(one.leading_court_id)
        if local_date(at, one.zone) >= month.first_business_day(days):
            drawn += draw(jurisdiction_id=one.pk, at=at)
    return drawn


@transaction.atomic
def draw(*, jurisdiction_id: int, at: datetime | None = None) -> bool:
    """Draw the list of the month of ``at``; whether it was drawn now.

    A month's list is drawn once: asked again, or by two at once, nothing more is drawn. Raises
    ``OutOfCalendar`` where a calendar does not know the days.
    """
    at = at or timezone.now()
    jurisdiction = Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction_id)
    month = Month.of(at, jurisdiction.zone)
    if WatchList.objects.filter(jurisdiction=jurisdiction, month=month.first_day).exists():
        return False
    numbers = DEFAULTS | dict(policy.present(jurisdiction.policy, month.first_day).ahead)
    reach = Scope.of_city(jurisdiction).reach
    every, by_kind = rule.together(
        lifts(month.plus(-back), reach, at=at) for back in range(1, numbers["months"] + 1)
    )
    found = figures.candidates(reach.courts, local_date(at, jurisdiction.zone), at=at)
    chosen = rule.watched(
        found,
        by_kind,
        Counter(one.court_id for one in found),
        percent=numbers["percent"],
        least_cases=numbers["least_cases"],
    )
    watch = WatchList.objects.create(
        jurisdiction=jurisdiction, month=month.first_day, drawn_at=at, open_cases=len(found)
    )
    units = dict(
        Case.objects.filter(pk__in=[one.case_id for one in chosen]).values_list(
            "pk", "department_id"
        )
    )
    WatchEntry.objects.bulk_create(
        WatchEntry(
            list=watch,
            case_id=one.case_id,
            court_id=one.court_id,
            department_id=units[one.case_id],
            place=place,
            why=one.why.kind,
            cases=one.why.cases,
            asked=one.why.asked,
            every_cases=every.cases,
            every_asked=every.asked,
        )
        for place, one in enumerate(chosen, start=1)
    )
    return True


@transaction.atomic
def act(
    *, entry_id: int, done: str, text: str, by: Person, at: datetime | None = None
) -> WatchEntry:
    """Say what was done about a watched case, and what came of it, or why nothing is needed.

    Raises ``NotAllowed`` for who may not, ``WrongState`` once something was said, and ``Invalid``
    for what is nothing that can be done, and without words.
    """
    at = at or timezone.now()
    entry = WatchEntry.objects.select_for_update().get(pk=entry_id)
    require(by, WatchEntry.ACT, court_id=entry.court_id, department_id=entry.department_id, at=at)
    if entry.state != State.WAITING:
        raise WrongState
    if done not in (State.PUSHED, State.CALLED, State.NOT_NEEDED):
        raise Invalid(field="done")
    words = written(text)
    entry.state, entry.acted_at, entry.acted_by = done, at, by
    entry.save(update_fields=["state", "acted_at", "acted_by"])
    FollowUpEntry.objects.create(
        kind=WatchEntry.KIND, subject_id=entry.pk, code=done, person=by, at=at, text=words
    )
    return entry
