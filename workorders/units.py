"""To whom an order may go: one choice that names a department, or a person in it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models import Court, Department, Person, Post, Tenure

HANDLERS = (Post.Kind.JUDGE, Post.Kind.JUDGE_ASSISTANT, Post.Kind.DEPARTMENT_LEADER)

Choices = list[tuple[str, Any]]


def unit_choices(court: Court, at: datetime) -> Choices:
    """The open departments of the court with their people, then those of the other courts.

    In the own court one chooses a person; another court is given the order as a department, and
    its leader decides. Two statements, whatever the number of courts.
    """
    departments = list(
        Department.objects.filter(
            court__jurisdiction=court.jurisdiction_id, court__jurisdiction__isnull=False
        )
        .filter(is_open=True)
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
    tenures = (
        Tenure.objects.at(at)
        .filter(post__court=court, post__kind__in=HANDLERS, post__is_open=True)
        .filter(person__is_active=True)
        .select_related("person", "post")
        .order_by("post__kind", "post_id")
    )
    found: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    for tenure in tenures:
        if tenure.post.department_id is not None:
            seat = (tenure.person.display_name, str(tenure.post.get_kind_display()))
            found[tenure.post.department_id].setdefault(tenure.person_id, seat)
    # Judges first: most orders go to one.
    judge = str(Post.Kind.JUDGE.label)
    return defaultdict(
        dict,
        {
            department: dict(sorted(seats.items(), key=lambda seat: seat[1][1] != judge))
            for department, seats in found.items()
        },
    )


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
