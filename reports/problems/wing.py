"""The pages of the list of problems."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models import Jurisdiction, Person
from courts.roles import posts_of
from reports.follow_up.forms import EvidenceForm, LeaderField, WordsForm, class_choices, now
from reports.follow_up.wing import Act, Facts, Wing
from reports.follow_up.words import class_name
from reports.models import Problem
from reports.problems import services
from reports.problems.lifecycle import ProblemState
from reports.referrals.services import offices_of


def classes_for(person: Person) -> tuple[str, ...]:
    """The classes of the policy of the person's jurisdiction."""
    posts = posts_of(person)
    jurisdiction: Jurisdiction | None = posts[0].court.jurisdiction if posts else None
    if jurisdiction is None:
        return ()
    return offices_of(posts[0].court, now()).classes


class ProblemForm(EvidenceForm):
    """A problem for the list: its class, who clears it, and what it rests on."""

    category = forms.ChoiceField(label=_("Class"))
    unit = LeaderField(
        label=_("Unit and owner"),
        help_text=_("Whoever leads the unit owns the problem and clears it."),
    )
    field_order = ["category", "unit", "title", "text", "request", "case", "command_id"]

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, person=person, initial=initial)
        self.fields["category"].choices = class_choices(  # type: ignore[attr-defined]
            classes_for(person)
        )
        self.fields["unit"].offer(person, "problems.make", now())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Unit and owner as the service takes them."""
        given = super().clean() or {}
        tenure = given.pop("unit", None)
        if tenure is not None:
            given["court"], given["department"] = tenure.post.court, tenure.post.department
            given["owner"] = tenure.person
        return given


def facts(problem: Problem) -> Facts:
    """What is known of a problem."""
    return [
        (_("Class"), class_name(problem.category)),
        (_("Court"), problem.court),
        (_("Department"), problem.department),
        (_("Owner"), problem.owner),
        (_("Listed by"), problem.raised_by),
        (_("Struck off by"), problem.struck_by),
        (_("Times opened again"), problem.reopened),
    ]


WING = Wing(
    name="problems",
    model=Problem,
    argument="problem_id",
    title=_("List of problems"),
    lead=_("What must be put right, by whom and by when; struck off by somebody else."),
    none=_("No problem stands on the list"),
    icon="list-check",
    open_states=(ProblemState.OPEN, ProblemState.REPORTED),
    read=("problems.read",),
    related=("owner", "request", "case", "struck_by"),
    facts=facts,
    meta=lambda one: f"{class_name(one.category)} · {one.department or one.court} · {one.owner}",
    make="problems.make",
    new=_("List a problem"),
    new_form=ProblemForm,
    create=services.list_problem,
    acts=(
        Act(
            "report", services.report, _("Reported. Somebody else checks it now."), WordsForm,
            ask=_("What was done"), tone="primary",
        ),
        Act(
            "strike", services.strike, _("The problem is struck off."), WordsForm,
            ask=_("What was found"), icon="circle-check", tone="primary",
        ),
        Act(
            "send_back", services.send_back, _("The problem is with its owner again."), WordsForm,
            ask=_("What is still to be done"), icon="refresh", tone="danger",
        ),
        Act(
            "reopen", services.reopen, _("The problem is open again."), WordsForm,
            ask=_("Reason"), icon="refresh", tone="danger",
        ),
    ),
)  # fmt: skip
