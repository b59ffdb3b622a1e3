"""Forms of the follow-up: the words of a verb, and the parts that new matters share.

Their fields are named as the services name what is wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.case_number import CaseNumberError, parse
from cases.models import Case
from courts.forms import CommandForm
from courts.models import Court, Department, Person, Post, Tenure
from courts.roles import Reach
from liaison.models import Request
from reports.follow_up.words import class_name
from reports.models.follow_up import LONGEST_TITLE, Matter
from workorders.sight import requests_in_sight
from workorders.submission import LONGEST_NOTE, VerbForm, area

Choices = list[tuple[str, Any]]
_LEADERS = (Post.Kind.PRESIDENT, Post.Kind.DEPUTY_PRESIDENT, Post.Kind.DEPARTMENT_LEADER)


class ActForm(VerbForm):
    """The form of a verb about a matter, on its page; by itself it asks for nothing."""

    def __init__(
        self, data: Any = None, *, verb: str, matter: Matter, person: Person, ask: Any = ""
    ) -> None:
        self.verb = verb
        super().__init__(data)
        # Several matters stand on one page.
        self.auto_id = f"{matter.KIND}-{matter.pk}-{verb}_%s"
        self.matter, self.person = matter, person
        if ask and "text" in self.fields:
            self.fields["text"].label = ask


class WordsForm(ActForm):
    """A verb with words that must be given."""

    text = forms.CharField(label=_("Text"), max_length=LONGEST_NOTE, widget=area(3))


class RemarkForm(ActForm):
    """A verb with words that may be given."""

    text = forms.CharField(
        label=_("Remark"), max_length=LONGEST_NOTE, widget=area(2), required=False
    )


class NewForm(CommandForm):
    """What a new matter is asked: subject and text. The command makes it once, sent twice."""

    title = forms.CharField(label=_("Subject"), max_length=LONGEST_TITLE)
    text = forms.CharField(label=_("Text"), max_length=LONGEST_NOTE, widget=area(5))

    def __init__(self, data: Any = None, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.person = person


class EvidenceForm(NewForm):
    """A new matter that may rest on a request and a case."""

    request = forms.CharField(
        label=_("Request number"),
        required=False,
        help_text=_("Of a request within your reach, if it rests on one."),
    )
    case = forms.CharField(
        label=_("Case number"),
        required=False,
        help_text=_("Of a case within your reach, if it rests on one."),
    )

    def clean_request(self) -> Request | None:
        """The request of that number, if the person reads it."""
        number = self.cleaned_data["request"].strip()
        if not number:
            return None
        found = requests_in_sight(self.person).filter(number=number).first()
        if found is None:
            raise ValidationError(_("There is no such request within your reach."))
        return found

    def clean_case(self) -> Case | None:
        """The case of that number in the mirror, if the person reads it."""
        number = self.cleaned_data["case"].strip()
        if not number:
            return None
        try:
            key = parse(number).key
        except CaseNumberError:
            raise ValidationError(_("This is no case number.")) from None
        found = Case.objects.visible_to(self.person).standing().filter(number_key=key).first()
        if found is None:
            raise ValidationError(_("There is no such case within your reach."))
        return found


class LeaderField(forms.ChoiceField):
    """Who leads a unit within reach: cleaned to the tenure of the post."""

    def offer(self, person: Person, action: str, at: datetime) -> None:
        """Offer the leaders of the courts and departments that ``action`` reaches."""
        reach = Reach.of(person, action, at)
        rows = Tenure.objects.at(at).filter(
            post__kind__in=_LEADERS, post__is_open=True, person__is_active=True
        )
        rows = rows.filter(
            reach.courts_q("post__court_id") | reach.departments_q("post__department_id")
        )
        grouped: dict[str, Choices] = {}
        related = rows.select_related("person", "post__court", "post__department")
        for row in related.order_by("post__court__code", "post__department_id", "post_id"):
            unit = row.post.department or row.post.get_kind_display()
            words = f"{unit} · {row.person}"
            grouped.setdefault(row.post.court.display_name, []).append((str(row.pk), words))
        self.choices = [("", _("Choose")), *grouped.items()]

    def clean(self, value: Any) -> Tenure | None:
        """The tenure chosen, with its person and unit."""
        chosen = super().clean(value)
        if not chosen:
            return None
        rows = Tenure.objects.select_related(
            "person", "post__court__jurisdiction", "post__department"
        )
        return rows.get(pk=chosen)


class UnitField(forms.ChoiceField):
    """A court or a department within reach: cleaned to the pair of them."""

    def offer(self, person: Person, action: str) -> None:
        """Offer what ``action`` reaches."""
        reach = Reach.of(person, action)
        courts = Court.objects.filter(pk__in=reach.courts).order_by("code")
        departments = Department.objects.filter(
            reach.courts_q("court_id") | reach.departments_q("pk")
        )
        grouped: dict[str, Choices] = {
            court.display_name: [(f"court:{court.public_id}", _("the whole court"))]
            for court in courts
        }
        for one in departments.select_related("court").order_by("court__code", "pk"):
            entry = (f"department:{one.public_id}", one.display_name)
            grouped.setdefault(one.court.display_name, []).append(entry)
        self.choices = [("", _("Choose")), *grouped.items()]

    def clean(self, value: Any) -> tuple[Court, Department | None] | None:
        """The court, and the department if one was chosen; None where nothing was."""
        chosen = super().clean(value)
        if not chosen:
            return None
        kind, _colon, public_id = chosen.partition(":")
        if kind == "court":
            court = Court.objects.select_related("jurisdiction").get(public_id=public_id)
            return court, None
        rows = Department.objects.select_related("court__jurisdiction")
        department = rows.get(public_id=public_id)
        return department.court, department


def class_choices(classes: Any) -> Choices:
    """The classes of a policy, by their names."""
    return [("", _("Choose")), *((one, class_name(one)) for one in classes)]


def now() -> datetime:
    """The instant of asking."""
    return timezone.now()
