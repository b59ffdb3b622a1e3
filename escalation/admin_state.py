"""How the engine stands, for whoever operates it: figures, what to do, clocks set aside, sweeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts import date_words
from courts.admin import ReadOnlyAdmin
from escalation.models import Clock, SweepRun
from escalation.state import EngineState, Number, is_broken_off, per_second, state

_MOST_CLOCKS = 50
_MOST_SWEEPS = 20


@dataclass(frozen=True)
class Figure:
    """A figure with its meaning; ``advice`` is what to do, and is empty while all is well."""

    name: str
    value: str
    meaning: str
    advice: str = ""


@admin.register(SweepRun)
class SweepRunAdmin(ReadOnlyAdmin):
    """Whether the clocks are being swept, and how long it takes."""

    list_display = ["started_at", "ended_at", "seconds", "clocks", "firings", "set_aside"]
    show_full_result_count = False

    @admin.display(description=gettext_lazy("seconds"))
    def seconds(self, run: SweepRun) -> str:
        """How long the sweep took."""
        return _seconds(run)

    def get_urls(self) -> list[Any]:
        """With the page of the engine's state."""
        page = require_safe(self.admin_site.admin_view(self.state_view))
        return [path("state/", page, name="clocks_state"), *super().get_urls()]

    def state_view(self, request: HttpRequest) -> HttpResponse:
        """The page, for those who may read sweeps and clocks."""
        if not request.user.has_perms(["escalation.view_sweeprun", "escalation.view_clock"]):
            raise PermissionDenied
        at = timezone.now()
        now = state(at)
        clocks = Clock.objects.exclude(set_aside="").select_related("court").order_by("pk")
        context = self.admin_site.each_context(request) | {
            "title": _("State of the clocks"),
            "now": now,
            "figures": figures(now),
            "clocks": clocks[:_MOST_CLOCKS],
            "may_take_up": request.user.has_perm("escalation.change_clock"),
            "checkbox": ACTION_CHECKBOX_NAME,
            "left_to_count": _words(now.stale),
            "running": _words(now.running),
            "sweeps": _sweeps(SweepRun.objects.all()[:_MOST_SWEEPS], at),
        }
        return TemplateResponse(request, "admin/clocks_state.html", context)


def figures(now: EngineState) -> list[Figure]:
    """What the page shows first, in words of the present language."""
    return [
        Figure(
            _("Running clocks"),
            _words(now.running),
            _("Limits that are being counted."),
        ),
        Figure(
            _("Due now"),
            _words(now.due),
            _("Clocks of which the next sweep will record something."),
        ),
        Figure(
            _("Longest due"),
            _since(now.oldest_due_at, now.at) if now.oldest_due_at else _("none"),
            _("When the clock that has waited longest came due. A minute or two is usual."),
            _(
                "The sweep runs, but does not get through. See if something holds clocks locked, "
                "such as a statement that has run for hours, or if the database is overburdened. "
                "Another worker helps when the load is real."
            )
            if now.is_behind
            else "",
        ),
        Figure(
            _("Last sweep"),
            _since(now.last_sweep.ended_at, now.at) if now.last_sweep else _("never"),
            _("When a sweep last came to its end, whether or not it found anything."),
            _(
                "Nobody sweeps. See that beat and a worker run, and that they reach the queue "
                "and the database; their logs say why not. Nothing is lost: the next sweep "
                "records all that came due, in order."
            )
            if now.is_late
            else "",
        ),
        Figure(
            _("Clocks a second"),
            _rate(now.last_work),
            _("By the last sweep that found something."),
        ),
        Figure(
            _("Set aside"),
            _words(now.set_aside),
            _("Clocks that the sweep could not judge. Nobody is told of them meanwhile."),
            _("Read the reason below, mend its cause, then take the clocks up again.")
            if now.set_aside.value
            else "",
        ),
        Figure(
            _("Broken off"),
            _words(Number(now.broken_off)),
            _(
                "Sweeps of the last 24 hours that never ended: a worker was killed, or ran out of "
                "its time. The next sweep went on for them; if the number grows, see the worker's "
                "log and the machine's memory."
            ),
        ),
    ]


def _words(number: Number) -> str:
    shown = number_format(number.value, force_grouping=True)
    if number.is_more:
        return _("more than %(number)s") % {"number": shown}
    if number.is_about:
        return _("about %(number)s") % {"number": shown}
    return shown


def _since(instant: datetime | None, at: datetime) -> str:
    if instant is None:
        return ""
    zone = timezone.get_current_timezone()
    moment = date_words.moment(instant, get_language() or "en", zone)
    if at - instant < timedelta(minutes=1):
        return _("%(moment)s (just now)") % {"moment": moment}
    return _("%(moment)s (%(age)s ago)") % {"moment": moment, "age": timesince(instant, at)}


def _rate(run: SweepRun | None) -> str:
    rate = per_second(run) if run else None
    return "–" if not rate else number_format(rate, decimal_pos=0, force_grouping=True)


def _seconds(run: SweepRun) -> str:
    if run.ended_at is None:
        return "–"
    return f"{(run.ended_at - run.started_at).total_seconds():.1f}"


def _sweeps(runs: QuerySet[SweepRun], at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "run": run,
            "seconds": _seconds(run),
            "rate": _rate(run),
            "is_broken_off": is_broken_off(run, at),
        }
        for run in runs
    ]
