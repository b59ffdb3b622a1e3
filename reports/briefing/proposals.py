"""Opinions and proposals that follow from a month's figures, for a person to go on from; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.briefing import naming
from reports.briefing.naming import INDICATORS, Names, listed

Values = Mapping[str, Any]


def proposals(values: Values, names: Names) -> list[str]:
    """One for each thing that fell short; praise where nothing did."""
    found = [
        *_rates(values, names),
        *_risen(values),
        *_handling(values["handling"]),
    ]
    return found or [
        _("Every rate in which anything was due reached its goal. Keep to what has proved itself.")
    ]


def _rates(values: Values, names: Names) -> list[str]:
    found = []
    for one in INDICATORS:
        whole = values["all"]["rates"][one]
        late = whole["due"] - whole["done"]
        if not late:
            continue
        courts = [
            names.courts[court["id"]]
            for court in values["courts"]
            if court["rates"][one]["due"] > court["rates"][one]["done"]
        ]
        found.append(
            _(
                "%(name)s: %(late)s were late. The courts concerned (%(courts)s) should go through "
                "them one by one, find the causes, and put them right."
            )
            % {"name": naming.indicator(one), "late": late, "courts": listed(courts)}
        )
    return found


def _risen(values: Values) -> list[str]:
    high = sum(
        number for level, number in values["all"]["rungs"].items() if int(level) >= 3 and number
    )
    if not high:
        return []
    return [
        _(
            "The ladder rose to a president %(number)s times. The presidents concerned should "
            "take these up at their meetings and see each to its end."
        )
        % {"number": high}
    ]


def _handling(handling: Values) -> list[str]:
    found = []
    if handling["returns"] or handling["reassignments"]:
        found.append(
            _(
                "Orders went to a unit that did not handle them %(number)s times. The litigation "
                "service should look up unit and judge before dispatch, and units should keep "
                "their people up to date."
            )
            % {"number": handling["returns"] + handling["reassignments"]}
        )
    if handling["rejected"]:
        found.append(
            _(
                "Replies were rejected %(number)s times. A reply must answer what was asked; "
                "department leaders should read replies before they go out where this recurs."
            )
            % {"number": handling["rejected"]}
        )
    return found
