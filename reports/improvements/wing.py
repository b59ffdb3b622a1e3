"""The pages of proposals for improvement."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from courts.models import Person
from courts.roles import posts_of
from reports.follow_up.forms import NewForm, WordsForm
from reports.follow_up.wing import Act, Facts, Wing
from reports.improvements import services
from reports.improvements.lifecycle import ImprovementState
from reports.models import Improvement


class OwnUnitForm(NewForm):
    """A matter of the place where the person works: that of the first post held."""

    def clean(self) -> dict[str, Any]:
        """Court and department of the post."""
        given = super().clean() or {}
        post = posts_of(self.person)[0]
        given["court"], given["department"] = post.court, post.department
        return given


class ImprovementForm(OwnUnitForm):
    """A problem for improvement, in a few words."""

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, person=person, initial=initial)
        self.fields["title"].help_text = _("What does not work, or could work better.")
        self.fields["text"].help_text = _("How it shows, and what you propose.")


def facts(proposal: Improvement) -> Facts:
    """What is known of a proposal."""
    return [
        (_("Reported by"), proposal.raised_by),
        (_("Court"), proposal.court),
        (_("Department"), proposal.department),
        (_("Answered by"), proposal.answered_by),
    ]


WING = Wing(
    name="improvements",
    model=Improvement,
    argument="improvement_id",
    title=_("Improvement proposals"),
    lead=_("What anyone in a court reports for improvement; the Case Filing Chamber answers."),
    none=_("Nothing has been reported for improvement"),
    icon="message-circle",
    open_states=(ImprovementState.PROPOSED, ImprovementState.ADOPTED),
    related=("answered_by",),
    facts=facts,
    meta=lambda one: f"{one.department or one.court} · {one.raised_by}",
    make="improvements.make",
    new=_("Report a problem for improvement"),
    new_lead=_("It goes to the Case Filing Chamber, which answers you within the limit."),
    new_form=ImprovementForm,
    create=services.propose,
    acts=(
        Act(
            "adopt", services.adopt, _("Adopted. The person who reported it is told."), WordsForm,
            ask=_("What will be done"), tone="primary",
        ),
        Act(
            "decline", services.decline, _("Answered. The person who reported it is told."),
            WordsForm, ask=_("Reason"), icon="x",
        ),
        Act(
            "carry_out", services.carry_out, _("Recorded as carried out."), WordsForm,
            ask=_("What was done"), icon="circle-check", tone="primary",
        ),
    ),
)  # fmt: skip
