"""The pages of good practices."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from courts.access import action_required
from courts.models import Court, Person
from courts.roles import ACTIONS, posts_of
from reports.follow_up.forms import ActForm, WordsForm
from reports.follow_up.pages import find
from reports.follow_up.wing import Act, Facts, Wing
from reports.improvements.wing import OwnUnitForm
from reports.leadership.asking import reader
from reports.models import Practice
from reports.practices import services
from reports.practices.lifecycle import PracticeState

ACKNOWLEDGE = "practices.acknowledge"


def facts(practice: Practice) -> Facts:
    """What is known of a practice."""
    return [
        (_("Recorded by"), practice.raised_by),
        (_("Court"), practice.court),
        (_("Department"), practice.department),
        (_("Circulated by"), practice.circulated_by),
    ]


WING = Wing(
    name="practices",
    model=Practice,
    argument="practice_id",
    title=_("Good practices"),
    lead=_("What works in one court, for the others to take up."),
    none=_("No good practice is recorded or circulated"),
    icon="star",
    open_states=(PracticeState.RECORDED,),
    related=("circulated_by",),
    facts=facts,
    meta=lambda one: f"{one.court}",
    make="practices.make",
    new=_("Record a good practice"),
    new_lead=_("The Case Filing Chamber circulates it to the courts."),
    new_form=OwnUnitForm,
    create=services.record_practice,
    acts=(
        Act(
            "circulate", services.circulate, _("Circulated. The other courts are told."), ActForm,
            icon="speakerphone", tone="primary",
        ),
        Act(
            "decline", services.decline, _("Recorded that it is not circulated."), WordsForm,
            ask=_("Reason"), icon="x",
        ),
    ),
)  # fmt: skip


def court_of(person: Person) -> Court | None:
    """The court for which a person may take note of what is circulated; None if for none."""
    kinds = ACTIONS[ACKNOWLEDGE]
    return next((post.court for post in posts_of(person) if post.kind in kinds), None)


def notes(practice: Practice, person: Person) -> dict[str, Any]:
    """Which courts have taken note of a circulated practice, and whether this one may."""
    if practice.state != PracticeState.CIRCULATED:
        return {}
    taken = list(practice.acknowledgements.select_related("court", "person"))
    court = court_of(person)
    may = court is not None and court.pk not in {one.court_id for one in taken}
    return {
        "extra": "reports/follow_up/_acknowledgements.html",
        "acknowledgements": taken,
        "acknowledging_court": court,
        "acknowledge_url": reverse("follow_up:practice_acknowledge", args=[practice.public_id])
        if may
        else "",
    }


@action_required(ACKNOWLEDGE)
@require_POST
def acknowledge(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take note of a circulated practice for one's court."""
    person = reader(request)
    practice = find(WING, person, public_id)
    court = court_of(person)
    assert court is not None
    services.acknowledge(practice_id=practice.pk, court=court, by=person, at=timezone.now())
    messages.success(request, gettext("Noted for %(court)s.") % {"court": court})
    return redirect("follow_up:practice", practice.public_id)
