"""A month's figures against a count of our own, made from the story of each request.

The stories are told to the same services as the screens use; the count walks day by day and
story by story, and shares no code with the figures but the kind of each single day.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest

from courts import calendar
from courts.models import Court, Department, Person, Post
from liaison import services as requests
from liaison.models import Grade, Matter
from liaison.rating import rate
from reports import board
from reports.facts import month_outcomes
from reports.indicators import Indicator, Result
from reports.months import Month
from reports.scope import Scope
from tests import city
from tests.city import City, local
from workorders import services as orders
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


@dataclass
class Story:
    """What happened to one request, as told to the services and as counted here."""

    request_id: int
    opened: datetime
    matter: str
    assigned: datetime | None = None
    accepted: datetime | None = None
    holders: list[tuple[datetime, Department]] = field(default_factory=list)
    reached: datetime | None = None
    answered: datetime | None = None
    withdrawn: datetime | None = None
    grade: str = ""


class Teller:
    """Tells stories to the services, in the order of their instants."""

    def __init__(self, town: City) -> None:
        self.town = town
        self.calendar = calendar.present(town.east.pk)
        self.stories: list[Story] = []

    def register(self, opened: datetime, court: Court, matter: str) -> Story:
        request = self.town.request(at=opened, court=court, matter=matter)
        story = Story(request.pk, opened, matter, holders=[(opened, service(court))])
        self.stories.append(story)
        return story

    def answer(self, story: Story, at: datetime) -> None:
        requests.answer(
            request_id=story.request_id, text="可在线查询。", by=self.staff(story), at=at
        )
        story.accepted = story.accepted or at
        story.answered = at

    def staff(self, story: Story) -> Person:
        return self.town.staff(story.holders[-1][1].court)

    def dispatch(self, story: Story, department: Department, at: datetime) -> None:
        requests.route(
            request_id=story.request_id,
            department=department,
            handler=self.town.judge(department),
            by=self.staff(story),
            at=at,
        )
        story.accepted = story.accepted or at
        story.assigned = at
        story.holders.append((at, department))

    def order(self, story: Story) -> WorkOrder:
        return WorkOrder.objects.get(request=story.request_id, is_lead=True)

    def judge(self, story: Story) -> Person:
        return self.town.judge(story.holders[-1][1])

    def reassign(self, story: Story, department: Department, at: datetime) -> None:
        orders.reassign(
            order_id=self.order(story).pk,
            department=department,
            handler=self.town.judge(department),
            reason="案件已移送",
            by=self.judge(story),
            at=at,
        )
        story.holders.append((at, department))

    def contact(self, story: Story, at: datetime, outcome: str = "reached") -> None:
        orders.record_contact(
            order_id=self.order(story).pk,
            means="call",
            outcome=outcome,
            by=self.judge(story),
            at=at,
        )
        if outcome == "reached":
            story.reached = min(story.reached or at, at)

    def reply(self, story: Story, at: datetime) -> None:
        order = self.order(story)
        orders.reply(order_id=order.pk, text="已安排开庭。", by=self.judge(story), at=at)
        story.answered = at

    def reject(self, story: Story, at: datetime) -> None:
        department = story.holders[-1][1]
        officer = self.town.holder(Post.Kind.LIAISON_OFFICER, department=department)
        orders.reject_reply(order_id=self.order(story).pk, reason="答非所问", by=officer, at=at)
        story.answered, story.grade = None, ""

    def rate(self, story: Story, at: datetime, grade: str) -> None:
        rate(request_id=story.request_id, grade=grade, at=at)
        story.grade = grade

    def withdraw(self, story: Story, at: datetime) -> None:
        requests.withdraw(request_id=story.request_id, at=at)
        story.withdrawn = at

    # --- the count -----------------------------------------------------------------------

    def limit(self, day0: date, days: int) -> datetime:
        """24:00 of the last business day, walking day by day."""
        day = day0
        while days:
            day += timedelta(days=1)
            days -= self.calendar.is_business_day(day)
        return datetime.combine(day + timedelta(days=1), time(0), tzinfo=city.SHANGHAI)

    def unit(self, story: Story, limit: datetime) -> Department:
        holders = [one for one in story.holders if one[0] < limit]
        until = limit
        while len(holders) > 1:
            since = holders[-1][0]
            day, had = since.date() + timedelta(days=1), 0
            while datetime.combine(day + timedelta(days=1), time(0), tzinfo=city.SHANGHAI) <= until:
                had += self.calendar.is_business_day(day)
                day += timedelta(days=1)
            if had:
                break
            until = since
            holders.pop()
        return holders[-1][1]

    def count(self, month: Month) -> Counter:
        counted: Counter = Counter()
        for story in self.stories:
            acceptance = self.limit(story.opened.date(), 1)
            desk = story.holders[0][1]
            put(counted, month, "acceptance", acceptance, desk, story.accepted, story.withdrawn)
            reply = acceptance
            if story.assigned:
                reply = self.limit(story.assigned.date(), 3)
            unit = self.unit(story, reply)
            put(counted, month, "completion", reply, unit, story.answered, story.withdrawn)
            if story.assigned or story.matter == Matter.CONTACT_JUDGE:
                instants = [one for one in (story.reached, story.answered) if one]
                reached = min(instants, default=None)
                put(counted, month, "liaison", reply, unit, reached, story.withdrawn)
        return counted

    def count_ratings(self, month: Month) -> Counter:
        """Of each unit, how many it satisfied among those that rated, by the reply limit."""
        counted: Counter = Counter()
        for story in self.stories:
            limit = self.limit(story.opened.date(), 1)
            if story.assigned:
                limit = self.limit(story.assigned.date(), 3)
            last_day = limit - timedelta(hours=1)
            if story.grade and (last_day.year, last_day.month) == (month.year, month.month):
                unit = self.unit(story, limit).pk
                counted[unit, "rated"] += 1
                counted[unit, "satisfied"] += story.grade in ("very_satisfied", "satisfied")
        return counted


def put(
    counted: Counter,
    month: Month,
    indicator: str,
    limit: datetime,
    unit: Department,
    done: datetime | None,
    withdrawn: datetime | None,
) -> None:
    last_day = limit - timedelta(hours=1)
    if (last_day.year, last_day.month) != (month.year, month.month):
        return
    if withdrawn and withdrawn < limit:
        counted[indicator, unit.pk, "withdrawn"] += 1
    elif done and done < limit:
        counted[indicator, unit.pk, "in_time"] += 1
    else:
        counted[indicator, unit.pk, "late"] += 1


def service(court: Court) -> Department:
    return Department.objects.get(court=court, kind=Department.Kind.LITIGATION_SERVICE)


def figures(month: Month, at: datetime) -> Counter:
    found = month_outcomes(month, Scope.everything(), at=at)
    return Counter((item.indicator.value, item.unit[1], item.result.value) for item in found)


def satisfaction(month: Month, at: datetime) -> Counter:
    found: Counter = Counter()
    for court in board.read(month, Scope.everything(), at=at).courts:
        for one in court.departments:
            if one.department is not None and one.row.satisfaction.due:
                found[one.department.pk, "rated"] = one.row.satisfaction.due
                found[one.department.pk, "satisfied"] = one.row.satisfaction.done
    return found


def later(rng: random.Random, at: datetime, most_hours: int) -> datetime:
    return at + timedelta(minutes=rng.randrange(1, most_hours * 60))


def tell(teller: Teller, rng: random.Random, opened: datetime) -> None:
    """One story at random; every branch of the rule comes up among enough of them."""
    court = rng.choice([teller.town.east, teller.town.west])
    divisions = [teller.town.division(court, index) for index in range(2)]
    elsewhere = teller.town.west if court == teller.town.east else teller.town.east
    divisions.append(teller.town.division(elsewhere))
    matter = rng.choice([Matter.CONTACT_JUDGE, Matter.CASE_INQUIRY, Matter.CONSULTATION])
    story = teller.register(opened, court, matter)
    end = rng.random()
    if end < 0.08:
        return
    if end < 0.16:
        teller.withdraw(story, later(rng, opened, 96))
        return
    at = later(rng, opened, 60)
    if end < 0.35:
        teller.answer(story, at)
        return
    teller.dispatch(story, divisions[0], at)
    if rng.random() < 0.3:
        at = later(rng, at, 30)
        teller.contact(story, at, rng.choice(["reached", "not_reached"]))
    passed = rng.choices([0, 1, 2], [5, 3, 2])[0]
    for index in range(passed):
        at = later(rng, at, 70)
        teller.reassign(story, divisions[1 + index], at)
    if end > 0.9:
        return
    at = later(rng, at, 60)
    if end > 0.82:
        teller.withdraw(story, at)
        return
    teller.reply(story, at)
    if rng.random() < 0.25:
        at = later(rng, at, 40)
        teller.reject(story, at)
        if rng.random() < 0.6:
            teller.reply(story, later(rng, at, 60))


def say_what_they_think(teller: Teller, rng: random.Random) -> None:
    """Most parties rate what they were answered; some then find that it was no answer."""
    for story in teller.stories:
        if story.answered is None or rng.random() < 0.3:
            continue
        teller.rate(story, later(rng, story.answered, 90), rng.choice(Grade.values))
        if rng.random() < 0.3:
            teller.rate(story, story.answered + timedelta(hours=91), rng.choice(Grade.values))
        if story.assigned and rng.random() < 0.2:
            teller.reject(story, story.answered + timedelta(hours=100))


SPELLS = [
    # Around the month's edge, National Day among its days off.
    (local(2026, 9, 22), 20, [Month(2026, 9), Month(2026, 10), Month(2026, 11)]),
    # Around the year's edge.
    (local(2025, 12, 24), 12, [Month(2025, 12), Month(2026, 1)]),
    # Around Spring Festival, with the worked Saturday of 28 February at a month's end.
    (local(2026, 2, 9), 22, [Month(2026, 2), Month(2026, 3)]),
]


@pytest.mark.parametrize(("start", "days", "months"), SPELLS, ids=["October", "New Year", "Spring"])
def test_the_figures_equal_a_count_of_our_own(start, days, months):
    rng = random.Random(f"{start:%Y-%m}")
    teller = Teller(city.build())
    for _number in range(45):
        tell(teller, rng, start + timedelta(minutes=rng.randrange(days * 24 * 60)))
    say_what_they_think(teller, random.Random(f"ratings {start:%Y-%m}"))
    seen: Counter = Counter()
    rated: Counter = Counter()
    for month in months:
        expected = teller.count(month)
        assert figures(month, local(2026, 12, 1)) == expected
        seen += expected
        opinions = teller.count_ratings(month)
        assert satisfaction(month, local(2026, 12, 1)) == opinions
        rated += Counter({kind: number for (_unit, kind), number in opinions.items()})
    assert 0 < rated["satisfied"] < rated["rated"]
    results = Counter()
    for (_indicator, _unit, result), number in seen.items():
        results[result] += number
    assert results["in_time"] > 20
    assert results["late"] > 20
    assert results["withdrawn"]


def test_a_reply_clock_counts_by_the_limit_it_has_now():
    """Dispatched on the last day of its summary limit, it is due three days from then."""
    teller = Teller(city.build())
    story = teller.register(local(2026, 10, 29), teller.town.east, Matter.CASE_INQUIRY)
    october, november = Month(2026, 10), Month(2026, 11)
    desk, division = service(teller.town.east), teller.town.division()
    at = local(2026, 12, 1)
    assert figures(october, at)["completion", desk.pk, "late"] == 1
    teller.dispatch(story, division, local(2026, 10, 30, 17))
    assert not figures(october, at)["completion", desk.pk, "late"]
    assert figures(november, at)["completion", division.pk, "late"] == 1
    teller.reply(story, local(2026, 11, 4, 23))
    assert figures(november, at)["completion", division.pk, "in_time"] == 1


def test_merged_requests_count_once_for_who_had_the_first_of_them():
    teller = Teller(city.build())
    town = teller.town
    first = teller.register(local(2026, 10, 26), town.east, Matter.CONTACT_JUDGE)
    teller.dispatch(first, town.division(index=0), local(2026, 10, 26, 11))
    second = teller.register(local(2026, 11, 2, 9), town.east, Matter.CONTACT_JUDGE)
    teller.dispatch(second, town.division(index=1), local(2026, 11, 2, 10))
    requests.merge(
        request_id=first.request_id,
        into_id=second.request_id,
        by=town.staff(),
        at=local(2026, 11, 2, 12),
    )
    teller.reply(second, local(2026, 11, 2, 15))
    at = local(2026, 12, 1)
    desk, unit = service(town.east), town.division(index=0)
    assert figures(Month(2026, 10), at) == {
        ("acceptance", desk.pk, "in_time"): 1,
        ("acceptance", desk.pk, "merged"): 1,
        ("liaison", unit.pk, "late"): 1,
        ("liaison", unit.pk, "merged"): 1,
        ("completion", unit.pk, "late"): 1,
        ("completion", unit.pk, "merged"): 1,
    }
    assert not figures(Month(2026, 11), at)
    # Whoever may read only the first division finds the item, though it lies elsewhere now.
    scope = Scope(frozenset(), frozenset([unit.pk]))
    found = month_outcomes(Month(2026, 10), scope, at=at)
    late = [item for item in found if item.result is Result.LATE]
    assert {item.indicator for item in late} == {Indicator.LIAISON, Indicator.COMPLETION}
    assert {item.request_id for item in late} == {second.request_id}
    others = Scope(frozenset(), frozenset([town.division(index=1).pk]))
    assert month_outcomes(Month(2026, 10), others, at=at) == []


def test_a_disputed_answer_of_the_desk_does_not_count_until_it_is_answered_anew():
    teller = Teller(city.build())
    story = teller.register(local(2026, 10, 26), teller.town.east, Matter.CASE_INQUIRY)
    teller.answer(story, local(2026, 10, 26, 15))
    desk, at = service(teller.town.east), local(2026, 12, 1)
    assert figures(Month(2026, 10), at)["completion", desk.pk, "in_time"] == 1
    requests.dispute(request_id=story.request_id, text="没有回答", at=local(2026, 10, 27, 9))
    assert figures(Month(2026, 10), at)["completion", desk.pk, "late"] == 1


def test_reading_a_month_takes_as_many_statements_whatever_its_size(django_assert_num_queries):
    town = city.build()
    month, at = Month(2026, 10), local(2026, 12, 1)
    opened = local(2026, 10, 12)
    town.order(at=opened)
    figures(month, at)  # policies and calendars are kept by the process from here on
    # Nine that read, and two that hold the view of the database together.
    with django_assert_num_queries(11):
        figures(month, at)
    for count in (9, 40):
        for number in range(count):
            town.order(at=opened + timedelta(minutes=number))
        with django_assert_num_queries(11):
            assert figures(month, at).total() % 3 == 0
