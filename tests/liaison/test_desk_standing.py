"""What the desk is told of a request: who is told next, who has it, and why it came back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from escalation.reading import role_label
from liaison import services
from liaison.models import Request
from tests.city import City


def page(desk: Client, request: Request):
    return desk.get(reverse("desk:request", args=[request.public_id]))


def test_who_is_told_of_a_request_that_nobody_takes_up(desk: Client, waiting: Request) -> None:
    shown = page(desk, waiting)
    told = [rung.label for rung in shown.context["acceptance"].rungs]
    assert str(role_label("filing_chamber")) in told
    text = shown.content.decode()
    assert "If nobody takes it up:" in text
    assert all(label in text for label in told)


def test_a_dispatched_request_says_to_whom_and_with_which_note(
    desk: Client, town: City, waiting: Request
) -> None:
    services.route(
        request_id=waiting.pk,
        department=town.division(),
        handler=town.judge(),
        by=town.staff(),
        note="当事人希望下午接听。",
    )
    shown = page(desk, waiting)
    assert shown.context["acceptance"] is None
    assert shown.context["dispatched"] == {
        "unit": town.division(),
        "handler": town.judge(),
        "note": "当事人希望下午接听。",
    }


def test_an_answer_of_the_desk_that_is_disputed_is_not_called_returned(
    desk: Client, town: City, waiting: Request
) -> None:
    services.answer(request_id=waiting.pk, text="请带身份证。", by=town.staff())
    services.dispute(request_id=waiting.pk, text="没有回答所问。")
    shown = page(desk, waiting)
    assert shown.context["found"].is_desk_answer_disputed
    assert "Disputed by the party" in shown.content.decode()
    [reason] = [one for one in shown.context["suggestion"]["reasons"] if "unit" in one]
    assert reason == "The party disputes the answer of the desk: a unit has to take it."


@pytest.mark.parametrize("verb", ["answer", "route", "withdraw"])
def test_what_was_done_meanwhile_is_said_before_any_fault_of_the_form(
    desk: Client, town: City, waiting: Request, verb: str
) -> None:
    services.answer(request_id=waiting.pk, text="请带身份证。", by=town.staff())
    typed = {"text": "请带原件。", "note": "请带原件。", "department": ""}
    answer = desk.post(reverse(f"desk:{verb}", args=[waiting.public_id]), typed)
    assert answer.status_code == 409
    assert list(answer.context["form"].errors) == ["__all__"]
    if verb != "withdraw":
        assert "请带原件。" in answer.content.decode()


def test_whoever_has_answered_is_offered_the_next(desk: Client, town: City, waiting: Request):
    other = town.request(at=timezone.now())
    address = reverse("desk:answer", args=[waiting.public_id])
    given = {"text": "请带身份证。", "matter": "consultation"}
    text = desk.post(address, given, follow=True).content.decode()
    assert waiting.number in text
    assert f'<a href="{reverse("desk:request", args=[other.public_id])}">' in text
