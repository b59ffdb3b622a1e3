"""A year of the business calendar at a glance: its months, and what is special in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from courts import calendar, date_words, day_names
from courts.business_days import BusinessCalendar, Day, DayKind
from courts.models import CalendarEntry, Court, OfficialYear

# In the order of the legend.
KIND_WORDS: Mapping[DayKind, Any] = {
    DayKind.WORKING: _("business day"),
    DayKind.WEEKEND: _("weekend"),
    DayKind.HOLIDAY: _("public holiday"),
    DayKind.MAKE_UP: _("make-up working day"),
    DayKind.CLOSED: _("closed by the courts"),
    DayKind.OPENED: _("worked by order of the courts"),
}
# One word in the day's cell, so that nobody needs its colour; the usual ones bear none.
KIND_MARKS: Mapping[DayKind, Any] = {
    DayKind.HOLIDAY: pgettext_lazy("in a calendar", "off"),
    DayKind.MAKE_UP: pgettext_lazy("in a calendar", "work"),
    DayKind.CLOSED: pgettext_lazy("in a calendar", "shut"),
    DayKind.OPENED: pgettext_lazy("in a calendar", "open"),
}
_LOCAL = (DayKind.CLOSED, DayKind.OPENED)


@dataclass(frozen=True)
class Cell:
    """A day as it stands in the table of its month."""

    day: Day
    is_today: bool

    @property
    def mark(self) -> Any:
        """The word that says what is special of the day, or ''."""
        return KIND_MARKS.get(self.day.kind, "")


@dataclass(frozen=True)
class Run:
    """Consecutive special days of a month that are alike; a holiday with its weekend days.

    ``name`` is that of the holidays or of the closure, or for which day off is worked. ``entry``
    is what the courts entered of their own accord; None of a public schedule.
    """

    kind: DayKind
    days: Sequence[Day]
    name: str
    entry: CalendarEntry | None

    @property
    def first(self) -> Day:
        """Its first day."""
        return self.days[0]

    @property
    def last(self) -> Day:
        """Its last day, which may be its first."""
        return self.days[-1]

    @property
    def mark(self) -> Any:
        """The sign that its days bear in the table."""
        return KIND_MARKS[self.kind]

    @property
    def word(self) -> Any:
        """What its days are."""
        return KIND_WORDS[self.kind]


@dataclass(frozen=True)
class Month:
    """A month: weeks from Monday with None outside it, and its special days."""

    first: date
    weeks: Sequence[Sequence[Cell | None]]
    runs: Sequence[Run]
    business_days: int


@dataclass(frozen=True)
class Year:
    """A year for all courts or for one.

    ``source`` is the notice that announced it, where an administrator declared it official.
    """

    year: int
    court: Court | None
    months: Sequence[Month]
    is_provisional: bool
    source: str

    @property
    def business_days(self) -> int:
        """How many business days it has."""
        return sum(month.business_days for month in self.months)


def year_at_a_glance(year: int, court: Court | None, today: date) -> Year:
    """The year as the present calendar has it; three statements at most, however many days.

    ``year`` is one of ``courts.calendar.YEARS``, ``today`` a local date.
    """
    version_id = calendar.current_version().pk
    place = (court.pk, court.jurisdiction_id) if court else (None, None)
    days = calendar.for_place(*place, version_id)
    rows = CalendarEntry.objects.in_version(version_id).touching(*place).filter(date__year=year)
    related = rows.select_related("court", "jurisdiction", "added_in__entered_by")
    narrowest_last = sorted(
        related, key=lambda row: (bool(row.court_id), bool(row.jurisdiction_id))
    )
    entries = {entry.date: entry for entry in narrowest_last}
    official = OfficialYear.objects.filter(year=year, version_id__lte=version_id).first()
    return Year(
        year=year,
        court=court,
        months=[_month(date(year, number, 1), days, entries, today) for number in range(1, 13)],
        is_provisional=year in days.provisional_years,
        source=official.source if official else "",
    )


def _month(
    first: date, calendar: BusinessCalendar, entries: Mapping[date, CalendarEntry], today: date
) -> Month:
    following = (first + timedelta(days=31)).replace(day=1)
    days = [calendar.describe(first + timedelta(n)) for n in range((following - first).days)]
    cells: list[Cell | None] = [None] * first.weekday()
    cells += [Cell(day, day.date == today) for day in days]
    cells += [None] * (-len(cells) % 7)
    return Month(
        first=first,
        weeks=[cells[at : at + 7] for at in range(0, len(cells), 7)],
        runs=_runs(days, entries, calendar),
        business_days=sum(day.is_business for day in days),
    )


def _runs(
    days: Sequence[Day], entries: Mapping[date, CalendarEntry], calendar: BusinessCalendar
) -> list[Run]:
    def alike(day: Day) -> tuple[Any, ...]:
        if day.kind in _LOCAL:
            # Of one change and one reach: the same reason, by the same person.
            entry = entries[day.date]
            change = entry.added_in_id, entry.court_id, entry.jurisdiction_id
            return day.kind, day.name, *change
        # As the notices say it: a holiday is all the days off in a row.
        return ("off",) if not day.is_business else (day.kind, day.name, day.date)

    spans = [list(span) for _alike, span in groupby(days, key=alike)]
    return [
        Run(_kind(span), span, _name(span, calendar), _entry(span[0], entries))
        for span in spans
        if any(day.kind in KIND_MARKS for day in span)
    ]


def _kind(span: Sequence[Day]) -> DayKind:
    return next(day.kind for day in span if day.kind in KIND_MARKS)


def _entry(day: Day, entries: Mapping[date, CalendarEntry]) -> CalendarEntry | None:
    return entries[day.date] if day.kind in _LOCAL else None


def _name(span: Sequence[Day], calendar: BusinessCalendar) -> str:
    """The holidays of days off in a row, or for which day off a make-up day is worked."""
    zone = timezone.get_current_timezone()
    worked_for = day_names.worked_for(calendar, span[0])
    if worked_for is not None:
        words = date_words.day(worked_for, get_language() or "en", zone)
        return str(_("in exchange for %(day)s") % {"day": words})
    holidays = dict.fromkeys(name for day in span for name in day_names.holidays_of(day))
    if holidays:
        return str(_(", ")).join(holidays)
    named = next((day for day in span if day.name), span[0])
    return day_names.name_of(named, zone)
