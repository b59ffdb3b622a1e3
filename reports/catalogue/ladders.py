"""Ladders and limits of invented requests, as the engine counts them over a real holiday.

No row of the database is read: the calendar is the announced one of National Day 2026, and the
policies are those of the files.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from courts.business_days import BusinessCalendar, DayKind, local_date
from courts.models import Court
from escalation import ladder, ladder_bar, policy
from escalation.kind_names import longest_limit
from escalation.models import Firing
from escalation.reading import bar_days, bar_rung
from liaison.kinds import REPLY

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Sample:
    """A clock at an instant: what it shows, and the parts that the limit chip needs."""

    title: str
    ladder: ladder_bar.Ladder
    day: int
    of: int
    limit_on: date
    state: str = ""


@lru_cache
def _policy(slug: str) -> policy.Policy:
    path = policy.FOLDER / f"{slug}.toml"
    return policy.parse(path.name, policy.read_file(path))


def _calendar() -> BusinessCalendar:
    holidays = {
        date(2026, 10, day): (DayKind.HOLIDAY, _("National Day")) for day in range(1, 8)
    } | {date(2027, 1, 1): (DayKind.HOLIDAY, _("New Year’s Day"))}
    return BusinessCalendar(
        holidays | {date(2026, 10, 10): (DayKind.MAKE_UP, "")},
        first_year=2026,
        last_year=2027,
        provisional_years=frozenset({2027}),
    )


def at(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    """An instant of the samples, in local time."""
    return datetime(year, month, day, hour, tzinfo=ZONE)


OPENED = at(9, 30)


def sample(
    title: str,
    now: datetime,
    *,
    opened: datetime = OPENED,
    stopped: datetime | None = None,
    state: str = "",
    silent: Collection[str] = (),
    slug: str = "guangzhou",
) -> Sample:
    """A request of a primary court opened at ``opened``, as its clock stands at ``now``.

    Every step due by then has fired; ``silent`` names those that nobody was told of.
    """
    rules, calendar = _policy(slug), _calendar()
    kind = rules.clocks[REPLY]
    limit = kind.limits[longest_limit(kind)]
    frame = ladder.Frame(calendar, ZONE, rules.opening, Court.Level.PRIMARY)
    day0 = local_date(opened, ZONE)
    ended = stopped or now
    limit_on = calendar.nth_after(day0, limit.business_days)
    due = ladder.schedule(kind, ladder.Anchors(opened, opened), frame, limit.name)
    rungs = [bar_rung(item, _firing(item, ended, silent)) for item in due]
    last = max(limit_on, local_date(now, ZONE), *(local_date(item.due_at, ZONE) for item in due))
    provisional = {day0.year, last.year} & calendar.provisional_years
    return Sample(
        title=title,
        ladder=ladder_bar.Ladder(
            days=bar_days(calendar, day0, last),
            rungs=rungs,
            today=local_date(now, ZONE),
            zone=ZONE,
            limit_on=limit_on,
            stopped_at=stopped,
            provisional=() if stopped else tuple(sorted(provisional)),
        ),
        day=calendar.number_of(day0, local_date(ended, ZONE)),
        of=limit.business_days,
        limit_on=limit_on,
        state=state,
    )


def _firing(due: ladder.Due, ended: datetime, silent: Collection[str]) -> Firing | None:
    if due.due_at > ended:
        return None
    return Firing(fired_at=due.due_at, detail={}, is_silent=due.step.key in silent)


def samples() -> list[Sample]:
    """A clock in every state that a ladder bar can show."""
    return [
        sample(_("Just opened: day 0"), OPENED),
        sample(_("Running, over the holiday"), at(10, 9)),
        sample(_("Due today, a make-up working day"), at(10, 10)),
        sample(_("Late, the first rungs sent"), at(10, 15)),
        sample(_("Late for weeks: what does not fit is folded"), at(11, 20)),
        sample(_("A rung recorded and sent to nobody"), at(10, 15), silent={"rung1"}),
        sample(_("Answered in time"), at(10, 20), stopped=at(10, 9), state="answered_in_time"),
        sample(_("Answered late"), at(10, 20), stopped=at(10, 14), state="answered_late"),
        sample(_("Into a year not announced yet"), at(12, 31), opened=at(12, 30)),
        sample(_("By another policy"), at(10, 15), slug="beijing"),
    ]
