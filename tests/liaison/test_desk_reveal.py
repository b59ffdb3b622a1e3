"""The party's telephone is masked; showing it leaves a record."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from courts.models import AccessRecord
from liaison.models import Request
from tests.city import City


def address(request: Request) -> str:
    return reverse("desk:reveal", args=[request.public_id])


def test_the_telephone_is_shown_and_the_look_recorded(
    desk: Client, town: City, waiting: Request
) -> None:
    page = desk.post(address(waiting))
    assert waiting.contact.phone in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    look = AccessRecord.objects.get()
    assert (look.person, look.action, look.subject_kind, look.subject_id) == (
        town.staff(), AccessRecord.Action.REVEAL_CONTACT, "request", waiting.pk
    )  # fmt: skip


def test_htmx_gets_the_line_alone(desk: Client, waiting: Request) -> None:
    page = desk.post(address(waiting), headers={"hx-request": "true"}).content.decode()
    assert waiting.contact.phone in page
    assert "<html" not in page
    assert AccessRecord.objects.count() == 1


def test_a_look_is_asked_for_and_never_comes_by_a_link(desk: Client, waiting: Request) -> None:
    assert desk.get(address(waiting)).status_code == 405
    assert not AccessRecord.objects.exists()
