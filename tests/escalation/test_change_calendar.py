"""A change of the calendar settles what is due by the old one, then counts clocks anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts import calendar
from courts.errors import Invalid
from courts.models import CalendarEntry, CalendarVersion
from escalation import calendar_changes
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import Clock, ClockEvent, Firing
from escalation.retiming import retime_stale
from escalation.sweep import sweep
from escalation.tasks import sweep as sweep_task
from liaison.kinds import REPLY
from tests import city
from tests.city import local
from workorders import services

pytestmark = pytest.mark.django_db

# Friday 5 June 2020; the limit ends on Wednesday the 10th, the first rung stands on the 11th.
OPENED = local(2020, 6, 5)
TYPHOON = date(2020, 6, 9)
APPROVAL = "示中法〔2020〕1号"


@pytest.fixture
def town() -> city.City:
    return city.build()


def _clock(order: object) -> Clock:
    return Clock.objects.get(kind=REPLY, subject_id=order.request_id)  # type: ignore[attr-defined]


def _close_east(town: city.City, **kwargs: object) -> CalendarVersion:
    closure = DayChange(TYPHOON, False, "台风", court=town.east)
    values = {"reason": "台风停止办公", "by": None, "approval": APPROVAL, "at": local(2020, 6, 8)}
    return change_calendar([closure], **(values | kwargs))  # type: ignore[arg-type]


def test_a_closure_moves_the_dates_of_its_own_court_and_says_why(town: city.City) -> None:
    east, west = town.order(at=OPENED), town.order(at=OPENED, court=town.west)
    version = _close_east(town)
    clock = _clock(east)
    assert clock.limit_at == local(2020, 6, 12, 0)
    assert clock.next_due_at == local(2020, 6, 11, 9)
    assert clock.calendar_version == version
    event = ClockEvent.objects.get(clock=clock, kind=ClockEvent.Kind.RETIMED)
    assert event.params["reason"] == f"台风停止办公 ({APPROVAL})"
    assert (event.params["from"][:10], event.params["to"][:10]) == ("2020-06-10", "2020-06-11")
    other = _clock(west)
    assert other.limit_at == local(2020, 6, 11, 0)
    assert other.calendar_version == version
    assert not ClockEvent.objects.filter(clock=other, kind=ClockEvent.Kind.RETIMED).exists()


def test_nothing_fires_by_the_old_date(town: city.City) -> None:
    order = town.order(at=OPENED)
    _close_east(town)
    sweep(local(2020, 6, 10, 9))
    assert not Firing.objects.filter(clock=_clock(order)).exists()
    sweep(local(2020, 6, 12, 9))
    due = Firing.objects.filter(clock=_clock(order)).values_list("step", "due_at")
    assert list(due) == [("warning", local(2020, 6, 11, 9)), ("rung1", local(2020, 6, 12, 9))]


def test_what_was_due_by_the_old_calendar_is_recorded_first(town: city.City) -> None:
    order = town.order(at=OPENED)
    # Nobody has swept since the fifth.
    _close_east(town, at=local(2020, 6, 11, 9, 5), reaching_back="停电后补报")
    fired = Firing.objects.filter(clock=_clock(order))
    assert list(fired.values_list("step", "due_at")) == [
        ("warning", local(2020, 6, 10, 9)),
        ("rung1", local(2020, 6, 11, 9)),
    ]
    assert _clock(order).next_due_at == local(2020, 6, 16, 9)
    sweep(local(2020, 6, 12, 9))
    assert fired.count() == 2


def test_a_working_day_put_in_brings_dates_forward(town: city.City) -> None:
    order = town.order(at=OPENED)
    change_calendar(
        [DayChange(date(2020, 6, 7), True, "补班", jurisdiction=town.jurisdiction)],
        reason="补班",
        by=None,
        at=local(2020, 6, 6),
    )
    assert _clock(order).next_due_at == local(2020, 6, 9, 9)
    assert _clock(order).limit_at == local(2020, 6, 10, 0)


def test_an_entry_taken_back_lets_the_schedule_hold_again(town: city.City) -> None:
    order = town.order(at=OPENED)
    first = _close_east(town)
    taken = DayChange(TYPHOON, None, court=town.east)
    change_calendar([taken], reason="台风未至", by=None, at=local(2020, 6, 8, 16))
    assert _clock(order).limit_at == local(2020, 6, 11, 0)
    assert CalendarEntry.objects.get().added_in == first
    # What was once said stays readable in its version.
    assert not calendar.for_court(town.east.pk, first.pk).is_business_day(TYPHOON)
    assert calendar.present(town.east.pk).is_business_day(TYPHOON)


def test_stopped_clocks_are_not_touched(town: city.City) -> None:
    order = town.order(at=OPENED)
    services.reply(order_id=order.pk, text="已答复。", by=town.judge(), at=local(2020, 6, 8, 9))
    before = Clock.objects.filter(pk=_clock(order).pk).values().get()
    _close_east(town)
    assert Clock.objects.filter(pk=_clock(order).pk).values().get() == before


def test_an_interrupted_count_is_taken_up_by_the_next_sweep(
    town: city.City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = town.order(at=OPENED)
    with monkeypatch.context() as patch:
        patch.setattr(calendar_changes, "retime_stale", lambda at, batches=None: 0)
        _close_east(town)
    assert _clock(order).next_due_at == local(2020, 6, 10, 9)
    sweep_task()
    stale = Clock.objects.running().filter(next_due_at__isnull=False)
    assert not stale.exclude(calendar_version=calendar.current_version()).exists()
    assert ClockEvent.objects.filter(clock=_clock(order), kind=ClockEvent.Kind.RETIMED).exists()


def test_counting_anew_takes_the_same_statements_for_any_number(town: city.City) -> None:
    counts = []
    for number in (1, 9):
        for _ in range(number):
            town.order(at=OPENED)
        CalendarVersion.objects.create(reason="x")
        with CaptureQueriesContext(connection) as captured:
            assert retime_stale(OPENED + timedelta(hours=1)) > 0
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_bad_row_is_set_aside_and_the_others_counted(town: city.City) -> None:
    good, bad = town.order(at=OPENED), town.order(at=OPENED)
    Clock.objects.filter(pk=_clock(bad).pk).update(limit_name="nonsense")
    _close_east(town)
    assert "nonsense" in _clock(bad).set_aside
    assert _clock(good).limit_at == local(2020, 6, 12, 0)


@pytest.mark.parametrize(
    ("change", "kwargs", "field"),
    [
        ({}, {"reason": " "}, "reason"),
        ({}, {"approval": ""}, "approval"),
        ({"is_business_day": None}, {}, "date"),
        ({"date": date(2099, 1, 1)}, {}, "date"),
    ],
)
def test_what_a_change_needs_is_asked_for(
    town: city.City, change: dict, kwargs: dict, field: str
) -> None:
    values = {"date": TYPHOON, "is_business_day": False, "name": "台风", "court": town.east}
    given = {"reason": "台风", "by": None, "approval": APPROVAL, "at": OPENED}
    with pytest.raises(Invalid) as refused:
        change_calendar([DayChange(**(values | change))], **(given | kwargs))
    assert refused.value.field == field
    assert not CalendarEntry.objects.exists()


@pytest.mark.parametrize(
    ("at", "is_asked"),
    [(local(2020, 6, 8, 23, 59), False), (local(2020, 6, 9, 0), True), (local(2020, 6, 20), True)],
)
def test_a_closure_of_a_day_that_has_begun_says_why_it_reaches_back(
    town: city.City, at: datetime, is_asked: bool
) -> None:
    if is_asked:
        with pytest.raises(Invalid) as refused:
            _close_east(town, at=at, reaching_back=" ")
        assert refused.value.field == "reaching_back"
        assert not CalendarEntry.objects.exists()
        assert _close_east(town, at=at, reaching_back=" 停电 ").reaching_back == "停电"
    else:
        assert _close_east(town, at=at).reaching_back == ""
    assert CalendarEntry.objects.count() == 1


def test_taking_back_a_day_that_a_court_had_opened_is_asked_as_much(town: city.City) -> None:
    saturday = date(2020, 6, 13)
    change_calendar([DayChange(saturday, True, court=town.east)], reason="补班", by=None, at=OPENED)
    taken = [DayChange(saturday, None, court=town.east)]
    sunday = local(2020, 6, 14, 10)
    for given, field in (
        ({}, "approval"),
        ({"approval": "穗中法〔2020〕8号"}, "reaching_back"),
    ):
        with pytest.raises(Invalid) as refused:
            change_calendar(taken, reason="误", by=None, at=sunday, **given)
        assert refused.value.field == field
    assert calendar.present(town.east.pk).is_business_day(saturday)
    change_calendar(
        taken, reason="误", by=None, at=sunday, approval="穗中法〔2020〕8号", reaching_back="录错"
    )
    assert not calendar.present(town.east.pk).is_business_day(saturday)


def test_neither_a_day_worked_nor_a_rule_for_all_needs_to_say_so(town: city.City) -> None:
    days = [DayChange(TYPHOON, True, court=town.east), DayChange(TYPHOON, False)]
    change_calendar(days, reason="x", by=None, at=local(2020, 6, 20))
    assert CalendarEntry.objects.count() == 2


def test_the_same_day_twice_is_refused(town: city.City) -> None:
    day = DayChange(TYPHOON, True, court=town.east)
    with pytest.raises(Invalid):
        change_calendar([day, day], reason="x", by=None, at=OPENED)
