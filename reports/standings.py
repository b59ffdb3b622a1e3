"""Reads what courts, departments and judges are ranked by: a constant number of statements.

Every figure is that of the rates page: an item counts in the month in which its limit ended and
for the unit (and in it the person) that answered for it then. A rung counts in the month in which
it came due, for whom it then lay with. ``requests`` counts a request once, however many of its
items were due. A party's rating counts as completion does: in the month and for the unit of the
reply limit of the request that was rated (see ``reports.satisfaction``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from courts.models import Court, Department, Jurisdiction, Person, Post
from escalation import policy
from reports.board import fired
from reports.facts import Items, months_items
from reports.indicators import COUNTED, Outcome, tally_by
from reports.models import MonthSummary
from reports.months import Month
from reports.ranking import Ranking, Rule, Standing, rank
from reports.satisfaction import Rated, tally_ratings
from reports.scope import Scope
from reports.summary.reading import Kept, is_ready

_PLACES = ("court_id", "department_id", "handler_id")


@dataclass(frozen=True)
class Months:
    """The rankings of some months, in order; the last is the month in hand."""

    rankings: tuple[Ranking[int], ...]

    @property
    def now(self) -> Ranking[int]:
        """The ranking of the month in hand."""
        return self.rankings[-1]

    @property
    def before(self) -> Ranking[int] | None:
        """The ranking of the month before; None where there is none before."""
        return self.rankings[-2] if len(self.rankings) > 1 else None


@dataclass(frozen=True)
class City:
    """The courts of a jurisdiction, ranked, and their departments, by their keys."""

    courts: Mapping[int, Court]
    departments: Mapping[int, Department]
    by_court: Months
    by_department: Months


@dataclass(frozen=True)
class Bench:
    """The judges of a court, ranked, by their keys."""

    judges: Mapping[int, Person]
    by_judge: Months


def rule_of(jurisdiction: Jurisdiction, month: Month) -> Rule:
    """The numbers of a month's ranking: the policy that held when the month began."""
    return Rule.of(policy.present(jurisdiction.policy, month.first_day).ranking)


def city(jurisdiction: Jurisdiction, month: Month, *, at: datetime) -> City:
    """The rankings that end with ``month``, as things stand at ``at``.

    Ranked are the courts that are marked so, and their departments: those that take work, and
    those for which anything counts in the month. They stand in the order of courts' codes.
    """
    rules = _rules(jurisdiction, month)
    courts = {
        one.pk: one
        for one in Court.objects.filter(
            jurisdiction=jurisdiction, is_ranked=True, status=Court.Status.CURRENT
        ).order_by("code", "pk")
    }
    counts = _counts(jurisdiction, list(rules), Scope(frozenset(courts), frozenset()), at)
    by_court = counts.standings(lambda item: item.unit.court_id, "court_id")
    by_department = counts.standings(lambda item: item.unit.department_id, "department_id")
    used = {pk for standings in by_department.values() for pk in standings}
    rows = Department.objects.filter(Q(is_open=True) | Q(pk__in=used), court__in=courts)
    departments = {one.pk: one for one in rows.order_by("court__code", "court_id", "pk")}
    for one in departments.values():
        one.court = courts[one.court_id]
    return City(
        courts,
        departments,
        _months(rules, by_court, lambda _standings: courts),
        _months(
            rules,
            by_department,
            lambda known: [pk for pk, one in departments.items() if one.is_open or pk in known],
        ),
    )


def bench(court: Court, month: Month, *, at: datetime) -> Bench:
    """The judges of a court with anything that counts, ranked among themselves.

    For assessment only (G16, B14): it is published nowhere. Whoever else an order was given to by
    name, such as a department's leader, is not among them.
    """
    jurisdiction = court.jurisdiction
    assert jurisdiction is not None
    rules = _rules(jurisdiction, month)
    counts = _counts(jurisdiction, list(rules), Scope(frozenset([court.pk]), frozenset()), at)
    by_handler = counts.standings(lambda item: item.handler_id, "handler_id")
    used = {pk for standings in by_handler.values() for pk in standings}
    seats = Post.objects.filter(court=court, kind=Post.Kind.JUDGE)
    judges = Person.objects.filter(pk__in=used, tenures__post__in=seats).distinct()
    people = {one.pk: one for one in judges.order_by("name", "pk")}
    months = _months(rules, by_handler, lambda known: [pk for pk in people if pk in known])
    return Bench(people, months)


def _rules(jurisdiction: Jurisdiction, month: Month) -> dict[Month, Rule]:
    """The months that a ranking looks back on, in order, each with its rule."""
    rules = {month: rule_of(jurisdiction, month)}
    for back in range(1, max(rules[month].interview_months, 2)):
        try:
            earlier = month.plus(-back)
        except ValueError:
            break
        rules[earlier] = rule_of(jurisdiction, earlier)
    return dict(sorted(rules.items()))


def _months(
    rules: Mapping[Month, Rule],
    standings: Mapping[Month, Mapping[int, Standing]],
    units: Callable[[Mapping[int, Standing]], Iterable[int]],
) -> Months:
    nothing = Standing()
    return Months(
        tuple(
            rank({pk: known.get(pk, nothing) for pk in units(known)}, rule)
            for month, rule in rules.items()
            for known in [standings[month]]
        )
    )


def _counts(
    jurisdiction: Jurisdiction, months: Sequence[Month], scope: Scope, at: datetime
) -> _Kept | _Live:
    """The figures kept ready, where they are what counting would give; else those counted."""
    if is_ready(months, scope, at=at):
        return _Kept(months, scope)
    return _Live(jurisdiction, months, scope, at)


# By whom standings are, and what counts their requests.
_REQUESTS = {
    "court_id": "court_requests",
    "department_id": "department_requests",
    "handler_id": "handler_requests",
}


class _Kept:
    """The figures of some months that are kept ready, by court, department or person."""

    def __init__(self, months: Sequence[Month], scope: Scope) -> None:
        self.months = {month.first_day: month for month in months}
        self.rows = MonthSummary.objects.filter(scope.q(), month__in=self.months)

    def standings(
        self, _whose: Callable[[Outcome | Rated], int | None], column: str
    ) -> dict[Month, dict[int, Standing]]:
        """The standing of everyone that anything counts for; what is nobody's is left out."""
        found: dict[Month, dict[int, Standing]] = {month: {} for month in self.months.values()}
        nothing = Standing()
        rows = self.rows.filter(**{f"{column}__isnull": False})
        for first, pk, *sums in rows.added_up("month", column):
            kept = Kept(sums)
            requests = kept.numbers[_REQUESTS[column]]
            rungs = sum(number for level, number in kept.rungs.items() if level)
            standing = Standing(kept.figures, kept.satisfaction, rungs, requests)
            if standing != nothing:
                found[self.months[first]][pk] = standing
        return found


class _Live:
    """The items and rungs of some months, to be counted by court, department or person."""

    def __init__(
        self, jurisdiction: Jurisdiction, months: Sequence[Month], scope: Scope, at: datetime
    ) -> None:
        self.items = months_items(months, scope, at=at)
        rungs = fired(months[0], scope, until=months[-1]).filter(level__gte=1)
        self.rungs = list(
            rungs.annotate(month=TruncMonth("due_at", tzinfo=jurisdiction.zone))
            .values_list("month", *_PLACES)
            .annotate(number=Count("pk"))
        )

    def standings(
        self, whose: Callable[[Outcome | Rated], int | None], column: str
    ) -> dict[Month, dict[int, Standing]]:
        """The standing of everyone that anything counts for; what is nobody's is left out."""
        fired_for: dict[Month, Counter[int]] = defaultdict(Counter)
        for first, *places, number in self.rungs:
            pk = places[_PLACES.index(column)]
            if pk is not None:
                fired_for[Month(first.year, first.month)][pk] += number
        return {
            month: _standings(items, whose, fired_for[month]) for month, items in self.items.items()
        }


def _standings(
    items: Items, whose: Callable[[Outcome | Rated], int | None], rungs: Counter[int]
) -> dict[int, Standing]:
    requests: dict[int | None, set[int]] = defaultdict(set)
    for item in items.outcomes:
        if item.result in COUNTED:
            requests[whose(item)].add(item.request_id)
    figures = tally_by(items.outcomes, whose)
    satisfaction = tally_ratings(items.ratings, whose)
    nothing = Standing()
    return {
        pk: Standing(
            figures=figures.get(pk, nothing.figures),
            satisfaction=satisfaction.get(pk, nothing.satisfaction),
            rungs=rungs[pk],
            requests=len(requests[pk]),
        )
        for pk in [*figures, *(pk for pk in rungs if pk not in figures)]
        if pk is not None
    }
