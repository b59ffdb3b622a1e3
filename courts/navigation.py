"""What every page shows around its content: where one may go, who one is, what data this is.

Everything is looked up when a template asks for it, so a fragment that shows no frame costs
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courts import display
from courts.models import Jurisdiction, Person, Post
from courts.roles import opens, posts_of


@dataclass(frozen=True)
class Place:
    """A screen that those may open whose posts allow ``action``."""

    action: str
    url_name: str
    label: Any
    icon: str


# In the order of the rail.
PLACES = (
    Place("desk.triage", "desk:queue", _("Desk"), "inbox"),
    Place("orders.handle", "orders:queue", _("Work orders"), "gavel"),
    Place("supervision.read", "supervision:queue", _("Supervision"), "stairs-up"),
    Place("leadership.read", "leadership:rates", _("Leadership"), "chart-bar"),
    Place("book.read", "book:list", _("Standing book"), "books"),
    Place("briefings.read", "briefings:list", _("Briefings"), "speakerphone"),
    Place("follow_up.open", "follow_up:start", _("Follow-up"), "list-check"),
    Place("assessment.read", "assessment:start", pgettext_lazy("of staff", "Assessment"), "scale"),
)
PORTAL = (
    ("portal:new", pgettext_lazy("navigation", "New request")),
    ("portal:track", pgettext_lazy("navigation", "Track")),
    ("portal:officers", _("Liaison officers")),
)
# The first screen of who holds such a post; of several posts, the first in this table decides.
FIRST_SCREEN = {
    Post.Kind.SERVICE_STAFF: "desk:queue",
    Post.Kind.HOTLINE_AGENT: "desk:queue",
    Post.Kind.PRESIDENT: "supervision:queue",
    Post.Kind.DEPUTY_PRESIDENT: "supervision:queue",
    Post.Kind.DEPARTMENT_LEADER: "supervision:queue",
    Post.Kind.LIAISON_OFFICER: "supervision:queue",
    Post.Kind.FILING_CHAMBER: "leadership:rates",
    Post.Kind.TRIAL_MANAGEMENT: "leadership:rates",
    Post.Kind.DISCIPLINE: "follow_up:start",
    Post.Kind.INSPECTION: "follow_up:start",
    Post.Kind.JUDGE: "orders:queue",
    Post.Kind.JUDGE_ASSISTANT: "orders:queue",
}


def find(url_name: str) -> str:
    """The address of a screen, or '' where a deployment leaves its part out."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def first_screen(person: Person) -> str:
    """Where a member of staff begins after signing in."""
    kinds = {post.kind for post in posts_of(person)}
    for kind, url_name in FIRST_SCREEN.items():
        if kind in kinds and (url := find(url_name)):
            return url
    return find("admin:index") if person.is_staff else find("notices:list")


def _namespace(request: HttpRequest) -> str:
    return request.resolver_match.namespace if request.resolver_match else ""


def _items(request: HttpRequest, person: Person, posts: list[Post]) -> list[dict[str, Any]]:
    items = []
    here = _namespace(request)
    for place in PLACES:
        if opens(person.pk, posts, place.action):
            items.append((place.url_name, place.label, place.icon))
    if posts:
        items.append(("deadline:calculator", _("Deadline calculator"), "calendar"))
    if person.is_staff:
        items.append(("admin:index", _("Administration"), "settings"))
    return [
        {
            "url": url,
            "label": label,
            "icon": icon,
            "active": bool(here) and here == url_name.partition(":")[0],
        }
        for url_name, label, icon in items
        if (url := find(url_name))
    ]


def _places(items: Any) -> list[dict[str, Any]]:
    """Every page that a member of staff may go to from anywhere: the rail's, and the open ones."""
    listed = (("notices:list", _("Notices"), "bell"), ("calendar", _("Court calendar"), "calendar"))
    more = [
        {"url": url, "label": label, "icon": icon}
        for url_name, label, icon in listed
        if (url := find(url_name))
    ]
    return [*items, *more]


def _portal_items(request: HttpRequest) -> list[dict[str, Any]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {"url": url, "label": label, "active": here == url_name}
        for url_name, label in PORTAL
        if (url := find(url_name))
    ]


def _is_demonstration() -> bool:
    return settings.DEMONSTRATION or Jurisdiction.objects.filter(is_demonstration=True).exists()


def navigation(request: HttpRequest) -> dict[str, Any]:
    """A context processor: the names that ``templates/base`` expects."""
    context: dict[str, Any] = {
        "printed_at": timezone.now(),
        "demonstration": SimpleLazyObject(_is_demonstration),
        "portal_navigation": SimpleLazyObject(lambda: _portal_items(request)),
        **display.shown(request),
    }
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_authenticated:
        return context
    posts: Any = SimpleLazyObject(lambda: posts_of(person))
    items: Any = SimpleLazyObject(lambda: _items(request, person, posts))
    return context | {
        "navigation": items,
        "places": SimpleLazyObject(lambda: _places(items)),
        "person_posts": posts,
        "person_unit": SimpleLazyObject(
            lambda: str(posts[0].department or posts[0].court) if posts else ""
        ),
        "notices_url": find("notices:list"),
    }
