"""What the pages of the assessment have in common: who reads, and the tabs between them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courts.models import Person
from courts.roles import opens, posts_of

OWN, OBJECTIONS, SHEETS = "assessment:own", "assessment:objections", "assessment:sheets"
# In the order of the tabs; where a person begins is the first that the posts allow.
_PAGES = (
    (OWN, "assessment.own"),
    (OBJECTIONS, "objections.answer"),
    (SHEETS, "assessment.read"),
)


def pages_of(person: Person) -> list[str]:
    """The pages that the posts of ``person`` allow, in the order of the tabs."""
    posts = posts_of(person)
    return [name for name, action in _PAGES if opens(person.pk, posts, action)]


def tabs(person: Person, active: str) -> list[dict[str, Any]]:
    """The tabs between the pages; none where there is but one."""
    labels = {
        OWN: _("Own figures"),
        OBJECTIONS: _("Objections"),
        SHEETS: _("Annual assessment"),
    }
    found = pages_of(person)
    if len(found) < 2:
        return []
    return [
        {"label": labels[name], "url": reverse(name), "active": name == active} for name in found
    ]
