"""What a member of staff finds by a few words: only what the posts held open anyway.

The number of statements is constant, and so is the most that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from courts.models import Person, Post
from courts.roles import opens, posts_of
from liaison.desk.queue import NAMED, worded
from liaison.models import Request
from workorders.models import WorkOrder
from workorders.sight import requests_in_sight

MOST = 8
# One letter or character names nobody.
FEWEST_CHARACTERS = 2


@dataclass(frozen=True)
class Found:
    """A request, and where this person works on it.

    ``party`` is '' for a supervisor, whose lists name no party: each look is put on record.
    """

    request: Request
    url: str
    state: str
    state_label: Any
    party: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found, newest first; ``is_cut`` says that there is more than is shown."""

    found: list[Found]
    is_cut: bool = False


def find(person: Person, words: str) -> Finding:
    """What fits ``words`` by number, title, party's name or case number, at most ``MOST``.

    Whoever handles an order is led to it, even if they supervise it too. The message itself is
    not searched: a word in it would tell of a text that a leader's look has to be recorded for.
    """
    words = words.strip()
    if len(words) < FEWEST_CHARACTERS:
        return Finding([])
    posts = posts_of(person)
    by_request: dict[int, Found] = {}
    for part in (_at_desk, _orders, _supervised):
        for found in part(person, posts, words):
            by_request.setdefault(found.request.pk, found)
    newest_first = sorted(
        by_request.values(),
        key=lambda found: (found.request.registered_at, found.request.pk),
        reverse=True,
    )
    return Finding(newest_first[:MOST], len(newest_first) > MOST)


def _at_desk(person: Person, posts: list[Post], words: str) -> Iterator[Found]:
    if not opens(person.pk, posts, "desk.triage"):
        return
    rows = Request.objects.visible_to(person, "desk.triage").filter(worded(words, NAMED))
    for row in rows.select_related("contact").order_by("-registered_at", "-pk")[: MOST + 1]:
        url = reverse("desk:request", args=[row.public_id])
        yield Found(row, url, row.state, row.get_state_display(), row.contact.name)


def _orders(person: Person, posts: list[Post], words: str) -> Iterator[Found]:
    if not opens(person.pk, posts, "orders.handle"):
        return
    rows = WorkOrder.objects.handled_by(person).filter(worded(words, NAMED, "request__"))
    rows = rows.select_related("request__contact")
    # Of several orders about one request the way in is the lead, and of those the last.
    rows = rows.order_by("-request__registered_at", "-request_id", "-is_lead", "-pk")
    for row in rows.distinct("request__registered_at", "request_id")[: MOST + 1]:
        url = reverse("orders:order", args=[row.public_id])
        party = row.request.contact.name
        yield Found(row.request, url, row.state, row.get_state_display(), party)


def _supervised(person: Person, posts: list[Post], words: str) -> Iterator[Found]:
    if not opens(person.pk, posts, "supervision.read"):
        return
    rows = requests_in_sight(person).filter(worded(words, NAMED))
    for row in rows.order_by("-registered_at", "-pk")[: MOST + 1]:
        url = reverse("supervision:request", args=[row.public_id])
        yield Found(row, url, row.state, row.get_state_display())
