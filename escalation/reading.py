"""How clocks read at an instant: for the limit chip, the ladder bar and plain sentences.

Two statements however many clocks; the counting is the engine's own (``escalation.ladder``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from courts.business_days import BusinessCalendar, DayKind, local_date
from escalation import ladder, ladder_bar
from escalation.models import Clock, Firing
from escalation.places import Places
from escalation.spans import waited

# role of the policy -> figure on the bar, label, the same inside a sentence
ROLES: dict[str, tuple[str, Any, Any]] = {
    "handler": ("unit", _("handler"), _("the handler")),
    "liaison_officer": ("officer", _("liaison officer"), _("the liaison officer")),
    "department_leader": ("leader", _("department leader"), _("the department's leader")),
    "deputy_president": ("deputy", _("deputy president"), _("the deputy president in charge")),
    "president": ("president", _("president"), _("the president of the court")),
    "superior_president": (
        "superior",
        _("president of the superior court"),
        _("the president of the superior court"),
    ),
    "filing_chamber": ("officer", _("Case Filing Chamber"), _("the Case Filing Chamber")),
}
_KINDS: dict[DayKind, ladder_bar.DayKind] = {
    DayKind.WORKING: "business",
    DayKind.OPENED: "make_up",
    DayKind.MAKE_UP: "make_up",
    DayKind.WEEKEND: "weekend",
    DayKind.HOLIDAY: "holiday",
    DayKind.CLOSED: "closure",
}
_MOST_DAYS = 400


def role_label(role: str) -> Any:
    """The name of a recipient's role in the reader's language."""
    return ROLES[role][1]


@dataclass(frozen=True)
class Reading:
    """A clock at an instant. ``day`` is the business day that the count has come to.

    ``state`` is running, due_today, late or done; ``of`` the business days of the limit, and
    ``limit_on`` its last local day; of a limit in ``minutes``, else 0, there are none.
    ``limit_is_provisional`` says that the schedule of its year
    is not announced yet. ``rungs`` are all steps with their instants.
    """

    clock: Clock
    day: int
    of: int
    minutes: int
    limit_on: date
    limit_is_provisional: bool
    state: str
    ladder: ladder_bar.Ladder

    @property
    def was_in_time(self) -> bool:
        """Whether what was asked came before the limit ended; only of a stopped clock."""
        stopped, limit = self.clock.stopped_at, self.clock.limit_at
        return stopped is not None and limit is not None and stopped < limit

    @property
    def rungs(self) -> Sequence[ladder_bar.Rung]:
        """Every step of the ladder, in the order of its instants."""
        return self.ladder.rungs

    @property
    def next_rung(self) -> ladder_bar.Rung | None:
        """What happens next if nobody answers."""
        if self.clock.stopped_at is not None:
            return None
        return next((rung for rung in self.rungs if rung.fired_at is None), None)

    def row(self) -> ladder_bar.Bar:
        """The bar for a list row."""
        return ladder_bar.draw(self.ladder, "row")

    def detail(self) -> ladder_bar.Bar:
        """The bar for a page of its own."""
        return ladder_bar.draw(self.ladder, "detail")

    def printed(self) -> ladder_bar.Bar:
        """The bar for paper."""
        return ladder_bar.draw(self.ladder, "print")


def readings(clocks: Iterable[Clock], now: datetime) -> dict[int, Reading]:
    """How each clock reads at ``now``, by the clock's id. A clock without a limit is left out."""
    rows = list(clocks)
    places = Places(clock.court_id for clock in rows)
    fired: dict[int, dict[tuple[str, int], Firing]] = defaultdict(dict)
    for firing in Firing.objects.filter(clock__in=[clock.pk for clock in rows]):
        fired[firing.clock_id][firing.step, firing.occurrence] = firing
    found = {}
    for clock in rows:
        reading = _read(clock, places, fired[clock.pk], now)
        if reading is not None:
            found[clock.pk] = reading
    return found


def _read(
    clock: Clock, places: Places, fired: dict[tuple[str, int], Firing], now: datetime
) -> Reading | None:
    place = places.of(clock.court_id, clock.policy_id, clock.calendar_version_id)
    kind, frame = place.policy.clocks[clock.kind], place.frame
    limit = kind.limits[clock.limit_name]
    anchors = ladder.Anchors(clock.opened_at, clock.assigned_at, clock.fixed_on)
    # A fixed date is waited for from the start.
    day0 = anchors.day0(ladder.OPENED if limit.is_fixed_date else limit.anchor, frame.zone)
    if day0 is None or clock.limit_at is None:
        return None
    today = max(local_date(now, frame.zone), day0)
    ended = local_date(clock.stopped_at, frame.zone) if clock.stopped_at else today
    limit_on = local_date(clock.limit_at - timedelta(seconds=1), frame.zone)
    due = ladder.schedule(kind, anchors, frame, clock.limit_name)
    rungs = [bar_rung(item, fired.get(item.key), clock) for item in due]
    last = max([today, limit_on, *(local_date(rung.due_at, frame.zone) for rung in rungs)])
    days = bar_days(frame.calendar, day0, min(last, day0 + timedelta(days=_MOST_DAYS)))
    return Reading(
        clock=clock,
        day=frame.calendar.number_of(day0, max(ended, day0)),
        of=frame.calendar.number_of(day0, limit_on) if limit.is_fixed_date else limit.business_days,
        minutes=limit.minutes,
        limit_on=limit_on,
        limit_is_provisional=limit_on.year in frame.calendar.provisional_years,
        state=_state(clock, limit_on, today, now),
        ladder=ladder_bar.Ladder(
            days=days,
            rungs=rungs,
            today=today,
            zone=frame.zone,
            limit_on=limit_on,
            limit_at=clock.limit_at if limit.minutes else None,
            is_late=now >= clock.limit_at,
            stopped_at=clock.stopped_at,
            provisional=_unannounced(clock, day0, last, frame.calendar),
        ),
    )


def _unannounced(
    clock: Clock, day0: date, last: date, calendar: BusinessCalendar
) -> tuple[int, ...]:
    """The years in which dates of a running clock may still move."""
    if clock.stopped_at is not None:
        return ()
    years = range(day0.year, last.year + 1)
    return tuple(year for year in years if year in calendar.provisional_years)


def _state(clock: Clock, limit_on: date, today: date, now: datetime) -> str:
    assert clock.limit_at is not None
    if clock.stopped_at is not None:
        return "done"
    if now >= clock.limit_at:
        return "late"
    return "due_today" if today == limit_on else "running"


def bar_rung(
    due: ladder.Due, firing: Firing | None = None, clock: Clock | None = None
) -> ladder_bar.Rung:
    """A step as the bar shows it, of a clock if there is one, and not only of a policy."""
    icon = ROLES[due.step.to[0]][0]
    labels = [str(ROLES[role][1]) for role in due.step.to]
    spoken = [str(ROLES[role][2]) for role in due.step.to]
    due_at = due.due_at
    if firing is None and clock is not None:
        due_at = ladder.may_fire_at(
            due_at, rejected_at=clock.resumed_at, not_before=clock.not_before_at
        )
    return ladder_bar.Rung(
        key=f"{due.step.key}-{due.occurrence}",
        label=str(_(", ")).join(labels),
        icon=icon,
        passed=due.step.passed(due.occurrence),
        waited="" if due.step.anchor == ladder.FIXED_DATE else waited(due.step, due.occurrence),
        due_at=due_at,
        fired_at=firing.fired_at if firing else None,
        was_told=firing is None or not (firing.is_silent or "nobody" in firing.detail),
        spoken=in_a_sentence(spoken),
        offices=len(spoken),
        is_warning=due.step.level == 0,
    )


def in_a_sentence(names: Sequence[str]) -> str:
    """One or more names as a sentence has them: the handler and the liaison officer."""
    *others, last = names
    if not others:
        return last
    return str(_("%(others)s and %(last)s")) % {"others": str(_(", ")).join(others), "last": last}


def bar_days(calendar: BusinessCalendar, day0: date, last: date) -> list[ladder_bar.Day]:
    """The days from day 0 to ``last`` with their business-day numbers."""
    found, number = [], 0
    for offset in range((last - day0).days + 1):
        day = calendar.describe(day0 + timedelta(days=offset))
        counts = day.is_business and offset > 0
        number += counts
        kind = _KINDS[day.kind]
        found.append(ladder_bar.Day(day.date, number if counts else None, kind, day.name))
    return found
