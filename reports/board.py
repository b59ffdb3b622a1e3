"""A month at a glance: the rates of courts and departments, rungs fired, what is overdue."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from courts.models import Court, Department
from escalation.models import Clock, Firing
from liaison.kinds import REPLY
from reports.facts import Items, month_items
from reports.holders import Unit
from reports.indicators import Figure, Indicator, Outcome, tally, total
from reports.models import MonthSummary
from reports.months import Month
from reports.satisfaction import Rated, tally_ratings
from reports.scope import Scope, within_month, zones
from reports.summary.reading import Kept, is_ready

# 0 is the warning, 1 to 4 the rungs of the ladder (G8).
LEVELS = (0, 1, 2, 3, 4)


@dataclass
class Row:
    """The figures of a department, a court, or all of them together.

    ``rungs`` counts what fired in the month, by level; ``overdue`` the requests without an
    answer whose limit has passed, and ``oldest`` the earliest of these limits. ``satisfaction``
    is the satisfied of the requests that were rated.
    """

    figures: dict[Indicator, Figure]
    satisfaction: Figure = field(default_factory=Figure)
    rungs: Counter[int] = field(default_factory=Counter)
    overdue: int = 0
    oldest: datetime | None = None

    @classmethod
    def sum(cls, rows: list[Row]) -> Row:
        """Several rows as one."""
        together = cls(total(row.figures for row in rows))
        for row in rows:
            together.rungs += row.rungs
            together.overdue += row.overdue
            together.satisfaction += row.satisfaction
        limits = [row.oldest for row in rows if row.oldest]
        together.oldest = min(limits, default=None)
        return together

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to tell."""
        nothing = all(figure == Figure() for figure in self.figures.values())
        return nothing and not self.overdue and not any(self.rungs.values())


@dataclass(frozen=True)
class DepartmentRow:
    """A department's figures; ``department`` is None for what no department answered for."""

    department: Department | None
    row: Row


@dataclass(frozen=True)
class CourtRow:
    """A court's departments. ``is_whole`` is False for who may read only some of them."""

    court: Court
    is_whole: bool
    row: Row
    departments: list[DepartmentRow]


@dataclass(frozen=True)
class Board:
    """A month of one reader's courts, and the items behind the figures where these were read.

    ``edition`` is the number of the published edition that it is read from, 0 if it is live.
    """

    month: Month
    at: datetime
    total: Row
    courts: list[CourtRow]
    items: list[Outcome]
    ratings: list[Rated]
    edition: int = 0


def read(month: Month, scope: Scope, *, at: datetime) -> Board:
    """The month as it stands at ``at``, of the units in ``scope``.

    Every open department has its row, whether or not anything was due.
    """
    items = month_items(month, scope, at=at)
    rows = _rows()
    for unit, figures in tally(items.outcomes).items():
        rows[unit].figures = figures
    for unit, satisfaction in tally_ratings(items.ratings, lambda item: item.unit).items():
        rows[unit].satisfaction = satisfaction
    for court_id, department_id, level, number in (
        fired(month, scope)
        .values_list("court_id", "department_id", "level")
        .annotate(number=Count("pk"))
    ):
        rows[Unit(court_id, department_id)].rungs[level] = number
    return _board(month, scope, rows, at, items)


def glance(month: Month, scope: Scope, *, at: datetime) -> Board:
    """The same figures without the items behind them: from those kept ready, where they are."""
    if not is_ready([month], scope, at=at):
        return read(month, scope, at=at)
    rows = _rows()
    kept = MonthSummary.objects.filter(scope.q(), month=month.first_day)
    for court_id, department_id, *sums in kept.added_up("court_id", "department_id"):
        one = Kept(sums)
        rows[Unit(court_id, department_id)] = Row(one.figures, one.satisfaction, one.rungs)
    return _board(month, scope, rows, at, Items([], []))


def _rows() -> dict[Unit, Row]:
    return defaultdict(lambda: Row(total([])))


def _board(month: Month, scope: Scope, rows: dict[Unit, Row], at: datetime, items: Items) -> Board:
    for court_id, department_id, number, oldest in (
        overdue(scope, at)
        .values_list("court_id", "department_id")
        .annotate(number=Count("pk"), oldest=Min("limit_at"))
    ):
        row = rows[Unit(court_id, department_id)]
        row.overdue, row.oldest = number, oldest
    courts = _courts(scope, rows)
    together = Row.sum([court.row for court in courts])
    return Board(month, at, together, courts, items.outcomes, items.ratings)


def fired(month: Month, scope: Scope, *, until: Month | None = None) -> QuerySet[Firing]:
    """The steps of the reply ladder that came due in a month, for the unit it then lay with.

    A rung that a merged request handed on is counted once, where it fired. With ``until``, those
    of the months from the one to the other.
    """
    in_month = within_month("due_at", month, zones(), end_included=False, until=until)
    rows = Firing.objects.filter(in_month, scope.q(), clock__kind=REPLY)
    return rows.exclude(detail__has_key="merged_from").order_by()


def overdue(scope: Scope, at: datetime) -> QuerySet[Clock]:
    """The reply clocks that still run at or after the end of their limit."""
    rows = Clock.objects.running().filter(scope.q(), kind=REPLY, limit_at__lte=at)
    return rows.order_by()


def _courts(scope: Scope, rows: dict[Unit, Row]) -> list[CourtRow]:
    open_units = Q(court__in=scope.courts) | Q(pk__in=scope.departments)
    used = {unit.department_id for unit in rows if unit.department_id}
    departments = Department.objects.filter((open_units & Q(is_open=True)) | Q(pk__in=used))
    by_court: dict[int, list[DepartmentRow]] = defaultdict(list)
    for department in departments.order_by("pk"):
        row = rows[Unit(department.court_id, department.pk)]
        by_court[department.court_id].append(DepartmentRow(department, row))
    for unit, row in rows.items():
        if unit.department_id is None:
            by_court[unit.court_id].append(DepartmentRow(None, row))
    whole = Q(pk__in=scope.courts, status=Court.Status.CURRENT)
    courts = Court.objects.filter(whole | Q(pk__in=by_court.keys())).order_by("code", "pk")
    return [
        CourtRow(
            court,
            court.pk in scope.courts,
            Row.sum([one.row for one in by_court[court.pk]]),
            by_court[court.pk],
        )
        for court in courts
    ]
