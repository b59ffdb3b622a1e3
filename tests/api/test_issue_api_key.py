"""The key of a machine is printed once, and works."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from courts.models import ApiClient
from tests import city


def _issue(*args: str) -> str:
    out = StringIO()
    call_command("issue_api_key", *args, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_key_that_is_printed_opens_the_interface(town: city.City) -> None:
    key = _issue("kiosk", "--jurisdiction", "shifan", "--channel", "inquiry_machine")
    answer = Client().get("/api/v1/requests", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    client = ApiClient.objects.get()
    assert key not in str(vars(client))
    assert client.channel == "inquiry_machine"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["kiosk", "--jurisdiction", "nowhere", "--channel", "hall"], "there is: shifan"),
        (["kiosk", "--jurisdiction", "shifan", "--channel", "drum"], "invalid choice"),
        (["taken", "--jurisdiction", "shifan", "--channel", "hall"], "choose another name"),
    ],
)
def test_what_is_unknown_or_taken_is_refused(town: city.City, args: list[str], says: str) -> None:
    _issue("taken", "--jurisdiction", "shifan", "--channel", "hall")
    with pytest.raises(CommandError, match=says):
        _issue(*args)
    assert ApiClient.objects.count() == 1


def test_a_key_may_be_for_reading_only(town: city.City) -> None:
    _issue("reader", "--jurisdiction", "shifan", "--channel", "hall", "--read-only")
    assert ApiClient.objects.get().scopes == ["requests:read"]
