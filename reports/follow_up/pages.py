"""The pages of a wing: its list, a new matter, one matter, and one address for each verb."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_fsm import can_proceed

from courts import paging
from courts.access import action_required
from courts.models import Person
from courts.roles import Reach, may, posts_of
from escalation.models import Clock
from escalation.reading import Reading, readings
from reports.follow_up.evidence import Sources
from reports.follow_up.wing import Act, Wing
from reports.follow_up.words import timeline
from reports.leadership.asking import reader
from reports.models import FollowUpEntry
from reports.models.follow_up import Matter
from workorders.submission import submitted

OPEN = "follow_up.open"
_BASE = ("court__jurisdiction", "department", "raised_by")
View = Callable[..., HttpResponse]


def rows_of(wing: Wing, person: Person) -> Any:
    """The matters of a wing that ``person`` may see."""
    rows: Any = wing.model._default_manager
    return rows.visible_to(person).select_related(*_BASE, *wing.related)


def find(wing: Wing, person: Person, public_id: uuid.UUID) -> Any:
    """One of them; what one may not see is not found."""
    return get_object_or_404(rows_of(wing, person), public_id=public_id)


def limits(matters: Iterable[Matter], now: datetime) -> dict[int, Reading]:
    """How the clocks of some matters of one kind read, by the ids of the matters."""
    rows = list(matters)
    if not rows:
        return {}
    clocks = Clock.objects.filter(kind=rows[0].KIND, subject_id__in=[row.pk for row in rows])
    found = {clock.pk: clock for clock in clocks}
    return {found[pk].subject_id: one for pk, one in readings(found.values(), now).items()}


def chip(reading: Reading | None) -> dict[str, Any] | None:
    """A reading as the limit chip of a list shows it."""
    if reading is None:
        return None
    state = reading.state
    if reading.clock.stopped_at is not None:
        state = "answered_in_time" if reading.was_in_time else "answered_late"
    return {"day": reading.day, "of": reading.of, "until": reading.limit_on, "state": state}


class Acts:
    """What a person may do to matters: their lifecycles, cut to the reach of the posts."""

    def __init__(self, person: Person) -> None:
        self._person, self._posts = person, posts_of(person)

    def covers(self, action: str, matter: Matter) -> bool:
        """Whether an action of the person's posts reaches the matter."""
        reach = Reach.of_posts(self._person.pk, self._posts, action)
        return reach.covers(
            court_id=matter.court_id,
            department_id=matter.department_id,
            handler_id=matter.handler_id,
        )

    def of(self, wing: Wing, matter: Matter) -> list[Act]:
        """The acts that are open to the person now, in the order of the wing."""
        return [
            act
            for act in wing.acts
            if can_proceed(getattr(matter, act.move))
            and not matter.bars(act.move, self._person.pk)
            and self.covers(matter.MOVES[act.move].action, matter)
        ]


def panels(
    wing: Wing, matter: Matter, person: Person, acts: Acts, bound: Any = None
) -> list[dict[str, Any]]:
    """The forms that stand on a matter's page; ``bound`` came back with errors."""
    shown = []
    for act in acts.of(wing, matter):
        form = act.form(verb=act.move, matter=matter, person=person, ask=act.ask)
        if bound is not None and bound.verb == act.move:
            form = bound
        shown.append(
            {
                "name": act.move,
                "label": matter.MOVES[act.move].label,
                "icon": act.icon,
                "tone": act.tone,
                "form": form,
                "url": reverse(f"follow_up:{wing.page}_verb", args=[matter.public_id, act.move]),
                "key": f"{wing.page}-{matter.pk}-{act.move}",
            }
        )
    return shown


def row(matter: Any, wing: Wing, reading: Reading | None) -> dict[str, Any]:
    """A matter as a row of a list."""
    return {
        "url": reverse(f"follow_up:{wing.page}", args=[matter.public_id]),
        "title": matter.heading,
        "number": matter.reference,
        "meta": wing.meta(matter),
        "state": matter.state,
        "state_label": matter.get_state_display(),
        "limit": chip(reading),
        "ladder": reading.ladder if reading and reading.clock.stopped_at is None else None,
    }


def listing(wing: Wing, tabs: Callable[[Person, str], Any], more: Callable[..., Any]) -> View:
    """The view of a wing's list: what is open, or everything, the latest first."""

    @action_required(OPEN)
    @require_safe
    def show(request: HttpRequest) -> HttpResponse:
        person, now = reader(request), timezone.now()
        shown = "all" if request.GET.get("show") == "all" else "open"
        rows = rows_of(wing, person)
        if shown == "open":
            rows = rows.filter(state__in=wing.open_states)
        found = paging.page(
            rows,
            "raised_at",
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
            descending=True,
        )
        read = limits(found.rows, now)
        may_make = wing.make and may(person, wing.make)
        context = {
            "wing": wing,
            "tabs": tabs(person, wing.name),
            "views": [
                {"label": _("Not yet closed"), "url": "?", "active": shown == "open"},
                {"label": _("All"), "url": "?show=all", "active": shown == "all"},
            ],
            "rows": [row(one, wing, read.get(one.pk)) for one in found.rows],
            "page": found,
            "new_url": reverse(f"follow_up:{wing.page}_new") if may_make else "",
            **more(request, person, now),
        }
        return render(request, "reports/follow_up/list.html", context)

    return show


def making(wing: Wing) -> View:
    """The view of a new matter."""

    @action_required(wing.make)
    @require_http_methods(["GET", "HEAD", "POST"])
    def make(request: HttpRequest) -> HttpResponse:
        assert wing.new_form is not None
        assert wing.create is not None
        person = reader(request)
        made: list[Matter] = []

        def create(**given: Any) -> None:
            assert wing.create is not None
            made.append(wing.create(by=person, **given))

        if request.method == "POST":
            form = wing.new_form(request.POST, person=person)  # type: ignore[call-arg]
            if submitted(form, create):
                messages.success(request, _("Recorded: %(number)s") % {"number": made[0]})
                return redirect(f"follow_up:{wing.page}", made[0].public_id)
        else:
            initial = request.GET.dict()
            form = wing.new_form(person=person, initial=initial)  # type: ignore[call-arg]
        status = 400 if form.is_bound else 200
        return render(
            request, "reports/follow_up/new.html", {"wing": wing, "form": form}, status=status
        )

    return make


def _context(wing: Wing, matter: Any, person: Person, bound: Any = None) -> dict[str, Any]:
    now = timezone.now()
    entries = FollowUpEntry.objects.filter(kind=matter.KIND, subject_id=matter.pk)
    return {
        "wing": wing,
        "matter": matter,
        "back_url": reverse(f"follow_up:{wing.name}"),
        "facts": [
            *((term, fact) for term, fact in wing.facts(matter) if fact),
            *Sources(person, [matter]).of(matter),
        ],
        "reading": limits([matter], now).get(matter.pk),
        "entries": timeline(entries.select_related("person")),
        "panels": panels(wing, matter, person, Acts(person), bound),
    }


def showing(
    wing: Wing, more: Callable[[Any, Person], dict[str, Any]] = lambda matter, person: {}
) -> View:
    """The view of one matter."""

    @action_required(OPEN)
    @require_safe
    def show(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        person = reader(request)
        matter = find(wing, person, public_id)
        context = _context(wing, matter, person) | more(matter, person)
        return render(request, "reports/follow_up/matter.html", context)

    return show


def acting(
    wing: Wing, more: Callable[[Any, Person], dict[str, Any]] = lambda matter, person: {}
) -> View:
    """The view that takes a verb's form; opened by a link it leads to the matter's page."""

    @action_required(OPEN)
    @require_http_methods(["GET", "HEAD", "POST"])
    def act(request: HttpRequest, public_id: uuid.UUID, verb: str) -> HttpResponse:
        person = reader(request)
        matter = find(wing, person, public_id)
        chosen = wing.act(verb)
        if chosen is None:
            raise Http404
        if request.method != "POST":
            return redirect(f"follow_up:{wing.page}", matter.public_id)
        form = chosen.form(request.POST, verb=verb, matter=matter, person=person, ask=chosen.ask)
        if not submitted(form, chosen.call, **{wing.argument: matter.pk}, by=person):
            context = _context(wing, matter, person, form) | more(matter, person)
            return render(request, "reports/follow_up/matter.html", context, status=400)
        messages.success(request, chosen.done)
        if rows_of(wing, person).filter(pk=matter.pk).exists():
            name, arguments = matter.address
            return redirect(name, **arguments)
        return redirect(f"follow_up:{wing.name}")

    return act


def routes(
    wing: Wing,
    tabs: Callable[[Person, str], Any],
    *,
    more_of_list: Callable[..., Any] = lambda request, person, now: {},
    more_of_one: Callable[[Any, Person], dict[str, Any]] = lambda matter, person: {},
) -> list[URLPattern]:
    """The addresses of a wing."""
    made = [path("new/", making(wing), name=f"{wing.page}_new")] if wing.make else []
    return [
        path("", listing(wing, tabs, more_of_list), name=wing.name),
        *made,
        path("<uuid:public_id>/", showing(wing, more_of_one), name=wing.page),
        path("<uuid:public_id>/<slug:verb>/", acting(wing, more_of_one), name=f"{wing.page}_verb"),
    ]
