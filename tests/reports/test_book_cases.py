"""The book set against the cases: held against plain loops over dates (G11, B11)."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, CaseNode
from courts import calendar
from courts.business_days import local_date
from courts.models import Post
from courts.roles import Reach
from liaison.models import Request
from reports.months import Month
from reports.standing_book.book import ACTION
from reports.standing_book.case_figures import EVERY_CASE, Load, lifts, loads
from tests import city
from tests.cases.mirrored import case, node
from tests.city import SHANGHAI, City, local

pytestmark = pytest.mark.django_db
MONTH = Month(2026, 3)
FIRST, NEXT = date(2026, 3, 1), date(2026, 4, 1)
AT = local(2026, 4, 10)


@pytest.fixture
def town() -> City:
    town = city.build()
    dice = random.Random(11)
    for number in range(40):
        court = dice.choice([town.east, town.west])
        filed = date(2025, 11, 1) + timedelta(days=dice.randint(0, 150))
        closed = filed + timedelta(days=dice.randint(20, 200))
        one = case(
            court,
            number=f"（2026）{court.code}民初{number + 1}号",
            department=dice.choice([town.division(court), None]),
            filed_on=dice.choice([filed, filed, None]),
            closed_on=dice.choice([closed, None]),
            is_withdrawn=number == 7,
        )
        for _each in range(dice.randint(0, 3)):
            at = local(2026, 3, 20) - timedelta(days=dice.randint(0, 120), hours=dice.randint(0, 9))
            node(one, dice.choice(["hearing", "filing"]), occurred_at=at, is_withdrawn=_each == 2)
        for _each in range(dice.randint(0, 2)):
            at = local(2026, 3, 1) + timedelta(days=dice.randint(-3, 40))
            town.request(at=at, court=court, case_number=one.number)
    return town


def _asked_after(one: Case, day: date, since=None) -> bool | None:
    """Whether somebody asked within ten business days; None if they are not over."""
    until, left = day, 10
    while left:
        until += timedelta(days=1)
        left -= calendar.present(one.court_id).is_business_day(until)
    if until >= local_date(AT, SHANGHAI):
        return None
    for request in Request.objects.filter(case_number=one.number):
        asked = local_date(request.registered_at, SHANGHAI)
        late_enough = request.registered_at > since if since else asked > day
        if late_enough and asked <= until:
            return True
    return False


def _plain() -> tuple[dict[tuple[int, int | None], Load], dict[str, tuple[int, int]]]:
    load: dict[tuple[int, int | None], Load] = defaultdict(Load)
    found: dict[tuple[str, int], bool] = {}
    for one in Case.objects.filter(is_withdrawn=False):
        if (one.filed_on and one.filed_on >= NEXT) or (one.closed_on and one.closed_on < FIRST):
            continue
        asked = [
            request
            for request in Request.objects.filter(case_number=one.number)
            if FIRST <= local_date(request.registered_at, SHANGHAI) < NEXT
        ]
        load[one.court_id, one.department_id] += Load(1, len(asked))
        nodes = list(CaseNode.objects.filter(case=one, is_current=True, is_withdrawn=False))
        events = [
            (f"node:{each.kind}", local_date(each.occurred_at, SHANGHAI), each.occurred_at)
            for each in nodes
        ]
        days = sorted({day for _kind, day, _at in events} | ({one.filed_on} - {None}))
        for start in days:
            for silence in (30, 60, 90):
                end = start + timedelta(days=silence)
                if not any(start < day <= end for day in days):
                    events.append((f"silence:{silence}", end, None))
        events = [event for event in events if FIRST <= event[1] < NEXT]
        if one.filed_on is None or one.filed_on < FIRST:
            events.append((EVERY_CASE, FIRST - timedelta(days=1), None))
        for kind, day, since in events:
            if one.closed_on and one.closed_on < day:
                continue
            was_asked = _asked_after(one, day, since)
            if was_asked is not None:
                found[kind, one.pk] = found.get((kind, one.pk), False) or was_asked
    counted: dict[str, tuple[int, int]] = {}
    for (kind, _pk), was_asked in found.items():
        cases, asked_in = counted.get(kind, (0, 0))
        counted[kind] = cases + 1, asked_in + was_asked
    return dict(load), counted


def test_loads_and_lifts_are_what_plain_loops_find(town: City) -> None:
    reader = town.holder(Post.Kind.FILING_CHAMBER, court=town.intermediate)
    reach = Reach.of(reader, ACTION)
    expected_loads, expected = _plain()
    assert loads(MONTH, reach) == expected_loads
    with CaptureQueriesContext(connection) as statements:
        every, *found = lifts(MONTH, reach, at=AT)
    assert sum("cases_casenode" in one["sql"] for one in statements) == 1
    got = {one.kind: (one.cases, one.asked) for one in [every, *found]}
    assert got == expected
    assert {"node:hearing", "silence:30", "silence:60", EVERY_CASE} <= set(got)
    for one in found:
        share = Fraction(one.asked, one.cases)
        assert one.lift == share / Fraction(every.asked, every.cases)
    west = Reach.of(town.holder(Post.Kind.PRESIDENT, court=town.west), ACTION)
    assert {unit.court_id for unit in loads(MONTH, west)} == {town.west.pk}
    nothing = Reach(reader.pk, frozenset(), frozenset(), False)
    assert (loads(MONTH, nothing), lifts(MONTH, nothing, at=AT)) == ({}, [])


def test_the_page_shows_both(town: City) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.holder(Post.Kind.PRESIDENT, court=town.intermediate))
    page = client.get(reverse("book:cases"), {"month": "2026-03"})
    assert page.status_code == 200
    html = page.content.decode()
    assert "No node for 30 days" in html
    assert "Hearing set" in html
    assert page.context["every"].cases > 0
    assert client.get(reverse("book:cases"), {"month": "2019-01"}).status_code == 200
    client.force_login(town.judge())
    assert client.get(reverse("book:cases")).status_code == 404
