"""The pages of the watch list, beside the standing book (G11, B11)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.node_rules import NodeRule
from cases.wishes import kinds_of_nodes
from courts.roles import Reach
from reports.ahead import services
from reports.ahead.figures import Judged, judged
from reports.follow_up.words import timeline
from reports.leadership.asking import month_asked, neighbours, reader
from reports.models import FollowUpEntry, WatchEntry, WatchList
from reports.scope import Scope, city_of, local_month
from reports.standing_book.book import ACTION
from reports.standing_book.case_view import event_name, in_decimal, in_percent
from reports.standing_book.views import book_read
from workorders.submission import LONGEST_NOTE, area, submitted

PAGE = 50
_RELATED = ("case", "court", "department", "acted_by", "list__jurisdiction")


class ActForm(forms.Form):
    """What was done about a watched case."""

    done = forms.ChoiceField(
        label=gettext_lazy("What was done about it"),
        choices=[
            (WatchEntry.State.PUSHED, gettext_lazy("The party was informed")),
            (WatchEntry.State.CALLED, gettext_lazy("The party was called")),
            (WatchEntry.State.NOT_NEEDED, gettext_lazy("Nothing is needed")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What came of it, or why nothing is needed"),
        max_length=LONGEST_NOTE,
        widget=area(3),
    )


@require_safe
@book_read
def watch_list(http: HttpRequest) -> HttpResponse:
    """The watched cases of a month within reach, the likeliest first, and how the list does."""
    person, at = reader(http), timezone.now()
    reach = Reach.of(person, ACTION)
    scope = Scope(reach.courts, reach.departments)
    present = local_month(at, scope)
    month = month_asked(http, present)
    watch = (
        WatchList.objects.filter(jurisdiction=city_of(scope), month=month.first_day)
        .select_related("jurisdiction")
        .first()
    )
    shown = "all" if http.GET.get("show") == "all" else "waiting"
    rows = WatchEntry.objects.visible_to(person).filter(list=watch).select_related(*_RELATED)
    if shown == "waiting":
        rows = rows.filter(state=WatchEntry.State.WAITING)
    after = http.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 10:
        rows = rows.filter(place__gt=int(after))
    found = list(rows.order_by("place")[: PAGE + 1])
    rules = kinds_of_nodes()
    address = reverse("book:ahead")
    context: dict[str, Any] = {
        "month": month.first_day,
        "watch": watch,
        "judged": _judged(judged(watch, reach, at=at)) if watch else None,
        **neighbours(address, month, present),
        "views": [
            {"label": label, "url": f"?month={month}&show={name}", "active": shown == name}
            for name, label in (("waiting", _("Not acted on")), ("all", _("All")))
        ],
        "rows": [_row(one, rules) for one in found[:PAGE]],
        "older": f"?month={month}&show={shown}&after={found[PAGE - 1].place}"
        if len(found) > PAGE
        else "",
    }
    return render(http, "reports/ahead.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@book_read
def watched(http: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One watched case: why it is on the list, and what was done."""
    person = reader(http)
    rows = WatchEntry.objects.visible_to(person).select_related(*_RELATED)
    entry = get_object_or_404(rows, public_id=public_id)
    form = ActForm(http.POST if http.method == "POST" else None, initial={"done": entry.serves})
    if http.method == "POST" and submitted(form, services.act, entry_id=entry.pk, by=person):
        messages.success(http, _("Recorded."))
        return redirect("book:watched", entry.public_id)
    reach = Reach.of(person, WatchEntry.ACT)
    may = reach.covers(court_id=entry.court_id, department_id=entry.department_id)
    told = FollowUpEntry.objects.filter(kind=WatchEntry.KIND, subject_id=entry.pk)
    context = {
        "entry": entry,
        "row": _row(entry, kinds_of_nodes()),
        "facts": [
            (_("Court"), entry.court),
            (_("Department"), entry.department),
            (_("Procedure"), entry.case.procedure_name),
            (_("Cause"), entry.case.cause_name),
        ],
        "form": form if may and entry.state == WatchEntry.State.WAITING else None,
        "entries": timeline(told.select_related("person").order_by("at", "id")),
    }
    return render(http, "reports/watched.html", context, status=400 if form.errors else 200)


def _row(entry: WatchEntry, rules: Mapping[str, NodeRule]) -> dict[str, Any]:
    every = Fraction(entry.every_asked, entry.every_cases)
    return {
        "entry": entry,
        "url": reverse("book:watched", args=[entry.public_id]),
        "event": event_name(entry.why, rules),
        "share": in_percent(entry.share),
        "every": in_percent(every),
        "lift": in_decimal(entry.lift),
        "serves": _("Inform the party of this step")
        if entry.serves == WatchEntry.State.PUSHED
        else _("Call the party before they ask"),
    }


def _judged(found: Judged) -> dict[str, Any]:
    return {
        "watched": found.watched,
        "acted": found.acted,
        "not_needed": found.states["not_needed"],
        "on_list": found.on_list,
        "outside": found.outside,
    }
