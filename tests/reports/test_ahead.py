"""Acting before the demand: which open cases are watched, why, and whether it helped (G11, B11)."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cases.models import Case, CaseNode
from courts import calendar
from courts.business_days import local_date
from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Person, Post
from courts.roles import Reach
from liaison.models import Request
from reports.ahead import figures, rule, services
from reports.ahead.rule import Candidate
from reports.models import FollowUpEntry, WatchEntry, WatchList
from reports.standing_book.book import ACTION
from reports.standing_book.case_figures import EVERY_CASE, Lift
from reports.tasks import draw_watch_lists
from tests import city
from tests.cases.mirrored import case, node
from tests.city import SHANGHAI, City, local
from tests.reports.follow_up_city import chamber

APRIL_1 = local(2026, 4, 1, 7)
TODAY = date(2026, 4, 1)


def lift(kind: str, cases: int, asked: int) -> Lift:
    return Lift(kind, cases, asked)


def test_the_months_are_one_and_few_cases_or_no_lift_say_nothing() -> None:
    months = [
        [lift(EVERY_CASE, 100, 5), lift("node:hearing", 20, 8), lift("silence:60", 10, 9)],
        [lift(EVERY_CASE, 100, 5), lift("node:hearing", 20, 4), lift("node:filing", 40, 2)],
    ]
    _every, found = rule.together(months)
    assert (found["node:hearing"].cases, found["node:hearing"].asked) == (40, 12)
    assert found["node:hearing"].lift == 6
    candidates = [
        Candidate(1, 1, ("node:filing",)),  # as often as any other
        Candidate(2, 1, ("silence:60",)),  # seen in ten cases alone
        Candidate(3, 1, ("node:filing", "node:hearing")),
        Candidate(4, 1, ()),
    ]
    chosen = rule.watched(candidates, found, {1: 100}, percent=5, least_cases=20)
    assert [(one.case_id, one.why.kind) for one in chosen] == [(3, "node:hearing")]


def test_of_each_court_five_in_a_hundred_at_most_the_likeliest_first() -> None:
    lifts = {
        "a": Lift("a", 50, 20, lift(EVERY_CASE, 100, 5).share),
        "b": Lift("b", 50, 30, lift(EVERY_CASE, 100, 5).share),
    }
    candidates = [Candidate(pk, pk % 2, ("a", "b") if pk > 90 else ("a",)) for pk in range(1, 101)]
    chosen = rule.watched(candidates, lifts, {0: 59, 1: 19}, percent=5, least_cases=20)
    assert [one.case_id for one in chosen] == [92, 94]
    assert rule.watched(reversed(candidates), lifts, {0: 59, 1: 19}, percent=5, least_cases=20) == (
        chosen
    )


@pytest.fixture
def town(db: None) -> City:
    return city.build()


def lively(town: City) -> None:
    """A hundred cases of the east; after hearings people ask, otherwise hardly."""
    dice = random.Random(4)
    for number in range(100):
        one = case(
            town.east,
            number=f"（2025）示0101民初{number + 1}号",
            department=town.division() if number % 2 else None,
            filed_on=date(2025, 10, 1) + timedelta(days=number),
            closed_on=date(2026, 3, 1) if number % 10 == 9 else None,
        )
        for month in (1, 2, 3):
            at = local(2026, month, 1 + dice.randint(0, 24), 10)
            node(one, "hearing" if number % 3 == 0 else "filing", occurred_at=at)
            if number % 3 == 0 and dice.random() < 0.6:
                asked = at + timedelta(days=2)
                town.request(at=asked, case_number=one.number)


def drawn(town: City, at: datetime = APRIL_1) -> WatchList:
    lively(town)
    assert services.draw(jurisdiction_id=town.jurisdiction.pk, at=at)
    return WatchList.objects.get()


def test_candidates_are_those_of_plain_loops(town: City) -> None:
    lively(town)
    days = calendar.present(town.east.pk)
    expected = {}
    for one in Case.objects.filter(closed_on=None):
        kinds, known = set(), [one.filed_on]
        for row in CaseNode.objects.filter(case=one, is_current=True, is_withdrawn=False):
            on = local_date(row.occurred_at, SHANGHAI)
            known.append(on)
            if days.nth_after(on, 10) >= TODAY:
                kinds.add(f"node:{row.kind}")
        quiet = (TODAY - max(day for day in known if day is not None)).days
        reached = [n for n in (30, 60, 90) if n <= quiet]
        if reached:
            kinds.add(f"silence:{reached[-1]}")
        expected[one.pk] = kinds
    found = figures.candidates([town.east.pk], TODAY, at=APRIL_1)
    assert {one.case_id: set(one.kinds) for one in found} == expected
    assert len(set(map(frozenset, expected.values()))) > 2


def test_a_month_is_drawn_once_with_few_of_its_cases(town: City) -> None:
    watch = drawn(town)
    assert watch.open_cases == 90
    entries = list(watch.entries.order_by("place"))
    assert len(entries) == 4  # five in a hundred of ninety
    assert {one.why for one in entries} == {"node:hearing"}
    assert all(one.lift > 1 and one.serves == "pushed" for one in entries)
    assert not services.draw(jurisdiction_id=town.jurisdiction.pk, at=local(2026, 4, 20))
    assert WatchEntry.objects.count() == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        WatchList.objects.create(
            jurisdiction=town.jurisdiction, month=date(2026, 4, 1), open_cases=0
        )


def test_it_is_due_from_the_first_business_day_on(town: City) -> None:
    assert services.draw_all(local(2026, 5, 1, 7)) == 0  # a holiday
    assert services.draw_all(local(2026, 5, 6, 7)) == 1
    assert services.draw_all(local(2026, 5, 7, 7)) == 0
    assert draw_watch_lists() in (0, 1)


def test_what_was_done_is_said_once_by_who_may(town: City) -> None:
    watch = drawn(town)
    one, two = watch.entries.order_by("place")[:2]
    by = chamber(town)
    for wrong, field in (
        ({"done": "waiting", "text": "x"}, "done"),
        ({"done": "called", "text": " "}, "text"),
    ):
        with pytest.raises(Invalid) as caught:
            services.act(entry_id=one.pk, by=by, **wrong)
        assert caught.value.field == field
    with pytest.raises(NotAllowed):
        services.act(entry_id=one.pk, done="called", text="已通话。", by=town.judge())
    done = services.act(entry_id=one.pk, done="called", text="已通话，当事人清楚。", by=by)
    assert (done.state, done.acted_by) == ("called", by)
    assert FollowUpEntry.objects.get(kind="watch_entry", subject_id=one.pk).text.startswith(
        "已通话"
    )
    with pytest.raises(WrongState):
        services.act(entry_id=one.pk, done="pushed", text="又发", by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        WatchEntry.objects.filter(pk=two.pk).update(state="called")


def test_how_a_list_does_is_what_loops_count(town: City) -> None:
    watch = drawn(town)
    numbers = list(watch.entries.values_list("case__number", flat=True))
    others = list(Case.objects.exclude(number__in=numbers).values_list("number", flat=True)[:7])
    for n, number in enumerate([*numbers[:2], numbers[0], *others]):
        town.request(at=local(2026, 4, 2 + n, 9), case_number=number)
    town.request(at=local(2026, 5, 2, 9), case_number=numbers[0])  # of another month
    services.act(
        entry_id=watch.entries.first().pk, done="pushed", text="已推送。", by=chamber(town)
    )
    counts: dict[bool, int] = defaultdict(int)
    for request in Request.objects.filter(
        registered_at__gte=APRIL_1, registered_at__lt=local(2026, 5, 1)
    ):
        counts[request.case_number in numbers] += 1
    reach = Reach.of(chamber(town), ACTION)
    found = figures.judged(watch, reach, at=local(2026, 6, 1))
    assert (found.on_list, found.outside) == (counts[True], counts[False]) == (3, 7)
    assert (found.watched, found.acted) == (4, 1)


def _page(person: Person, address: str, **post: str) -> tuple[int, str]:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    answer = client.post(address, post) if post else client.get(address)
    return answer.status_code, answer.content.decode()


def test_the_pages_show_each_their_own(town: City) -> None:
    watch = drawn(town)
    address = "/reports/book/ahead/?month=2026-04"
    for entry in watch.entries.select_related("case"):
        assert entry.case.number in _page(chamber(town), address)[1]
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=town.division())
    own = [one for one in watch.entries.all() if one.department == town.division()]
    other = [one for one in watch.entries.all() if one.department is None]
    assert own
    assert other
    for one, status in ((own[0], 200), (other[0], 404)):
        assert _page(leader, f"/reports/book/ahead/{one.public_id}/")[0] == status
    president = town.holder(Post.Kind.PRESIDENT, court=town.west)
    assert _page(president, f"/reports/book/ahead/{own[0].public_id}/")[0] == 404
    assert own[0].case.number not in _page(president, address)[1]
    page = f"/reports/book/ahead/{own[0].public_id}/"
    status, html = _page(leader, page, done="called", text="")
    assert (status, "This field is required" in html) == (400, True)
    assert _page(leader, page, done="called", text="Told her the date.")[0] == 302
    assert "Told her the date." in _page(leader, page)[1]
    president = town.holder(Post.Kind.PRESIDENT)
    assert "<textarea" not in _page(president, f"/reports/book/ahead/{other[0].public_id}/")[1]


def test_a_page_takes_as_many_statements_however_many(
    town: City, django_assert_max_num_queries
) -> None:
    drawn(town)
    client = Client()
    client.force_login(chamber(town))
    with django_assert_max_num_queries(30):
        client.get("/reports/book/ahead/?month=2026-04")
