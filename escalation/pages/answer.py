"""A deadline as the page shows it: in words, day by day, and as the ladder bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courts import date_words, day_names
from courts.business_days import DayKind, local_date
from courts.models import Court
from escalation import ladder, ladder_bar
from escalation.calculator import Deadline
from escalation.deadline import Count, DayLaidOpen
from escalation.kind_names import limit_label
from escalation.reading import ROLES, bar_days, bar_rung, in_a_sentence

_COUNTED_FROM = {
    ladder.OPENED: _("from the start"),
    ladder.ASSIGNED: _("from the dispatch"),
    ladder.FIXED_DATE: _("from the fixed date"),
}


@dataclass(frozen=True)
class Happening:
    """Something that falls on a day: a step of the ladder, or the end of the limit."""

    clock: str
    text: str
    icon: str
    is_limit: bool = False


@dataclass(frozen=True)
class Row:
    """A day. ``numbers`` are the figures of each count: 0, 1, 2 ...; '' where it does not count.

    ``tone`` is start, counted, make-up or off.
    """

    on: date
    numbers: tuple[str, ...]
    tone: str
    what: str
    happenings: tuple[Happening, ...]
    is_provisional: bool


@dataclass(frozen=True)
class Answer:
    """Everything that the page shows of a deadline.

    ``limit_on`` is the last local day of the limit, ``day0`` the day that it counts from; of a
    limit in minutes there is none, and no ladder bar. ``limit_place`` says which of the counts
    the limit ends by.
    """

    deadline: Deadline
    what: str
    limit_on: date
    day0: date | None
    limit_place: int | None
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    ladder: ladder_bar.Ladder | None
    elsewhere: tuple[str, ...]


def answer(deadline: Deadline) -> Answer:
    """Put a deadline into the reader's words."""
    laid = deadline.laid
    zone = laid.frame.zone
    limit_on = date_words.last_day(laid.limit_at, zone)
    several = len(laid.counts) > 1
    return Answer(
        deadline=deadline,
        what=limit_label(deadline.kind, laid.limit.name, deadline.policy.clocks[deadline.kind]),
        limit_on=limit_on,
        day0=laid.limit_count.day0 if laid.limit_count else None,
        limit_place=laid.counts.index(laid.limit_count) if laid.limit_count else None,
        headings=tuple(_heading(count) if several else "" for count in laid.counts),
        rows=tuple(_row(deadline, day, limit_on) for day in laid.days),
        ladder=_bar(deadline, limit_on),
        elsewhere=tuple(_elsewhere(step) for step in laid.elsewhere),
    )


def _bar(deadline: Deadline, limit_on: date) -> ladder_bar.Ladder | None:
    """The ladder bar; what is counted in minutes has no business days to draw."""
    laid = deadline.laid
    if laid.limit_count is None:
        return None
    day0 = laid.limit_count.day0
    return ladder_bar.Ladder(
        days=bar_days(laid.frame.calendar, day0, laid.days[-1].day.date),
        rungs=[bar_rung(item) for item in laid.due],
        today=day0,
        zone=laid.frame.zone,
        limit_on=limit_on,
        provisional=laid.provisional,
    )


def _heading(count: Count) -> str:
    return str(_(", ")).join(str(_COUNTED_FROM[anchor]) for anchor in count.anchors)


def _row(deadline: Deadline, row: DayLaidOpen, limit_on: date) -> Row:
    counts = deadline.laid.counts
    begun = next((count for count in counts if count.day0 == row.day.date), None)
    if not row.day.is_business:
        tone = "off"
    elif row.day.kind is DayKind.WORKING:
        tone = "counted"
    else:
        tone = "make-up"
    return Row(
        on=row.day.date,
        numbers=tuple("" if number is None else str(number) for number in row.numbers),
        tone="start" if begun and len(counts) == 1 else tone,
        what=_what(deadline, row, begun),
        happenings=tuple(_happenings(deadline, row.day.date, limit_on)),
        is_provisional=row.day.is_provisional,
    )


def _what(deadline: Deadline, row: DayLaidOpen, begun: Count | None) -> str:
    """What a day is, and for one from which is counted that it does not count itself."""
    zone = deadline.laid.frame.zone
    day = row.day
    name = day_names.name_of(day, zone)
    if day.kind is DayKind.WEEKEND:
        found = gettext("weekend")
    elif day.kind is DayKind.HOLIDAY:
        found = name
    elif day.kind is DayKind.CLOSED:
        found = gettext("closed: %(name)s") % {"name": name}
    elif day.kind is DayKind.OPENED:
        found = gettext("opened: %(name)s") % {"name": name}
    elif row.worked_for is not None:
        words = date_words.day(row.worked_for, get_language() or "en", zone)
        found = gettext("make-up working day for %(day)s") % {"day": words}
    elif day.kind is DayKind.MAKE_UP and name:
        found = gettext("make-up working day for %(day)s") % {"day": name}
    elif day.kind is DayKind.MAKE_UP:
        found = gettext("make-up working day")
    else:
        found = ""
    if begun is None:
        return found
    if len(deadline.laid.counts) == 1:
        day0 = gettext("day 0, does not count")
    else:
        day0 = gettext("day 0 %(since)s") % {"since": _heading(begun)}
    return gettext("%(day0)s (%(what)s)") % {"day0": day0, "what": found} if found else day0


def _happenings(deadline: Deadline, on: date, limit_on: date) -> Iterator[Happening]:
    zone = deadline.laid.frame.zone
    for item in deadline.laid.due:
        if local_date(item.due_at, zone) == on:
            yield Happening(
                clock=f"{item.due_at.astimezone(zone):%H:%M}",
                text=_told(item),
                icon="hourglass" if item.step.level == 0 else "stairs-up",
            )
    if on == limit_on:
        ends_at = deadline.laid.limit_at.astimezone(zone)
        hour = "24:00" if ends_at.time() == time(0) else f"{ends_at:%H:%M}"
        yield Happening(hour, gettext("the limit ends"), "flag", is_limit=True)


def _told(item: ladder.Due) -> str:
    who = in_a_sentence([str(ROLES[role][2]) for role in item.step.to])
    words = _("reminds %(who)s") if item.step.level == 0 else _("rises to %(who)s")
    text = str(words) % {"who": who}
    if item.step.at_most == 1:
        return text
    times = {"what": text, "occurrence": item.occurrence, "at_most": item.step.at_most}
    return gettext("%(what)s (%(occurrence)s of %(at_most)s times)") % times


def _elsewhere(step: ladder.Step) -> str:
    who = in_a_sentence([str(ROLES[role][2]) for role in step.to])
    levels = str(_(", ")).join(str(Court.Level(level).label) for level in sorted(step.court_levels))
    return gettext("%(who)s: only for courts of this level: %(levels)s") % {
        "who": who,
        "levels": levels,
    }
