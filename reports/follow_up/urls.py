"""Addresses of what follows from the figures, wing by wing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.views.decorators.http import require_safe

from courts.access import action_required
from courts.models import Person
from courts.roles import opens, posts_of
from reports.agenda.wing import WING as AGENDA
from reports.follow_up.pages import OPEN, routes
from reports.follow_up.wing import Wing
from reports.improvements.wing import WING as IMPROVEMENTS
from reports.interviews.wing import WING as INTERVIEWS
from reports.issues.wing import WING as ISSUES
from reports.issues.wing import members
from reports.leadership.asking import reader
from reports.practices.wing import WING as PRACTICES
from reports.practices.wing import acknowledge, notes
from reports.problems.wing import WING as PROBLEMS
from reports.referrals.wing import ITEMS, LOTS, beside_lots, compile_lot, items_of

WINGS = (ISSUES, LOTS, PROBLEMS, AGENDA, INTERVIEWS, IMPROVEMENTS, PRACTICES)


def _open_to(person: Person) -> list[Wing]:
    """The wings that a person's posts lead to; those without an action are for everyone."""
    posts = posts_of(person)
    return [
        wing
        for wing in WINGS
        if not wing.read or any(opens(person.pk, posts, one) for one in wing.read)
    ]


def tabs(person: Person, name: str) -> list[dict[str, Any]]:
    """The tabs of the follow-up, as far as they are the reader's; and the page that is open."""
    shown = "referrals" if name == "items" else name
    open_to = {wing.name for wing in _open_to(person)} | {shown}
    return [
        {
            "label": wing.title,
            "url": reverse(f"follow_up:{wing.name}"),
            "active": wing.name == shown,
            "icon": wing.icon,
        }
        for wing in WINGS
        if wing.name in open_to
    ]


@action_required(OPEN)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The first wing that the reader's posts lead to."""
    return redirect(f"follow_up:{_open_to(reader(request))[0].name}")


app_name = "follow_up"
urlpatterns = [
    path("follow-up/", start, name="start"),
    path("referrals/items/", include(routes(ITEMS, tabs))),
    path("referrals/compile/", compile_lot, name="compile"),
    path("referrals/", include(routes(LOTS, tabs, more_of_list=beside_lots, more_of_one=items_of))),
    path("issues/", include(routes(ISSUES, tabs, more_of_one=members))),
    path("problems/", include(routes(PROBLEMS, tabs))),
    path("agenda/", include(routes(AGENDA, tabs))),
    path("interviews/", include(routes(INTERVIEWS, tabs))),
    path("improvements/", include(routes(IMPROVEMENTS, tabs))),
    path("practices/<uuid:public_id>/acknowledge/", acknowledge, name="practice_acknowledge"),
    path("practices/", include(routes(PRACTICES, tabs, more_of_one=notes))),
]
