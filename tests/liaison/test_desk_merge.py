"""Merging what the same party asked twice."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison import intake, services
from liaison.lifecycle import RequestState
from liaison.models import Request
from tests.city import City
from tests.liaison.forms import LANGUAGES, error_at, says


def address(request: Request) -> str:
    return reverse("desk:merge", args=[request.public_id])


def test_two_requests_of_one_party_become_one(desk: Client, town: City, waiting: Request) -> None:
    twin = town.request(at=timezone.now())
    offered = desk.get(reverse("desk:request", args=[twin.public_id])).context["duplicates"]
    assert offered == [waiting]
    response = desk.post(address(twin), {"into": waiting.public_id})
    assert response["Location"] == reverse("desk:queue")
    twin.refresh_from_db()
    assert (twin.state, twin.merged_into) == (RequestState.MERGED, waiting)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_chosen_is_named_at_the_field(
    desk: Client, town: City, waiting: Request, language: str
) -> None:
    town.request(at=timezone.now())
    response = desk.post(address(waiting), {}, headers={"accept-language": language})
    assert response.status_code == 400
    assert error_at(response, "into")
    assert says(response, "Choose the request that goes on.", language)


def test_only_an_open_request_of_the_same_party_can_go_on(
    desk: Client, town: City, waiting: Request
) -> None:
    now = timezone.now()
    stranger = town.request(at=now, party=intake.Party("李四", phone="13900139000"))
    ended = town.request(at=now)
    services.withdraw(request_id=ended.pk)
    elsewhere = town.request(at=now, court=town.west)
    for wrong in (stranger, ended, elsewhere, waiting):
        assert error_at(desk.post(address(waiting), {"into": wrong.public_id}), "into")
    assert error_at(desk.post(address(waiting), {"into": uuid.uuid4()}), "into")
    assert error_at(desk.post(address(waiting), {"into": "nonsense"}), "into")


def test_what_is_answered_is_not_merged(desk: Client, town: City, waiting: Request) -> None:
    twin = town.request(at=timezone.now())
    services.answer(request_id=twin.pk, text="可以。", by=town.staff())
    response = desk.post(address(twin), {"into": waiting.public_id})
    assert response.status_code == 409
    twin.refresh_from_db()
    assert twin.state == RequestState.ANSWERED
