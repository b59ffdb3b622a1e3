"""Answering on the spot at the desk (G4, B5)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison import services
from liaison.lifecycle import RequestState
from liaison.models import Request
from tests.city import City
from tests.liaison.forms import LANGUAGES, error_at, says


def address(request: Request) -> str:
    return reverse("desk:answer", args=[request.public_id])


def test_the_answer_is_kept_and_the_desk_goes_on(
    desk: Client, town: City, waiting: Request
) -> None:
    response = desk.post(address(waiting), {"text": "请携带身份证领取。", "matter": "materials"})
    assert response["Location"] == reverse("desk:queue")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.procedure, waiting.matter) == (
        RequestState.ANSWERED, "summary", "materials"
    )  # fmt: skip
    entry = waiting.timeline.get(kind="answered")
    assert (entry.text, entry.person, entry.is_public) == ("请携带身份证领取。", town.staff(), True)
    assert waiting.number in desk.get(response["Location"]).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_answer_is_refused_at_its_field(
    desk: Client, waiting: Request, language: str
) -> None:
    response = desk.post(
        address(waiting),
        {"text": " ", "matter": "materials"},
        headers={"accept-language": language},
    )
    assert response.status_code == 400
    assert error_at(response, "text")
    assert says(response, "Write the answer.", language)
    assert response.context["form"]["matter"].value() == "materials"


def test_an_unknown_matter_is_refused_at_its_field(desk: Client, waiting: Request) -> None:
    response = desk.post(address(waiting), {"text": "可以。", "matter": "gossip"})
    assert error_at(response, "matter")
    assert "可以。" in response.content.decode()


def test_whoever_was_slower_keeps_what_they_wrote(
    desk: Client, town: City, waiting: Request
) -> None:
    values = {"text": "可以。", "matter": "other"}
    assert desk.post(address(waiting), values).status_code == 302
    response = desk.post(address(waiting), values | {"text": "第二个答复"})
    assert response.status_code == 409
    assert "第二个答复" in response.content.decode()
    assert waiting.timeline.filter(kind="answered").count() == 1


def test_a_withdrawn_request_is_not_answered(desk: Client, waiting: Request) -> None:
    services.withdraw(request_id=waiting.pk)
    response = desk.post(address(waiting), {"text": "可以。", "matter": "other"})
    assert response.status_code == 409
    waiting.refresh_from_db()
    assert waiting.state == RequestState.WITHDRAWN


def test_the_form_opens_with_the_suggested_matter(desk: Client, town: City) -> None:
    request = town.request(at=timezone.now(), matter="other", text="想领取判决书", title="")
    assert desk.get(address(request)).context["form"]["matter"].value() == "issue_documents"
