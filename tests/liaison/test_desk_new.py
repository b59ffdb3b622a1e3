"""Taking down what came to the hall, the hotline or another channel (G3, B4)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from liaison import access
from liaison.models import Channel, Request
from tests.city import City
from tests.liaison.forms import LANGUAGES, error_at, filled, says

NEW = "/desk/new/"


@pytest.mark.parametrize("channel", Channel.values)
def test_every_channel_comes_into_one_register(desk: Client, town: City, channel: str) -> None:
    response = desk.post(NEW, filled(channel=channel))
    made = Request.objects.get()
    assert response["Location"] == reverse("desk:request", args=[made.public_id])
    assert (made.channel, made.registered_by) == (channel, town.staff())
    assert made.timeline.get(kind="registered").actor == "staff"


def test_the_access_code_is_shown_to_who_took_it_down(
    desk: Client, client: Client, town: City
) -> None:
    address = desk.post(NEW, filled(channel="hall"))["Location"]
    code = access.access_code(Request.objects.get())
    assert f"{code[:4]}-{code[4:]}" in desk.get(address).content.decode()
    client.force_login(town.holder("hotline_agent"))
    assert f"{code[:4]}-{code[4:]}" not in client.get(address).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter the party’s name."),
        ("phone", "12", "Enter a telephone number such as 138 0000 0000 or 020-8888 8888."),
        ("case_number", "（2026）民初1号", None),
        ("text", "", "Write what the party asks for."),
    ],
)
def test_bad_input_is_named_at_its_field(
    desk: Client, town: City, language: str, field: str, value: str, words: str | None
) -> None:
    response = desk.post(
        NEW, filled(channel="hall", **{field: value}), headers={"accept-language": language}
    )
    assert response.status_code == 400
    assert error_at(response, field)
    assert words is None or says(response, words, language)
    assert not Request.objects.exists()


def test_nobody_registers_for_a_court_out_of_reach(desk: Client, town: City) -> None:
    response = desk.post(NEW, filled(channel="hall", court=town.west.code))
    assert error_at(response, "court")


def test_a_command_sent_twice_registers_once(desk: Client, town: City) -> None:
    values = filled(channel="hotline")
    assert desk.post(NEW, values)["Location"] == desk.post(NEW, values)["Location"]
    assert Request.objects.count() == 1


def test_other_words_under_the_same_command_are_shown_again(desk: Client, town: City) -> None:
    values = filled(channel="hotline")
    desk.post(NEW, values)
    response = desk.post(NEW, values | {"text": "另外请寄判决书。"})
    assert response.status_code == 400
    assert says(
        response, "This form was sent before with other words. Please check and send again."
    )
    fresh = response.context["form"]["command_id"].value()
    again = desk.post(NEW, values | {"text": "另外请寄判决书。", "command_id": fresh})
    assert again.status_code == 302
    assert Request.objects.count() == 2


def test_judges_do_not_find_it(client: Client, town: City) -> None:
    client.force_login(town.judge())
    assert client.get(NEW).status_code == 404
