"""The engine against a second count in plain loops, over invented lives of a request.

Anchors lie anywhere from 2018 to 2027, the people in the posts change, stand in for each other
and leave posts vacant, the courts close on days of their own; sweeps come at any time or never.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courts.models import CalendarEntry, Court, Department, Person, Post, Tenure
from courts.models import CalendarVersion as Version
from escalation.models import Firing
from escalation.sweep import sweep
from notices.models import Notice
from tests.city import City, local
from tests.escalation.plain_ladder import (
    SHANGHAI,
    Act,
    Held,
    Play,
    Unit,
    World,
    recipients,
)
from tests.escalation.timed import Timed

FIRST, LAST = datetime(2018, 1, 1, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)
CHINA = holidays.country_holidays("CN", years=range(2017, 2030))

# How long until the next thing happens: any time, or just about an opening hour.
gaps = st.one_of(
    st.integers(1, 60 * 24 * 6).map(lambda minutes: timedelta(minutes=minutes)),
    st.sampled_from(["before nine", "nine", "after nine"]),
)
happening = st.tuples(
    gaps,
    st.sampled_from(["assign", "move", "stop", "resume", "sweep", "sweep"]),
    st.integers(0, 7),
)
# A dispatch and, as often as not, a reply that is rejected some days later.
dispatch = st.tuples(gaps, st.just("assign"), st.integers(0, 7))
rejection = st.tuples(
    st.tuples(gaps, st.just("stop"), st.just(0)),
    st.tuples(st.integers(1, 15).map(lambda days: timedelta(days=days)), st.just("resume"),
              st.just(0)),
)  # fmt: skip
happenings = st.builds(
    lambda before, first, between, rejected, after: [
        *before, *first, *between, *(rejected or ()), *after
    ],
    st.lists(happening, max_size=2),
    st.lists(dispatch, min_size=1, max_size=1),
    st.lists(happening, max_size=3),
    st.one_of(st.none(), rejection, rejection),
    st.lists(happening, max_size=4),
)  # fmt: skip


def _after(at: datetime, gap: timedelta | str) -> datetime:
    if isinstance(gap, timedelta):
        return at + gap
    seconds = {"before nine": -1, "nine": 0, "after nine": 1}[gap]
    nine = at.astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
    while nine + timedelta(seconds=seconds) <= at:
        nine += timedelta(days=1)
    return nine + timedelta(seconds=seconds)


def _close_days(town: City, random_: random.Random) -> dict[int, dict[date, bool]]:
    """Each primary court closes on some days and works on others, each as it likes."""
    version = Version.objects.create(reason="a court's own days")
    entered: dict[int, dict[date, bool]] = {}
    for court in (town.east, town.west):
        days = entered.setdefault(court.pk, {})
        for _ in range(400):
            day = date(2018, 1, 1) + timedelta(days=random_.randrange(3650))
            days[day] = random_.random() < 0.3
        CalendarEntry.objects.bulk_create(
            CalendarEntry(date=day, is_business_day=is_, name="x", court=court, added_in=version)
            for day, is_ in days.items()
        )
    return entered


def _staff(town: City, random_: random.Random) -> dict[int, list[Held]]:
    """Fill every post of the ladder anew, with changes, stand-ins, vacancies and double roles."""
    kinds = ["liaison_officer", "department_leader", "deputy_president", "president",
             "filing_chamber"]  # fmt: skip
    posts = Post.objects.filter(kind__in=kinds)
    Tenure.objects.filter(post__in=posts).delete()
    # Few people, judges who handle matters among them: handlers come to hold the posts above.
    handlers = [town.judge(town.division(court)).pk for court in (town.east, town.west)]
    pool = handlers + list(Person.objects.order_by("pk").values_list("pk", flat=True)[:4])
    held: dict[int, list[Held]] = {}
    for post in posts:
        rows = held.setdefault(post.pk, [])
        for acting, longest_gap in ((False, 60), (True, 600)):
            at = FIRST - timedelta(days=random_.randrange(200))
            while at < LAST:
                at += timedelta(days=random_.randrange(longest_gap), hours=random_.randrange(24))
                until = at + timedelta(days=random_.randrange(2, 300), hours=9)
                rows.append(Held(random_.choice(pool), at, until, acting))
                at = until
    Tenure.objects.bulk_create(
        Tenure(post_id=post, person_id=row.person, from_at=row.since, until_at=row.until,
               is_acting=row.acting)
        for post, rows in held.items() for row in rows
    )  # fmt: skip
    return held


def _world(town: City, random_: random.Random) -> World:
    entered, held = _close_days(town, random_), _staff(town, random_)
    public = {day: False for day in CHINA} | dict.fromkeys(CHINA.weekend_workdays, True)
    seats: dict[tuple[str, int | None, int | None], list[list[Held]]] = {}
    for post in Post.objects.order_by("pk").prefetch_related("departments_in_charge"):
        if post.pk in held:
            charge = [department.pk for department in post.departments_in_charge.all()]
            for department in charge or [post.department_id]:
                seats.setdefault((post.kind, post.court_id, department), []).append(held[post.pk])
    parents = dict(Court.objects.values_list("pk", "parent_id"))
    chamber = Department.objects.get(kind="filing_chamber").pk

    def posts(role: str, unit: Unit) -> list[list[Held]]:
        if role == "superior_president":
            return seats.get(("president", parents[unit.court], None), [])
        if role == "filing_chamber":
            return seats[role, town.intermediate.pk, chamber]
        if role == "president":
            return seats[role, unit.court, None]
        return seats[role, unit.court, unit.department]

    def worked(court: int, day: date) -> bool:
        own = entered.get(court, {}).get(day)
        return public.get(day, day.weekday() < 5) if own is None else own

    courts = (town.east, town.west, town.intermediate)
    return World(worked, {court.pk: court.level == "primary" for court in courts}, posts)


def _units(town: City) -> list[tuple[Department, Person | None]]:
    """Where a clock may go: units of three courts, to a judge, a leader, or nobody by name."""
    found: list[tuple[Department, Person | None]] = []
    for court in (town.east, town.west, town.intermediate):
        division = town.division(court)
        found += [(division, town.judge(division)), (town.division(court, 1), None)]
    leader = Tenure.objects.filter(
        post__kind="department_leader", post__department=town.division(), is_acting=False
    ).order_by("from_at")[3]
    deputy = Tenure.objects.filter(post__kind="deputy_president", post__court=town.east)[5]
    return [*found, (town.division(), leader.person), (town.division(), deputy.person)]


def _live(
    town: City,
    world: World,
    units: list[tuple[Department, Person | None]],
    opened: datetime,
    life: list[tuple[timedelta | str, str, int]],
) -> None:
    timed = Timed(town, town.east).start(opened)
    service = Department.objects.get(court=town.east, kind="litigation_service")
    at, acts, stopped_at = opened, [], None
    for gap, verb, number in life:
        at = _after(at, gap)
        if verb == "sweep":
            sweep(at, record=False)
            continue
        department, handler = units[number]
        if verb in ("assign", "move"):
            getattr(timed, verb)(at, department, handler)
        elif verb == "stop":
            timed.stop(at)
            stopped_at = stopped_at or at
        elif stopped_at is not None:
            timed.resume(at, stopped_at)
            stopped_at = None
        unit = Unit(department.court_id, department.pk, handler.pk if handler else None)
        acts.append(Act(at, verb, unit))
    end = at + timedelta(days=60)
    sweep(end, record=False)
    start = Unit(town.east.pk, service.pk, None)
    expected = Play(world, opened, start).through(acts, end)

    rows = {row.step: row for row in Firing.objects.filter(clock=timed.clock)}
    assert {step: row.due_at for step, row in rows.items()} == {
        step: fired.due_at for step, fired in expected.items()
    }
    told = set()
    for step, fired in expected.items():
        row = rows[step]
        assert row.fired_at >= fired.due_at
        assert Unit(row.court_id, row.department_id, row.handler_id) == fired.unit
        assert row.is_silent == fired.silent
        people = recipients(world, step, fired, row.fired_at)
        assert dict(row.recipients.values_list("person_id", "role")) == people, step
        if not fired.silent:
            told |= {(step, person) for person in people}
    notices = Notice.objects.filter(subject_kind=timed.kind, subject_id=timed.subject_id)
    assert sorted((row.params["step"], row.person_id) for row in notices) == sorted(told)


def _check(town: City, seed: int, examples: int, *, same_every_time: bool) -> None:
    # Invented lives, not secrets.
    random_ = random.Random(seed)
    world, units = _world(town, random_), _units(town)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=same_every_time,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        st.integers(0, int((LAST - FIRST).total_seconds()) // 60).map(
            lambda minutes: FIRST + timedelta(minutes=minutes)
        ),
        happenings,
    )
    def lives(opened: datetime, life: list[tuple[timedelta | str, str, int]]) -> None:
        _live(town, world, units, opened, life)

    lives()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_record_is_what_plain_loops_say(town: City, seed: int) -> None:
    _check(town, seed, 60, same_every_time=True)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10, 20))
def test_the_record_is_what_plain_loops_say_at_length(town: City, seed: int) -> None:
    _check(town, seed, 400, same_every_time=False)


def test_the_plain_loops_know_the_first_worked_example(town: City) -> None:
    """The second count must itself be right: clause 8's own example, without any special day."""
    unit = Unit(town.east.pk, 1, None)
    world = World(lambda _court, day: day.weekday() < 5, {town.east.pk: True}, lambda *_: [])
    at = local(2020, 6, 5, 14)
    fired = Play(world, at, unit).through([Act(at, "assign", unit)], local(2020, 7, 1))
    assert [row.due_at for row in fired.values()] == [
        local(2020, 6, day, 9) for day in (10, 11, 15, 17, 18)
    ]
