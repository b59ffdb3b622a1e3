"""To whom an order may go: one choice that names a department, or a person in it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models import Court, Department, Person
from liaison.units import seats_in
from workorders.submission import LONGEST_NOTE, VerbForm, area

Choices = list[tuple[str, Any]]


def unit_choices(court: Court, at: datetime) -> Choices:
    """The departments of the court that take orders, with their people, then the other courts'.

    In the own court one chooses a person; another court is given the order as a department, and
    its leader decides. Two statements, whatever the number of courts.
    """
    departments = list(
        Department.objects.filter(
            court__jurisdiction=court.jurisdiction_id, court__jurisdiction__isnull=False
        )
        .filter(is_open=True)
        .exclude(kind=Department.Kind.LITIGATION_SERVICE)
        .select_related("court")
        .order_by("court__code", "pk")
    )
    people = _people(court, at)
    own: Choices = []
    other: Choices = []
    for department in departments:
        if department.court_id == court.pk:
            seats: Choices = [(str(department.pk), _("the department; its leader decides"))]
            seats += [
                (f"{department.pk}:{pk}", f"{name} · {kind}")
                for pk, (name, kind) in people[department.pk].items()
            ]
            own.append((department.display_name, seats))
        else:
            name = f"{department.court.display_name} · {department.display_name}"
            other.append((str(department.pk), name))
    if other:
        own.append((str(_("Other courts")), other))
    return [("", _("Choose")), *own]


def _people(court: Court, at: datetime) -> dict[int, dict[int, tuple[str, str]]]:
    """Who may handle an order, by department: id, name and post, each person once."""
    found: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    for seat in seats_in(Department.objects.filter(court=court), at):
        words = (seat.person.display_name, str(seat.post.get_kind_display()))
        assert seat.post.department_id is not None
        found[seat.post.department_id].setdefault(seat.person_id, words)
    return found


class UnitField(forms.ChoiceField):
    """A department and, where one was chosen, a person; cleaned to that pair."""

    def clean(self, value: Any) -> tuple[Department, Person | None] | None:
        """The department and the person of one of the choices; ``None`` where none was made."""
        chosen = super().clean(value)
        if not chosen:
            return None
        department_id, _colon, person_id = chosen.partition(":")
        department = Department.objects.select_related("court").get(pk=department_id)
        return department, Person.objects.get(pk=person_id) if person_id else None


class UnitForm(VerbForm):
    """A form that gives an order, or a question, to a unit or to a person in it."""

    department = UnitField()

    def __init__(self, data: Any = None, *, choices: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["department"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The choice as the services take it: the department, and the handler or none."""
        given = super().clean() or {}
        if given.get("department"):
            given["department"], given["handler"] = given["department"]
        return given


class ReassignForm(UnitForm):
    """To another unit or person, with a reason."""

    verb = "reassign"

    department = UnitField(
        label=_("To whom"), error_messages={"required": _("Choose to whom it goes.")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_NOTE,
        widget=area(2),
        error_messages={"required": _("Say why it is passed on.")},
    )
