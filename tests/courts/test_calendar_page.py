"""The year at a glance: each day as it is, for all courts or one, in both languages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from courts import calendar
from courts.business_days import Day, DayKind
from courts.calendar_page import Month, Year, year_at_a_glance
from courts.day_names import holidays_of
from courts.models import Person
from courts.schedule_import import read
from escalation.calendar_changes import DayChange, change_calendar
from escalation.public_schedules import import_schedule
from tests import city
from tests.city import City, local
from tests.escalation import announced
from tests.escalation.schedules import OFF_2020, published, worked_by

pytestmark = pytest.mark.django_db
AT = local(2020, 6, 1)
TODAY = date(2020, 6, 9)


@pytest.fixture
def town() -> City:
    return city.build()


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def _month(year: Year, number: int) -> Month:
    return year.months[number - 1]


def _special(month: Month) -> list[tuple[DayKind, int, int, str]]:
    return [(run.kind, run.first.date.day, run.last.date.day, run.name) for run in month.runs]


def _close(town: City, days: list[int], **where: object) -> None:
    change_calendar(
        [DayChange(date(2020, 6, day), False, "台风", **where) for day in days],  # type: ignore[arg-type]
        reason="台风停止办公",
        by=Person.objects.get(username="root"),
        approval="示中法〔2020〕1号",
        at=AT,
    )


def test_every_day_stands_once_on_its_weekday_and_as_it_is_published() -> None:
    special, _years = published()
    worked = worked_by(special)
    shown = year_at_a_glance(2020, None, TODAY)
    cells = [
        (at, cell)
        for month in shown.months
        for week in month.weeks
        for at, cell in enumerate(week)
        if cell is not None
    ]
    assert [cell.day.date for _at, cell in cells] == [
        date.fromordinal(number)
        for number in range(date(2020, 1, 1).toordinal(), date(2021, 1, 1).toordinal())
    ]
    for at, cell in cells:
        assert cell.day.date.weekday() == at
        assert cell.day.is_business == worked(cell.day.date), cell.day
        assert cell.is_today == (cell.day.date == TODAY)
        assert all(len(week) == 7 for month in shown.months for week in month.weeks)
    assert shown.business_days == sum(worked(cell.day.date) for _at, cell in cells)


def test_a_holiday_is_all_its_days_off_in_a_row_as_the_notices_have_it() -> None:
    shown = year_at_a_glance(2020, None, TODAY)
    runs = [run for month in shown.months for run in month.runs if run.kind is DayKind.HOLIDAY]
    joined = {}
    for run in runs:
        before = next((day for day in joined if (run.first.date - day).days == joined[day]), None)
        joined[before or run.first.date] = joined.get(before, 0) + len(run.days)
    assert joined == OFF_2020


def test_special_days_bear_their_names() -> None:
    june = _special(_month(year_at_a_glance(2020, None, TODAY), 6))
    assert june == [
        (DayKind.HOLIDAY, 25, 27, "Dragon Boat Festival"),
        (DayKind.MAKE_UP, 28, 28, "in exchange for Fri 26 Jun"),
    ]


def test_an_imported_schedule_reads_like_an_installed_one(town: City) -> None:
    schedule = read(announced.text(), calendar.YEARS)
    import_schedule(
        schedule, reason="x", by=None, official_years=[2027], source=announced.SOURCE, at=AT
    )
    shown = year_at_a_glance(2027, town.east, TODAY)
    assert (shown.is_provisional, shown.source) == (False, announced.SOURCE)
    assert _special(_month(shown, 2)) == [
        (DayKind.HOLIDAY, 5, 14, "Lunar New Year’s Eve, Spring Festival"),
        (DayKind.MAKE_UP, 20, 20, "Spring Festival"),
    ]
    assert not any(run.entry for month in shown.months for run in month.runs)


def test_two_holidays_on_one_day_are_both_named() -> None:
    for name in ("国庆节、中秋节", "国庆节; 中秋节"):
        day = Day(date(2020, 10, 1), DayKind.HOLIDAY, name, is_provisional=False)
        assert holidays_of(day) == ["National Day", "Mid-Autumn Festival"]


def test_local_days_are_those_of_the_court_that_is_shown(town: City) -> None:
    Person.objects.create_superuser("root", "x", name="管理员")
    _close(town, [9, 10], court=town.east)
    _close(town, [11], jurisdiction=town.jurisdiction)
    worked = DayChange(date(2020, 6, 13), True, "补班", court=town.east)
    change_calendar([worked], reason="补台风", by=None, at=AT)
    east = _month(year_at_a_glance(2020, town.east, TODAY), 6).runs
    assert [(run.kind, run.first.date.day, run.last.date.day) for run in east][:3] == [
        (DayKind.CLOSED, 9, 10),
        (DayKind.CLOSED, 11, 11),
        (DayKind.OPENED, 13, 13),
    ]
    assert [run.entry.added_in.reason for run in east[:3] if run.entry] == [
        "台风停止办公 (示中法〔2020〕1号)",
        "台风停止办公 (示中法〔2020〕1号)",
        "补台风",
    ]
    west = _month(year_at_a_glance(2020, town.west, TODAY), 6)
    assert _special(west)[0] == (DayKind.CLOSED, 11, 11, "台风")
    every = _month(year_at_a_glance(2020, None, TODAY), 6)
    assert _special(every)[0][1] == 25


def _text(client: Client, path: str, language: str = "en") -> str:
    page = client.get(path, headers={"accept-language": language})
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_page_says_who_and_why_and_names_people_to_staff_only(
    town: City, client: Client
) -> None:
    root = Person.objects.create_superuser("root", "x", name="管理员", name_en="Root Keeper")
    _close(town, [9], court=town.east)
    change_calendar(
        [DayChange(date(2020, 6, 10), False, "停电", court=town.east)],
        reason="停电",
        by=root,
        approval="示中法〔2020〕2号",
        reaching_back="当日补报",
        at=local(2020, 6, 10),
    )
    path = f"/calendar/2020/?court={town.east.code}"
    text = _text(client, path)
    assert "Tue 9 Jun closed by the courts 台风 Donghu District Court · 台风停止办公" in text
    assert "停电 (示中法〔2020〕2号) · 当日补报" in text
    assert "Root Keeper" not in text
    client.force_login(root)
    root.language = "en"
    root.save()
    assert "entered by Root Keeper, Mon 1 Jun 2020" in _text(client, path)
    assert "台风" not in _text(client, "/calendar/2020/")


def test_it_says_whether_the_year_is_official(town: City, client: Client) -> None:
    assert "as announced by the State Council" in _text(client, "/calendar/2020/")
    waits = "The schedule of 2027 is not announced yet"
    assert waits in _text(client, "/calendar/2027/")
    said = {2027: announced.SOURCE}
    change_calendar([], official_years=said, reason="x", by=None, at=AT)
    text = _text(client, "/calendar/2027/")
    assert waits not in text
    assert announced.SOURCE in text


@pytest.mark.parametrize(
    "path", ["/calendar/2006/", "/calendar/2041/", "/calendar/2020/?court=none"]
)
def test_what_the_calendar_does_not_know_is_not_there(
    town: City, client: Client, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_years_are_turned_with_the_court_kept_and_end_where_the_calendar_ends(
    town: City, client: Client
) -> None:
    page = client.get(f"/calendar/2007/?court={town.east.code}").content.decode()
    assert f"/calendar/2008/?court={'%E7%A4%BA0101'}" in page
    assert "/calendar/2006/" not in page
    assert "/calendar/2041/" not in client.get("/calendar/2040/").content.decode()


def test_the_footer_leads_to_the_present_year(town: City, client: Client) -> None:
    assert 'href="/calendar/"' in client.get("/").content.decode()
    assert client.get("/calendar/")["Location"] == f"/calendar/{timezone.localdate().year}/"


def test_the_page_asks_as_much_of_the_database_for_any_number_of_days(
    town: City, client: Client
) -> None:
    Person.objects.create_superuser("root", "x", name="管理员")
    path = f"/calendar/2020/?court={town.east.code}"
    counts = []
    for days in ([2], [3, 4, 5], [8, 9, 10, 11, 12]):
        _close(town, days, court=town.east)
        client.get(path)  # the process has the calendar of this version in mind
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert len(set(counts)) == 1
