"""How a month stands in its year, and what lies behind its rates (G16, B14).

Rates, weeks and days to reply go by the month in which the limit ended, as all figures do; doors,
matters and ways through the house by the requests registered in the month. A constant number of
statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from courts import calendar
from courts.business_days import OutOfCalendar, local_date
from courts.date_words import last_day
from escalation.models import Clock
from liaison.kinds import REPLY
from liaison.models import Request
from reports.facts import Items, month_items, months_items
from reports.indicators import COUNTED, Figure, Indicator, Outcome, Result, together
from reports.models import DaySummary, MonthSummary
from reports.models.summary import COUNTS
from reports.months import Month
from reports.satisfaction import satisfied
from reports.scope import Scope, city_of, within_month, zones
from reports.summary.reading import Kept, is_ready
from workorders.models import Reply, Transfer, WorkOrder

WEEKS = 12
Places = dict[int, ZoneInfo]


@dataclass(frozen=True)
class Standing:
    """The rates of a month, and the satisfied of the rated."""

    rates: Mapping[Indicator, Figure]
    satisfaction: Figure


@dataclass(frozen=True)
class Week:
    """Replies whose limit ended in a week: how many were due, and how many late."""

    due: int = 0
    late: int = 0


@dataclass(frozen=True)
class Days:
    """Business days from registration to the answer that stands; and how many have none."""

    answered: Counter[int] = field(default_factory=Counter)
    unanswered: int = 0

    @property
    def median(self) -> float | None:
        """Half of the answered took no more; None where nothing was answered."""
        return median(self.answered.elements()) if self.answered else None

    @property
    def ninetieth(self) -> int | None:
        """Nine of ten of the answered took no more (nearest rank)."""
        found = sorted(self.answered.elements())
        return found[ceil(len(found) * 0.9) - 1] if found else None


@dataclass(frozen=True)
class Handling:
    """What became of the requests registered in a month, so far.

    ``settled`` are those answered that were never given to a judge or department.
    """

    received: int
    answered: int
    settled: int
    returned: int
    reassigned: int
    rejected: int
    disputed: int


@dataclass(frozen=True)
class Trends:
    """A month in its year. ``weeks`` are by department and Monday; the last week comes last."""

    months: Mapping[Month, Standing]
    mondays: Sequence[date]
    weeks: Mapping[int, Mapping[date, Week]]
    days: Days
    channels: Counter[str]
    matters: Counter[str]
    handling: Handling


def read(month: Month, scope: Scope, *, at: datetime) -> Trends:
    """The month and the eleven before it as things stand at ``at``, of the units in ``scope``."""
    places = zones()
    months = month.year_until()
    mondays = _mondays(month, at, scope)
    if is_ready(months, scope, at=at):
        items = month_items(month, scope, at=at)
        standings = _kept_standings(months, scope)
        weeks = _kept_weeks(mondays, month, scope)
    else:
        found = months_items(months, scope, at=at)
        items = found[month]
        standings = {one: _standing(found[one]) for one in months}
        recent = [item for one in months[-4:] for item in found[one].outcomes]
        weeks = _weeks(recent, mondays, places)
    in_month = within_month("registered_at", month, places, end_included=False)
    requests = Request.objects.filter(in_month, scope.q()).order_by()
    channels, matters = _mixes(requests.values_list("channel", "matter").annotate(Count("pk")))
    return Trends(
        months=standings,
        mondays=mondays,
        weeks=weeks,
        days=_days(items.outcomes, places),
        channels=channels,
        matters=matters,
        handling=_handling(requests),
    )


def _kept_standings(months: Sequence[Month], scope: Scope) -> dict[Month, Standing]:
    rows = MonthSummary.objects.filter(scope.q(), month__in=[one.first_day for one in months])
    kept = {first: Kept(sums) for first, *sums in rows.added_up("month")}
    nothing = Kept([0] * len(COUNTS))
    return {
        month: Standing(found.figures, found.satisfaction)
        for month in months
        for found in [kept.get(month.first_day, nothing)]
    }


def _kept_weeks(mondays: Sequence[date], month: Month, scope: Scope) -> dict[int, dict[date, Week]]:
    rows = DaySummary.objects.filter(
        scope.q(),
        department__isnull=False,
        day__gte=mondays[0],
        day__lt=month.plus(1).first_day,
    )
    found: dict[int, dict[date, Week]] = defaultdict(dict)
    by_week = rows.annotate(monday=TruncWeek("day")).added_up("department_id", "monday")
    for department_id, monday, *sums in by_week:
        figure = Kept(sums).figures[Indicator.COMPLETION]
        if figure.due and monday in mondays:
            found[department_id][monday] = Week(figure.due, figure.late)
    return dict(found)


def _standing(items: Items) -> Standing:
    return Standing(together(items.outcomes), satisfied(items.ratings))


def _mondays(month: Month, at: datetime, scope: Scope) -> list[date]:
    """The Mondays of the last weeks of a month; of one that is not over, of the last so far."""
    city = city_of(scope)
    last = month.plus(1).first_day - timedelta(days=1)
    if city is not None:
        last = min(last, local_date(at, city.zone))
    monday = last - timedelta(days=last.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def _weeks(
    items: Iterable[Outcome], mondays: Sequence[date], places: Places
) -> dict[int, dict[date, Week]]:
    known = set(mondays)
    due: dict[tuple[int, date], Counter[Result]] = defaultdict(Counter)
    for item in items:
        department = item.unit.department_id
        if item.indicator is not Indicator.COMPLETION or department is None:
            continue
        day = last_day(item.limit_at, places[item.unit.court_id])
        monday = day - timedelta(days=day.weekday())
        if monday in known and item.result in COUNTED:
            due[department, monday][item.result] += 1
    found: dict[int, dict[date, Week]] = defaultdict(dict)
    for (department, monday), results in due.items():
        found[department][monday] = Week(results.total(), results[Result.LATE])
    return dict(found)


def _days(items: Iterable[Outcome], places: Places) -> Days:
    """Of the replies whose limit ended in the month."""
    counted = [
        item for item in items if item.indicator is Indicator.COMPLETION and item.result in COUNTED
    ]
    clocks = Clock.objects.filter(kind=REPLY, subject_id__in=[one.request_id for one in counted])
    opened = dict(clocks.values_list("subject_id", "opened_at"))
    version = calendar.current_version().pk
    calendars = {court_id: calendar.for_court(court_id, version) for court_id in places}
    days: Counter[int] = Counter()
    for item in counted:
        if item.done_at is None:
            continue
        court_id, zone = item.unit.court_id, places[item.unit.court_id]
        first, last = local_date(opened[item.request_id], zone), local_date(item.done_at, zone)
        try:
            days[calendars[court_id].number_of(first, last)] += 1
        except OutOfCalendar:
            continue
    return Days(days, sum(item.done_at is None for item in counted))


def _mixes(rows: Iterable[tuple[str, str, int]]) -> tuple[Counter[str], Counter[str]]:
    channels: Counter[str] = Counter()
    matters: Counter[str] = Counter()
    for channel, matter, number in rows:
        channels[channel] += number
        matters[matter] += number
    return channels, matters


def _handling(requests: QuerySet[Request]) -> Handling:
    of_it = {"order__request": OuterRef("pk")}
    ordered = Exists(WorkOrder.objects.filter(request=OuterRef("pk")))
    answered = Q(answered_at__isnull=False)
    settled = Q(~ordered, answered)

    def moved(kind: str) -> Exists:
        return Exists(Transfer.objects.filter(**of_it, kind=kind))

    rejected = Exists(Reply.objects.filter(**of_it, rejected_at__isnull=False))
    found = requests.aggregate(
        received=Count("pk"),
        answered=Count("pk", filter=answered),
        settled=Count("pk", filter=settled),
        returned=Count("pk", filter=moved(Transfer.Kind.RETURN)),
        reassigned=Count("pk", filter=moved(Transfer.Kind.REASSIGN)),
        rejected=Count("pk", filter=rejected),
        disputed=Count("pk", filter=Q(disputed_at__isnull=False)),
    )
    return Handling(**found)
