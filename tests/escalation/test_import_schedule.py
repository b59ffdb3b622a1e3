"""An imported schedule becomes one version of the calendar, and a second time none."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courts import calendar
from courts.business_days import DayKind
from courts.errors import Invalid, WrongState
from courts.models import CalendarEntry, CalendarVersion, OfficialYear, Person
from courts.schedule_import import Schedule, read
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import Clock, ClockEvent
from escalation.public_schedules import announced_by, import_schedule, preview
from tests.city import City, local
from tests.escalation import announced
from tests.escalation.announced import SOURCE
from tests.escalation.schedules import SERIES, worked_by
from tests.escalation.timed import register_once

AT = local(2026, 11, 10)


@pytest.fixture
def schedule() -> Schedule:
    return read(announced.text(), calendar.YEARS)


def _import(schedule: Schedule, **kwargs: object) -> CalendarVersion | None:
    given = {"reason": "2027年放假安排", "by": None, "at": AT}
    return import_schedule(schedule, **(given | kwargs))  # type: ignore[arg-type]


def _present() -> calendar.BusinessCalendar:
    return calendar.for_place(None, None, calendar.current_version().pk)


def test_the_year_is_then_as_the_file_says_and_official(town: City, schedule: Schedule) -> None:
    root = Person.objects.create_superuser("root", "x", name="管理员")
    before = CalendarVersion.objects.count()
    version = _import(schedule, official_years=[2027], source=SOURCE, by=root)
    assert version is not None
    assert CalendarVersion.objects.count() == before + 1
    assert (version.entered_by, version.reason) == (root, "2027年放假安排")
    assert OfficialYear.objects.get().source == SOURCE
    special = {date.fromisoformat(day): row["workday"] for day, row in announced.rows().items()}
    worked = worked_by(special)
    present = calendar.present(town.east.pk)
    for day in (date(2027, 1, 1) + timedelta(days=n) for n in range(365)):
        assert present.is_business_day(day) == worked(day), day
    assert 2027 not in present.provisional_years


def test_only_days_that_differ_become_entries(town: City, schedule: Schedule) -> None:
    shown = preview(schedule)
    assert announced_by(schedule) == [2027]
    _import(schedule)
    entered = CalendarEntry.objects.values_list("date", flat=True)
    assert list(entered) == [one.date for one in shown.differences]
    assert date(2027, 2, 8) in schedule.days  # projected to be a holiday as it is
    assert date(2027, 2, 8) not in entered


def test_days_are_holidays_and_make_up_days_and_no_closures(town: City, schedule: Schedule) -> None:
    _import(schedule)
    present = calendar.present(town.east.pk)
    kinds = {
        date(2027, 2, 11): (DayKind.HOLIDAY, "春节"),
        date(2027, 2, 20): (DayKind.MAKE_UP, "春节"),
    }
    for day, expected in kinds.items():
        described = present.describe(day)
        assert (described.kind, described.name) == expected
    less = announced.rows()
    del less["2027-02-11"], less["2027-02-20"]
    _import(read(json.dumps(less), calendar.YEARS))
    present = calendar.present(town.east.pk)
    assert present.describe(date(2027, 2, 11)).kind is DayKind.WORKING
    assert present.describe(date(2027, 2, 20)).kind is DayKind.WEEKEND


def test_the_same_file_again_changes_nothing(town: City, schedule: Schedule) -> None:
    _import(schedule, official_years=[2027], source=SOURCE)
    before = CalendarVersion.objects.count()
    assert _import(schedule, official_years=[2027], source=SOURCE) is None
    assert CalendarVersion.objects.count() == before
    assert not preview(schedule).differences
    assert not announced_by(schedule)


def test_running_clocks_are_counted_anew(town: City, schedule: Schedule) -> None:
    clock = register_once(town, local(2027, 5, 6)).clock
    version = _import(schedule, at=local(2027, 5, 6, 11))
    clock = Clock.objects.get(pk=clock.pk)
    assert clock.limit_at == local(2027, 5, 11, 0)  # Saturday 8 May is worked
    event = ClockEvent.objects.get(clock=clock, kind=ClockEvent.Kind.RETIMED)
    assert event.params["reason"] == "2027年放假安排"
    assert clock.calendar_version == version


def test_for_one_jurisdiction_others_keep_theirs(town: City, schedule: Schedule) -> None:
    _import(schedule, jurisdiction=town.jurisdiction)
    assert calendar.present(town.east.pk).is_business_day(date(2027, 5, 8))
    assert not _present().is_business_day(date(2027, 5, 8))
    assert not preview(schedule, jurisdiction=town.jurisdiction).differences
    assert preview(schedule).differences


def test_what_a_court_entered_stands_over_it(town: City, schedule: Schedule) -> None:
    closure = DayChange(date(2027, 5, 8), False, "停电", court=town.east)
    change_calendar([closure], reason="停电", by=None, approval="示中法〔2027〕1号", at=AT)
    _import(schedule)
    assert not calendar.present(town.east.pk).is_business_day(date(2027, 5, 8))
    assert calendar.present(town.west.pk).is_business_day(date(2027, 5, 8))


def test_of_a_court_alone_nothing_is_public(town: City) -> None:
    day = DayChange(date(2027, 5, 8), True, "x", court=town.east, is_public=True)
    with pytest.raises(Invalid) as refused:
        change_calendar([day], reason="x", by=None, at=AT)
    assert refused.value.field == "court"


def test_a_calendar_changed_since_it_was_shown_is_to_be_looked_at_again(
    town: City, schedule: Schedule
) -> None:
    seen = preview(schedule).version_id
    change_calendar([DayChange(date(2027, 5, 8), True)], reason="x", by=None, at=AT)
    with pytest.raises(WrongState):
        _import(schedule, seen_version_id=seen)
    assert CalendarEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("kwargs", "field"),
    [
        ({"official_years": [2028], "source": SOURCE}, "official_years"),
        ({"official_years": [2027], "source": " "}, "source"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_an_import_needs_is_asked_for(
    town: City, schedule: Schedule, kwargs: dict, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        _import(schedule, **kwargs)
    assert refused.value.field == field
    assert not CalendarEntry.objects.exists()


def test_one_jurisdiction_declares_no_year_official(town: City, schedule: Schedule) -> None:
    with pytest.raises(Invalid) as refused:
        _import(schedule, jurisdiction=town.jurisdiction, official_years=[2027], source=SOURCE)
    assert refused.value.field == "official_years"


@pytest.mark.skipif(not SERIES.exists(), reason="the State Council series is not there")
def test_the_published_series_is_what_the_calendar_has_already(town: City) -> None:
    schedule = read(SERIES.read_text(encoding="utf-8"), calendar.YEARS)
    assert not preview(schedule).differences
    assert _import(schedule) is None


def _call(path: Path, *words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_schedule", str(path), *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.json"
    path.write_text(announced.text(), encoding="utf-8")
    return path


def test_the_command_shows_changes_and_says_when_there_are_none(town: City, file: Path) -> None:
    Person.objects.create_superuser("root", "x", name="管理员")
    words = ["--reason", "2027年放假安排", "--official-year", "2027", "--source", SOURCE]
    shown, notes = _call(file, *words, "--dry-run")
    assert "becomes a business day: Sat 2027-05-08 劳动节" in shown
    assert "2027: 248 business days, 248 then" in shown
    assert "2027-01-02: a day off on a weekend" in notes
    assert not CalendarEntry.objects.exists()
    said, _notes = _call(file, *words, "--by", "root")
    version = CalendarVersion.objects.first()
    assert version is not None
    assert f"calendar version {version.pk} made" in said
    assert version.entered_by == Person.objects.get(username="root")
    assert OfficialYear.objects.get().year == 2027
    said, _notes = _call(file, *words)
    assert "nothing changed" in said
    assert CalendarVersion.objects.first() == version


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--reason", "x", "--jurisdiction", "nowhere"], "no jurisdiction 'nowhere'"),
        (["--reason", "x", "--by", "nobody"], "no person 'nobody'"),
        (["--reason", "x", "--official-year", "2028", "--source", "x"], "whole schedule of 2028"),
    ],
)
def test_the_command_refuses_with_a_reason(
    town: City, file: Path, words: list[str], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        _call(file, *words)
    assert not CalendarEntry.objects.exists()


def test_the_command_says_what_is_wrong_with_a_file(town: City, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{\n"2027-13-01": {}\n}', encoding="utf-8")
    with pytest.raises(CommandError, match="line 2, 2027-13-01: a date such as 2027-01-01"):
        _call(path, "--reason", "x")
    with pytest.raises(CommandError, match=r"absent\.json"):
        _call(tmp_path / "absent.json", "--reason", "x")
