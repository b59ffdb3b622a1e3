"""The catalogue: pages of samples, the frames with something in them, and a part for htmx."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from courts import date_words
from courts.lifecycle import Move, leaving
from courts.templatetags.ui import STATES, button
from liaison.desk.context import KEYS
from liaison.lifecycle import MOVES as REQUEST_MOVES
from liaison.lifecycle import RequestState
from reports.catalogue import ladders, samples
from reports.catalogue.forms import FilterForm, SampleForm, ShortForm
from workorders.lifecycle import MOVES as ORDER_MOVES
from workorders.lifecycle import OrderState

# A rejection leads back to a state whose own sign is a check.
_ICONS = {"reopen": "refresh"}
# Each page with its name and its icon, in the order of the index.
PAGES: Mapping[str, tuple[Any, str]] = {
    "frames": (_("Frames"), "device-desktop"),
    "words": (_("Words and signs"), "language"),
    "lists": (_("Lists and tables"), "list"),
    "forms": (_("Forms and buttons"), "pencil"),
    "ladder": (_("Ladder and timeline"), "stairs-up"),
    "charts": (_("Figures and charts"), "chart-bar"),
    "states": (_("Empty, loading, failed"), "hourglass"),
    "dialogs": (_("Dialogs and messages"), "message"),
    "print": (_("Print"), "printer"),
}
FRAMES: Mapping[str, Any] = {
    "public": _("Portal"),
    "staff": _("Staff"),
    "alone": _("Sign-in and the like"),
    "kiosk": _("Kiosk"),
    "print": _("Print"),
}
ERRORS = ("400", "403", "403_csrf", "404", "409", "429", "500", "503")
_ROWS_A_PAGE = 5

View = Callable[..., HttpResponse]


def where_it_is_on(view: View) -> View:
    """There is no such address unless the deployment shows the catalogue."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.COMPONENT_CATALOGUE:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@where_it_is_on
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of samples."""
    if slug not in PAGES:
        raise Http404
    context = _CONTEXTS[slug](request) if slug in _CONTEXTS else {}
    index = [
        {
            "url": reverse("catalogue:page", args=[name]),
            "label": label,
            "icon": icon,
            "active": name == slug,
        }
        for name, (label, icon) in PAGES.items()
    ]
    shown = {"navigation": index, "title": PAGES[slug][0], "slug": slug}
    return render(request, f"catalogue/{slug}.html", shown | context)


@require_safe
@where_it_is_on
def frame(request: HttpRequest, name: str) -> HttpResponse:
    """A frame as a page stands in it; of the error pages, one by its number."""
    if name in ERRORS:
        return render(request, f"{name}.html")
    if name not in FRAMES:
        raise Http404
    address = reverse("catalogue:frame", args=[name])
    navigation = [
        {"label": label, "icon": icon, "url": "#main", "active": slug == "words", "count": count}
        for (slug, (label, icon)), count in zip(PAGES.items(), (0, 0, 7, 128), strict=False)
    ]
    context = {
        "components_url": reverse("catalogue:start"),
        "form": ShortForm(),
        "facts": samples.FACTS,
        "number": samples.ROWS[0].number,
        "sample": ladders.samples()[3],
        "navigation": navigation,
        "portal_navigation": navigation,
        "kiosk_start_url": address,
        "large_type": "large" in request.GET,
    }
    return render(request, f"catalogue/frame_{name}.html", context)


@require_safe
@where_it_is_on
def part(request: HttpRequest) -> HttpResponse:
    """The list that a skeleton or a failure stood for."""
    return render(request, "components/queue.html", {"rows": _queue()})


def _queue(opened: str = "") -> list[dict[str, Any]]:
    """Rows of a queue, one for each ladder."""
    address = reverse("catalogue:page", args=["lists"])
    states = ("registered", "routed", "returned", "routed", "escalated", "answered")
    return [
        {
            "url": f"{address}?open={row.number}#split",
            "title": row.subject,
            "number": row.number,
            "meta": row.unit,
            "state": state,
            "limit": {"day": one.day, "of": one.of, "until": one.limit_on, "state": one.state},
            "ladder": one.ladder,
            "active": row.number == opened,
        }
        for row, one, state in zip(samples.ROWS, ladders.samples()[1:7], states, strict=False)
    ]


def _frames(request: HttpRequest) -> dict[str, Any]:
    return {"frames": FRAMES.items(), "errors": ERRORS, "actions": samples.actions()[:2]}


def _words(request: HttpRequest) -> dict[str, Any]:
    found = finders.find("icons.svg")
    assert isinstance(found, str)
    sprite = Path(found).read_text(encoding="utf-8")
    limit_on = ladders.samples()[0].limit_on
    return {
        "states": STATES,
        "tones": samples.TONES,
        "icons": re.findall(r'<symbol id="([\w-]+)"', sprite),
        "limits": [{"until": limit_on} | limit for limit in samples.LIMITS],
        "at": ladders.at(10, 10),
        "limit_at": ladders.at(10, 11, 0),
        "contact": samples.CONTACT,
        "no_contact": samples.Contact(""),
        "facts": samples.FACTS,
        "ratings": samples.RATINGS,
    }


def _lists(request: HttpRequest) -> dict[str, Any]:
    opened = request.GET.get("open", "")
    queue = _queue(opened or samples.ROWS[1].number)
    rows, newer, older, count = _table(request)
    return {
        "tabs": samples.tabs(),
        "queue": _queue(),
        "beside": queue,
        "current": next((row for row in queue if row["active"]), queue[0]),
        "filter_form": FilterForm(request.GET or None),
        "rows": rows,
        "newer": newer,
        "older": older,
        "count": count,
    }


def _table(request: HttpRequest) -> tuple[list[samples.Row], str, str, int]:
    """The sample rows filtered, sorted and cut; the cursors on either side, and how many fit."""
    words, state = request.GET.get("q", ""), request.GET.get("state", "")
    sort = request.GET.get("sort", "number")
    fits = [
        row
        for row in samples.ROWS
        if words.casefold() in f"{row.number} {row.subject}".casefold() and state in ("", row.state)
    ]
    if sort.lstrip("-") in ("number", "waited"):
        fits.sort(key=lambda row: getattr(row, sort.lstrip("-")), reverse=sort.startswith("-"))
    numbers = [row.number for row in fits]
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    first = 0
    if after in numbers:
        first = numbers.index(after) + 1
    elif before in numbers:
        first = max(numbers.index(before) - _ROWS_A_PAGE, 0)
    shown = fits[first : first + _ROWS_A_PAGE]
    newer = shown[0].number if shown and first else ""
    older = shown[-1].number if first + _ROWS_A_PAGE < len(fits) else ""
    return shown, newer, older, len(fits)


def _forms(request: HttpRequest) -> dict[str, Any]:
    filled = {
        "name": str(_("Chen Xiaomei")),
        "phone": samples.CONTACT.phone,
        "on": ladders.at(10, 10).date(),
        "matter": "fees",
        "reach": "phone",
        "days": ["1", "3"],
        "text": str(_("How do I get the court fees back?")),
        "court": samples.FACTS[0][1],
    }
    return {
        "fresh": SampleForm(prefix="fresh", initial={"court": samples.FACTS[0][1]}),
        "filled": SampleForm(prefix="filled", initial=filled),
        "refused": SampleForm(
            {"refused-email": "x@"}, prefix="refused", initial={"court": samples.FACTS[0][1]}
        ),
        "actions": samples.actions(),
        "lifecycles": [
            (_("Request"), _buttons(REQUEST_MOVES, RequestState, KEYS)),
            (_("Work order"), _buttons(ORDER_MOVES, OrderState, {})),
        ],
    }


def _buttons(
    moves: Mapping[str, Move], states: type[RequestState] | type[OrderState], keys: dict[str, str]
) -> list[dict[str, Any]]:
    """For each state the moves out of it: those that people press, and those that just happen.

    Withdrawing is the party's own, and is pressed at the desk for a party that calls.
    """
    found = []
    for state in states.values:
        out = leaving(moves, state)
        pressed = [move for move in out if move.action or move.name in keys]
        found.append(
            {
                "state": state,
                "actions": [
                    button(
                        move,
                        "#buttons",
                        key=keys.get(move.name, ""),
                        icon=_ICONS.get(move.name, ""),
                    )
                    for move in pressed
                ],
                "others": [(move.label, move.target) for move in out if move not in pressed],
            }
        )
    return found


def _ladder(request: HttpRequest) -> dict[str, Any]:
    return {"ladders": ladders.samples(), "entries": samples.ENTRIES}


def _charts(request: HttpRequest) -> dict[str, Any]:
    return {
        "tones": samples.TONES,
        "cards": samples.CARDS,
        **samples.series(),
        "months": [_said(date_words.month_short, first) for first in samples.MONTHS],
        "funnel": samples.funnel(),
        "heat": samples.HEAT,
        "weeks": [_said(date_words.day_short, monday) for monday in samples.WEEKS],
    }


def _said(words: Callable[[date, str, tzinfo], str], on: date) -> str:
    return words(on, get_language() or "en", ladders.ZONE)


def _states(request: HttpRequest) -> dict[str, Any]:
    return {"part_url": reverse("catalogue:part"), "retry": samples.retry()}


def _dialogs(request: HttpRequest) -> dict[str, Any]:
    return {"messages": samples.messages(), "form": ShortForm()}


def _print(request: HttpRequest) -> dict[str, Any]:
    return {"ladders": ladders.samples()[3:7:3]}


_CONTEXTS: Mapping[str, Callable[[HttpRequest], dict[str, Any]]] = {
    "frames": _frames,
    "words": _words,
    "lists": _lists,
    "forms": _forms,
    "ladder": _ladder,
    "charts": _charts,
    "states": _states,
    "dialogs": _dialogs,
    "print": _print,
}
