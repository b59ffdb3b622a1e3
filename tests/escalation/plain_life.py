"""One invented life of some matters, lived by the engine and by the plain ladder side by side."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from courts import calendar as product_calendar
from courts.models import CalendarEntry, CalendarVersion, PublicSchedule
from escalation import services
from escalation.calendar_changes import DayChange, change_calendar, take_public_schedule
from escalation.models import Clock, ClockEvent, Firing
from escalation.retiming import retime_stale
from escalation.sweep import sweep
from notices.models import Notice
from tests.escalation import plain_calendar as plain
from tests.escalation.plain_ladder import ACCEPTANCE, PROMISE, REPLY, STEPS, Ladder, Matter
from tests.escalation.plain_posts import Unit
from tests.escalation.plain_town import Town

# When the next thing happens: so much later, when the clock on the wall says this, or just then.
# The courts open at nine; those of the second city when it is eleven in the first.
Gap = timedelta | str | datetime
ON_THE_WALL = {
    text: timedelta(hours=int(text[:2]), minutes=int(text[3:5]), seconds=int(text[6:]))
    for text in ("00:00:00", "08:59:59", "09:00:00", "09:00:01", "11:00:00", "23:59:59")
}
LIMITS = {REPLY: "summary", ACCEPTANCE: "acceptance", PROMISE: "by_date"}
Entry = tuple[plain.Place, date, bool | None]
T = TypeVar("T")
_numbers = itertools.count(5_000_000)


@dataclass(frozen=True)
class Happening:
    """A verb some time after what was before; ``who`` and ``where`` choose among what there is.

    ``days`` are those that a change of the calendar speaks of, counted from its own day, and
    what each is to be.
    """

    gap: Gap
    verb: str
    who: int = 0
    where: int = 0
    days: tuple[tuple[int, bool], ...] = ()


@dataclass
class Life:
    """The engine and the plain ladder, to which the same things happen."""

    town: Town
    at: datetime
    # Years whose schedule nobody has announced yet when the life begins.
    unannounced: frozenset[int] = frozenset()
    # Whether the Spring Festival of 2020 was prolonged from the beginning.
    prolonged: bool = True
    ladder: Ladder = field(init=False)
    subjects: list[tuple[str, int]] = field(default_factory=list)
    merged: set[int] = field(default_factory=set)
    # A change of the calendar was cut off before the running clocks were counted anew.
    is_stale: bool = False
    was_stale: bool = False
    story: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        public = plain.public_days(self.unannounced, prolonged=self.prolonged)
        self.ladder = Ladder(self.town.courts, plain.Calendar(public))
        schedule = _schedule_of(public, self.unannounced)
        CalendarVersion.objects.create(
            schedule=schedule, reason="as it stood", entered_at=self.at - timedelta(days=30)
        )

    def lives(self, happenings: list[Happening]) -> None:
        """Let everything happen in turn, then look at the whole record."""
        for happening in happenings:
            self.at = _after(self.at, happening.gap)
            self.story.append(f"{self.at:%a %Y-%m-%d %H:%M:%S} {happening}")
            getattr(self, f"_{happening.verb}")(happening)
            if not self.is_stale:
                self._check_instants()
        self.at += timedelta(days=120)
        self._beat(Happening("09:00:00", "beat"))
        self._check_instants()
        self._check_record()

    # What happens. What the product forbids (a move of a matter that was answered, say) does not.

    def _start(self, happening: Happening, kind: str = REPLY, fixed_on: date | None = None) -> None:
        unit = _any(self.town.services, happening)
        subject_id = next(_numbers)
        services.start(
            kind=kind,
            subject_id=subject_id,
            court=self.town.rows[unit.court],
            department_id=unit.department,
            limit_name=LIMITS[kind],
            fixed_on=fixed_on,
            at=self.at,
        )
        self.subjects.append((kind, subject_id))
        self.ladder.start(self.at, unit, STEPS[self.town.policy, kind], fixed_on)

    def _wait(self, happening: Happening) -> None:
        """A request waits for acceptance, which has a clock of its own."""
        self._start(happening, ACCEPTANCE)

    def _promise(self, happening: Happening) -> None:
        """Something is promised by a date, business day or not."""
        court = self.ladder.courts[_any(self.town.services, happening).court]
        today = self.at.astimezone(court.zone).date()
        self._start(happening, PROMISE, today + timedelta(days=happening.who))

    def _assign(self, happening: Happening) -> None:
        place, unit = self._one(happening, REPLY), self._unit(happening)
        if place is None or self.ladder.matters[place].stopped:
            return
        services.assign(**self._named(place), **_given(unit), limit_name="ordinary", at=self.at)
        self.ladder.assign(self.ladder.matters[place], self.at, unit)

    def _move(self, happening: Happening) -> None:
        place, unit = self._one(happening), self._unit(happening)
        if place is None or self.ladder.matters[place].stopped:
            return
        services.move(**self._named(place), **_given(unit), at=self.at)
        self.ladder.move(self.ladder.matters[place], self.at, unit)

    def _stop(self, happening: Happening) -> None:
        place = self._one(happening)
        if place is None or self.ladder.matters[place].stopped:
            return
        services.stop(**self._named(place), reason="replied", at=self.at)
        self.ladder.stop(self.ladder.matters[place], self.at)

    def _resume(self, happening: Happening) -> None:
        place = self._one(happening)
        if place is None or place in self.merged:
            return
        matter = self.ladder.matters[place]
        if matter.stopped is None:
            return
        services.resume(**self._named(place), words_id=1, replied_at=matter.stopped, at=self.at)
        self.ladder.resume(matter, self.at)

    def _attempt(self, happening: Happening) -> None:
        place = self._one(happening)
        if place is None:
            return
        services.record_attempt(**self._named(place), at=self.at)
        self.ladder.attempt(self.ladder.matters[place], self.at)

    def _merge(self, happening: Happening) -> None:
        place, other = self._one(happening), happening.where % max(len(self.subjects), 1)
        if place is None or place == other:
            return
        (kind, survivor_id), (other_kind, other_id) = self.subjects[place], self.subjects[other]
        matter, second = self.ladder.matters[place], self.ladder.matters[other]
        if kind != other_kind or matter.stopped or second.stopped:
            return
        services.merge(kind=kind, survivor_id=survivor_id, other_id=other_id, at=self.at)
        self.ladder.merge(matter, second, self.at)
        self.merged.add(other)

    def _sweep(self, happening: Happening) -> None:
        sweep(self.at, record=False)
        self.ladder.sweep(self.at)

    def _beat(self, happening: Happening) -> None:
        """What runs every minute: first what an interrupted change has left, then the sweep."""
        retime_stale(self.at)
        self.is_stale = False
        self._sweep(happening)

    def _change(self, happening: Happening) -> None:
        """The courts close or open on some days."""
        self._enter(self._days(happening))

    def _take_back(self, happening: Happening) -> None:
        """They take back what they said of one day, and the wider word holds again."""
        said = sorted(self.ladder.calendar.entered)
        if said:
            place, day = said[happening.who % len(said)]
            self._enter([(place, day, None)])

    def _begin_change(self, happening: Happening) -> None:
        """As when the machine stops right after a change was committed: no clock is counted."""
        entries = self._days(happening)
        if not entries:
            return
        retime_stale(self.at)
        sweep(self.at, record=False)
        before = product_calendar.current_version()
        version = CalendarVersion.objects.create(
            schedule_id=before.schedule_id, reason="x", entered_at=self.at
        )
        for change in self._changes(entries):
            rows = CalendarEntry.objects.filter(
                date=change.date, court=change.court, jurisdiction=change.jurisdiction
            )
            rows.filter(removed_in__isnull=True).update(removed_in=version)
            CalendarEntry.objects.create(
                date=change.date, is_business_day=change.is_business_day, name="x",
                court=change.court, jurisdiction=change.jurisdiction, added_in=version,
            )  # fmt: skip
        self.ladder.change(self.at, entries)
        self.is_stale = self.was_stale = True

    def _announce(self, happening: Happening) -> None:
        """The State Council's schedule comes with a new release of the package."""
        if not self.unannounced and self.prolonged:
            return
        take_public_schedule(self.at, deployed=True)
        self.unannounced, self.prolonged, self.is_stale = frozenset(), True, False
        self.ladder.announce(self.at, plain.public_days(frozenset()))

    def _declare(self, happening: Happening) -> None:
        """An administrator enters the schedule of 2027 before any package has it."""
        present = product_calendar.current_version()
        if 2027 in product_calendar.provisional_years(present.pk):
            self._enter(self._days(happening), official_years={2027: "国办发明电〔2026〕9号"})

    def _enter(self, entries: list[Entry], **declared: object) -> None:
        if entries or declared:
            changes = self._changes(entries)
            change_calendar(
                changes,
                reason="x",
                by=None,
                approval="y",
                reaching_back="z",
                at=self.at,
                **declared,
            )
            self.ladder.change(self.at, entries)
            self.is_stale = False

    # Whom and what it happens to.

    def _one(self, happening: Happening, kind: str = "") -> int | None:
        found = [
            place for place, subject in enumerate(self.subjects) if not kind or subject[0] == kind
        ]
        return found[happening.who % len(found)] if found else None

    def _named(self, place: int) -> dict[str, object]:
        kind, subject_id = self.subjects[place]
        return {"kind": kind, "subject_id": subject_id}

    def _unit(self, happening: Happening) -> Unit:
        return _any(self.town.units, happening)

    def _days(self, happening: Happening) -> list[Entry]:
        """What a happening says of which days, of all courts, a jurisdiction's, or one."""
        places = (
            ("all", 0),
            ("jurisdiction", _any(self.town.jurisdictions, happening).pk),
            ("court", _any(self.town.services, happening).court),
        )
        place = places[happening.who % 3]
        today = self.at.date()
        return [
            (place, today + timedelta(days=ahead), worked)
            for ahead, worked in dict(happening.days).items()
        ]

    def _changes(self, entries: list[Entry]) -> list[DayChange]:
        """The same in the product's words."""
        jurisdictions = {row.pk: row for row in self.town.jurisdictions}
        return [
            DayChange(
                day,
                worked,
                "x",
                jurisdiction=jurisdictions[pk] if level == "jurisdiction" else None,
                court=self.town.rows[pk] if level == "court" else None,
            )
            for (level, pk), day, worked in entries
        ]

    # What must be the same.

    def _check_instants(self) -> None:
        clocks = {(row.kind, row.subject_id): row for row in Clock.objects.all()}
        for subject, matter in zip(self.subjects, self.ladder.matters, strict=True):
            clock = clocks[subject]
            assert (clock.limit_at, clock.next_due_at, clock.stopped_at) == (
                matter.limit,
                self.ladder.next_due(matter),
                matter.stopped,
            )
            assert (clock.opened_at, clock.assigned_at) == (matter.opened, matter.assigned)
            assert Unit(clock.court_id, clock.department_id, clock.handler_id) == matter.unit
            assert clock.set_aside == ""

    def _check_record(self) -> None:
        for subject, matter in zip(self.subjects, self.ladder.matters, strict=True):
            self._check_firings(subject, matter)
            if not self.was_stale:
                self._check_moved(subject, matter)

    def _check_moved(self, subject: tuple[str, int], matter: Matter) -> None:
        """Of every date that a change of the calendar moved there is an event."""
        events = ClockEvent.objects.filter(
            clock__kind=subject[0], clock__subject_id=subject[1], kind=ClockEvent.Kind.RETIMED
        )
        names = ("from", "limit_from", "to", "limit_to")
        assert [
            (event.at, *[_instant(event.params[name]) for name in names])
            for event in events.order_by("pk")
        ] == matter.moved
        assert all(event.params["reason"] for event in events)

    def _check_firings(self, subject: tuple[str, int], matter: Matter) -> None:
        rows = Firing.objects.filter(clock__kind=subject[0], clock__subject_id=subject[1])
        by_key = {(row.step, row.occurrence): row for row in rows}
        assert {key: row.due_at for key, row in by_key.items()} == {
            key: fired.due.at for key, fired in matter.fired.items()
        }
        told = set()
        for key, fired in matter.fired.items():
            row = by_key[key]
            assert row.level == fired.due.step.level
            assert Unit(row.court_id, row.department_id, row.handler_id) == fired.unit
            assert row.is_silent == fired.silent, key
            assert row.was_attempted == fired.attempted, key
            assert bool(row.detail.get("after_rejection")) == fired.behind_rejection, key
            assert ("merged_from" in row.detail) == fired.taken_over, key
            if self.was_stale:
                # A date that moved forward is found with the clock, at the latest by the beat.
                assert row.fired_at >= fired.at, key
            else:
                assert (row.fired_at, row.was_settled) == (fired.at, fired.settled), key
            people = self.town.posts.recipients(
                fired.due.step.to, fired.unit, fired.due.at, row.fired_at
            )
            assert dict(row.recipients.values_list("person_id", "role")) == people, key
            if not fired.silent and not fired.taken_over:
                told |= {(row.pk, person) for person in people}
        notices = Notice.objects.filter(subject_kind=subject[0], subject_id=subject[1])
        assert sorted((row.params["firing"], row.person_id) for row in notices) == sorted(told)


def _any(among: Sequence[T], happening: Happening) -> T:
    return among[happening.where % len(among)]


def _given(unit: Unit) -> dict[str, int | None]:
    return {"court_id": unit.court, "department_id": unit.department, "handler_id": unit.handler}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _after(at: datetime, gap: Gap) -> datetime:
    if isinstance(gap, datetime):
        assert gap > at
        return gap
    if isinstance(gap, timedelta):
        return at + gap
    moment = at.replace(hour=0, minute=0, second=0, microsecond=0) + ON_THE_WALL[gap]
    return moment if moment > at else moment + timedelta(days=1)


def _schedule_of(public: dict[date, bool], unannounced: frozenset[int]) -> PublicSchedule:
    """The public schedule that the product kept when those years were not announced yet."""
    special, provisional = product_calendar.public_schedule()
    special = {day: row for day, row in special.items() if day.year not in plain.YEARS}
    kinds = {True: "make_up", False: "holiday"}
    days = {day.isoformat(): [kind.value, name] for day, (kind, name) in special.items()}
    days |= {day.isoformat(): [kinds[worked], "x"] for day, worked in public.items()}
    years = sorted(provisional | unannounced)
    name = f"{sorted(unannounced)} {len(days)} {sum(public.values())}"
    return PublicSchedule.objects.get_or_create(
        digest=name, defaults={"days": days, "provisional_years": years}
    )[0]
