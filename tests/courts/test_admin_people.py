"""An administrator with some rights gives nobody more, and enters as nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from courts.models import Person

pytestmark = pytest.mark.django_db
MOBILE = "13912345678"


def _administrator(username: str) -> Person:
    person = Person.objects.create_user(username, name=username, is_staff=True, mobile=MOBILE)
    person.user_permissions.set(Permission.objects.filter(content_type__model="person"))
    return person


@pytest.fixture
def clerk() -> Person:
    """An administrator who may add and change people, and is no superuser."""
    return _administrator("clerk")


@pytest.fixture
def root() -> Person:
    return Person.objects.create_superuser("root", "x", name="root")


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def sign_in(person: Person) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person)
        return client

    return sign_in


def _change(client: Client, person: Person, **rights: object) -> int:
    url = reverse("admin:courts_person_change", args=[person.pk])
    given = {"username": person.username, "name": "改名", "language": "en", "is_active": "on"}
    return client.post(url, given | rights).status_code


def _password(client: Client, person: Person) -> int:
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    new = "a long enough password"
    return client.post(
        url, {"password1": new, "password2": new, "usable_password": "true"}
    ).status_code


def test_who_is_no_superuser_gives_no_rights(clerk, signed_in) -> None:
    other = Person.objects.create_user("other", name="其他")
    every = list(Permission.objects.values_list("pk", flat=True)[:5])
    for person in (clerk, other):
        held = person.user_permissions.count()
        rights = {"is_superuser": "on", "is_staff": "on", "user_permissions": every}
        assert _change(signed_in(clerk), person, **rights) == 302
        person.refresh_from_db()
        assert (person.name, person.is_superuser) == ("改名", False)
        assert person.user_permissions.count() == held


def test_who_is_no_superuser_sets_no_password_but_the_own(clerk, signed_in) -> None:
    other = Person.objects.create_user("other", name="其他")
    client = signed_in(clerk)
    for person, offered in ((other, False), (clerk, True)):
        page = client.get(reverse("admin:courts_person_change", args=[person.pk]))
        assert ("../password/" in page.content.decode()) == offered
    assert _password(client, other) == 403
    other.refresh_from_db()
    assert not other.has_usable_password()
    assert _password(client, clerk) == 302


def test_a_superuser_is_changed_by_superusers_only(clerk, root, signed_in) -> None:
    assert _change(signed_in(clerk), root) == 403
    assert _password(signed_in(clerk), root) == 403
    root.refresh_from_db()
    assert root.name == "root"


def test_a_superuser_gives_rights_and_passwords(clerk, root, signed_in) -> None:
    client = signed_in(root)
    some = Permission.objects.values_list("pk", flat=True)[0]
    assert _change(client, clerk, is_staff="on", user_permissions=[some]) == 302
    assert list(clerk.user_permissions.values_list("pk", flat=True)) == [some]
    assert _password(client, clerk) == 302
    clerk.refresh_from_db()
    assert clerk.check_password("a long enough password")


def test_no_list_shows_a_mobile_number(clerk, root, signed_in) -> None:
    page = signed_in(root).get(reverse("admin:courts_person_changelist")).content.decode()
    assert "clerk" in page
    assert MOBILE not in page
