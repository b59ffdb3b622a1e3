"""The calculator counts as the engine does, and says of each day whether it counts and why."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from courts import day_names
from courts.business_days import DayKind, local_date
from courts.errors import Invalid
from courts.models import Court
from escalation import policy
from escalation.calculator import Deadline, calculate
from escalation.calendar_changes import DayChange, change_calendar
from escalation.deadline import LaidOpen, lay_open
from escalation.ladder import Anchors, Frame, Limit, Step, TimedKind
from escalation.models import Clock, Firing
from escalation.sweep import sweep
from tests.city import City, local
from tests.escalation.examples import EXAMPLES, Example
from tests.escalation.test_business_days import CALENDAR, NINE, SHANGHAI
from tests.escalation.timed import Timed

GUANGZHOU = policy.parse("guangzhou.toml", policy.read_file(policy.FOLDER / "guangzhou.toml"))
BEIJING = policy.parse("beijing.toml", policy.read_file(policy.FOLDER / "beijing.toml"))
FRAME = Frame(CALENDAR, SHANGHAI, NINE, "primary")
ORDINARY = "request.reply:ordinary"
by_reason = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.why)


def laid_open(
    opened: datetime, assigned: datetime | None = None, level: str = "primary"
) -> LaidOpen:
    anchors = Anchors(opened, assigned or opened)
    kind = GUANGZHOU.clocks["request.reply"]
    return lay_open(kind, "ordinary", anchors, replace(FRAME, court_level=level))


def numbered(laid: LaidOpen, count: int = 0) -> dict[date, int | None]:
    return {row.day.date: row.numbers[count] for row in laid.days}


@by_reason
def test_the_worked_examples(example: Example) -> None:
    laid = laid_open(example.opened)
    assert laid.limit_at == example.limit_at
    assert [(due.step.key, due.due_at) for due in laid.due] == list(example.steps)
    assert [laid.number_of(due) for due in laid.due] == [3, 4, 6, 8, 9]
    numbers = numbered(laid)
    assert numbers[example.opened.date()] == 0
    assert numbers[example.limit_on.date()] == 3
    for due, number in zip(laid.due, (3, 4, 6, 8, 9), strict=True):
        assert numbers[local_date(due.due_at, SHANGHAI)] == number


def test_every_day_from_day_0_to_the_last_rung_is_there_once() -> None:
    laid = laid_open(local(2020, 6, 24, 14))
    days = [row.day.date for row in laid.days]
    assert days == [date(2020, 6, 24) + timedelta(days=n) for n in range(15)]
    numbers = numbered(laid)
    assert [numbers[day] for day in days] == [
        0, None, None, None, 1, 2, 3, 4, 5, 6, None, None, 7, 8, 9,
    ]  # fmt: skip


def test_a_make_up_day_says_for_which_day_off_it_is_worked() -> None:
    rows = {row.day.date: row for row in laid_open(local(2020, 6, 24, 14)).days}
    worked = rows[date(2020, 6, 28)]
    assert (worked.day.kind, worked.worked_for) == (DayKind.MAKE_UP, date(2020, 6, 26))
    assert rows[date(2020, 6, 29)].worked_for is None
    october = CALENDAR.describe(date(2020, 10, 10))  # others nearby are worked for other days
    assert day_names.worked_for(CALENDAR, october) == date(2020, 10, 8)


def test_a_later_dispatch_is_a_count_of_its_own() -> None:
    laid = laid_open(local(2020, 6, 5), assigned=local(2020, 6, 9))
    assert [(count.anchors, count.day0) for count in laid.counts] == [
        (("opened",), date(2020, 6, 5)),
        (("assigned",), date(2020, 6, 9)),
    ]
    assert numbered(laid, 0)[date(2020, 6, 10)] == 3
    assert numbered(laid, 1)[date(2020, 6, 10)] == 1
    assert numbered(laid, 1)[date(2020, 6, 8)] is None  # before it was dispatched
    assert laid.limit_at == local(2020, 6, 13, 0)
    by_step = {due.step.key: laid.number_of(due) for due in laid.due}
    assert by_step == {"warning": 3, "rung1": 4, "rung2": 6, "rung3": 8, "rung4": 9}


def test_a_dispatch_on_the_same_day_is_the_same_count() -> None:
    laid = laid_open(local(2020, 6, 5, 9), assigned=local(2020, 6, 5, 17))
    assert [count.anchors for count in laid.counts] == [("opened", "assigned")]


def test_a_rung_for_other_courts_is_named_and_not_counted() -> None:
    laid = laid_open(local(2020, 6, 5), level="intermediate")
    assert [step.key for step in laid.elsewhere] == ["rung4"]
    assert "rung4" not in [due.step.key for due in laid.due]
    assert laid_open(local(2020, 6, 5)).elsewhere == ()


def test_a_recurring_step_is_there_each_time() -> None:
    anchors = Anchors(local(2020, 6, 5), local(2020, 6, 5))
    laid = lay_open(BEIJING.clocks["request.reply"], "ordinary", anchors, FRAME)
    urged = [laid.number_of(due) for due in laid.due if due.step.key == "urge"]
    assert urged == list(range(3, 23))
    assert numbered(laid)[laid.days[-1].day.date] == 22


def test_a_year_not_announced_is_told() -> None:
    assert laid_open(local(2026, 12, 30)).provisional == (2027,)
    assert laid_open(local(2026, 11, 20)).provisional == ()


EMERGENCY = TimedKind(
    {"alarm": Limit("alarm", "opened", minutes=30)},
    (
        Step("urge", 0, "opened", 30, ("handler",), unit="minutes", every=15, at_most=3),
        Step("loud", 1, "opened", 5, ("president",), unit="minutes", limits=frozenset({"other"})),
    ),
)


def test_minutes_are_counted_without_business_days() -> None:
    at = local(2020, 10, 3, 23, 45)  # at night, on a holiday
    laid = lay_open(EMERGENCY, "alarm", Anchors(at, at), FRAME)
    assert laid.limit_at == at + timedelta(minutes=30)
    assert (laid.counts, laid.limit_count) == ((), None)
    assert [row.day.date for row in laid.days] == [date(2020, 10, 3), date(2020, 10, 4)]
    urged = [due for due in laid.due if due.step.key == "urge"]
    assert [laid.number_of(due) for due in urged] == [None, None, None]


def test_a_step_in_minutes_before_the_first_day_counted_has_its_day() -> None:
    kind = TimedKind(
        {"ordinary": Limit("ordinary", "assigned", business_days=1)},
        (Step("soon", 0, "opened", 30, ("handler",), unit="minutes"),),
    )
    laid = lay_open(kind, "ordinary", Anchors(local(2020, 6, 5), local(2020, 6, 9)), FRAME)
    assert [row.day.date.day for row in laid.days] == [5, 6, 7, 8, 9, 10]
    assert list(numbered(laid).values()) == [None, None, None, None, 0, 1]


# --- Against real clocks and sweeps -------------------------------------------------------------


def _started(town: City, court: Court, opened: datetime, assigned: datetime) -> Clock:
    return Timed(town, court).start(opened).assign(assigned, town.division(court)).clock


def test_it_says_what_real_clocks_then_fire(town: City) -> None:
    chance = random.Random(20200515)
    courts = [town.intermediate, town.east, town.west]
    asked: dict[int, Deadline] = {}
    change_calendar(
        entries=[DayChange(date(2023, 9, 1), False, "台风", court=town.east)],
        by=None,
        reason="台风",
        approval="示中法〔2023〕9号",
        at=local(2018, 1, 1),
    )
    for _n in range(40):
        opened = local(2018, 1, 1, 0) + timedelta(minutes=chance.randrange(9 * 365 * 24 * 60))
        later = chance.choice([0, 0, 1, 3, 12])
        assigned = opened + timedelta(days=later, minutes=chance.randrange(600))
        court = chance.choice(courts)
        clock = _started(town, court, opened, assigned)
        asked[clock.pk] = calculate(court=court, limit=ORDINARY, start=opened, assigned=assigned)
    sweep(local(2028, 1, 1))
    for clock in Clock.objects.filter(pk__in=asked):
        deadline = asked[clock.pk]
        fired = Firing.objects.filter(clock=clock).order_by("due_at", "level")
        assert clock.limit_at == deadline.laid.limit_at
        assert [(row.step, row.due_at) for row in fired] == [
            (due.step.key, due.due_at) for due in deadline.laid.due
        ]


def test_it_counts_a_courts_own_closure(town: City) -> None:
    change_calendar(
        entries=[DayChange(date(2026, 12, 1), False, "台风", court=town.east)],
        by=None,
        reason="台风",
        approval="示中法〔2026〕9号",
    )
    start = local(2026, 11, 30)
    east = calculate(court=town.east, limit=ORDINARY, start=start)
    west = calculate(court=town.west, limit=ORDINARY, start=start)
    assert (east.laid.limit_at, west.laid.limit_at) == (
        local(2026, 12, 5, 0),
        local(2026, 12, 4, 0),
    )
    closed = east.laid.days[1].day
    assert (closed.kind, day_names.name_of(closed, SHANGHAI)) == (DayKind.CLOSED, "台风")


def test_it_follows_the_version_of_the_policy_that_holds_at_the_start(town: City) -> None:
    old = policy.PolicyVersion.objects.get(slug="guangzhou")
    document = {**old.document, "holds_from": "2026-01-01"}
    document["clocks"]["request.reply"]["limits"]["ordinary"]["business_days"] = 5
    newer = policy.PolicyVersion.objects.create(
        slug="guangzhou", version=99, holds_from=date(2026, 1, 1), document=document, digest="x"
    )
    before = calculate(court=town.east, limit=ORDINARY, start=local(2025, 12, 31))
    after = calculate(court=town.east, limit=ORDINARY, start=local(2026, 1, 1))
    across = calculate(
        court=town.east, limit=ORDINARY, start=local(2025, 12, 31), assigned=local(2026, 1, 4)
    )
    assert across.version == old
    assert (before.version, before.laid.limit.business_days) == (old, 3)
    assert (after.version, after.laid.limit.business_days) == (newer, 5)


def test_a_kind_alone_means_its_longest_limit(town: City) -> None:
    found = calculate(court=town.east, limit="request.reply", start=local(2026, 11, 20))
    assert found.laid.limit.name == "ordinary"
    found = calculate(court=town.east, limit="request.reply:summary", start=local(2026, 11, 20))
    assert found.laid.limit.name == "summary"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"limit": "request.nothing"}, "limit"),
        ({"limit": "request.reply:nothing"}, "limit"),
        ({"assigned": local(2026, 11, 19)}, "assigned"),
        ({"start": local(2006, 12, 31)}, "start"),
        ({"start": local(2041, 1, 1)}, "start"),
        ({"start": local(2040, 12, 30)}, "start"),
        ({"assigned": local(2041, 1, 1)}, "assigned"),
        ({"start": datetime.fromisoformat("0001-01-01T00:00:00+14:00")}, "start"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_name(town: City, changed: dict, field: str) -> None:
    question = {"court": town.east, "limit": ORDINARY, "start": local(2026, 11, 20)} | changed
    with pytest.raises(Invalid) as refused:
        calculate(**question)
    assert refused.value.field == field


def test_every_limit_of_every_shipped_policy_can_be_asked(town: City) -> None:
    for rules in (GUANGZHOU, BEIJING):
        town.jurisdiction.policy = rules.slug
        town.jurisdiction.save()
        court = Court.objects.select_related("jurisdiction").get(pk=town.east.pk)
        for kind, timed in rules.clocks.items():
            for name in timed.limits:
                found = calculate(court=court, limit=f"{kind}:{name}", start=local(2026, 11, 20))
                assert found.laid.limit_at > local(2026, 11, 20)


# --- The names of days off ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2020, 6, 25), "Dragon Boat Festival"),
        (date(2020, 6, 26), "day off, worked on Sun 28 Jun"),
        (date(2020, 10, 1), "Mid-Autumn Festival, National Day"),
        (date(2020, 10, 6), "Mid-Autumn Festival (observed)"),
        (date(2020, 6, 27), ""),
        (date(2020, 6, 29), ""),
    ],
)
def test_a_day_off_is_named_in_the_readers_language(on: date, name: str) -> None:
    with translation.override("en"):
        assert day_names.name_of(CALENDAR.describe(on), SHANGHAI) == name


def test_every_holiday_of_the_schedule_has_a_name_in_english() -> None:
    with translation.override("en"):
        for offset in range((date(2027, 12, 31) - CALENDAR.first).days):
            day = CALENDAR.describe(CALENDAR.first + timedelta(days=offset))
            assert day_names.name_of(day, SHANGHAI).replace("’", "").isascii(), day
