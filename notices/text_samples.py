"""Invented values with which a text is shown before it is used: a court and people of nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _


def sample_values(now: datetime) -> Mapping[str, Any]:
    """Everything that a text may name, in the active language; the limit is in some days."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    limit_at = midnight + timedelta(days=4)
    # The end of a Saturday or a Sunday is the end of no limit.
    limit_at += timedelta(days={6: 2, 0: 1}.get(limit_at.weekday(), 0))
    someone = SimpleNamespace(display_name=_("Judge Example"))
    return {
        "number": f"SF{now:%Y%m%d}-00001",
        "url": "https://court.example/…",
        "limit_at": limit_at,
        "says": "",
        "party": _("Party Example"),
        "title": _("When is the hearing?"),
        "message": _("I have heard nothing of my case since it was filed. When is the hearing?"),
        "case_number": "（2026）示01民初123号",
        "court": SimpleNamespace(display_name=_("Example District People’s Court")),
        "department": SimpleNamespace(display_name=_("First Civil Division")),
        "handler": someone,
        # Of the ladder.
        "level": "department_leader",
        "role": _("department leader"),
        "anchor": "opened",
        "waited": _("3 business days"),
        "in_minutes": False,
        "limit_is_over": True,
        "attempts": 0,
        "settled": "",
        "rejection": None,
        "is_acting": False,
        "vacant": [],
        "own_matter": [],
        # Of work orders.
        "is_lead": True,
        "is_returned": False,
        "note": "",
        "dispute": "",
        "remark": "",
        "entry": None,
        "reply": None,
        "merged_into": "",
        "request_state": "",
        "instruction": SimpleNamespace(
            kind="urge", person=someone, text=_("Please reply by Wednesday.")
        ),
        # Of briefings.
        "briefing_title": _("Briefing Example"),
        # Of figures that are objected to, and of files.
        "rate": _("Timely completion rate"),
        "month": now.date().replace(day=1),
        "person": someone,
        "reason": _("The case was passed on before the limit."),
        "answer": _("Upheld: the record of the transfer bears it out."),
        "view": _("Late requests"),
        # Of what follows from the figures.
        "what": _("Agenda matter"),
        "event": _("You are the owner of a matter on the agenda."),
        "by": someone,
        "words": "",
        # Of case news.
        "manner": "news",
        "text": _("A hearing has been set down."),
        "lines": [_("%(name)s: %(value)s") % {"name": _("Courtroom"), "value": "3"}],
        "changes": [],
        "listed": [("（2026）示01民初123号", _("A hearing has been set down."))],
    }
