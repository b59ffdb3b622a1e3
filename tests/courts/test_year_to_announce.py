"""From 1 November on the schedule of the next year is waited for, until it is official."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from courts import calendar
from courts.models import CalendarVersion, OfficialYear, Person

pytestmark = pytest.mark.django_db


def _declare(year: int) -> None:
    version = CalendarVersion.objects.create(
        reason="announced", schedule=calendar.current_version().schedule
    )
    OfficialYear.objects.create(year=year, source="国办", version=version)


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 11, 1), 2027),
        (date(2025, 11, 1), None),
    ],
)
def test_it_is_the_next_years_from_november_and_the_years_own_after_that(
    on: date, year: int | None
) -> None:
    assert {2025, 2026}.isdisjoint(calendar.public_schedule()[1])
    assert 2027 in calendar.public_schedule()[1]
    assert calendar.year_to_announce(on) == year


def test_a_year_that_is_official_is_waited_for_no_more() -> None:
    _declare(2027)
    assert calendar.year_to_announce(date(2026, 11, 1)) is None
    assert calendar.year_to_announce(date(2027, 10, 31)) is None
    assert calendar.year_to_announce(date(2027, 11, 1)) == 2028


def test_the_last_year_of_the_calendar_waits_for_none() -> None:
    _declare(calendar.LAST_YEAR)
    assert calendar.year_to_announce(date(calendar.LAST_YEAR, 12, 31)) is None


def test_administrators_are_warned_on_their_first_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(Person.objects.create_superuser("root", "x", name="管理员", language="en"))
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_kwargs: date(2026, 11, 1))
    headers = {"accept-language": "en"}
    warning = "The schedule of 2027 is not in the calendar yet."
    assert warning in client.get("/admin/", headers=headers).content.decode()
    _declare(2027)
    assert warning not in client.get("/admin/", headers=headers).content.decode()
