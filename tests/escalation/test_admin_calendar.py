"""The calendar in the administration: a schedule is shown before it is entered."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courts.models import CalendarEntry, CalendarVersion, OfficialYear, Person
from escalation.calendar_changes import DayChange, change_calendar
from tests.city import City, local
from tests.escalation import announced
from tests.escalation.announced import SOURCE

URL = "/admin/courts/calendarentry/import/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client: Client, town: City) -> Client:
    person = Person.objects.create_superuser("root", "x", name="管理员", language="en")
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def _upload(client: Client, content: str | bytes, **fields: object):
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("2027.json", data, content_type="application/json")
    return client.post(URL, {"file": file, "reason": "2027年放假安排"} | fields)


def _hidden(page) -> dict[str, object]:
    """What the page would send back when it is confirmed as shown."""
    form = page.context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in found.items()}


def test_a_schedule_is_shown_then_entered_with_who_and_why(root: Client) -> None:
    page = _upload(root, announced.text())
    words = " ".join(page.content.decode().split())
    assert "Sat 8 May 2027" in words
    assert "248 business days now" in words
    assert page.context["form"]["official_years"].value() == [2027]
    assert not CalendarEntry.objects.exists()
    unnamed = root.post(URL, _hidden(page))
    assert "source" in unnamed.context["form"].errors
    done = root.post(URL, _hidden(page) | {"source": SOURCE}, follow=True)
    assert "days changed; running clocks were counted anew." in done.content.decode()
    version = CalendarVersion.objects.order_by("pk").last()
    assert version is not None
    assert (version.entered_by, version.reason) == (
        Person.objects.get(username="root"),
        "2027年放假安排",
    )
    assert OfficialYear.objects.get().source == SOURCE
    again = _upload(root, announced.text())
    assert "Nothing changes" in again.content.decode()
    assert "<textarea" not in again.content.decode()
    assert 'name="text"' not in again.content.decode()


def test_days_alone_leave_the_year_provisional(root: Client) -> None:
    page = _upload(root, announced.text())
    given = _hidden(page)
    del given["official_years"]
    root.post(URL, given)
    assert CalendarEntry.objects.exists()
    assert not OfficialYear.objects.exists()
    # The days stand, so all that is left is to say that they are official.
    page = _upload(root, announced.text())
    root.post(URL, _hidden(page) | {"source": SOURCE})
    assert OfficialYear.objects.get().year == 2027


def test_for_one_jurisdiction_no_year_is_asked_for(root: Client, town: City) -> None:
    page = _upload(root, announced.text(), jurisdiction=town.jurisdiction.pk)
    assert "official_years" not in page.context["form"].fields
    root.post(URL, _hidden(page))
    assert set(CalendarEntry.objects.values_list("jurisdiction", flat=True)) == {
        town.jurisdiction.pk
    }


def test_a_calendar_changed_meanwhile_is_shown_again(root: Client, town: City) -> None:
    page = _upload(root, announced.text())
    change = DayChange(announced.WORKED[0][0], True, court=town.east)
    change_calendar([change], reason="x", by=None, at=local(2026, 11, 1))
    given = _hidden(page) | {"source": SOURCE}
    again = root.post(URL, given)
    assert "has changed meanwhile" in again.content.decode()
    assert CalendarEntry.objects.count() == 1
    root.post(URL, _hidden(again))
    assert CalendarEntry.objects.count() > 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "no text in UTF-8"),
        ('{\n"2027-01-01": 3}', "line 2, 2027-01-01: an object with workday and name"),
        (json.dumps({f"2027-01-{day:02}": 3 for day in range(1, 24)}), "and 3 more faults"),
        ("x" * 1_000_001, "too large"),
    ],
)
def test_a_file_that_is_no_schedule_is_refused_with_its_faults(
    root: Client, content: str | bytes, said: str
) -> None:
    page = _upload(root, content)
    assert said in page.content.decode()
    assert "file" in page.context["form"].errors


def test_what_was_not_shown_is_not_entered(root: Client) -> None:
    page = _upload(root, announced.text())
    assert root.post(URL, _hidden(page) | {"text": "[]"}).status_code == 400
    assert not CalendarEntry.objects.exists()


def test_only_those_with_the_right_import(client: Client, town: City) -> None:
    client.force_login(Person.objects.create_user("reader", name="读", is_staff=True))
    assert client.get(URL).status_code == 403
    assert _upload(client, announced.text()).status_code == 403


def test_the_list_leads_to_the_import_and_to_the_year(root: Client) -> None:
    page = root.get(reverse("admin:courts_calendarentry_changelist")).content.decode()
    assert f'href="{URL}"' in page
    assert 'href="/calendar/"' in page


def test_a_closure_that_reaches_back_is_asked_why(root: Client, town: City) -> None:
    url = reverse("admin:courts_calendarentry_add")
    given = {
        "date": "2020-06-09",
        "is_business_day": "no",
        "name": "台风",
        "court": town.east.pk,
        "reason": "台风",
        "approval": "示中法〔2020〕1号",
    }
    assert "reaching_back" in root.post(url, given).context["form"].errors
    assert not CalendarEntry.objects.exists()
    assert root.post(url, given | {"reaching_back": "停电"}).status_code == 302
    assert CalendarVersion.objects.order_by("pk").last().reaching_back == "停电"
