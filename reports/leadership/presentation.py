"""Turns a month's board into what the page shows: words, tones and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from courts import date_words
from courts.charts import Amount
from courts.models import Court, Department, Jurisdiction
from escalation import policy
from escalation.reading import ROLES
from liaison.kinds import REPLY
from reports.board import LEVELS, Board, CourtRow, Row
from reports.indicators import Figure, Indicator, Result
from reports.leadership.lists import (
    INDICATORS,
    OVERDUE,
    RUNGS,
    SATISFACTION,
    SATISFACTION_LABEL,
)
from reports.months import Month

# Under this share a unit lags (see the ranking rules); between it and 100 % there is work left.
ENOUGH = 95


def items_url(month: Month, indicator: str, **others: object) -> str:
    """The address of the list behind a figure; empty parameters are left out."""
    query = {"month": str(month), "indicator": indicator}
    query |= {name: str(value) for name, value in others.items() if value not in (None, "")}
    return f"{reverse('leadership:items')}?{urlencode(query)}"


def tone(figure: Figure) -> tuple[str, str]:
    """The colour and the sign that stand beside a rate."""
    if figure.rate is None:
        return "neutral", "minus"
    if figure.rate == 1:
        return "done", "circle-check"
    if figure.rate * 100 >= ENOUGH:
        return "due", "hourglass"
    return "late", "alert-triangle"


# What the lines of a chart are called at their ends, where there is little room.
CHART_NAMES: dict[str, Any] = {
    Indicator.ACCEPTANCE: pgettext_lazy("line of a chart", "Acceptance"),
    Indicator.LIAISON: pgettext_lazy("line of a chart", "Liaison"),
    Indicator.COMPLETION: pgettext_lazy("line of a chart", "Completion"),
}


def month_labels(months: Iterable[Month]) -> list[str]:
    """The months as the axis of a chart names them."""
    language, zone = get_language() or "en", timezone.get_current_timezone()
    return [date_words.month_short(one.first_day, language, zone) for one in months]


def cards(board: Board) -> list[dict[str, Any]]:
    """The three rates and the satisfaction of everything that the reader may see."""
    shown = []
    for indicator, label in INDICATORS.items():
        figure = board.total.figures[Indicator(indicator)]
        url = (
            items_url(board.month, indicator, edition=board.edition or "")
            if _counted(figure)
            else ""
        )
        shown.append(rate_card(label, figure, note=_note(figure), url=url))
    rated = board.total.satisfaction
    url = items_url(board.month, SATISFACTION, edition=board.edition or "") if rated.due else ""
    return [*shown, satisfaction_card(rated, url)]


def rate_card(label: Any, figure: Figure, *, note: str, url: str) -> dict[str, Any]:
    """A rate beside its goal of 100 %."""
    colour, sign = tone(figure)
    return _card(label, figure, note, url) | {"target": 1, "tone": colour, "icon": sign}


def _card(label: Any, figure: Figure, note: str, url: str) -> dict[str, Any]:
    return {
        "label": label,
        "value": figure.percent or "–",
        "unit": "%" if figure.percent else "",
        "share": "" if figure.share is None else figure.share,
        "note": note,
        "url": url,
    }


def satisfaction_card(figure: Figure, url: str) -> dict[str, Any]:
    """The satisfied of the rated requests. No clause sets it a goal, so it has no colour."""
    note = _("Nothing was rated")
    if figure.due:
        note = _("%(done)s of %(due)s rated as satisfied") % {
            "done": figure.done,
            "due": figure.due,
        }
    neutral = {"target": None, "tone": "neutral", "icon": "star"}
    return _card(SATISFACTION_LABEL, figure, note, url) | neutral


def satisfaction_cell(figure: Figure, url: str) -> dict[str, Any]:
    """The satisfied of the rated requests of a unit, as the tables show it."""
    return {"label": SATISFACTION_LABEL, "figure": figure, "tone": "neutral", "url": url}


def _note(figure: Figure) -> str:
    if figure.rate is None:
        return _("Nothing was due")
    return _("%(done)s of %(due)s in time") % {"done": figure.done, "due": figure.due}


def _counted(figure: Figure) -> bool:
    return figure != Figure()


def court_rows(board: Board, opened: str, figures: str = "") -> Iterator[dict[str, Any]]:
    """The table: each court, and the departments of those that are open.

    A court opens by ``opened`` (its public id, or ``all``), and by itself if it is the only one
    or if the reader sees only some of its departments: then it has no figures of its own.
    ``figures`` is carried on in the addresses.
    """
    for one in board.courts:
        court_id = str(one.court.public_id)
        must = len(board.courts) == 1 or not one.is_whole
        is_open = must or opened in ("all", court_id)
        url = ""
        if not must:
            query = {"month": str(board.month)} | ({} if is_open else {"court": court_id})
            query |= {"figures": figures} if figures else {}
            url = f"{reverse('leadership:rates')}?{urlencode(query)}#court-{one.court.pk}"
        yield {
            "court": one.court,
            "is_open": is_open,
            "toggle_url": url,
            "cells": _cells(board, one.row, court=one.court) if one.is_whole else None,
            "departments": list(_departments(board, one)) if is_open else [],
        }


def _departments(board: Board, court: CourtRow) -> Iterator[dict[str, Any]]:
    for one in court.departments:
        yield {
            "department": one.department,
            "cells": _cells(board, one.row, court=court.court, department=one.department),
        }


def _cells(
    board: Board, row: Row, *, court: Court, department: Department | None = None
) -> dict[str, Any]:
    month = board.month
    place: dict[str, object] = {"court": court.public_id}
    if department is not None:
        place = {"department": department.public_id}
    of_edition = place | {"edition": board.edition or ""}
    rates = []
    for indicator, label in INDICATORS.items():
        figure = row.figures[Indicator(indicator)]
        url = items_url(month, indicator, **of_edition) if _counted(figure) else ""
        rates.append({"label": label, "figure": figure, "tone": tone(figure)[0], "url": url})
    rated = row.satisfaction
    url = items_url(month, SATISFACTION, **of_edition) if rated.due else ""
    return {
        "rates": [*rates, satisfaction_cell(rated, url)],
        "rungs": [
            {
                "level": level,
                "number": row.rungs[level],
                "url": items_url(month, RUNGS, level=level, **of_edition),
            }
            for level in LEVELS
        ],
        "overdue": row.overdue,
        "overdue_url": items_url(month, OVERDUE, **place),
        "oldest": row.oldest,
    }


def funnel(board: Board, at: datetime) -> list[Amount]:
    """The steps of the ladder, each with what fired there in the month."""
    names = level_names(board, at)
    rungs = board.total.rungs
    return [
        Amount(
            level_label(level),
            rungs[level],
            note=names.get(level, ""),
            tone="late" if level else "due",
            url=items_url(board.month, RUNGS, level=level, edition=board.edition or "")
            if rungs[level]
            else "",
        )
        for level in LEVELS
        if rungs[level] or level in names
    ]


def level_label(level: int) -> str:
    """A step of the ladder in a word or two."""
    return _("Rung %(level)s") % {"level": level} if level else _("Warning")


def level_names(board: Board, at: datetime) -> dict[int, str]:
    """To whom each step goes, where all courts shown follow one policy; else nothing."""
    courts = [one.court for one in board.courts]
    jurisdictions = Jurisdiction.objects.filter(courts__in=courts)
    policies = {one.policy: one.zone for one in jurisdictions}
    if len(policies) != 1:
        return dict.fromkeys(LEVELS, "")
    (slug, zone), *_others = policies.items()
    steps = policy.present(slug, at.astimezone(zone).date()).clocks[REPLY].steps
    names: dict[int, list[str]] = {}
    for step in steps:
        offices = names.setdefault(step.level, [])
        offices += [str(ROLES[to][1]) for to in step.to if str(ROLES[to][1]) not in offices]
    return {level: _(", ").join(offices) for level, offices in names.items()}


def left_out(board: Board) -> str:
    """How many items are in no rate, in words; '' if there are none."""
    figures = board.total.figures
    figure = figures[Indicator.COMPLETION]
    if not (figure.withdrawn or figure.merged):
        return ""
    return _(
        "Left out of the timely completion rate: %(withdrawn)s withdrawn before the limit, "
        "%(merged)s merged into another."
    ) % {"withdrawn": figure.withdrawn, "merged": figure.merged}


def left_out_url(board: Board) -> str:
    """The list of items that are in no rate."""
    figure = board.total.figures[Indicator.COMPLETION]
    result = Result.WITHDRAWN if figure.withdrawn else Result.MERGED
    return items_url(board.month, Indicator.COMPLETION, result=result, edition=board.edition or "")
