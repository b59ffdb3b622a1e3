"""A withdrawal by telephone, recorded by who heard it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from liaison import services
from liaison.lifecycle import RequestState
from liaison.models import Request
from tests.city import City
from tests.liaison.forms import LANGUAGES, error_at, says


def address(request: Request) -> str:
    return reverse("desk:withdraw", args=[request.public_id])


def test_the_withdrawal_names_who_heard_it(desk: Client, town: City, waiting: Request) -> None:
    desk.post(address(waiting), {"heard": "on"})
    waiting.refresh_from_db()
    assert waiting.state == RequestState.WITHDRAWN
    assert waiting.timeline.get(kind="withdrawn").person == town.staff()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_needs_the_partys_word(desk: Client, waiting: Request, language: str) -> None:
    response = desk.post(address(waiting), {}, headers={"accept-language": language})
    assert response.status_code == 400
    assert error_at(response, "heard")
    assert says(response, "Only the party can withdraw a request.", language)
    waiting.refresh_from_db()
    assert waiting.state == RequestState.REGISTERED


def test_what_is_answered_cannot_be_withdrawn(desk: Client, town: City, waiting: Request) -> None:
    services.answer(request_id=waiting.pk, text="可以。", by=town.staff())
    assert desk.post(address(waiting), {"heard": "on"}).status_code == 409
