"""What the deadline calculator asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.business_days import local_date
from courts.forms import CourtField, courts_that_answer
from courts.models import Jurisdiction
from escalation import policy
from escalation.kind_names import limit_label, limits_of
from escalation.policy import Policy

SHOWN = "%Y-%m-%dT%H:%M"


class LocalMomentField(forms.DateTimeField):
    """A local date and time, naive: whose local time it is, the form knows by the court."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=SHOWN)
    default_error_messages = {"invalid": _("Enter a date and a time, such as 2026-05-27 09:30.")}

    def to_python(self, value: Any) -> datetime | None:
        """The date and time as typed."""
        found = super().to_python(value)
        try:
            return timezone.make_naive(found) if found else None
        except OverflowError:  # typed with an offset, at the very end of the years
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class DeadlineForm(forms.Form):
    """A court, what is counted, and from when."""

    court = CourtField(error_messages={"required": _("Choose a court.")})
    limit = forms.ChoiceField(label=_("What is counted?"))
    start = LocalMomentField(
        label=_("Day and time of the start"),
        help_text=_("When it was registered, or happened."),
        error_messages={"required": _("Enter the day on which it started.")},
    )
    assigned = LocalMomentField(
        label=_("Given to the unit"),
        required=False,
        help_text=_("Only if that was later than the start."),
    )
    fixed_on = forms.DateField(
        label=_("Fixed date"),
        required=False,
        help_text=_("Only of what is to be done by a fixed date."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        court, limit = self.fields["court"], self.fields["limit"]
        assert isinstance(court, CourtField)
        assert isinstance(limit, forms.ChoiceField)
        court.queryset = courts_that_answer().select_related("jurisdiction")
        jurisdictions, now = list(Jurisdiction.objects.order_by("code")), timezone.now()
        limit.choices = limit_choices(jurisdictions, now)
        if not any(_takes_a_date(rules) for rules in _present(jurisdictions, now)):
            del self.fields["fixed_on"]

    def clean(self) -> dict[str, Any]:
        """The moments in the local time of the court."""
        given = super().clean() or {}
        court = given.get("court")
        for name in ("start", "assigned"):
            if court is not None and given.get(name) is not None:
                given[name] = given[name].replace(tzinfo=court.jurisdiction.zone)
        return given


def limit_choices(jurisdictions: Iterable[Jurisdiction], at: datetime) -> list[tuple[str, str]]:
    """Every limit of the policies that hold there at ``at``, each once, and what it is called."""
    found: dict[str, str] = {}
    for rules in _present(jurisdictions, at):
        for kind, name in limits_of(rules):
            found.setdefault(f"{kind}:{name}", limit_label(kind, name, rules.clocks[kind]))
    return list(found.items())


def _present(jurisdictions: Iterable[Jurisdiction], at: datetime) -> Iterator[Policy]:
    for jurisdiction in jurisdictions:
        yield policy.present(jurisdiction.policy, local_date(at, jurisdiction.zone))


def _takes_a_date(rules: Policy) -> bool:
    timed = rules.clocks.values()
    return any(limit.is_fixed_date for kind in timed for limit in kind.limits.values())
