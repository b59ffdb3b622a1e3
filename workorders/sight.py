"""What a person may see of requests and orders, and which verbs there are for them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django_fsm import can_proceed

from courts.models import Person, Post
from courts.roles import Reach, posts_of
from escalation.models import FiringRecipient
from escalation.sight import still_meant
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.models import Request
from workorders.lifecycle import MOVES, WAITING_STATES
from workorders.models import WorkOrder

CLOCKS = (REPLY, ACCEPTANCE)


def risen_to(person: Person, posts: Iterable[Post] | None = None) -> QuerySet[FiringRecipient]:
    """What the ladder sent ``person`` as a supervisor: warnings and rungs, not as the handler.

    Only while they hold the post that it was sent to; ``posts`` are those they hold, if known.
    """
    held = posts_of(person) if posts is None else posts
    rows = FiringRecipient.objects.filter(firing__clock__kind__in=CLOCKS)
    return rows.filter(still_meant({person.pk: held}))


def requests_in_sight(person: Person) -> QuerySet[Request]:
    """Requests that ``person`` supervises, and those that rose to them from anywhere (G8)."""
    posts = posts_of(person)
    reach = Reach.of_posts(person.pk, posts, "supervision.read")
    return Request.objects.filter(
        reach.courts_q("court_id")
        | reach.departments_q("department_id")
        | Q(pk__in=risen_to(person, posts).values("firing__clock__subject_id"))
    )


class Verbs:
    """What ``person`` may do to an order now: the table of moves, cut to the reach of the posts."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._posts = posts_of(person)

    def covers(self, action: str, order: WorkOrder) -> bool:
        """Whether an action of the person's posts reaches the order."""
        reach = Reach.of_posts(self._person.pk, self._posts, action)
        return reach.covers(
            court_id=order.court_id,
            department_id=order.department_id,
            handler_id=order.handler_id,
        )

    def of(self, order: WorkOrder) -> set[str]:
        """The names of the verbs: moves of the lifecycle, and those that move nothing."""
        found = {
            name
            for name, move in MOVES.items()
            if move.action and can_proceed(getattr(order, name)) and self.covers(move.action, order)
        }
        if order.is_lead and order.request.disputed_at is not None:
            found.discard("complete")
        if order.state in WAITING_STATES:
            if order.is_lead and self.covers("orders.handle", order):
                found |= {"contact", "assist"}
            if self.covers("orders.reassign", order):
                found.add("reassign")
        # An assisting order reports to the lead; who does not call the party needs no number.
        its_handler = order.handler_id == self._person.pk
        if order.is_lead and (its_handler or self.covers("contact.reveal", order)):
            found.add("reveal")
        return found
