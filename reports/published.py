"""Closed months as last published: figures, rankings and lists read from an edition.

Courts and departments bear the names that they have now; everything that counts is the
edition's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.dateparse import parse_datetime

from courts.models import Court, Department, Jurisdiction
from liaison.models import SATISFIED, Request
from reports.board import Board, CourtRow, DepartmentRow, Row
from reports.holders import Unit
from reports.indicators import Figure, Indicator, Outcome, Result
from reports.models import Edition
from reports.months import Month
from reports.ranking import Ranking, Reason, Rule, Standing
from reports.ranking import Row as Ranked
from reports.satisfaction import Rated, Rating
from reports.scope import Scope
from reports.standings import City, Months


def latest(jurisdiction: Jurisdiction | None, month: Month) -> Edition | None:
    """The last published edition of a month; None where there is none."""
    if jurisdiction is None:
        return None
    rows = Edition.objects.filter(jurisdiction=jurisdiction, month=month.first_day)
    return rows.select_related("jurisdiction").order_by("-number").first()


class Published:
    """An edition with the courts and departments that it names: two statements."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.values = edition, edition.values
        self.month = Month(edition.month.year, edition.month.month)
        listed = self.values["courts"]
        units = [one["id"] for court in listed for one in court["departments"] if one["id"]]
        ranking = self.values["ranking"]
        ranked = {name: _units(ranking[name]) for name in ("courts", "departments")}
        courts = [*(one["id"] for one in listed), *ranked["courts"]]
        self.courts = {
            str(one.public_id): one for one in Court.objects.filter(public_id__in=courts)
        }
        self.departments = {
            str(one.public_id): one
            for one in Department.objects.filter(public_id__in=[*units, *ranked["departments"]])
        }
        by_pk = {one.pk: one for one in self.courts.values()}
        for one in self.departments.values():
            if one.court_id in by_pk:
                one.court = by_pk[one.court_id]

    def board(self, scope: Scope, *, live: Board) -> Board:
        """The figures of the units in ``scope``.

        What is overdue is told as it is now, by ``live``: it is no figure of the month. A unit that
        the edition does not know counts in what its court, and all together, have overdue.
        """
        waiting = {
            Unit(court.court.pk, one.department.pk if one.department else None): one.row
            for court in live.courts
            for one in court.departments
        }
        now = {court.court.pk: court.row for court in live.courts}
        rows = []
        for court in self.values["courts"]:
            place, shown = self.courts[court["id"]], []
            for one in court["departments"]:
                department = self.departments[one["id"]] if one["id"] else None
                unit = Unit(place.pk, department.pk if department else None)
                if not scope.covers(unit):
                    continue
                row = _row(one)
                if unit in waiting:
                    row.overdue, row.oldest = waiting[unit].overdue, waiting[unit].oldest
                shown.append(DepartmentRow(department, row))
            if shown or place.pk in scope.courts:
                together = Row.sum([one.row for one in shown])
                if place.pk in now:
                    together.overdue, together.oldest = now[place.pk].overdue, now[place.pk].oldest
                rows.append(CourtRow(place, place.pk in scope.courts, together, shown))
        together = Row.sum([one.row for one in rows])
        together.overdue, together.oldest = live.total.overdue, live.total.oldest
        return Board(self.month, live.at, together, rows, [], [], self.edition.number)

    def city(self) -> City:
        """The courts and departments, ranked as published."""
        ranking = self.values["ranking"]
        courts = {one.pk: one for one in self.courts.values()}
        departments = {one.pk: one for one in self.departments.values()}
        return City(
            courts,
            departments,
            _months(ranking["courts"], {key: one.pk for key, one in self.courts.items()}),
            _months(ranking["departments"], {key: one.pk for key, one in self.departments.items()}),
        )

    def outcomes(self, scope: Scope) -> list[Outcome]:
        """The items behind the figures, of the units in ``scope``: one statement."""
        requests = _keys(self.values["requests"])
        return sorted(item for item in self._outcomes(requests) if scope.covers(item.unit))

    def _outcomes(self, requests: Mapping[str, int]) -> Iterator[Outcome]:
        instants = self.values["requests"]
        for court in self.values["courts"]:
            for one in court["departments"]:
                department = self.departments[one["id"]].pk if one["id"] else None
                unit = Unit(self.courts[court["id"]].pk, department)
                for indicator, by_result in one["items"].items():
                    for result, numbers in by_result.items():
                        for number in numbers:
                            limit_at, done_at = instants[number][indicator]
                            yield Outcome(
                                Indicator(indicator),
                                _instant(limit_at),
                                requests[number],
                                number,
                                unit,
                                Result(result),
                                _instant(done_at) if done_at else None,
                            )

    def rated(self, scope: Scope) -> list[Rated]:
        """The rated requests behind the satisfaction of the units in ``scope``: one statement."""
        requests = _keys(self.values["requests"])
        found: list[Rated] = []
        for court in self.values["courts"]:
            for one in court["departments"]:
                department = self.departments[one["id"]].pk if one["id"] else None
                unit = Unit(self.courts[court["id"]].pk, department)
                if scope.covers(unit):
                    found += self._rated(one["rated"], unit, requests)
        return sorted(found, key=lambda item: (item.limit_at, item.request_id))

    def _rated(
        self, by_grade: Mapping[str, Any], unit: Unit, requests: Mapping[str, int]
    ) -> Iterator[Rated]:
        for grade, at_by_number in by_grade.items():
            for number, rated_at in at_by_number.items():
                limit_at, _done_at = self.values["requests"][number][Indicator.COMPLETION.value]
                rating = Rating(grade, grade in SATISFIED, _instant(rated_at))
                yield Rated(_instant(limit_at), requests[number], number, unit, rating)

    def fired(self, scope: Scope) -> list[tuple[int, int, Unit, int, datetime]]:
        """The steps of the ladder behind the counts: key, request, unit, level, instant."""
        requests = _keys(row[0] for row in self.values["fired"])
        found = []
        for number, level, at, court, department, key in self.values["fired"]:
            unit = Unit(
                self.courts[court].pk, self.departments[department].pk if department else None
            )
            if scope.covers(unit):
                found.append((key, requests[number], unit, level, _instant(at)))
        return found


def differences(one: Board, other: Board) -> int:
    """In how many figures two boards of the same month differ: rates of departments, and rungs."""
    left, right = _figures(one), _figures(other)
    return sum(left.get(key) != right.get(key) for key in left.keys() | right.keys())


def _figures(board: Board) -> dict[tuple[Any, ...], Any]:
    found: dict[tuple[Any, ...], Any] = {}
    for court in board.courts:
        for one in court.departments:
            department = one.department.pk if one.department else None
            for indicator, figure in one.row.figures.items():
                if figure != Figure():
                    found[court.court.pk, department, indicator] = figure
            if one.row.satisfaction != Figure():
                found[court.court.pk, department, "satisfaction"] = one.row.satisfaction
            for level, number in one.row.rungs.items():
                if number:
                    found[court.court.pk, department, level] = number
    return found


def moved(one: Ranking[int], other: Ranking[int]) -> int:
    """How many units two rankings of the same month place or score differently."""
    left, right = _placed(one), _placed(other)
    return sum(left.get(key) != right.get(key) for key in left.keys() | right.keys())


def _placed(ranking: Ranking[int]) -> dict[int, tuple[Any, ...]]:
    return {
        row.unit: (row.place, row.score, row.standing.rungs, row.standing.requests)
        for row in (*ranking.ranked, *ranking.unranked)
        if row.standing.items
    }


def _units(months: list[dict[str, Any]]) -> set[str]:
    return {row["unit"] for month in months for row in month["rows"]}


def _keys(numbers: Any) -> dict[str, int]:
    rows = Request.objects.filter(number__in=set(numbers))
    return dict(rows.values_list("number", "pk"))


def _instant(text: str) -> datetime:
    found = parse_datetime(text)
    assert found is not None
    return found


def _row(values: Mapping[str, Any]) -> Row:
    figures = {
        indicator: Figure(one["done"], one["due"], withdrawn=one["withdrawn"], merged=one["merged"])
        for indicator in Indicator
        for one in [values["rates"][indicator.value]]
    }
    rungs = Counter({int(level): number for level, number in values["rungs"].items() if number})
    rated = values["satisfaction"]
    return Row(figures, Figure(rated["satisfied"], rated["rated"]), rungs)


def _months(months: list[dict[str, Any]], keys: Mapping[str, int]) -> Months:
    return Months(tuple(ranking_of(one, keys) for one in months))


def ranking_of(values: Mapping[str, Any], keys: Mapping[str, int]) -> Ranking[int]:
    """A ranking as it was written down (see ``reports.briefing.document``), judged by no rule."""
    numbers = dict(values["rule"])
    weights = {Indicator(name): weight for name, weight in numbers.pop("weights").items()}
    rows = [_ranked(row, keys) for row in values["rows"]]
    return Ranking(
        Rule(weights, **numbers),
        tuple(row for row in rows if row.place is not None),
        tuple(row for row in rows if row.place is None),
    )


def _ranked(values: Mapping[str, Any], keys: Mapping[str, int]) -> Ranked[int]:
    figures = {Indicator(name): Figure(*numbers) for name, numbers in values["rates"].items()}
    standing = Standing(
        figures, Figure(*values["satisfaction"]), values["rungs"], values["requests"]
    )
    return Ranked(
        keys[values["unit"]],
        standing,
        None if values["score"] is None else Fraction(values["score"]),
        values["place"],
        tuple(Reason(one) for one in values["lagging"]),
    )
