"""The month in its year: every figure equals a plain count, and opens what it counts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courts.models import Person, Post
from escalation.models import Clock
from liaison import services as requests
from liaison.models import Request
from reports import trends
from reports.indicators import Figure, Indicator
from reports.months import Month
from reports.scope import Scope
from tests import city
from tests.city import SHANGHAI, City, local
from tests.reports import ranked_city
from workorders import services as orders
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
PAGE = reverse("leadership:trends")
JUNE = Month(2020, 6)
AT = local(2020, 7, 20)


@pytest.fixture
def town() -> City:
    town = city.build()
    ranked_city.tell(town)
    return town


def _read(town: City) -> trends.Trends:
    return trends.read(JUNE, Scope.of_city(town.jurisdiction), at=AT)


def _president(town: City) -> Person:
    return town.holder(Post.Kind.PRESIDENT, court=town.intermediate)


def _browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_a_year_of_rates_ends_with_the_month(town: City) -> None:
    found = _read(town)
    assert [str(month) for month in found.months][::11] == ["2019-07", "2020-06"]
    rates = {month.month: one.rates[Indicator.COMPLETION] for month, one in found.months.items()}
    assert rates == dict.fromkeys((7, 8, 9, 10, 11, 12, 1, 2), Figure()) | {
        3: Figure(0, 5), 4: Figure(0, 5), 5: Figure(5, 10), 6: Figure(11, 13),
    }  # fmt: skip
    assert found.months[JUNE].satisfaction == Figure(2, 3)


def test_weeks_are_those_in_which_the_limits_ended(town: City) -> None:
    found = _read(town)
    assert [day.weekday() for day in found.mondays] == [0] * 12
    assert (found.mondays[0], found.mondays[-1]) == (date(2020, 4, 13), date(2020, 6, 29))
    expected: dict[int, Counter[date]] = {}
    due = 0
    for clock in Clock.objects.filter(kind="request.reply"):
        request = Request.objects.get(pk=clock.subject_id)
        assert clock.limit_at is not None
        last = (clock.limit_at - timedelta(seconds=1)).astimezone(SHANGHAI).date()
        monday = last - timedelta(days=last.weekday())
        if monday not in found.mondays:
            continue
        due += 1
        if request.answered_at is None or request.answered_at >= clock.limit_at:
            # The order given to another on its last day stays with who passed it on.
            expected.setdefault(clock.department_id or 0, Counter())[monday] += 1
    late = {
        pk: Counter({day: week.late for day, week in weeks.items() if week.late})
        for pk, weeks in found.weeks.items()
    }
    assert {pk: counts for pk, counts in late.items() if counts} == expected
    assert sum(week.due for weeks in found.weeks.values() for week in weeks.values()) == due > 20


def test_days_to_the_answer_are_business_days(town: City) -> None:
    # Registered on Friday 5 June: the west and the Intermediate Court answer on Monday, the first
    # business day after; the east on Tuesday, and leaves two.
    days = _read(town).days
    assert days.answered == Counter({1: 7, 2: 4})
    assert (days.unanswered, days.median, days.ninetieth) == (2, 1, 2)
    assert (trends.Days().median, trends.Days().ninetieth) == (None, None)
    ten = trends.Days(Counter({1: 9, 8: 1}))
    assert (ten.median, ten.ninetieth) == (1, 1)
    assert trends.Days(Counter({0: 1, 1: 1})).median == 0.5


def test_ways_through_the_house_are_counted_by_request(town: City) -> None:
    settled = town.request(at=local(2020, 6, 11), matter="consultation", channel="hotline")
    requests.answer(
        request_id=settled.pk, text="请带身份证。", by=town.staff(), at=local(2020, 6, 11, 11)
    )
    returned = town.order(at=local(2020, 6, 12))
    orders.return_to_desk(
        order_id=returned.pk, reason="不属本庭", by=town.judge(), at=local(2020, 6, 12, 15)
    )
    replied = WorkOrder.objects.filter(state="replied", court=town.west).latest("pk")
    officer = town.holder(Post.Kind.LIAISON_OFFICER, department=replied.department)
    orders.reject_reply(order_id=replied.pk, reason="未答", by=officer, at=local(2020, 6, 10))
    found = _read(town)
    in_june = [
        one
        for one in Request.objects.all()
        if one.registered_at.astimezone(SHANGHAI).strftime("%Y-%m") == "2020-06"
    ]
    assert found.channels == Counter(one.channel for one in in_june)
    assert found.matters == Counter(one.matter for one in in_june)
    assert found.handling == trends.Handling(
        received=15, answered=11, settled=1, returned=1, reassigned=2, rejected=1, disputed=0
    )


def test_the_page_shows_them_and_leads_to_the_book(town: City) -> None:
    with_book = _browser(_president(town)).get(PAGE, {"month": "2020-06"})
    html = with_book.content.decode()
    assert "Late replies by week" in html
    (channel, *_others) = with_book.context["channels"]
    page = _browser(_president(town)).get(channel.url)
    assert page.context["count"].number == channel.value > 0
    assert sum(bar.value for bar in with_book.context["days"]) == 11
    without = _browser(town.holder(Post.Kind.TRIAL_MANAGEMENT, court=town.intermediate))
    page = without.get(PAGE, {"month": "2020-06"})
    assert page.status_code == 200
    assert not any(bar.url for bar in page.context["channels"])
    empty = _browser(_president(town)).get(PAGE, {"month": "2019-01"})
    assert "No reply was late in these twelve weeks" in empty.content.decode()


def test_it_takes_as_many_statements_whatever_it_shows(town: City) -> None:
    browser = _browser(_president(town))
    present = timezone.now().astimezone(SHANGHAI)
    address = f"{PAGE}?month={present:%Y-%m}"
    town.order(at=timezone.now() - timedelta(days=9), court=town.west)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(4):
        town.order(at=timezone.now() - timedelta(days=9 + number), court=town.west)
        town.order(at=timezone.now() - timedelta(days=9 + number), court=town.east)
    with CaptureQueriesContext(connection) as more:
        browser.get(address)
    assert len(more) == len(few)
