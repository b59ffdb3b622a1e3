"""Each administrator is told once that the schedule of a year is missing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from courts.models import Person
from escalation import tasks, unannounced_year
from escalation.calendar_changes import change_calendar
from escalation.unannounced_year import warn_of_unannounced_year
from notices import kinds
from notices.delivery import deliver_due
from notices.models import Delivery, Notice
from tests.city import City, local

NOVEMBER = local(2026, 11, 1, 9)


@pytest.fixture
def root(town: City) -> Person:
    return Person.objects.create_superuser(
        "root", "x", name="管理员", email="root@court.example", language="en"
    )


def _told() -> set[tuple[str, int]]:
    return set(Notice.objects.values_list("person__username", "subject_id"))


def test_from_november_on_each_administrator_is_told_once(town: City, root: Person) -> None:
    assert warn_of_unannounced_year(local(2026, 10, 31, 23)) == 0
    assert not _told()
    for day in (1, 2, 30):
        warn_of_unannounced_year(local(2026, 11, day, 9))
    assert _told() == {("root", 2027)}
    assert Delivery.objects.count() == 2  # in the application and by e-mail
    # Of the year after, in its own November, once more.
    change_calendar([], official_years={2027: "国办"}, reason="x", by=root, at=NOVEMBER)
    warn_of_unannounced_year(local(2027, 11, 1, 9))
    assert _told() == {("root", 2027), ("root", 2028)}


def test_nobody_is_told_of_a_year_that_is_official(town: City, root: Person) -> None:
    change_calendar([], official_years={2027: "国办"}, reason="x", by=root, at=NOVEMBER)
    assert warn_of_unannounced_year(NOVEMBER) == 0
    assert not _told()


def test_those_are_told_who_may_change_the_calendar(town: City, root: Person) -> None:
    right = Permission.objects.get(codename="add_calendarentry")
    keeper = Person.objects.create_user("keeper", name="保管", is_staff=True)
    keeper.user_permissions.add(right)
    outside = Person.objects.create_user("outside", name="外")
    outside.user_permissions.add(right)
    Person.objects.create_user("reader", name="读", is_staff=True)
    gone = Person.objects.create_superuser("gone", "x", name="离任")
    gone.is_active = False
    gone.save()
    warn_of_unannounced_year(NOVEMBER)
    assert _told() == {("root", 2027), ("keeper", 2027)}


def test_the_notice_opens_the_import_for_as_long_as_one_may(
    town: City, root: Person, client: Client
) -> None:
    warn_of_unannounced_year(NOVEMBER)
    deliver_due(NOVEMBER, gateways=[])
    notice = Notice.objects.get()
    client.force_login(root)
    opened = client.get(f"/notices/{notice.public_id}/", follow=True)
    assert opened.request["PATH_INFO"] == "/admin/courts/calendarentry/import/"
    assert opened.status_code == 200
    subject = Delivery.objects.get(channel=Delivery.Channel.IN_APP).subject
    assert subject == "The schedule of 2027 is missing in the calendar"
    Person.objects.filter(pk=root.pk).update(is_staff=False)
    assert kinds.read([notice]) == {notice.pk: None}


def test_beat_asks_every_day(town: City, root: Person, settings, monkeypatch) -> None:
    [entry] = [
        entry
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] == tasks.warn_of_unannounced_year.name
    ]
    schedule = entry["schedule"]
    assert (schedule.hour, schedule.minute, len(schedule.day_of_week)) == ({9}, {0}, 7)
    monkeypatch.setattr(unannounced_year.timezone, "now", lambda: NOVEMBER)
    assert tasks.warn_of_unannounced_year() == 1
