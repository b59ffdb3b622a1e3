"""The pages of hot, difficult and key issues."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from courts import date_words
from courts.access import record_leader_look
from courts.models import Person
from liaison.kinds import SUBJECT
from liaison.models import Request
from reports.follow_up.forms import ActForm, EvidenceForm, WordsForm, class_choices, now
from reports.follow_up.wing import Act, Facts, Wing
from reports.issues import services
from reports.issues.lifecycle import IssueState
from reports.models import Issue
from reports.models.follow_up import LONGEST_TITLE
from reports.referrals.services import offices_of
from workorders.sight import requests_in_sight
from workorders.submission import LONGEST_NOTE, area

# So many of the requests behind an issue stand on its page.
SHOWN = 30


class RenameForm(ActForm):
    """Another name."""

    title = forms.CharField(label=_("Name of the issue"), max_length=LONGEST_TITLE)

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        assert isinstance(self.matter, Issue)
        self.fields["title"].initial = self.matter.name


class ReferForm(ActForm):
    """Which class, which says the office too, and what is asked of it."""

    category = forms.ChoiceField(label=_("Class"), help_text=_("It says which office answers."))
    text = forms.CharField(
        label=_("What is asked of the office"), max_length=LONGEST_NOTE, widget=area(3)
    )

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        issue = self.matter
        assert isinstance(issue, Issue)
        offices = offices_of(issue.court, now())
        category: Any = self.fields["category"]
        category.choices = class_choices(
            [
                one
                for one in offices.classes
                if offices.office_for(one, issue.sort) and not offices.is_conduct(one)
            ]
        )


class KeyForm(EvidenceForm):
    """A request that is a key issue, with the reason."""

    field_order = ["request", "title", "text", "command_id"]

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, person=person, initial=initial)
        del self.fields["case"]
        self.fields["request"].required = True
        self.fields["request"].help_text = _("Of a request within your reach.")
        self.fields["text"].label = _("Why it is a key issue")

    def clean_request(self) -> Request:
        """The request of that number, which must be given."""
        found = super().clean_request()
        assert found is not None  # the field is required
        return found


def counts(issue: Issue) -> str:
    """How many requests of how many parties at how many courts, in a line."""
    counted = (
        (ngettext("%(n)s request", "%(n)s requests", issue.requests), issue.requests),
        (ngettext("%(n)s party", "%(n)s parties", issue.parties), issue.parties),
        (ngettext("%(n)s court", "%(n)s courts", issue.courts), issue.courts),
    )
    return " · ".join(words % {"n": number} for words, number in counted)


def month_words(issue: Issue) -> str:
    """The month of an issue in the reader's language."""
    return date_words.month(issue.month, get_language() or "en", timezone.get_current_timezone())


def meta(issue: Issue) -> str:
    """What stands under its name in a list."""
    return f"{capfirst(issue.get_sort_display())} · {month_words(issue)} · {counts(issue)}"


def facts(issue: Issue) -> Facts:
    """What is known of an issue."""
    known: Facts = [
        (_("Kind of issue"), capfirst(issue.get_sort_display())),
        (_("Month"), month_words(issue)),
        (_("Requests"), issue.requests),
        (_("Different parties"), issue.parties),
        (_("Courts touched"), issue.courts),
    ]
    if issue.sort == Issue.Sort.HOT:
        known.append((_("In the months before"), issue.before))
    known.append((_("Item referred"), issue.referral))
    return known


def members(issue: Issue, person: Person) -> dict[str, Any]:
    """The requests behind an issue, the most typical first; what they say, to who may read them.

    So with the wording that the issue took over from the most typical: that a leader reads it is
    recorded as with the request itself.
    """
    rows = issue.members.filter(place__lte=SHOWN).select_related("request__court")
    ids = [one.request_id for one in rows]
    seen = set(requests_in_sight(person).filter(pk__in=ids).values_list("pk", flat=True))
    # Why the chamber calls an issue a key one is its own words.
    is_of_a_party = issue.sort != Issue.Sort.KEY
    typical = next((one.request_id for one in rows if one.request.number == issue.key), None)
    hides_text = is_of_a_party and typical not in seen
    if is_of_a_party and typical is not None and not hides_text:
        record_leader_look(person=person, subject_kind=SUBJECT, subject_id=typical)
    return {
        "hides_text": hides_text,
        # The proposed name is the party's own subject.
        "heading": f"{capfirst(issue.get_sort_display())} {issue.reference}"
        if hides_text and issue.name == issue.title
        else issue.heading,
        "proposed_name": issue.title if issue.name != issue.title and not hides_text else "",
        "extra": "reports/follow_up/_members.html",
        "members": [
            {
                "request": one.request,
                "url": reverse("supervision:request", args=[one.request.public_id])
                if one.request_id in seen
                else "",
            }
            for one in rows
        ],
        "not_shown": issue.requests - len(ids),
    }


WING = Wing(
    name="issues",
    model=Issue,
    argument="issue_id",
    title=_("Issues"),
    lead=_("What many ask about, what went badly, and what matters by itself, month by month."),
    none=_("No issue waits to be judged"),
    icon="flame",
    open_states=(IssueState.PROPOSED,),
    read=("issues.read",),
    related=("referral",),
    facts=facts,
    meta=meta,
    make="issues.judge",
    new=_("Mark a key issue"),
    new_lead=_("An emergency, or what matters beyond its own case. Conduct is referred instead."),
    new_form=KeyForm,
    create=services.mark_key,
    acts=(
        Act(
            "take_in", services.take_in, _("Taken into the briefing of its month."), ActForm,
            icon="file-text", tone="primary",
        ),
        Act(
            "refer", services.refer, _("Recorded; it is sent with the next lot of its office."),
            ReferForm, icon="send",
        ),
        Act("rename", services.rename, _("Renamed."), RenameForm, icon="pencil"),
        Act(
            "dismiss", services.dismiss, _("Dismissed."), WordsForm,
            ask=_("Reason"), icon="x", tone="danger",
        ),
        Act(
            "reopen", services.reopen, _("Proposed again."), WordsForm,
            ask=_("Reason"), icon="refresh",
        ),
    ),
)  # fmt: skip
