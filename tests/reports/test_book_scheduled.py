"""Files of the standing book that come by themselves: once for each period, to their owner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courts.errors import Invalid
from courts.models import Person, Post, Tenure
from notices import kinds
from notices.kinds import Level
from notices.models import Delivery, Notice
from reports import tasks
from reports.models import Export, SavedView
from reports.standing_book import exporting, scheduled, services
from reports.standing_book.rules import last_month, last_week, next_first, next_monday
from reports.standing_book.wishes import Wish
from tests import city
from tests.city import City, local

WEDNESDAY = local(2020, 6, 17, 15)
MONDAY = local(2020, 6, 22, 0, 5)


def view_of(person: Person, name: str = "逾期", **wish: str) -> SavedView:
    return services.save_view(person=person, name=name, wish=Wish(**wish), columns=["number"])


def weekly(person: Person, at=WEDNESDAY, name: str = "逾期", form: str = "csv") -> SavedView:
    view = view_of(person, name)
    return scheduled.set_rhythm(
        person=person, public_id=view.public_id, rhythm="weekly", form=form, at=at
    )


@pytest.fixture
def town(db: None) -> City:
    return city.build()


@pytest.fixture
def chamber(town: City) -> Person:
    return town.holder(Post.Kind.FILING_CHAMBER, court=town.intermediate)


@pytest.mark.parametrize("day", [date(2019, 12, 29) + timedelta(days=n) for n in range(70)])
def test_weeks_and_months_are_those_of_the_calendar_on_the_wall(day: date) -> None:
    first, last = last_week(day)
    assert (first.weekday(), last.weekday(), (last - first).days) == (0, 6, 6)
    assert 1 <= (day - last).days <= 7
    assert next_monday(day) == last + timedelta(days=8)
    first, last = last_month(day)
    assert first.day == (last + timedelta(days=1)).day == 1
    assert (day.replace(day=1) - last).days == 1
    assert next_first(day).day == 1
    assert last_month(next_first(day))[0] == day.replace(day=1)


def test_the_week_is_written_when_it_is_over_and_its_owner_told(
    town: City, chamber: Person
) -> None:
    inside = [town.request(at=local(2020, 6, day, 23)) for day in (15, 21)]
    for at in (local(2020, 6, 14, 23), local(2020, 6, 22, 0, 1)):
        town.request(at=at)
    view = weekly(chamber)
    assert scheduled.ask_for_due(at=MONDAY - timedelta(minutes=10)) == 0  # still that week
    assert scheduled.ask_for_due(at=MONDAY) == 1
    assert scheduled.ask_for_due(at=MONDAY + timedelta(hours=1)) == 0
    exporting.take_up(seconds=60)
    export = Export.objects.get()
    assert (export.state, export.rows_done, export.view) == ("done", len(inside), view)
    notice = Notice.objects.get(kind="export.ready")
    assert notice.person_id == chamber.pk
    channels = Delivery.objects.filter(notice=notice).values_list("channel", flat=True)
    assert set(channels) == {"in_app", "email"}
    (context,) = kinds.read([notice]).values()
    assert context is not None
    kind = kinds.of(notice.kind)
    for language in ("en", "zh-hans"):
        for level in Level:
            subject, body = kinds.words(kind, context, level, language=language, url="https://u/")
            assert "2020-06-15 – 2020-06-21" in subject
            assert "https://u/" in body
            assert (view.name in body) == (level is Level.INSIDE)
    # The next one comes a week later, and only then.
    assert scheduled.ask_for_due(at=MONDAY + timedelta(days=6)) == 0
    assert scheduled.ask_for_due(at=MONDAY + timedelta(days=7)) == 1


def test_who_reads_no_book_any_more_gets_none_and_is_told_nothing(
    town: City, chamber: Person
) -> None:
    weekly(chamber)
    scheduled.ask_for_due(at=MONDAY)
    Tenure.objects.filter(person=chamber).delete()
    exporting.take_up(seconds=60)
    assert Export.objects.get().error == "not_allowed"
    assert list(kinds.read(list(Notice.objects.all())).values()) == [None]
    assert scheduled.ask_for_due(at=MONDAY + timedelta(days=7)) == 0


def test_a_rhythm_is_set_changed_and_ended(town: City, chamber: Person) -> None:
    view = weekly(chamber)
    again = scheduled.set_rhythm(
        person=chamber, public_id=view.public_id, rhythm="weekly", form="csv", at=MONDAY
    )
    assert again.rhythm_since == view.rhythm_since
    with pytest.raises(Invalid):
        scheduled.set_rhythm(person=chamber, public_id=view.public_id, rhythm="daily", form="csv")
    with pytest.raises(SavedView.DoesNotExist):
        scheduled.set_rhythm(
            person=town.staff(), public_id=view.public_id, rhythm="never", form="csv"
        )
    # Kept anew under its name it goes on coming.
    view_of(chamber, timeliness="late")
    assert scheduled.ask_for_due(at=MONDAY) == 1
    assert Export.objects.get().wish["timeliness"] == "late"
    services.delete_view(person=chamber, public_id=view.public_id)
    assert Export.objects.get().view is None
    assert scheduled.ask_for_due(at=MONDAY + timedelta(days=7)) == 0


def test_a_week_and_a_month_that_begin_on_one_day_are_two_files(chamber: Person) -> None:
    view = weekly(chamber, at=local(2020, 5, 20))
    set_to = {"person": chamber, "public_id": view.public_id, "form": "csv"}
    first = local(2020, 6, 8, 9)  # a Monday; so was the first of June
    assert scheduled.ask_for_due(at=first) == 1
    scheduled.set_rhythm(**set_to, rhythm="monthly", at=local(2020, 6, 15))
    assert scheduled.ask_for_due(at=local(2020, 6, 20)) == 0
    assert scheduled.ask_for_due(at=local(2020, 7, 1)) == 1
    days = Export.objects.order_by("pk").values_list("written_for", "wish__registered_until")
    assert list(days) == [
        (date(2020, 6, 1), "2020-06-07"), (date(2020, 6, 1), "2020-06-30"),
    ]  # fmt: skip


def test_it_lies_over_a_long_holiday_and_a_removed_one_is_told_of_no_more(
    chamber: Person,
) -> None:
    weekly(chamber)
    scheduled.ask_for_due(at=MONDAY)
    exporting.take_up(seconds=60)
    Export.objects.update(ended_at=MONDAY)
    assert services.remove_old_exports(at=MONDAY + timedelta(days=20)) == 0
    assert services.remove_old_exports(at=MONDAY + timedelta(days=40)) == 1
    notice = Notice.objects.get(kind="export.ready")
    assert kinds.read([notice]) == {notice.pk: None}


def test_a_view_of_a_unit_that_is_read_no_more_does_not_come(town: City, chamber: Person) -> None:
    view = view_of(chamber, court=str(town.east.public_id))
    scheduled.set_rhythm(
        person=chamber, public_id=view.public_id, rhythm="weekly", form="csv", at=WEDNESDAY
    )
    Tenure.objects.filter(person=chamber).delete()
    seat = Post.objects.get(kind=Post.Kind.PRESIDENT, court=town.west)
    Tenure.objects.create(post=seat, person=chamber, is_acting=True, from_at=city.SINCE)
    assert scheduled.ask_for_due(at=MONDAY) == 0
    client = Client(headers={"accept-language": "en"})
    client.force_login(chamber)
    page = client.get(reverse("book:exports")).content.decode()
    assert "None: you may no longer read the unit" in page


def test_it_is_set_on_the_page_of_ones_files(town: City, chamber: Person) -> None:
    view = view_of(chamber)
    client = Client(headers={"accept-language": "en"})
    client.force_login(chamber)
    chamber.language = "en"
    chamber.save()
    address = reverse("book:set_rhythm", args=[view.public_id])
    given = {"rhythm": "monthly", "form": "xlsx"}
    page = client.post(address, given, follow=True).content.decode()
    assert "The next file of “逾期” comes on" in page
    view.refresh_from_db()
    assert (view.rhythm, view.rhythm_format) == ("monthly", "xlsx")
    assert client.post(address, given | {"rhythm": "hourly"}).status_code == 404
    other = Client()
    other.force_login(town.holder(Post.Kind.PRESIDENT, court=town.intermediate))
    assert other.post(address, given).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_many_at_once_each_comes_once() -> None:
    town = city.build()
    for kind in (Post.Kind.FILING_CHAMBER, Post.Kind.PRESIDENT):
        weekly(town.holder(kind, court=town.intermediate))

    def ask(_number: int) -> int:
        try:
            return scheduled.ask_for_due(at=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(4))) == 2
    assert Export.objects.count() == 2
    with translation.override("en"):
        assert tasks.write_exports() is not None
