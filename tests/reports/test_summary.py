"""The figures kept ready equal those counted by the rule, whatever has changed meanwhile."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from courts.models import Court, Jurisdiction
from escalation.models import Clock, Firing
from liaison import services as requests
from liaison.kinds import REPLY
from liaison.models import Request
from reports import board, facts, standings, trends
from reports.generated.services import Plan, generate
from reports.indicators import Indicator, Result
from reports.models import DaySummary, MonthSummary, Summarised, Touched
from reports.models.summary import COUNTS
from reports.months import Month
from reports.scope import Scope
from reports.summary.services import rebuild, refresh
from tests import city
from tests.city import local
from tests.reports.random_lives import Lives
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


def test_a_rung_of_today_counts_today():
    """The list behind the figure has it, so the figure has it too."""
    place = city.build()
    at = timezone.now()
    order = place.order(at=at - timedelta(days=3))
    refresh()
    clock = Clock.objects.of(REPLY, order.request_id).get()
    unit = {"court_id": clock.court_id, "department_id": clock.department_id}
    Firing.objects.create(
        clock=clock, step="rung1", occurrence=1, level=1, due_at=at, fired_at=at, **unit
    )
    scope = Scope.of_city(place.jurisdiction)
    month = Month.of(at, place.jurisdiction.zone)
    found = board.glance(month, scope, at=at)
    assert found.total.rungs == board.read(month, scope, at=at).total.rungs
    assert found.total.rungs[1] == board.fired(month, scope).count() == 1
    assert differences(at) == []


def test_pages_read_the_same_as_they_would_count(town):
    at = timezone.now()
    month, court = Month(2026, 2), Court.objects.exclude(pk=town.leading_court_id).first()

    def read(scope: Scope) -> tuple:
        return (
            replace(board.glance(month, scope, at=at), items=[], ratings=[]),
            trends.read(month, scope, at=at),
        )

    def everything() -> list:
        ranked = standings.city(town, month, at=at)
        department = court.departments.filter(is_open=True).first()
        return [
            (ranked.by_court, ranked.by_department, list(ranked.departments)),
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


# The verbs that change what was counted before, each seen to do so.
CHANGES = {
    "register", "answer", "route", "contact", "reply", "reject", "reassign", "withdraw", "dispute",
    "dismiss", "rate", "merge", "calendar", "sweep",
}  # fmt: skip


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(n, marks=pytest.mark.full) for n in range(3, 9))]
)
def test_whatever_changes_is_counted_anew(seed: int):
    lives, changed = Lives(city.build(), seed, local(2026, 8, 3, 9)), Counter()
    refresh()
    for _step in range(220):
        verb = lives.step()
        if verb is None:
            continue
        if changed[verb] < 2:
            changed[verb] += bool(differences(timezone.now()))
        if lives.random.random() < 0.1:
            broken_off()
        refresh()
        assert differences(timezone.now()) == [], (verb, lives.at)
    if seed in (1, 2):  # in which all of them come about
        assert {verb for verb, number in changed.items() if number} >= CHANGES


def test_a_jurisdiction_without_courts_is_passed_over():
    town = Jurisdiction.objects.create(
        code="empty", name="空市", name_en="Empty", policy="guangzhou"
    )
    refresh()
    Summarised.objects.filter(jurisdiction=town).update(until=local(2026, 8, 3).date())
    assert refresh() > 0
    assert not DaySummary.objects.exists()


@pytest.mark.parametrize("is_routed", [False, True])
def test_families_are_counted_as_one(is_routed: bool):
    """Whoever took others over bears their earliest anchors, also after several merges (G16)."""
    town = city.build()
    refresh()
    first, second, third, *others = (
        town.request(at=local(2026, 8, 3, 9 + hour), court=town.east) for hour in range(6)
    )
    staff, at = town.staff(town.east), local(2026, 8, 3, 16)
    if is_routed:
        for one in (first, second, third, *others):
            requests.route(
                request_id=one.pk, department=town.division(town.east), handler=None, by=staff,
                at=at,
            )  # fmt: skip
    survivor, *rest = others
    merges = [(first, second), (second, third), *((one, survivor) for one in rest)]
    for one, into in merges:
        requests.merge(request_id=one.pk, into_id=into.pk, by=staff, at=at + timedelta(hours=1))
    with mock.patch("reports.facts.takers_items", wraps=facts.takers_items) as rule:
        refresh()
    assert differences(timezone.now()) == []
    # The rule itself is asked for the family of a family alone.
    assert [call.args[0] for call in rule.call_args_list] == [{first.pk, second.pk, third.pk}]
    assert MonthSummary.objects.aggregate(all=Sum("acceptance_merged"))["all"] == 4


def broken_off() -> None:
    """A refresh that ends in its middle, as if its connection were lost."""
    with mock.patch("reports.summary.statement.add_up", side_effect=Killed), suppress(Killed):
        refresh()


class Killed(Exception):
    """The process is no more."""


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


def test_a_page_counts_first_what_has_changed(town):
    at, month, scope = timezone.now(), Month(2026, 2), Scope.of_city(town)
    before = board.glance(month, scope, at=at).total.figures[Indicator.COMPLETION]
    late = next(
        item
        for item in board.read(month, scope, at=at).items
        if (item.indicator, item.result) == (Indicator.COMPLETION, Result.LATE) and item.done_at
    )
    in_time = late.limit_at - timedelta(hours=1)
    Request.objects.filter(pk=late.request_id).update(answered_at=in_time)
    assert Touched.objects.exists()
    after = board.glance(month, scope, at=at).total.figures[Indicator.COMPLETION]
    assert (after.due, after.done) == (before.due, before.done + 1)
    assert not Touched.objects.exists()


@pytest.mark.parametrize(("days", "is_counted"), [(3, True), (30, False)])
def test_a_page_counts_some_days_and_leaves_many_to_beat(town, days: int, is_counted: bool):
    row = Summarised.objects.get()
    Summarised.objects.update(until=row.until - timedelta(days=days))
    found = board.glance(Month(2026, 3), Scope.of_city(town), at=timezone.now())
    assert bool(found.items) is not is_counted
    assert (Summarised.objects.get().until == row.until) is is_counted
    call_command("summarise", stdout=(told := StringIO()))
    assert str(0 if is_counted else days) in told.getvalue()
    assert Summarised.objects.get().until == row.until


def test_other_local_days_are_counted_from_the_beginning(town):
    Jurisdiction.objects.update(time_zone="Asia/Urumqi")
    assert not Summarised.objects.exists()
    call_command("summarise", rebuild=True, stdout=StringIO())
    assert differences(timezone.now()) == []
