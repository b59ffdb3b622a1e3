"""What a correction edition says of what it changes; pure but for the language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.briefing import naming
from reports.briefing.changes import Changes, PlaceChange
from reports.briefing.naming import Names

Values = Mapping[str, Any]


def told(changes: Changes, after: Values, before: Values) -> list[str]:
    """One line for each difference: figures, rungs, requests, places."""
    names, old = Names(after), Names(before)
    names.departments = old.departments | names.departments
    names.courts = old.courts | names.courts
    lines = [
        _("%(unit)s, %(name)s: %(before)s, now %(after)s.")
        % {
            "unit": names.unit(one.court, one.department),
            "name": naming.indicator(one.indicator),
            "before": _figure(one.before),
            "after": _figure(one.after),
        }
        for one in changes.figures
    ]
    lines += [
        _("%(unit)s, %(name)s: %(before)s, now %(after)s.")
        % {
            "unit": names.unit(one.court, one.department),
            "name": naming.level(one.level),
            "before": one.before,
            "after": one.after,
        }
        for one in changes.rungs
    ]
    lines += [
        _("Request %(number)s, %(name)s: %(before)s, now %(after)s.")
        % {
            "number": one.number,
            "name": naming.indicator(one.indicator),
            "before": naming.result(one.before),
            "after": naming.result(one.after),
        }
        for one in changes.items
    ]
    lines += [
        _("%(unit)s, place: %(before)s, now %(after)s.")
        % {
            "unit": _unit(one, names),
            "before": one.before or _("unranked"),
            "after": one.after or _("unranked"),
        }
        for one in changes.places
    ]
    if changes.others:
        lines.append(_("No rate, list or place changed; other particulars did."))
    return lines


def _figure(figure: tuple[int, int] | None) -> str:
    done, due = figure or (0, 0)
    return f"{naming.percent(done, due)} ({done}/{due})" if due else "–"


def _unit(one: PlaceChange, names: Names) -> str:
    return names.courts[one.unit] if one.of == "courts" else names.department(one.unit)
