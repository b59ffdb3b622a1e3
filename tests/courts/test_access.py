"""Whoever is not signed in is sent to sign in: as a page, or from a fragment of one."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from tests import city

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/desk/?state=routed")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/desk/%3Fstate%3Drouted")


def test_a_polling_page_whose_session_ended_is_led_to_sign_in_as_a_whole(client: Client) -> None:
    client.force_login(city.build().staff())
    htmx = {"hx-request": "true", "hx-target": "queue", "hx-current-url": "http://testserver/desk/"}
    assert client.get("/desk/?digest=x", headers=htmx).status_code == 200
    client.logout()
    answer = client.get("/desk/?digest=x", headers=htmx)
    assert answer["HX-Redirect"] == "/sign-in/?next=/desk/"
    assert answer.content == b""


def test_no_browser_keeps_a_page_of_the_staff(client: Client) -> None:
    town = city.build()
    order = town.order(at=timezone.now())
    request = f"{order.request.public_id}/"
    pages = [
        (town.staff(), ["/desk/", f"/desk/{request}", "/desk/new/", "/notices/"]),
        (order.handler, ["/orders/", f"/orders/{order.public_id}/", "/notices/"]),
        (town.holder("president"), ["/supervision/", f"/supervision/{request}", "/leadership/"]),
    ]
    for person, addresses in pages:
        client.force_login(person)
        for address in addresses:
            answer = client.get(address)
            assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True), (
                address
            )


def test_the_menu_names_the_person_in_the_language_of_the_page(client: Client) -> None:
    person = city.build().staff()
    client.force_login(person)
    for language, name in (("en", person.name_en), ("zh-hans", person.name)):
        page = client.get("/desk/", headers={"accept-language": language})
        assert f'<span class="person-name">{name}</span>' in page.content.decode()


def test_what_is_sent_when_the_session_has_ended_is_shown_again(client: Client, db: None) -> None:
    words = "您好，您的案件已于今日开庭审理，判决书将依法送达。"
    address = f"/orders/{uuid.uuid4()}/reply/"
    answer = client.post(address, {"text": words}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert f">{words}</textarea>" in page
    assert f'href="/sign-in/?next={address}"' in page
