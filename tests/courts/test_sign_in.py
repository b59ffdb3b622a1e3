"""Sign-in, the first screen by post, the language, and the health of the product."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from courts.models import Person, Post
from courts.tasks import clear_sessions
from escalation.models import SweepRun
from tests import city

pytestmark = pytest.mark.django_db
PASSWORD, WRONG = "a long enough password", "not the password"


@pytest.fixture
def judge() -> Person:
    person = city.build().judge()
    person.set_password(PASSWORD)
    person.save()
    return person


def _sign_in(client: Client, person: Person, password: str = PASSWORD, **extra: str):
    data = {"username": person.username, "password": password} | extra
    return client.post("/sign-in/", data)


def test_signing_in_leads_to_the_first_screen_and_out_again(client: Client, judge: Person) -> None:
    assert client.get("/sign-in/").status_code == 200
    answer = _sign_in(client, judge)
    assert (answer.status_code, answer.url) == (302, "/start/")
    assert client.get("/start/").status_code == 302
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/start/").url == "/sign-in/?next=/start/"


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(
    client: Client, judge: Person
) -> None:
    wrong = _sign_in(client, judge, "not the password")
    unknown = client.post("/sign-in/", {"username": "nobody", "password": "x"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_too_many_wrong_passwords_close_the_door(client: Client, judge: Person) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = _sign_in(client, judge, "not the password")
    assert answer.status_code == 429
    assert "registration/locked_out.html" in [template.name for template in answer.templates]
    assert _sign_in(client, judge).status_code == 429


def test_behind_a_proxy_each_address_has_its_own_count_and_forges_none(
    client: Client, judge: Person, settings: Any
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1

    def sign_in(forwarded: str, password: str = WRONG) -> int:
        data = {"username": judge.username, "password": password}
        headers = {"x-forwarded-for": forwarded}
        return client.post("/sign-in/", data, headers=headers).status_code

    answers = [sign_in(f"1.2.3.{number}, 203.0.113.9") for number in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert sign_in("203.0.113.9", PASSWORD) == 429
    # A stranger elsewhere has not locked the judge out.
    assert sign_in("198.51.100.7", PASSWORD) == 302


def test_whoever_is_given_a_password_may_change_it(client: Client, judge: Person) -> None:
    assert client.get("/password/").url == "/sign-in/?next=/password/"
    _sign_in(client, judge)
    assert client.get("/password/").status_code == 200
    given = {"old_password": "wrong", "new_password1": "another long one", "new_password2": "x"}
    assert set(client.post("/password/", given).context["form"].errors) == {
        "old_password", "new_password2"
    }  # fmt: skip
    given |= {"old_password": PASSWORD, "new_password2": "another long one"}
    assert client.post("/password/", given).url == "/start/"
    assert client.get("/start/").status_code == 302
    assert _sign_in(Client(), judge, "another long one").status_code == 302


def test_without_the_cache_whoever_is_signed_in_stays_so(
    client: Client, judge: Person, settings: Any
) -> None:
    _sign_in(client, judge)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{port}/0"}
    }
    assert client.get("/start/").url == "/orders/"
    assert client.get("/orders/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/start/").url.startswith("/sign-in/")


def test_sessions_that_are_over_are_removed(client: Client, judge: Person) -> None:
    _sign_in(client, judge)
    _sign_in(Client(), judge)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now())
    clear_sessions()
    assert Session.objects.count() == 1


def test_sign_in_does_not_send_anyone_to_a_foreign_site(client: Client, judge: Person) -> None:
    answer = _sign_in(client, judge, next="https://evil.example/")
    assert answer.url == "/start/"


@pytest.mark.parametrize(
    ("kind", "screen"),
    [
        (Post.Kind.SERVICE_STAFF, "/desk/"),
        (Post.Kind.JUDGE, "/orders/"),
        (Post.Kind.LIAISON_OFFICER, "/supervision/"),
        (Post.Kind.DEPARTMENT_LEADER, "/supervision/"),
        (Post.Kind.PRESIDENT, "/supervision/"),
    ],
)
def test_each_post_has_its_first_screen(client: Client, kind: str, screen: str) -> None:
    client.force_login(city.build().holder(kind))
    assert client.get("/start/").url == screen


def test_an_administrator_without_a_post_starts_in_the_administration(client: Client) -> None:
    client.force_login(Person.objects.create_superuser("root", PASSWORD, name="管理员"))
    assert client.get("/start/").url == "/admin/"


def test_the_language_chosen_is_kept_with_the_person(client: Client, judge: Person) -> None:
    client.force_login(judge)
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert (answer.status_code, answer.url) == (302, "/sign-in/")
    judge.refresh_from_db()
    assert judge.language == "en"
    client.post("/language/", {"language": "tlh"})
    judge.refresh_from_db()
    assert judge.language == "en"


def test_sign_in_brings_the_persons_own_language_unless_one_was_chosen(
    client: Client, judge: Person
) -> None:
    Person.objects.filter(pk=judge.pk).update(language="en")
    _sign_in(client, judge)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    other = Client()
    other.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    _sign_in(other, judge)
    assert other.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    judge.refresh_from_db()
    assert judge.language == "zh-hans"


def test_nobody_inherits_the_language_of_who_signed_in_before(
    client: Client, judge: Person
) -> None:
    Person.objects.filter(pk=judge.pk).update(language="en")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    _sign_in(client, judge)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_health_names_what_works(client: Client) -> None:
    SweepRun.objects.create(started_at=timezone.now(), ended_at=timezone.now())
    answer = client.get("/healthz")
    assert answer.status_code == 200
    checks = answer.json()["checks"]
    assert {name: check["ok"] for name, check in checks.items()} == {
        "database": True,
        "broker": True,
        "sweep": True,
    }
    assert checks["sweep"]["age_seconds"] < 60


def test_a_missing_sweep_is_reported_and_a_missing_broker_makes_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from celery import current_app

    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["sweep"] == {"ok": False, "age_seconds": None}
    # The second reads the first where it has no value of its own: put back in this order.
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "127.0.0.1" not in answer.content.decode()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()
