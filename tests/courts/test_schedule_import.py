"""Reading a public schedule: each fault is said with its line; only differences are found."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courts.business_days import BusinessCalendar, DayKind
from courts.schedule_import import FaultySchedule, by_year, differences, read
from tests.escalation.schedules import SERIES, walk, worked_by

YEARS = range(2026, 2029)


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


def _file(**rows: object) -> str:
    """A file with a row a line; keys are written d20270101."""
    named = {f"{key[1:5]}-{key[5:7]}-{key[7:]}": row for key, row in rows.items()}
    return json.dumps(named, ensure_ascii=False, indent=None).replace("}, ", "},\n")


OFF = {"workday": False, "name": "元旦"}
WORKED = {"workday": True, "name": "元旦"}


def _plain(special: dict | None = None) -> BusinessCalendar:
    return BusinessCalendar(special or {}, first_year=2026, last_year=2028)


@pytest.mark.parametrize(
    ("text", "line", "key", "reason"),
    [
        ("", 1, "", "this is no JSON: Expecting value"),
        ('{"2027-01-01":\n oops}', 2, "", "this is no JSON"),
        ("[" * 100_000, 1, "", "this is no JSON"),
        ("1" * 5_000, 1, "", "this is no JSON"),
        ("[]", 1, "", "an object with a row for each day"),
        ("{}", 1, "", "an object with a row for each day"),
        ('{\n"20270101": {}}', 2, "20270101", "a date such as 2027-01-01"),
        ('{"2027-02-30": {}}', 1, "2027-02-30", "a date such as 2027-01-01"),
        ('{"2029-01-01": {}}', 1, "2029-01-01", "the calendar reaches from 2026 to 2028"),
        ('{"2025-11-30": {}}', 1, "2025-11-30", "the calendar reaches from 2026 to 2028"),
        ('{"2027-01-01": false}', 1, "2027-01-01", "an object with workday and name"),
        (_file(d20270101=OFF | {"isOffDay": True}), 1, "2027-01-01", "isOffDay: not known"),
        (_file(d20270101={"name": "元旦"}), 1, "2027-01-01", "workday must be true or false"),
        (_file(d20270101=OFF | {"workday": 0}), 1, "2027-01-01", "workday must be true or false"),
        (_file(d20270101=OFF | {"name": " "}), 1, "2027-01-01", "name must say"),
        (_file(d20270101=OFF | {"name": "元\0旦"}), 1, "2027-01-01", "name must say"),
        (_file(d20270101={"workday": True}), 1, "2027-01-01", "name must say"),
        (_file(d20270101=OFF | {"name": "长" * 61}), 1, "2027-01-01", "longer than 60"),
        (
            '{"2027-01-01": {"workday": false, "name": "x"},\n'
            '"2027-01-01": {"workday": false, "name": "x"}}',
            2,
            "2027-01-01",
            "stands twice",
        ),
    ],
)
def test_a_fault_is_said_with_line_key_and_reason(
    text: str, line: int, key: str, reason: str
) -> None:
    with pytest.raises(FaultySchedule) as faulty:
        read(text, YEARS)
    [fault] = faulty.value.faults
    assert (fault.line, fault.key) == (line, key)
    assert reason in fault.text
    assert str(fault).startswith(f"line {line}, {key}: " if key else f"line {line}: ")


def test_all_faults_are_said_at_once() -> None:
    rows = {"d20270101": OFF | {"workday": 1}, "d20270102": OFF, "d20270103": OFF | {"name": 3}}
    with pytest.raises(FaultySchedule) as faulty:
        read(_file(**rows), YEARS)
    assert [fault.line for fault in faulty.value.faults] == [1, 3]


def test_what_is_odd_is_allowed_and_remarked() -> None:
    read_file = read(
        _file(d20251231=WORKED, d20270101=OFF, d20270102=OFF, d20270103=WORKED, d20270104=WORKED),
        YEARS,
    )
    assert [(remark.line, remark.text) for remark in read_file.remarks] == [
        (1, "before the calendar begins: left out"),
        (3, "a day off on a weekend"),
        (5, "a make-up working day on a weekday"),
    ]
    assert min(read_file.days) == date(2027, 1, 1)
    assert len(read_file.days) == 4
    assert read_file.whole_years == {2027}


def test_only_days_that_differ_are_found() -> None:
    schedule = read(_file(d20270101=OFF, d20270102=OFF, d20270103=WORKED), YEARS)
    present = _plain({date(2027, 1, 1): (DayKind.HOLIDAY, "元旦")})
    found = differences(schedule, present)
    assert [(one.date, one.is_business_day, one.name) for one in found] == [
        (date(2027, 1, 3), True, "元旦")
    ]
    assert found[0].before.kind is DayKind.WEEKEND


def test_a_whole_schedule_ends_holidays_that_it_does_not_list_and_no_closure() -> None:
    projected = {
        date(2027, 5, 3): (DayKind.HOLIDAY, "劳动节"),
        date(2027, 5, 8): (DayKind.MAKE_UP, ""),
        date(2027, 6, 1): (DayKind.CLOSED, "台风"),
        date(2028, 1, 3): (DayKind.HOLIDAY, "元旦"),
    }
    whole = read(_file(d20270101=OFF, d20271231=OFF), YEARS)
    assert [(one.date, one.is_business_day) for one in differences(whole, _plain(projected))] == [
        (date(2027, 1, 1), False),
        (date(2027, 5, 3), True),
        (date(2027, 5, 8), False),
        (date(2027, 12, 31), False),
    ]
    part = read(_file(d20271231=OFF), YEARS)
    assert [one.date for one in differences(part, _plain(projected))] == [date(2027, 12, 31)]


def test_business_days_are_counted_before_and_after_by_year() -> None:
    schedule = read(_file(d20270101=OFF, d20270102=WORKED, d20270103=WORKED, d20280103=OFF), YEARS)
    present = _plain()
    [first, second] = by_year(differences(schedule, present), present)
    assert (first.year, len(first.added), len(first.removed)) == (2027, 2, 1)
    assert (first.before, first.after) == (261, 262)
    assert (second.year, second.before, second.after) == (2028, 260, 259)


_DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))
_KINDS = st.sampled_from([DayKind.HOLIDAY, DayKind.MAKE_UP])


@given(
    listed=st.dictionaries(_DAYS, st.booleans(), max_size=40),
    projected=st.dictionaries(_DAYS, _KINDS, max_size=40),
)
def test_the_days_found_make_the_calendar_the_schedules(
    listed: dict[date, bool], projected: dict[date, DayKind]
) -> None:
    """Whatever stood before, the year then is as the file and the weekdays say, day by day."""
    listed |= {date(2027, 1, 1): False}
    rows = {day.isoformat(): {"workday": worked, "name": "x"} for day, worked in listed.items()}
    present = _plain({day: (kind, "") for day, kind in projected.items()})
    found = differences(read(json.dumps(rows), YEARS), present)
    changed = {one.date: one.is_business_day for one in found}
    worked = worked_by(listed)
    for day, business in ((day, present.is_business_day(day)) for day in _all_of(2027)):
        assert changed.get(day, business) == worked(day)
        assert day not in changed or changed[day] != business


def _all_of(year: int) -> list[date]:
    return [walk(date(year - 1, 12, 31), n, lambda _day: True) for n in range(1, 366)]


@pytest.mark.skipif(not SERIES.exists(), reason="the State Council series is not there")
def test_the_published_series_is_read_whole() -> None:
    schedule = read(SERIES.read_text(encoding="utf-8"), range(2007, 2041))
    assert schedule.whole_years == frozenset(range(2007, 2027))
    left_out = [remark for remark in schedule.remarks if "left out" in remark.text]
    assert len(schedule.days) + len(left_out) == len(json.loads(SERIES.read_text("utf-8")))
