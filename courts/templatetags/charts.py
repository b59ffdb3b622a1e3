"""Charts in templates: ``{% load charts %}``; the geometry is in ``courts.charts``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

from django import template

from courts import charts
from courts.templatetags.ui import percent

register = template.Library()

# Parts of a chart are referred to by id; one page may show many.
_serial = count(1)
# How the values of a unit read, and those of the axis.
_UNITS: Mapping[str, tuple[charts.Show, charts.Show]] = {
    "": (str, "{:g}".format),
    "share": (percent, partial(percent, digits=0)),
}


@register.inclusion_tag("components/chart_line.html")
def line_chart(
    title: str,
    series: Sequence[charts.Series],
    labels: Sequence[str],
    target: float | None = None,
    unit: str = "",
    axis: str = "",
) -> dict[str, Any]:
    """Lines over ``labels``, with their table. ``unit`` is "share" for shares of 1, '' for counts.

    ``axis`` heads the first column of the table.
    """
    show, show_tick = _UNITS[unit]
    drawn = charts.line_chart(series, labels, target=target, show=show, show_tick=show_tick)
    return {"title": title, "chart": drawn, "axis": axis, "id": f"chart-{next(_serial)}"}


@register.inclusion_tag("components/chart_bars.html")
def bar_chart(
    title: str, amounts: Sequence[charts.Amount], labelled_by: str = "", unit: str = ""
) -> dict[str, Any]:
    """Bars in a table of their own. ``labelled_by`` is the id of a heading that says ``title``."""
    return {
        "title": title,
        "bars": charts.bar_chart(amounts, show=_UNITS[unit][0]),
        "labelled_by": labelled_by,
    }


@register.inclusion_tag("components/chart_heat.html")
def heat_map(
    title: str,
    rows: Sequence[tuple[str, Sequence[int | None]]],
    columns: Sequence[str],
    row_head: str = "",
) -> dict[str, Any]:
    """Counts by row and column as colours with their figures; ``row_head`` names the rows."""
    return {
        "title": title,
        "map": charts.heat_map(rows, columns),
        "row_head": row_head,
        "id": f"heat-{next(_serial)}",
    }
