"""The pages of agenda matters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models import Court, Person
from courts.roles import Reach
from reports.agenda import services
from reports.agenda.lifecycle import AgendaState
from reports.follow_up.forms import LeaderField, NewForm, WordsForm, now
from reports.follow_up.wing import Act, Facts, Wing
from reports.follow_up.words import day
from reports.models import AgendaMatter


class AgendaForm(NewForm):
    """A matter for the agenda: whose body takes it up, when, and who answers for it."""

    body = forms.ChoiceField(label=_("Body"), choices=AgendaMatter.Body.choices)
    court = forms.ModelChoiceField(label=_("Of the court"), queryset=Court.objects.none())
    meeting_on = forms.DateField(
        label=_("Meeting of"), widget=forms.DateInput(attrs={"type": "date"})
    )
    unit = LeaderField(
        label=_("Owner"), help_text=_("Who answers for it within the limit of the policy.")
    )
    field_order = ["body", "court", "meeting_on", "unit", "title", "text", "command_id"]

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, person=person, initial=initial)
        reach = Reach.of(person, "agenda.make")
        courts = Court.objects.filter(pk__in=reach.courts).select_related("jurisdiction")
        self.fields["court"].queryset = courts.order_by("code")  # type: ignore[attr-defined]
        self.fields["unit"].offer(person, "agenda.make", now())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The owner, and the department that the owner leads."""
        given = super().clean() or {}
        tenure = given.pop("unit", None)
        if tenure is not None:
            given["owner"], given["department"] = tenure.person, tenure.post.department
        return given


def facts(matter: AgendaMatter) -> Facts:
    """What is known of a matter."""
    return [
        (_("Body"), matter.get_body_display()),
        (_("Court"), matter.court),
        (_("Meeting of"), day(matter.meeting_on)),
        (_("Department"), matter.department),
        (_("Owner"), matter.owner),
        (_("Put on by"), matter.raised_by),
        (_("Closed by"), matter.closed_by),
    ]


WING = Wing(
    name="agenda",
    model=AgendaMatter,
    argument="matter_id",
    title=_("Agenda matters"),
    lead=_("What the leading bodies have taken up, who brings the result, and whether it holds."),
    none=_("No matter is on the agenda"),
    icon="calendar-event",
    open_states=(AgendaState.OPEN, AgendaState.RESULTED, AgendaState.CHECKING),
    read=("agenda.read",),
    related=("owner", "closed_by"),
    facts=facts,
    meta=lambda one: f"{one.get_body_display()} · {one.court} · {one.owner}",
    make="agenda.make",
    new=_("Put a matter on the agenda"),
    new_form=AgendaForm,
    create=services.put_on_agenda,
    acts=(
        Act(
            "record_result", services.record_result,
            _("Recorded. Somebody else looks at it now."), WordsForm,
            ask=_("What came of it"), tone="primary",
        ),
        Act(
            "close", services.close, _("The matter is closed."), WordsForm,
            ask=_("What was found"), icon="circle-check", tone="primary",
        ),
        Act(
            "send_back", services.send_back, _("The matter is with its owner again."), WordsForm,
            ask=_("What is still to be done"), icon="refresh", tone="danger",
        ),
        Act(
            "confirm", services.confirm, _("The matter stays closed."), WordsForm,
            ask=_("What the look back found"), icon="circle-check", tone="primary",
        ),
        Act(
            "reopen", services.reopen, _("The matter is with its owner again."), WordsForm,
            ask=_("What the look back found"), icon="refresh", tone="danger",
        ),
    ),
)  # fmt: skip
