"""Turns the document of a person's or unit's months into what the pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from courts.charts import Series
from reports.assessment.document import RUNGS, figure_of
from reports.indicators import Figure
from reports.leadership.lists import INDICATORS, SATISFACTION
from reports.leadership.presentation import (
    CHART_NAMES,
    month_labels,
    satisfaction_card,
    satisfaction_cell,
    tone,
)
from reports.months import Month

Document = Mapping[str, Any]
# The address of the list behind a figure of a month: by month and rate.
Address = Callable[[Month, str], str]


def _named(figures: Document) -> Iterator[tuple[str, Any]]:
    """The rates of a document with their names: one signed earlier may know fewer."""
    return ((name, label) for name, label in INDICATORS.items() if name in figures)


def card(
    label: Any, figure: Figure, without: Figure, objected: Mapping[str, int]
) -> dict[str, Any]:
    """A rate with what was objected to in it, and what it would be without the upheld."""
    colour, sign = tone(figure)
    notes = [_note(figure), *objection_notes(objected)]
    if objected["upheld"]:
        notes.append(_without(without))
    return {
        "label": label,
        "value": figure.percent or "–",
        "unit": "%" if figure.percent else "",
        "share": "" if figure.share is None else figure.share,
        "target": 1,
        "tone": colour,
        "icon": sign,
        "note": " · ".join(notes),
    }


def _note(figure: Figure) -> str:
    if figure.rate is None:
        return _("Nothing was due")
    return _("%(done)s of %(due)s in time") % {"done": figure.done, "due": figure.due}


def objection_notes(objected: Mapping[str, int]) -> list[str]:
    """How many items were objected to, and what became of that; nothing where none was."""
    if not objected["made"]:
        return []
    notes = [
        _("%(number)s of these objected to, %(upheld)s upheld")
        % {"number": objected["made"], "upheld": objected["upheld"]}
    ]
    if objected["waiting"]:
        notes.append(_("%(number)s unanswered") % {"number": objected["waiting"]})
    return notes


def _without(figure: Figure) -> str:
    if figure.percent is None:
        return _("without the upheld nothing was due")
    return _("without the upheld %(percent)s%% (%(done)s of %(due)s)") % {
        "percent": figure.percent,
        "done": figure.done,
        "due": figure.due,
    }


def cards(
    one: Document, objected: Mapping[str, Mapping[str, int]], url: Callable[[str], str]
) -> list[dict[str, Any]]:
    """A card for each rate of a month or year, and one of satisfaction; ``url`` is its list."""
    figures, without = one["figures"], one["without_upheld"]
    shown = []
    for name, label in _named(figures):
        figure = figure_of(figures[name])
        rate = card(label, figure, figure_of(without[name]), objected[name])
        shown.append(rate | {"url": url(name) if figure != Figure() else ""})
    if (satisfied := _satisfied(one)) is not None:
        shown.append(satisfaction_card(satisfied, url(SATISFACTION) if satisfied.due else ""))
    return shown


def _satisfied(one: Document) -> Figure | None:
    """The satisfied of the rated; None in a document signed before this was counted."""
    return figure_of(one[SATISFACTION]) if SATISFACTION in one else None


def lines(months: Sequence[Document]) -> tuple[list[Series], list[str]]:
    """The rates of the months as lines, and the labels of the months."""
    series = [
        Series(
            str(CHART_NAMES.get(name, label)),
            [figure_of(month["figures"][name]).share for month in months],
        )
        for name, label in _named(months[-1]["figures"])
    ]
    return series, month_labels(Month.parse(one["month"]) for one in months)


def month_rows(months: Sequence[Document], address: Address) -> Iterator[dict[str, Any]]:
    """The table of a year: a row for each month, each figure with the address of its list."""
    for one in months:
        month = Month.parse(one["month"])
        yield {
            "month": month.first_day,
            "rates": list(rates(one, partial(address, month))),
            "rungs": sum(one["rungs"].values()),
            "objected": _sum(one["objections"]),
        }


def rates(one: Document, address: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """The rates of a month or a year as cells of a table."""
    for name, label in _named(one["figures"]):
        figure = figure_of(one["figures"][name])
        yield {
            "label": label,
            "figure": figure,
            "tone": tone(figure)[0],
            "url": address(name) if figure != Figure() else "",
        }
    if (satisfied := _satisfied(one)) is not None:
        yield satisfaction_cell(satisfied, address(SATISFACTION) if satisfied.due else "")


def _sum(objected: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    found = {"made": 0, "upheld": 0, "waiting": 0}
    for counts in objected.values():
        for name in found:
            found[name] += counts[name]
    return found


def rungs(one: Document) -> list[tuple[str, int]]:
    """The rungs fired, each level by its name."""
    return [(_("Rung %(level)s") % {"level": level}, one["rungs"][str(level)]) for level in RUNGS]


def score(year: Document, weights: Mapping[str, int], objections: Any) -> dict[str, Any]:
    """The score, in words how it is made, and what it would be without the upheld."""
    equal = len(set(weights.values())) == 1
    parts = [f"{label} × {weights[name]}" for name, label in _named(weights)]
    how = _("The mean of the rates.") if equal else _("Weighted: ") + _(", ").join(parts)
    exact = year["score"]
    share = Fraction(exact) if exact else None
    figure = Figure() if share is None else Figure(share.numerator, share.denominator)
    colour, sign = tone(figure)
    notes = [how]
    if _sum(objections)["upheld"] and year["score_without_upheld_percent"]:
        notes.append(
            _("without the upheld %(percent)s%%")
            % {"percent": year["score_without_upheld_percent"]}
        )
    return {
        "label": _("Score"),
        "value": year["score_percent"] or "–",
        "unit": "%" if year["score_percent"] else "",
        "share": "" if share is None else float(share),
        "target": 1,
        "tone": colour,
        "icon": sign,
        "note": " · ".join(notes),
        "url": "",
    }
