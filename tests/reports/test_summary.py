"""The figures kept ready equal those counted by the rule, whatever has changed meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from unittest import mock

import pytest
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from courts.models import Court, Jurisdiction
from reports import board, standings, trends
from reports.generated.services import Plan, generate
from reports.models import DaySummary, MonthSummary, Summarised
from reports.models.summary import COUNTS
from reports.months import Month
from reports.scope import Scope
from reports.summary.services import rebuild, refresh
from tests.city import local
from tests.reports.recount import differences

pytestmark = pytest.mark.django_db
UNTIL = local(2026, 4, 1, 0)
SMALL = Plan(requests=1_200, seed=11, until=UNTIL, months=6, courts=3, divisions=4)


@pytest.fixture
def town():
    with override_settings(DEMONSTRATION=True):
        generate(SMALL)
    refresh()
    return Jurisdiction.objects.get()


def test_they_equal_a_recount(town):
    assert differences(timezone.now()) == []
    sums = MonthSummary.objects.aggregate(**{f"all_{name}": Sum(name) for name in COUNTS})
    assert all(sums.values()), sums  # nothing equals for want of any
    assert refresh() == 0
    rebuild()
    assert differences(timezone.now()) == []


def test_pages_read_the_same_as_they_would_count(town):
    at = timezone.now()
    month, court = Month(2026, 2), Court.objects.exclude(pk=town.leading_court_id).first()

    def read(scope: Scope) -> tuple:
        return (
            replace(board.glance(month, scope, at=at), items=[], ratings=[]),
            trends.read(month, scope, at=at),
        )

    def everything() -> list:
        city = standings.city(town, month, at=at)
        department = court.departments.filter(is_open=True).first()
        return [
            (city.by_court, city.by_department, list(city.departments)),
            standings.bench(court, month, at=at).by_judge,
            read(Scope.of_city(town)),
            read(Scope(frozenset([court.pk]), frozenset())),
            read(Scope(frozenset(), frozenset([department.pk]))),
        ]

    with mock.patch("reports.standings.months_items", side_effect=AssertionError):
        kept = standings.city(town, month, at=at)
    assert kept.by_court.now.ranked
    kept = everything()
    Summarised.objects.all().delete()
    assert everything() == kept


@pytest.mark.parametrize("at", [local(2026, 3, 20, 9), local(2026, 4, 1, 9)])
def test_what_ended_later_is_not_among_them(town, at: datetime):
    """As things stood at an earlier instant is counted and not read."""
    month = Month(2026, 3)
    found = board.glance(month, Scope.of_city(town), at=at)
    assert found.total == board.read(month, Scope.of_city(town), at=at).total
    assert bool(found.items) is (at.month == 3)


def test_one_who_has_none_counts_for_himself(town):
    DaySummary.objects.all().delete()
    MonthSummary.objects.all().delete()
    Summarised.objects.all().delete()
    found = board.glance(Month(2026, 3), Scope.of_city(town), at=timezone.now())
    assert found.items
    assert not Summarised.objects.exists()
