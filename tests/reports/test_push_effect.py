"""What active push prevents: counted by one query, held against a plain loop."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import CaseNode, Push
from courts import calendar
from courts.business_days import local_date
from liaison.models import Request
from reports.months import Month
from reports.push_effect import Group, effect
from reports.scope import Scope
from tests import city
from tests.cases.mirrored import arrive, case, node, participant
from tests.city import SHANGHAI, City, local

MONTH = Month(2026, 3)
AT = local(2026, 4, 30)


@pytest.fixture
def town(db: None) -> City:
    return city.build()


def _fill(town: City) -> None:
    dice = random.Random(7)
    for number in range(40):
        court = dice.choice([town.east, town.west])
        one = case(court, number=f"（2026）{court.code}民初{number + 1}号")
        if dice.random() < 0.6:
            participant(one)
        received = local(2026, 3, 1, 9) + timedelta(days=dice.randint(-2, 45), hours=number % 9)
        arrived = node(one, dice.choice(["hearing", "archiving"]), occurred_at=received)
        CaseNode.objects.filter(pk=arrived.pk).update(received_at=received)
        arrive([arrived], at=received)
        if dice.random() < 0.6:
            town.request(
                at=received + timedelta(days=dice.randint(-1, 20)),
                court=court,
                case_number=one.number,
            )


def _plain(town: City) -> dict[tuple[str, bool], Group]:
    found: dict[tuple[str, bool], Group] = {}
    for one in CaseNode.objects.select_related("case"):
        day = local_date(one.received_at, SHANGHAI)
        days = calendar.present(one.case.court_id)
        until = day
        left = 10
        while left:
            until += timedelta(days=1)
            left -= days.is_business_day(until)
        if (day.year, day.month) != (2026, 3) or until >= local_date(AT, SHANGHAI):
            continue
        asked = any(
            request.registered_at > one.received_at
            and local_date(request.registered_at, SHANGHAI) <= until
            for request in Request.objects.filter(case_number=one.case.number)
        )
        key = one.kind, Push.objects.filter(node=one).exists()
        found[key] = found.get(key, Group()) + Group(1, int(asked))
    return found


def test_against_a_plain_loop(town: City) -> None:
    _fill(town)
    everything = effect(MONTH, Scope.everything(), at=AT)
    expected = _plain(town)
    counted = {
        (one.kind, told): group
        for one in everything[1:]
        for told, group in ((True, one.pushed), (False, one.not_pushed))
        if group.nodes
    }
    assert counted == expected
    assert {told for _kind, told in counted} == {True, False}
    total = sum((group for (_kind, told), group in expected.items() if told), Group())
    assert everything[0].pushed == total
    assert 0 < total.asked < total.nodes


def test_a_reader_counts_the_own_courts_only_and_by_one_query(town: City) -> None:
    _fill(town)
    east = Scope(frozenset([town.east.pk]), frozenset())
    west = Scope(frozenset([town.west.pk]), frozenset())
    both = effect(MONTH, Scope.everything(), at=AT)[0]
    parts = [effect(MONTH, scope, at=AT)[0] for scope in (east, west)]
    assert parts[0].pushed + parts[1].pushed == both.pushed
    assert effect(MONTH, Scope(frozenset(), frozenset()), at=AT) == []
    assert effect(Month(2020, 1), Scope.everything(), at=AT) == []
    with CaptureQueriesContext(connection) as queries:
        effect(MONTH, east, at=AT)
    assert sum("cases_casenode" in query["sql"] for query in queries) == 1


def test_the_page_shows_the_comparison(town: City) -> None:
    _fill(town)
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.holder("president", court=town.intermediate))
    page = client.get("/leadership/push/?month=2026-03")
    assert page.status_code == 200
    assert page.context["total"].pushed.nodes > 0
    assert "Hearing set" in page.content.decode()
    assert client.get("/leadership/push/?month=never").status_code == 200
