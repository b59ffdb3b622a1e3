"""The administration: every page opens in both languages, and nothing is deleted there."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.db import DataError, transaction
from django.test import Client
from django.urls import reverse

from courts import calendar
from courts.models import CalendarEntry, CalendarVersion, Jurisdiction, OfficialYear, Person
from escalation.models import Clock
from escalation.sweep import sweep
from tests import city
from tests.city import local

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(Person.objects.create_superuser("root", "x", name="管理员"))
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_list_and_row_open_and_nothing_is_deleted(root: Client, model: type, language: str) -> None:
    city.build().order(at=local(2020, 6, 5))
    sweep(local(2020, 6, 11, 9))
    headers = {"accept-language": language}
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"  # type: ignore[attr-defined]
    answer = root.get(reverse(f"{name}_changelist"), headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    row = model._default_manager.first()  # type: ignore[attr-defined]
    if row is None:
        return
    assert root.get(reverse(f"{name}_change", args=[row.pk]), headers=headers).status_code == 200
    if model._meta.app_label in ("courts", "escalation"):  # type: ignore[attr-defined]
        assert root.post(reverse(f"{name}_delete", args=[row.pk])).status_code == 403


def test_strangers_are_sent_to_the_one_sign_in(client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/")


def test_a_person_is_made_and_can_sign_in(root: Client) -> None:
    page = root.post(
        reverse("admin:courts_person_add"),
        {
            "username": "new",
            "name": "新人",
            "usable_password": "true",
            "password1": "a long enough password",
            "password2": "a long enough password",
        },
    )
    assert page.status_code == 302
    given = {"username": "new", "password": "a long enough password"}
    assert Client().post("/sign-in/", given).status_code == 302


_DAYS = {
    "date": "2020-06-09",
    "until": "2020-06-10",
    "is_business_day": "no",
    "name": "台风",
    "reason": "台风停止办公",
    "approval": "示中法〔2020〕1号",
    "reaching_back": "事后补录",
}


def test_a_year_is_declared_announced_with_its_last_days_or_alone(root: Client) -> None:
    city.build()
    url = reverse("admin:courts_calendarentry_add")
    said = {"reason": "2027年放假安排", "year": "2027", "source": "国办发明电〔2026〕9号"}
    wrong = root.post(url, {"reason": "x"})
    assert set(wrong.context["form"].errors) == {"date", "is_business_day", "name"}
    assert "source" in root.post(url, said | {"source": ""}).context["form"].errors
    assert root.post(url, said).status_code == 302
    assert OfficialYear.objects.get().year == 2027
    assert not calendar.is_provisional(date(2027, 1, 4))
    days = _DAYS | said | {"date": "2028-01-01", "until": "2028-01-02", "year": "2028"}
    assert root.post(url, days).status_code == 302
    assert CalendarEntry.objects.count() == 2
    assert OfficialYear.objects.count() == 2


def test_days_are_entered_by_a_change_of_the_calendar(root: Client) -> None:
    town = city.build()
    entered = root.post(reverse("admin:courts_calendarentry_add"), _DAYS | {"court": town.east.pk})
    assert entered.status_code == 302
    days = CalendarEntry.objects.filter(court=town.east, removed_in__isnull=True)
    assert [day.date for day in days] == [date(2020, 6, 9), date(2020, 6, 10)]
    version = CalendarVersion.objects.first()
    assert version is not None
    assert version.entered_by == Person.objects.get(username="root")
    chosen = {"action": "take_back", "_selected_action": [day.pk for day in days]}
    url = reverse("admin:courts_calendarentry_changelist")
    assert "reason" in root.post(url, chosen).context["form"].fields
    assert days.all().count() == 2
    done = root.post(url, chosen | {"reason": "台风未至"})
    assert done.status_code == 302, done.context["form"].errors
    assert days.all().count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"approval": ""}, "approval"),
        ({"until": "2020-06-08"}, "until"),
        ({"until": "2020-08-09"}, "until"),
        ({"date": "x"}, "date"),
        ({"date": "9999-12-31", "until": "9999-12-31"}, "date"),
    ],
)
def test_a_change_that_lacks_something_is_refused_on_its_field(
    root: Client, wrong: dict, field: str
) -> None:
    town = city.build()
    page = root.post(
        reverse("admin:courts_calendarentry_add"), _DAYS | {"court": town.east.pk} | wrong
    )
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not CalendarEntry.objects.exists()


def test_a_time_zone_that_nobody_knows_is_refused(root: Client) -> None:
    jurisdiction = city.build().jurisdiction
    address = reverse("admin:courts_jurisdiction_change", args=[jurisdiction.pk])
    values = {
        "code": jurisdiction.code, "name": jurisdiction.name, "name_en": jurisdiction.name_en,
        "number_prefix": jurisdiction.number_prefix, "policy": jurisdiction.policy,
        "leading_court": jurisdiction.leading_court_id, "time_zone": "Asia/Shangai",
    }  # fmt: skip
    page = root.post(address, values, headers={"accept-language": "en"})
    assert "No time zone has this name." in page.content.decode()
    with pytest.raises(DataError), transaction.atomic():
        Jurisdiction.objects.update(time_zone="Asia/Shangai")
    assert root.post(address, values | {"time_zone": "Asia/Tokyo"}).status_code == 302


def test_what_was_set_aside_is_taken_up_again(root: Client) -> None:
    city.build().request(at=local(2020, 6, 5))
    Clock.objects.update(set_aside="ValueError: x")
    chosen = {
        "action": "take_up_again",
        "_selected_action": list(Clock.objects.values_list("pk", flat=True)),
    }
    root.post(reverse("admin:escalation_clock_changelist"), chosen)
    assert not Clock.objects.exclude(set_aside="").exists()
