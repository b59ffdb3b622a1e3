"""Why a firing came when it did, and to whom: in words, from what was recorded with it.

Nothing is judged again here. Where the count can no longer be followed, because the anchors or
the calendar have changed since and an old firing kept neither, the words say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils.dateparse import parse_datetime
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courts import calendar, date_words
from courts.business_days import BusinessCalendar, local_date
from escalation import ladder
from escalation.acting import acted, acting_tenures
from escalation.explain_count import Told, count_of_days, count_of_time
from escalation.models import Clock, ClockEvent, Firing
from escalation.policy import by_version
from escalation.reading import role_label

# A sweep runs every minute; what it records within these was recorded at once.
_AT_ONCE = timedelta(minutes=10)
_NOTES: Mapping[str, object] = {
    "vacant": _("No one held the post of: %(roles)s."),
    "holder_is_handler": _("The handler holds the post of: %(roles)s."),
    "passed_to": _("So it went further up, to: %(roles)s."),
    "successor": _("The holder had left meanwhile, the successor was told: %(roles)s."),
}


@dataclass(frozen=True)
class Explanation:
    """``why`` says how the count came to the instant, and why it was recorded when it was;
    ``notes`` to whom it went and what was out of the ordinary. Each is a list of sentences.

    ``step`` is that of the policy which the firing was counted by."""

    step: ladder.Step
    why: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, in order."""
        return self.why + self.notes


@dataclass(frozen=True)
class _Case:
    """A firing with what its count is explained from.

    ``clock`` is the one that it was counted for: of a firing that a merger took over, the other.
    """

    firing: Firing
    clock: Clock
    step: ladder.Step
    zone: ZoneInfo
    events: Sequence[ClockEvent]

    def moment(self, at: datetime) -> str:
        """An instant in the words of the reader's language."""
        return date_words.moment(at, get_language() or "en", self.zone)


def explain(firing: Firing) -> Explanation:
    """Why ``firing`` came when it did and to whom, in the reader's language."""
    return explanations([firing])[firing.pk]


def explanations(firings: Iterable[Firing]) -> dict[int, Explanation]:
    """The explanation of each firing by its id; as many statements for fifty as for one."""
    rows = list(firings)
    prefetch_related_objects(rows, "clock", "court__jurisdiction", "recipients__person")
    counted_for = _counted_for(rows)
    events: dict[int, list[ClockEvent]] = defaultdict(list)
    for event in ClockEvent.objects.filter(clock__in={row.clock_id for row in rows}):
        events[event.clock_id].append(event)
    acting = _acting(rows)
    found = {}
    for firing in rows:
        clock = counted_for[firing.pk]
        steps = by_version(clock.policy_id).clocks[clock.kind].steps
        step = next(step for step in steps if step.key == firing.step)
        jurisdiction = firing.court.jurisdiction
        assert jurisdiction is not None
        case = _Case(firing, clock, step, jurisdiction.zone, events[firing.clock_id])
        found[firing.pk] = Explanation(
            step=step,
            why=(*_counted(case), *_recorded(case)),
            notes=tuple(_notes(case, acting)),
        )
    return found


def _counted_for(firings: Sequence[Firing]) -> dict[int, Clock]:
    """The clock that each firing was counted for; a copy that a merger made leads to its source."""
    found = {firing.pk: firing.clock for firing in firings}
    asked = {row.pk: row.detail["merged_from"] for row in firings if "merged_from" in row.detail}
    while asked:
        sources = Firing.objects.select_related("clock").in_bulk(set(asked.values()))
        further = {}
        for pk, source_id in asked.items():
            source = sources[source_id]
            found[pk] = source.clock
            if "merged_from" in source.detail:
                further[pk] = source.detail["merged_from"]
        asked = further
    return found


def _counted(case: _Case) -> list[str]:
    """How the count came to the instant at which the step was due."""
    told = Told(case.step, case.firing.occurrence, case.firing.due_at, case.zone)
    if case.step.unit in ladder.UNITS:
        return count_of_time(told)
    # A firing of a time when the version was not kept is counted in the clock's.
    version_id = case.firing.calendar_version_id or case.clock.calendar_version_id
    days = calendar.for_court(case.firing.court_id, version_id)
    day0 = _day0(case, days)
    if day0 is None:
        return [gettext("The count that it was due by can no longer be followed.")]
    return count_of_days(told, day0, days)


def _day0(case: _Case, days: BusinessCalendar) -> date | None:
    """The day that the count began on, if one leads to the day on which the firing was due.

    Of a firing that did not keep it, the anchors of the clock are asked, and those that it had
    before a merger.
    """
    found = [case.firing.day0] if case.firing.day0 else _anchors_on(case)
    due_on = local_date(case.firing.due_at, case.zone)
    occurrence = case.firing.occurrence
    leads = (day0 for day0 in found if ladder.due_day(case.step, occurrence, day0, days) == due_on)
    return next(leads, None)


def _anchors_on(case: _Case) -> list[date]:
    """The days 0 of a firing that did not keep its own; none was made that counts a fixed date."""
    started = {ladder.OPENED: ClockEvent.Kind.STARTED, ladder.ASSIGNED: ClockEvent.Kind.ASSIGNED}
    anchor = ladder.Anchors(case.clock.opened_at, case.clock.assigned_at).of(case.step.anchor)
    instants = [anchor] if anchor else []
    instants += [event.at for event in case.events if event.kind == started[case.step.anchor]]
    return [local_date(instant, case.zone) for instant in instants]


def _recorded(case: _Case) -> list[str]:
    """Why it was recorded when it was."""
    firing = case.firing
    if "merged_from" in firing.detail or firing.was_settled:
        return []  # the notes tell it
    if firing.detail.get("after_rejection"):
        return _after_rejection(case)
    late = firing.fired_at - firing.due_at
    if late <= _AT_ONCE:
        hour = f"{firing.fired_at.astimezone(case.zone):%H:%M}"
        return [gettext("It was recorded at once, at %(hour)s.") % {"hour": hour}]
    return [
        *_came_due_late(case),
        gettext("It was recorded %(fired)s, %(late)s after it was due.")
        % {
            "fired": case.moment(firing.fired_at),
            "late": timesince(firing.due_at, firing.fired_at, depth=1),
        },
    ]


def _came_due_late(case: _Case) -> list[str]:
    """What made it due at an instant that had passed already; else nobody had looked."""
    firing = case.firing
    words = {
        ClockEvent.Kind.MERGED: _("A matter that had begun earlier was merged into it %(when)s."),
        ClockEvent.Kind.RETIMED: _("The calendar changed %(when)s, and the count with it."),
        ClockEvent.Kind.MOVED: _("It moved %(when)s, and was counted anew there."),
    }
    for event in reversed(case.events):
        kind = ClockEvent.Kind(event.kind)
        # What a verb settled, at its own instant, was due before the verb changed anything.
        before = event.at < firing.fired_at or kind is ClockEvent.Kind.RETIMED
        moved = kind is not ClockEvent.Kind.MOVED or "from" in event.params
        if kind in words and moved and before and firing.due_at < event.at <= firing.fired_at:
            return [str(words[kind]) % {"when": case.moment(event.at)}]
    return [gettext("No sweep recorded it in between.")]


def _after_rejection(case: _Case) -> list[str]:
    firing = case.firing
    resumed = [
        event
        for event in case.events
        if event.kind == ClockEvent.Kind.RESUMED and event.at <= firing.fired_at
    ]
    replied_at = parse_datetime(str(resumed[-1].params["replied_at"])) if resumed else None
    if replied_at is None:
        return []
    words = gettext(
        "A reply was given %(replied)s and rejected %(rejected)s. What was missed meanwhile"
        " waited for the next opening hour, and was recorded %(fired)s."
    )
    return [
        words
        % {
            "replied": case.moment(replied_at),
            "rejected": case.moment(resumed[-1].at),
            "fired": case.moment(firing.fired_at),
        }
    ]


def _notes(case: _Case, acting: set[tuple[int, int]]) -> list[str]:
    """To whom it went, and what was out of the ordinary."""
    firing = case.firing
    found = []
    people = _people(firing, acting)
    if firing.is_silent:
        found.append(
            gettext("Not sent: a higher rung was recorded with it, and that one was sent.")
        )
    elif people:
        found.append(gettext("Sent to %(people)s.") % {"people": people})
    for key, note in _NOTES.items():
        if firing.detail.get(key) and not (key == "successor" and firing.is_silent):
            roles = gettext(", ").join(str(role_label(role)) for role in firing.detail[key])
            found.append(str(note) % {"roles": roles})
    if firing.detail.get("nobody"):
        found.append(gettext("No one could be told: every post up to the top was vacant."))
    if firing.was_attempted:
        rules = by_version(case.clock.policy_id)
        tried = gettext(
            "The handler had tried to reach the party (%(attempts)s attempts on %(days)s days)."
        )
        found.append(tried % {"attempts": rules.attempts, "days": rules.attempt_days})
    if firing.was_settled:
        found.append(gettext("Recorded when the answer came: the notice says so."))
    if firing.detail.get("after_rejection"):
        found.append(gettext("Missed while a reply stood that was rejected later."))
    if firing.detail.get("merged_from"):
        found.append(gettext("Taken over from the request that was merged into this one."))
    return found


def _people(firing: Firing, acting: set[tuple[int, int]]) -> str:
    """The recipients, each with the office that it went to."""
    told = []
    for row in sorted(firing.recipients.all(), key=lambda row: row.pk):
        office = str(role_label(row.role))
        if (firing.pk, row.pk) in acting:
            office = gettext("%(office)s, acting") % {"office": office}
        told.append(gettext("%(name)s (%(aside)s)") % {"name": row.person, "aside": office})
    return gettext(", ").join(told)


def _acting(firings: Sequence[Firing]) -> set[tuple[int, int]]:
    """Firing and recipient of those who acted for the post that it went to: two statements."""
    held = acting_tenures(row.person_id for firing in firings for row in firing.recipients.all())
    return {
        (firing.pk, row.pk)
        for firing in firings
        for row in firing.recipients.all()
        if acted(firing, row.role, held[row.person_id])
    }
