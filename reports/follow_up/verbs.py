"""What every verb of the follow-up does alike: lock and check, record, count time, tell people.

A verb that was made already finds another state and is refused (``WrongState``); what is created
carries the id of its command, and a second copy of the command returns what the first made.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone
from django_fsm import can_proceed

from courts import commands
from courts.business_days import local_date
from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Court, Person, Post, Tenure
from courts.roles import require
from escalation import policy
from escalation import services as clocks
from escalation.models import Clock
from escalation.opening_hours import staff_hours
from escalation.policy import Policy
from liaison.services import written
from notices.outbox import NewNotice, put
from reports.models import FollowUpEntry
from reports.models.follow_up import LONGEST_TITLE, Matter

M = TypeVar("M", bound=Matter)
NEWS = "follow_up.news"


def lock(model: type[M], pk: int) -> M:
    """The row and its clock, locked until the transaction ends, with its court and department.

    An instant that is read afterwards lies behind every rung that a sweep has recorded, so that
    none is recorded as due after what was asked for.
    """
    rows = model._default_manager.select_for_update(of=("self",))
    matter = rows.select_related("court__jurisdiction", "department").get(pk=pk)
    clocks.hold(kinds=[matter.KIND], subject_id=pk)
    return matter


def check(matter: Matter, move: str, *, by: Person, at: datetime) -> None:
    """Raise ``NotAllowed`` or ``WrongState`` unless ``by`` may make this move now."""
    require(
        by,
        matter.MOVES[move].action,
        court_id=matter.court_id,
        department_id=matter.department_id,
        handler_id=matter.handler_id,
        at=at,
    )
    if matter.bars(move, by.pk):
        raise NotAllowed
    if not can_proceed(getattr(matter, move)):
        raise WrongState


def take(
    model: type[M], pk: int, move: str, *, by: Person, at: datetime | None
) -> tuple[M, datetime]:
    """The row, locked, on which ``by`` may make ``move`` at ``at``, and that instant.

    By default it is the present, read once the row is locked.
    """
    matter = lock(model, pk)
    at = at or timezone.now()
    check(matter, move, by=by, at=at)
    return matter, at


def record(
    matter: Matter, code: str, *, at: datetime, by: Person | None, text: str = ""
) -> FollowUpEntry:
    """Write down what was done, with the words given."""
    return FollowUpEntry.objects.create(
        kind=matter.KIND, subject_id=matter.pk, code=code, person=by, at=at, text=text
    )


def heading(title: str) -> str:
    """A subject, without spaces around it; raises ``Invalid`` for none or one that is too long."""
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(field="title")
    return title


def made_before(
    model: type[M], command_id: uuid.UUID | None, verb: str, *given: str | int | None
) -> M | None:
    """What the command made when it came before; None if it is new, and now claimed."""
    found = commands.claim(command_id, verb, commands.digest_of(*given))
    return model._default_manager.get(pk=found.subject_id) if found else None


def rules_of(court: Court, at: datetime) -> Policy:
    """The policy of the court's jurisdiction that holds at ``at``."""
    jurisdiction = court.jurisdiction
    assert jurisdiction is not None
    return policy.present(jurisdiction.policy, local_date(at, jurisdiction.zone))


def start_clock(matter: Matter, *, at: datetime, handler_id: int | None) -> None:
    """Start the matter's clock, if the policy counts one for its kind."""
    if matter.KIND not in rules_of(matter.court, at).clocks:
        return
    clocks.start(
        kind=matter.KIND,
        subject_id=matter.pk,
        court=matter.court,
        department_id=matter.department_id,
        limit_name=matter.LIMIT,
        at=at,
    )
    if handler_id is not None:
        clocks.move(
            kind=matter.KIND,
            subject_id=matter.pk,
            court_id=matter.court_id,
            department_id=matter.department_id,
            handler_id=handler_id,
            at=at,
        )


def stop_clock(matter: Matter, reason: str, *, at: datetime) -> None:
    """Settle and stop the matter's clock, if it has one."""
    if Clock.objects.of(matter.KIND, matter.pk).exists():
        clocks.stop(kind=matter.KIND, subject_id=matter.pk, reason=reason, at=at)


def resume_clock(
    matter: Matter, words: FollowUpEntry, *, replied_at: datetime, at: datetime
) -> None:
    """Let the clock run on as if what was given at ``replied_at`` had never been given."""
    if Clock.objects.of(matter.KIND, matter.pk).exists():
        clocks.resume(
            kind=matter.KIND,
            subject_id=matter.pk,
            words_id=words.pk,
            replied_at=replied_at,
            at=at,
        )


def hand_back(
    matter: Matter, code: str, *, text: str, replied_at: datetime, by: Person, at: datetime
) -> None:
    """Give a matter to its owner again: written down, the clock runs on, the owner is told."""
    entry = record(matter, code, at=at, by=by, text=written(text))
    resume_clock(matter, entry, replied_at=replied_at, at=at)
    announce(matter, entry, [matter.handler_id], at=at)


def holders(
    kind: str, *, court_id: int | None = None, department_id: int | None = None, at: datetime
) -> list[Person]:
    """Who holds or acts for the posts of a kind in a court or a department, in their order."""
    seats: dict[str, Any] = {"post__kind": kind, "post__is_open": True}
    if court_id is not None:
        seats["post__court"] = court_id
    if department_id is not None:
        seats["post__department"] = department_id
    rows = Tenure.objects.at(at).filter(person__is_active=True, **seats)
    found = rows.select_related("person").order_by("post_id", "-is_acting")
    return list({row.person_id: row.person for row in found}.values())


def chamber_of(court: Court, at: datetime) -> list[Person]:
    """The Case Filing Chamber of the court that leads the jurisdiction."""
    jurisdiction = court.jurisdiction
    assert jurisdiction is not None
    return holders(Post.Kind.FILING_CHAMBER, court_id=jurisdiction.leading_court_id, at=at)


def announce(
    matter: Matter,
    entry: FollowUpEntry,
    people: Iterable[int | None],
    *,
    at: datetime,
) -> None:
    """Tell people what was done, once each; whoever did it is not told.

    Outside the application it waits for the court's opening hours.
    """
    told = {one for one in people if one is not None and one != entry.person_id}
    if not told:
        return
    put(
        [
            NewNotice(
                key=f"{NEWS}:{entry.pk}:{person_id}",
                kind=NEWS,
                subject_kind=matter.KIND,
                subject_id=matter.pk,
                person_id=person_id,
                params={"entry": entry.pk},
            )
            for person_id in sorted(told)
        ],
        at=at,
        outside_at=staff_hours(matter.court_id, at),
    )
