"""How a month stands in its year, for leaders: lines, weeks, doors, days to reply (G16, B14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, npgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts import date_words
from courts.access import action_required
from courts.charts import Amount, Series
from courts.models import Department, Person
from courts.roles import may
from liaison.models import Channel, Matter
from reports import trends
from reports.indicators import Figure, Indicator
from reports.leadership.asking import month_asked, month_url, neighbours, place_of, reader
from reports.leadership.presentation import CHART_NAMES, month_labels
from reports.months import Month
from reports.scope import ACTION, Scope, local_month

# So many departments at most have a row of their own in the map; the latest first.
MOST_ROWS = 20
# Days to reply that have a bar of their own; then up to and including ten, then more.
_SINGLE, _SOME = 5, 10


@require_safe
@action_required(ACTION)
def show(request: HttpRequest) -> HttpResponse:
    """Twelve months of rates, late replies by week, and what lies behind a month's rates."""
    at = timezone.now()
    person = reader(request)
    scope = Scope.of(person)
    present = local_month(at, scope)
    month = month_asked(request, present)
    found = trends.read(month, scope, at=at)
    series, labels = _lines(found)
    rows, others = _heat(found)
    return render(
        request,
        "leadership/trends.html",
        {
            "place": place_of(person),
            "month": month.first_day,
            "back_url": month_url(reverse("leadership:rates"), month),
            **neighbours(reverse("leadership:trends"), month, present),
            "series": series,
            "labels": labels,
            "heat": rows,
            "mondays": [_short(day) for day in found.mondays],
            "others": others,
            "cards": _cards(found),
            "days": _days(found.days),
            "unanswered": found.days.unanswered,
            "received": found.handling.received,
            "channels": _mix(found.channels, dict(Channel.choices), "channel", month, person),
            "matters": _mix(found.matters, dict(Matter.choices), "matter", month, person),
        },
    )


def _lines(found: trends.Trends) -> tuple[list[Series], list[str]]:
    standings = list(found.months.values())
    series = [
        Series(str(name), [one.rates[Indicator(rate)].share for one in standings])
        for rate, name in CHART_NAMES.items()
    ]
    series.append(Series(_("Satisfaction"), [one.satisfaction.share for one in standings]))
    return series, month_labels(found.months)


def _short(day: Any) -> str:
    return date_words.day_short(day, get_language() or "en", timezone.get_current_timezone())


def _heat(found: trends.Trends) -> tuple[list[tuple[str, list[int | None]]], int]:
    """Late replies by department and week, and how many departments had none or no row."""
    late = {pk: sum(week.late for week in weeks.values()) for pk, weeks in found.weeks.items()}
    shown = sorted((pk for pk in late if late[pk]), key=lambda pk: (-late[pk], pk))[:MOST_ROWS]
    departments = Department.objects.select_related("court").in_bulk(shown)
    rows = []
    for pk in shown:
        weeks = found.weeks[pk]
        label = f"{departments[pk].court} · {departments[pk]}"
        cells = [weeks[day].late if day in weeks else None for day in found.mondays]
        rows.append((label, cells))
    return rows, len(late) - len(shown)


def _cards(found: trends.Trends) -> list[dict[str, Any]]:
    """What happened to the requests of the month, in a figure each."""
    days, way = found.days, found.handling
    answered = days.answered.total()
    settled = Figure(way.settled, way.answered)
    of_received = _("of %(number)s received") % {"number": way.received}
    return [
        {
            "label": _("Median to the answer"),
            "value": "–" if days.median is None else f"{days.median:g}",
            "unit": "" if days.median is None else _days_unit(days.median),
            "note": _("nine of ten within %(days)s, %(answered)s answered")
            % {"days": days.ninetieth, "answered": answered}
            if answered
            else _("Nothing was answered"),
        },
        {
            "label": _("Answered without dispatch"),
            "value": settled.percent or "–",
            "unit": "%" if settled.percent else "",
            "note": _("%(done)s of %(due)s answered") % {"done": settled.done, "due": settled.due},
        },
        {"label": _("Returned by a unit"), "value": way.returned, "note": of_received},
        {"label": _("Passed on"), "value": way.reassigned, "note": of_received},
        {"label": _("Replies rejected"), "value": way.rejected, "note": of_received},
        {"label": _("Disputed by the party"), "value": way.disputed, "note": of_received},
    ]


def _days_unit(number: float) -> str:
    return npgettext("unit", "business day", "business days", 1 if number == 1 else 2)


def _days(days: trends.Days) -> list[Amount]:
    counts = days.answered
    bars = [
        Amount(
            _("The same day")
            if number == 0
            else ngettext("%(days)s business day", "%(days)s business days", number)
            % {"days": number},
            counts[number],
        )
        for number in range(_SINGLE + 1)
    ]
    some = sum(counts[number] for number in range(_SINGLE + 1, _SOME + 1))
    more = counts.total() - some - int(sum(bar.value for bar in bars))
    span = {"first": _SINGLE + 1, "last": _SOME}
    return [
        *bars,
        Amount(_("%(first)s to %(last)s business days") % span, some),
        Amount(_("More than %(last)s") % span, more),
    ]


def _mix(
    counts: Counter[str], labels: Mapping[str, Any], name: str, month: Month, person: Person
) -> list[Amount]:
    """The largest first; each opens the standing book for who may read it."""
    reads_book = may(person, "book.read")
    last = month.plus(1).first_day - timedelta(days=1)
    period = {"registered_from": str(month.first_day), "registered_until": str(last)}
    return [
        Amount(
            capfirst(str(labels[value])),
            number,
            url=f"{reverse('book:list')}?{urlencode(period | {name: value})}" if reads_book else "",
        )
        for value, number in counts.most_common()
    ]
