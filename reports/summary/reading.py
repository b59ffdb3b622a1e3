"""Reading figures that are kept ready, where they are what counting would give now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from courts.business_days import local_date
from courts.models import Court, Jurisdiction
from reports.indicators import Figure, Indicator
from reports.models import Summarised, Touched
from reports.models.summary import COUNTS, LEVELS
from reports.months import Month
from reports.scope import Scope
from reports.summary.services import refresh

# A reader counts what is missing, rather than read every request; not more days than these, for
# which beat is waited for.
_DAYS_BEHIND = 7


def is_ready(months: Sequence[Month], scope: Scope, *, at: datetime) -> bool:
    """Whether the kept figures of some months are those that counting would give at ``at``.

    Counts what was changed or has ended since, if that is soon done. False as well for an ``at``
    before the days that are kept: what ended later would be among them.
    """
    courts = Court.objects.filter(Q(pk__in=scope.courts) | Q(departments__in=scope.departments))
    cities = list(Jurisdiction.objects.filter(courts__in=courts).distinct())
    kept = _kept(cities)
    if len(kept) < len(cities):
        return False
    ended = {one.pk: local_date(at, one.zone) - timedelta(days=1) for one in cities}
    behind = max((ended[pk] - until for pk, until in kept.items()), default=timedelta())
    if behind > timedelta(days=_DAYS_BEHIND):
        return False
    if Touched.objects.exists() or behind > timedelta():
        refresh()
        kept = _kept(cities)
    return all(
        _within(month, ended[pk]) == _within(month, until)
        for month in months
        for pk, until in kept.items()
    )


def _kept(cities: Iterable[Jurisdiction]) -> dict[int, date]:
    rows = Summarised.objects.filter(jurisdiction__in=[one.pk for one in cities])
    return dict(rows.values_list("jurisdiction_id", "until"))


def _within(month: Month, until: date) -> date:
    """The last day of a month that is not after ``until``; else the day before the month."""
    before = month.first_day - timedelta(days=1)
    return min(max(until, before), month.plus(1).first_day - timedelta(days=1))


class Kept:
    """What one row of summed counts says."""

    def __init__(self, sums: Sequence[int]) -> None:
        self.numbers: Mapping[str, int] = dict(zip(COUNTS, sums, strict=True))

    @property
    def figures(self) -> dict[Indicator, Figure]:
        """The three rates."""
        return {
            one: Figure(
                *(self.numbers[f"{one}_{name}"] for name in ("done", "due", "withdrawn", "merged"))
            )
            for one in Indicator
        }

    @property
    def satisfaction(self) -> Figure:
        """The satisfied of the rated."""
        return Figure(self.numbers["satisfied"], self.numbers["rated"])

    @property
    def rungs(self) -> Counter[int]:
        """The steps of the ladder that came due, by level; 0 is the warning."""
        found = {level: self.numbers[name] for level, name in enumerate(LEVELS)}
        return Counter({level: number for level, number in found.items() if number})
