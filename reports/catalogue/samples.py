"""What the catalogue shows: plain data, all of it invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courts.charts import Amount, Series
from courts.templatetags.ui import SETTLED, STATES
from reports.catalogue.ladders import at
from reports.leadership.presentation import level_label

TONES = ("neutral", "running", "due", "late", "done")
MATTERS = [
    ("progress", _("Progress of a case")),
    ("contact", _("Contact with the judge")),
    ("fees", _("Court fees")),
]
_SHOWN_STATES = ("registered", "routed", "answered", "closed", "withdrawn")
ROW_STATES = [(state, STATES[state][2]) for state in _SHOWN_STATES]


@dataclass(frozen=True)
class Row:
    """A request of the sample list; ``waited`` in business days."""

    number: str
    subject: Any
    unit: Any
    state: str
    waited: int


_SUBJECTS = (
    _("When is the hearing?"),
    _("Three calls were not answered"),
    _("How do I get the court fees back?"),
    _("The evidence list was handed in; was it received?"),
)
_UNITS = (_("First Civil Division"), _("Second Civil Division"), _("Enforcement Bureau"))
ROWS = [
    Row(
        f"SF202610{day:02}-000{day:02}",
        _SUBJECTS[day % len(_SUBJECTS)],
        _UNITS[day % len(_UNITS)],
        _SHOWN_STATES[day % len(_SHOWN_STATES)],
        day * 7 % 10,
    )
    for day in range(8, 22)
]

# Figure cards: every tone, with and without a target, a note, an address.
CARDS: list[dict[str, Any]] = [
    {"label": _("Timely acceptance rate"), "value": "100.0", "unit": "%", "share": 1, "target": 1,
     "tone": "done", "icon": "circle-check", "note": _("52 of 52 in time"), "url": "#cards"},
    {"label": _("Timely completion rate"), "value": "96.2", "unit": "%", "share": 0.962,
     "target": 1, "tone": "due", "icon": "hourglass", "note": _("50 of 52 in time")},
    {"label": _("Judge liaison rate"), "value": "81.0", "unit": "%", "share": 0.81, "target": 1,
     "tone": "late", "icon": "alert-triangle", "note": _("42 of 52 in time"), "url": "#cards"},
    {"label": _("Waiting"), "value": "17"},
    {"label": _("Satisfaction"), "value": "–", "tone": "neutral", "icon": "minus",
     "note": _("Nothing was due")},
]  # fmt: skip

# Twelve months, up to October 2026; a month without a figure leaves a gap.
_RATES: list[tuple[Any, list[float | None]]] = [
    (_("Acceptance"), [0.97, 0.98, 0.96, 0.99, 1, 0.98, 0.99, 1, 1, 0.99, 1, 1]),
    (_("Liaison"), [0.81, 0.84, 0.83, 0.87, 0.88, 0.86, 0.9, 0.91, 0.93, 0.92, 0.95, 0.957]),
    (_("Completion"), [0.88, 0.9, None, None, 0.91, 0.93, 0.92, 0.94, 0.93, 0.95, 0.96, 0.962]),
]
_COUNTS: list[tuple[Any, list[float | None]]] = [
    (_("Requests"), [31, 44, 28, 52, 61, 58, 49, 66, 72, 70, 81, 77]),
    (_("By telephone"), [12, 15, 9, 21, 30, 26, 18, 22, 31, 28, 33, 29]),
    (_("Portal"), [11, 19, 12, 20, 19, 22, 23, 31, 30, 33, 36, 38]),
    (_("Hall"), [8, 10, 7, 11, 12, 10, 8, 13, 11, 9, 12, 10]),
]
_NOTHING: list[tuple[Any, list[float | None]]] = [(_("Satisfaction"), [None] * 12)]
MONTHS = [date(2025, 11, 1), date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 11))]


def series() -> dict[str, list[Series]]:
    """The lines of the sample charts: rates, counts as many as can be told apart, and nothing."""
    charts = {"rates": _RATES, "counts": _COUNTS, "nothing": _NOTHING}
    return {
        name: [Series(str(label), values) for label, values in lines]
        for name, lines in charts.items()
    }


def funnel() -> list[Amount]:
    """A ladder of a month: from the warning to an office that nothing reached."""
    return [
        Amount(level_label(0), 46, note=str(_("handler")), tone="due", url="#bars"),
        Amount(level_label(1), 21, note=str(_("department leader")), tone="late", url="#bars"),
        Amount(level_label(2), 8, note=str(_("deputy president")), tone="late", url="#bars"),
        Amount(level_label(3), 1, note=str(_("president")), tone="late", url="#bars"),
        Amount(level_label(4), 0, note=str(_("president of the superior court")), tone="late"),
    ]


# Departments by week; None is a week before the department was set up.
WEEKS = [date(2026, 8, 3) + timedelta(weeks=week) for week in range(12)]
HEAT: list[tuple[Any, list[int | None]]] = [
    (_("First Civil Division"), [4, 6, 3, 7, 9, 12, 14, 8, 0, 11, 17, 13]),
    (_("Second Civil Division"), [2, 3, 3, 5, 4, 6, 5, 4, 0, 6, 8, 7]),
    (_("Criminal Division"), [1, 0, 2, 1, 0, 1, 3, 1, 0, 2, 1, 1]),
    (_("Enforcement Bureau"), [9, 11, 8, 12, 15, 13, 16, 18, 2, 21, 24, 20]),
    (_("Administrative Division"), [None, None, None, None, 1, 2, 1, 3, 0, 2, 4, 2]),
]

ENTRIES: list[dict[str, Any]] = [
    {"at": at(9, 30), "title": _("The party wrote"), "kind": "party",
     "text": _("I have called three times and nobody answered. When is the hearing?")},
    {"at": at(9, 30, 11), "title": _("Dispatched"), "kind": "court", "icon": "send",
     "actor": _("Litigation Service"), "text": _("To the First Civil Division.")},
    {"at": at(10, 10, 9), "title": _("Reminder"), "kind": "warning",
     "text": _("The limit ends today.")},
    {"at": at(10, 12, 9), "title": _("Risen to the department leader"), "kind": "ladder",
     "why": [_("Three business days passed without a reply."),
             _("Days off do not count; the make-up working day does.")]},
    {"at": at(10, 12, 15), "title": _("The court replied"), "kind": "reply",
     "actor": _("the handling judge"),
     "text": _("The hearing is on 28 October at 09:30. The summons is in the post.")},
    {"at": at(10, 13, 8), "title": _("Completed without a dispute"), "kind": "system"},
]  # fmt: skip

LIMITS: list[dict[str, Any]] = [
    {"day": 0, "of": 3},
    {"day": 2, "of": 3},
    {"day": 3, "of": 3},
    {"day": 4, "of": 3},
    {"day": 6, "of": 3},
    *({"day": 2, "of": 3, "state": state} for state in SETTLED),
    {"day": 2, "of": 7, "provisional": True, "until": date(2027, 1, 8)},
]


@dataclass(frozen=True)
class Contact:
    """A party's telephone, masked; '' is none left."""

    phone: str

    @property
    def masked_phone(self) -> str:
        """What is shown before anyone asks."""
        return f"{self.phone[:3]}****{self.phone[-4:]}"


@dataclass(frozen=True)
class Rating:
    """What a party thinks of a reply."""

    grade: str
    remark: Any
    rated_at: datetime


RATINGS = [
    Rating("very_satisfied", _("The clerk called me back the same day."), at(10, 14)),
    Rating("satisfied", "", at(10, 14)),
    Rating("partly_satisfied", "", at(10, 15)),
    Rating("not_satisfied", _("I still do not know the date of the hearing."), at(10, 15)),
]

# No such number is ever given out.
CONTACT = Contact("10012345678")


def tabs() -> list[dict[str, Any]]:
    """Views of a list: with a count, with none of anything, with an icon."""
    return [
        {"label": _("Waiting"), "url": "?", "active": True, "count": 7, "icon": "inbox"},
        {"label": _("Dispatched"), "url": "?", "count": 12},
        {"label": _("Ended"), "url": "?", "count": 0},
        {"label": _("All"), "url": "?"},
    ]


def actions() -> list[dict[str, Any]]:
    """A button of every tone, one that posts, one that asks first, one with a key."""
    return [
        {"label": _("Reply"), "url": "#actions", "tone": "primary", "icon": "pencil", "key": "r"},
        {"label": _("Reassign"), "url": "#actions", "icon": "arrow-forward-up"},
        {"label": _("Cancel"), "url": "#actions", "tone": "quiet"},
        {"label": _("Withdraw"), "url": "", "tone": "danger", "method": "post",
         "icon": "arrow-back-up", "confirm": _("Withdraw this request?")},
    ]  # fmt: skip


def retry() -> list[dict[str, Any]]:
    """What may be done about work that failed."""
    return [{"label": _("Start it again"), "url": "#work", "icon": "refresh"}]


def messages() -> list[Message]:
    """What a page says after an act, in each of its tones."""
    return [
        Message(constants.SUCCESS, gettext("The reply was sent.")),
        Message(constants.INFO, gettext("The limit is unchanged.")),
        Message(constants.WARNING, gettext("The party can be reached by telephone only.")),
        Message(
            constants.ERROR, gettext("The reply was not sent: somebody else replied meanwhile.")
        ),
    ]


FACTS = [
    (_("Court"), _("Donghu District People’s Court")),
    (_("Case type"), _("civil, first instance")),
    (_("Telephone"), CONTACT.masked_phone),
]
