"""An upgrade of the public schedule, and a year declared official, change the calendar."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management.sql import emit_post_migrate_signal

from courts import calendar
from courts.business_days import DayKind
from courts.errors import Invalid, WrongState
from courts.models import CalendarVersion, OfficialYear
from escalation import calendar_changes, tasks
from escalation.calendar_changes import DayChange, change_calendar, take_public_schedule
from escalation.models import Clock, ClockEvent
from escalation.sweep import sweep
from tests.city import City, local
from tests.escalation.timed import register_once

# Friday 5 June 2020; the limit of three business days ends with Wednesday the 10th.
OPENED = local(2020, 6, 5)
ANNOUNCED = local(2020, 6, 8)
OFF = date(2020, 6, 9)
SOURCE = "国办发明电〔2026〕9号"
LATE = local(2020, 6, 19, 9)


def _upgraded() -> calendar.Schedule:
    special, provisional = calendar.public_schedule()
    return special | {OFF: (DayKind.HOLIDAY, "特别放假")}, provisional


@pytest.fixture
def upgrade(town: City, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that runs while the package is upgraded: one more day off."""
    clock = register_once(town, OPENED).clock
    schedule = _upgraded()
    monkeypatch.setattr(calendar, "public_schedule", lambda: schedule)
    return clock


def test_an_upgrade_becomes_a_version_and_clocks_are_counted_anew(upgrade: Clock) -> None:
    version = take_public_schedule(ANNOUNCED)
    assert version is not None
    assert version.reason == "public schedule of 2020"
    clock = Clock.objects.get(pk=upgrade.pk)
    assert clock.calendar_version == version
    assert clock.limit_at == local(2020, 6, 12, 0)
    event = ClockEvent.objects.get(clock=clock, kind=ClockEvent.Kind.RETIMED)
    assert event.params["reason"] == version.reason
    assert event.params["limit_from"][:10] == "2020-06-10"  # 24:00 in Shanghai, kept in UTC
    assert take_public_schedule(ANNOUNCED) is None


def test_until_then_everything_counts_by_the_schedule_of_its_version(upgrade: Clock) -> None:
    court_id = upgrade.court_id
    calendar.forget()  # as in a process that has just started
    assert calendar.present(court_id).is_business_day(OFF)
    # What is due by the old schedule is settled before the new one holds.
    take_public_schedule(local(2020, 6, 10, 9))
    assert upgrade.firings.get().due_at == local(2020, 6, 10, 9)
    assert not calendar.present(court_id).is_business_day(OFF)


def test_a_clock_without_a_rung_left_gets_its_new_limit_too(upgrade: Clock) -> None:
    sweep(LATE)
    assert Clock.objects.get(pk=upgrade.pk).next_due_at is None
    take_public_schedule(LATE)
    assert Clock.objects.get(pk=upgrade.pk).limit_at == local(2020, 6, 12, 0)


def test_what_an_interrupted_change_left_gets_its_new_limit_from_the_background_job(
    upgrade: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep(LATE)
    with monkeypatch.context() as patch:
        patch.setattr(calendar_changes, "retime_stale", lambda at, batches=None: 0)
        take_public_schedule(LATE)
    assert tasks.retime() == 1
    assert tasks.retime() == 0
    assert Clock.objects.get(pk=upgrade.pk).limit_at == local(2020, 6, 12, 0)


def test_the_sweep_and_a_migration_take_it(upgrade: Clock) -> None:
    before = calendar.current_version()
    tasks.sweep()
    taken = calendar.current_version()
    assert taken.pk > before.pk
    emit_post_migrate_signal(0, False, "default")
    assert calendar.current_version() == taken


def test_a_worker_not_yet_restarted_does_not_take_the_old_one_back(
    upgrade: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = take_public_schedule(ANNOUNCED)
    monkeypatch.undo()
    assert take_public_schedule(ANNOUNCED) is None
    # It counts with the new one all the same, because that is what the version keeps.
    assert not calendar.present(upgrade.court_id).is_business_day(OFF)
    emit_post_migrate_signal(0, False, "default")  # an older release put in on purpose
    assert calendar.current_version() != taken
    assert calendar.present(upgrade.court_id).is_business_day(OFF)


def test_a_sweep_goes_on_while_the_schedule_waits(
    upgrade: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits() -> None:
        raise WrongState

    monkeypatch.setattr(tasks, "take_public_schedule", waits)
    assert tasks.sweep()["firings"] == 5


def test_a_year_declared_official_is_no_longer_provisional(town: City) -> None:
    timed = register_once(town, local(2026, 12, 31))
    court_id = timed.clock.court_id
    assert calendar.is_provisional(date(2027, 1, 4))
    version = change_calendar(
        [DayChange(date(2027, 1, 3), True, "补班")],
        official_years={2027: SOURCE},
        reason="2027年放假安排",
        by=None,
        at=local(2026, 12, 31, 11),
    )
    assert not calendar.is_provisional(date(2027, 1, 4))
    assert calendar.is_provisional(date(2028, 1, 4))
    assert timed.clock.calendar_version == version
    assert 2027 not in calendar.for_court(court_id, version.pk).provisional_years
    assert OfficialYear.objects.get().source == SOURCE


@pytest.mark.parametrize(
    ("year", "source", "field"),
    [(2027, " ", "source"), (2026, SOURCE, "year"), (1999, SOURCE, "year")],
)
def test_a_year_needs_its_source_and_not_to_be_known(
    town: City, year: int, source: str, field: str
) -> None:
    before = CalendarVersion.objects.count()
    with pytest.raises(Invalid) as refused:
        change_calendar([], official_years={year: source}, reason="x", by=None, at=OPENED)
    assert refused.value.field == field
    assert CalendarVersion.objects.count() == before
