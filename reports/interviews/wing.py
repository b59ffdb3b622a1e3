"""The pages of interviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models import Person, Tenure
from reports.follow_up.forms import ActForm, NewForm, UnitField, WordsForm, now
from reports.follow_up.wing import Act, Facts, Wing
from reports.follow_up.words import day
from reports.interviews import services
from reports.interviews.lifecycle import InterviewState
from reports.models import Interview
from reports.models.follow_up import Matter
from workorders.submission import LONGEST_NOTE, area


class InterviewForm(NewForm):
    """An interview proposed by hand: of which unit, and why."""

    unit = UnitField(label=_("Unit"))
    field_order = ["unit", "title", "text", "command_id"]

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, person=person, initial=initial)
        self.fields["unit"].offer(person, "interviews.hold")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Court and department as the service takes them."""
        given = super().clean() or {}
        unit = given.pop("unit", None)
        if unit is not None:
            given["court"], given["department"] = unit
        return given


class HeldForm(ActForm):
    """What is recorded of an interview: with whom, when, what was agreed, by when."""

    interviewed = forms.ModelChoiceField(label=_("Held with"), queryset=Person.objects.none())
    held_on = forms.DateField(label=_("Held on"), widget=forms.DateInput(attrs={"type": "date"}))
    agreed = forms.CharField(label=_("What was agreed"), max_length=LONGEST_NOTE, widget=area(4))
    agreed_until = forms.DateField(
        label=_("By when"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self, data: Any = None, *, verb: str, matter: Matter, person: Person, ask: Any = ""
    ) -> None:
        super().__init__(data, verb=verb, matter=matter, person=person, ask=ask)
        seats = {"post__court": matter.court_id, "post__is_open": True}
        if matter.department_id is not None:
            seats["post__department"] = matter.department_id
        staff = Tenure.objects.at(now()).filter(**seats).exclude(person=person)
        field = self.fields["interviewed"]
        field.queryset = Person.objects.filter(  # type: ignore[attr-defined]
            pk__in=staff.values("person"), is_active=True
        ).order_by("pk")
        assert isinstance(matter, Interview)
        leaders = services.leaders_of(matter, now())
        field.initial = leaders[0].pk if leaders else None


def facts(interview: Interview) -> Facts:
    """What is known of an interview."""
    return [
        (_("Court"), interview.court),
        (_("Department"), interview.department),
        (_("Months lagging"), interview.lagging),
        (_("Proposed by"), interview.raised_by),
        (_("Held by"), interview.interviewer),
        (_("Held with"), interview.interviewed),
        (_("Held on"), day(interview.held_on)),
        (_("What was agreed"), interview.agreed),
        (_("By when"), day(interview.agreed_until)),
        (_("Confirmed by"), interview.confirmed_by),
    ]


def meta(interview: Interview) -> str:
    """Which unit, and by when it has to keep what was agreed."""
    unit = str(interview.department or interview.court)
    return " · ".join(part for part in (unit, day(interview.agreed_until)) if part)


WING = Wing(
    name="interviews",
    model=Interview,
    argument="interview_id",
    title=_("Interviews"),
    lead=_("With whom the leading court spoke about a unit that lags, and what was agreed."),
    none=_("No interview is proposed or held"),
    icon="users",
    open_states=(InterviewState.PROPOSED, InterviewState.HELD, InterviewState.CONFIRMED),
    read=("interviews.read", "interviews.hold"),
    related=("interviewer", "interviewed", "confirmed_by"),
    facts=facts,
    meta=meta,
    make="interviews.hold",
    new=_("Propose an interview"),
    new_form=InterviewForm,
    create=services.propose_by_hand,
    acts=(
        Act(
            "hold", services.hold, _("The interview is recorded. The unit's leader confirms it."),
            HeldForm, icon="users", tone="primary",
        ),
        Act(
            "dismiss", services.dismiss, _("No interview is held."), WordsForm,
            ask=_("Reason"), icon="x",
        ),
        Act("confirm", services.confirm, _("Confirmed."), ActForm, tone="primary"),
        Act(
            "follow_up", services.follow_up, _("What came of it is recorded."), WordsForm,
            ask=_("What came of it"), icon="circle-check", tone="primary",
        ),
    ),
)  # fmt: skip
