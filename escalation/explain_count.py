"""How a count came to a day, in words: day 0, what did not count, what did; pure.

A run of ordinary weekdays is not told day by day, and long lists are cut, so that the words stay
few however long the count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courts import date_words, day_names
from courts.business_days import BusinessCalendar, Day, DayKind, local_date
from escalation import ladder

_MOST_NAMED = 4
_SINCE = {
    ladder.OPENED: _("Counted from %(day0)s, when it was registered: day 0, which does not count."),
    ladder.ASSIGNED: _(
        "Counted from %(day0)s, when it was given to a unit: day 0, which does not count."
    ),
    ladder.FIXED_DATE: _(
        "Counted from %(day0)s, the fixed date by which it was to be done: day 0, which does not"
        " count."
    ),
}
_SINCE_INSTANT = {
    ladder.OPENED: _("Counted day and night from %(instant)s, when it was registered."),
    ladder.ASSIGNED: _("Counted day and night from %(instant)s, when it was given to a unit."),
}


@dataclass(frozen=True)
class Told:
    """What is told: one occurrence of a step, and the aware instant at which it was due."""

    step: ladder.Step
    occurrence: int
    due_at: datetime
    zone: ZoneInfo

    @property
    def passed(self) -> int:
        """How many business days, or units of time, had to pass first."""
        return self.step.passed(self.occurrence)

    def day(self, on: date) -> str:
        """A date in the words of the reader's language."""
        return date_words.day_spoken(on, get_language() or "en", self.zone)


def count_of_days(told: Told, day0: date, days: BusinessCalendar) -> list[str]:
    """How the business days were counted from ``day0`` to the day on which the step was due."""
    due_on = local_date(told.due_at, told.zone)
    between = [
        days.describe(day0 + timedelta(days=offset))
        for offset in range(1, (due_on - day0).days + 1)
    ]
    counted_from = date_words.day_long(day0, get_language() or "en", told.zone)
    return [
        str(_SINCE[told.step.anchor]) % {"day0": counted_from},
        *_days_off(told, between),
        *_make_up_days(told, between),
        _numbered(told, [day.date for day in between if day.is_business]),
        *_rule(told),
    ]


def count_of_time(told: Told) -> list[str]:
    """How minutes or seconds were counted (emergencies): no calendar is asked."""
    passed = told.passed
    counted_from = told.due_at - passed * ladder.UNITS[told.step.unit]
    instant = date_words.moment(counted_from, get_language() or "en", told.zone)
    if passed == 0:
        words = gettext("It was due at once.")
    elif told.step.unit == "minutes":
        words = ngettext(
            "%(passed)s minute had passed at %(due)s.",
            "%(passed)s minutes had passed at %(due)s.",
            passed,
        )
    else:
        words = ngettext(
            "%(passed)s second had passed at %(due)s.",
            "%(passed)s seconds had passed at %(due)s.",
            passed,
        )
    due = f"{told.due_at.astimezone(told.zone):%H:%M:%S}".removesuffix(":00")
    return [
        str(_SINCE_INSTANT[told.step.anchor]) % {"instant": instant},
        words % {"passed": passed, "due": due},
        *_recurrence(told),
    ]


def _days_off(told: Told, between: Sequence[Day]) -> list[str]:
    """The days that did not count: holidays and closures by name, several weekends as one."""
    runs = [
        list(run) for is_business, run in groupby(between, lambda day: day.is_business)
        if not is_business
    ]  # fmt: skip
    weekends = [run for run in runs if all(day.kind is DayKind.WEEKEND for day in run)]
    named = runs if len(weekends) == 1 else [run for run in runs if run not in weekends]
    found = [
        gettext("%(days)s did not count: %(why)s.")
        % {"days": _span(told, run), "why": _why_off(told, run)}
        for run in named[:_MOST_NAMED]
    ]
    more = sum(len(run) for run in named[_MOST_NAMED:])
    if more:
        words = ngettext(
            "%(days)s more day off did not count.", "%(days)s more days off did not count.", more
        )
        found.append(words % {"days": more})
    if len(weekends) > 1:
        words = ngettext(
            "%(weekends)s weekend did not count.",
            "%(weekends)s weekends did not count.",
            len(weekends),
        )
        found.append(words % {"weekends": len(weekends)})
    return found


def _span(told: Told, run: Sequence[Day]) -> str:
    if len(run) == 1:
        return told.day(run[0].date)
    ends = {"first": told.day(run[0].date), "last": told.day(run[-1].date)}
    return gettext("%(first)s to %(last)s") % ends


def _why_off(told: Told, run: Sequence[Day]) -> str:
    """The holidays and closures of a run of days off; of one without any, what it is instead."""
    names = [name for day in run for name in day_names.holidays_of(day)]
    names += [
        gettext("closed: %(name)s") % {"name": day.name}
        for day in run
        if day.kind is DayKind.CLOSED
    ]
    if not names:
        names = [day_names.name_of(day, told.zone) for day in run if day.kind is DayKind.HOLIDAY]
    return str(_(", ")).join(dict.fromkeys(names)) or gettext("weekend")


def _make_up_days(told: Told, between: Sequence[Day]) -> list[str]:
    """The days that counted although they are none of Monday to Friday, or were off before."""
    found = []
    for day in between:
        if day.kind is DayKind.MAKE_UP:
            words = gettext("%(day)s counted: a make-up working day.")
            found.append(words % {"day": told.day(day.date)})
        elif day.kind is DayKind.OPENED:
            words = gettext("%(day)s counted: the court had opened it (%(name)s).")
            found.append(words % {"day": told.day(day.date), "name": day.name})
    more = len(found) - _MOST_NAMED
    if more <= 0:
        return found
    words = ngettext("%(days)s more such day counted.", "%(days)s more such days counted.", more)
    return [*found[:_MOST_NAMED], words % {"days": more}]


def _numbered(told: Told, counted: Sequence[date]) -> str:
    """Which days business day 1 and the last were; those between are not told one by one."""
    first, last = told.day(counted[0]), told.day(counted[-1])
    if len(counted) == 1:
        return gettext("Business day 1 was %(day)s.") % {"day": first}
    words = gettext("Business day 1 was %(first)s, and business day %(number)s was %(last)s.")
    return words % {"first": first, "last": last, "number": len(counted)}


def _rule(told: Told) -> list[str]:
    """After how many business days the step is due, and how often."""
    passed = told.passed
    hour = f"{told.due_at.astimezone(told.zone):%H:%M}"
    if passed == 0:
        due = gettext("So it was due at %(hour)s of that day.") % {"hour": hour}
    else:
        due = ngettext(
            "More than %(days)s business day had passed, so it was due at %(hour)s of that day.",
            "More than %(days)s business days had passed, so it was due at %(hour)s of that day.",
            passed,
        ) % {"days": passed, "hour": hour}
    return [due, *_recurrence(told)]


def _recurrence(told: Told) -> list[str]:
    every = told.step.every
    if every is None:
        return []
    if told.step.unit == "minutes":
        words = ngettext("It recurs every minute", "It recurs every %(every)s minutes", every)
    elif told.step.unit == "seconds":
        words = ngettext("It recurs every second", "It recurs every %(every)s seconds", every)
    else:
        words = ngettext(
            "It recurs every business day", "It recurs every %(every)s business days", every
        )
    times = {
        "recurs": words % {"every": every},
        "at_most": told.step.at_most,
        "occurrence": told.occurrence,
    }
    words = gettext("%(recurs)s, at most %(at_most)s times; this was number %(occurrence)s.")
    return [words % times]
