"""What a briefing says of the ranking: who stands where, who lags and why (G16, B14); pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.briefing import naming
from reports.briefing.naming import Names, listed

Values = Mapping[str, Any]


def standing(values: Values, names: Names) -> list[str]:
    """The order of the courts, and who lags among courts and departments."""
    courts, departments = values["ranking"]["courts"], values["ranking"]["departments"]
    ranked = [row for row in courts[-1]["rows"] if row["place"]]
    paragraphs = []
    if ranked:
        order = [
            _("%(place)s. %(name)s, %(score)s points")
            % {
                "place": row["place"],
                "name": names.courts[row["unit"]],
                "score": naming.score(row["score"]),
            }
            for row in ranked
        ]
        paragraphs.append(
            _("The courts by score: %(parts)s.") % {"parts": str(_("; ")).join(order)}
        )
    else:
        paragraphs.append(_("No court had enough requests due to be ranked."))
    lagging = {
        "courts": _lagging(courts[-1], lambda unit: names.courts[unit]),
        "departments": _lagging(departments[-1], names.department),
    }
    paragraphs += [
        _("Lagging courts: %(parts)s.") % {"parts": listed(lagging["courts"])}
        if lagging["courts"]
        else _("No court lags."),
        _("Lagging departments: %(parts)s.") % {"parts": listed(lagging["departments"])}
        if lagging["departments"]
        else _("No department lags."),
    ]
    proposed = [
        *_interviews(courts, lambda unit: names.courts[unit]),
        *_interviews(departments, names.department),
    ]
    if proposed:
        paragraphs.append(_("Proposed for an interview: %(parts)s.") % {"parts": listed(proposed)})
    return paragraphs


def _lagging(month: Values, name: Callable[[str], str]) -> list[str]:
    rule = month["rule"]
    words = {
        "low_score": _("score under %(number)s%%") % {"number": rule["lagging_under"]},
        "among_last": _("among the last %(number)s%%") % {"number": rule["lagging_last"]},
    }
    return [
        _("%(name)s (%(why)s)")
        % {"name": name(row["unit"]), "why": listed([words[one] for one in row["lagging"]])}
        for row in month["rows"]
        if row["lagging"]
    ]


def _interviews(months: list[Values], name: Callable[[str], str]) -> list[str]:
    rule = months[-1]["rule"]
    counts: dict[str, int] = {}
    for month in months[-rule["interview_months"] :]:
        for row in month["rows"]:
            if row["lagging"]:
                counts[row["unit"]] = counts.get(row["unit"], 0) + 1
    return [
        _("%(name)s (%(why)s)")
        % {
            "name": name(row["unit"]),
            "why": _("lagging in %(number)s of the last %(months)s months")
            % {"number": counts[row["unit"]], "months": rule["interview_months"]},
        }
        for row in months[-1]["rows"]
        if counts.get(row["unit"], 0) >= rule["interview_lagging"]
    ]
