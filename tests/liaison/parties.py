"""A browser in which a party signs in, by the code that the message would bring."""

from __future__ import annotations

from django.test import Client

from liaison.models import PartySignIn
from liaison.sign_in import code_of
from notices.models import Contact


def code_for() -> str:
    """The code asked for last."""
    return code_of(PartySignIn.objects.latest("pk"))


def signed_in(person: Contact, language: str = "en", **given: str) -> Client:
    """A browser in which ``person`` has signed in with their telephone."""
    client = Client(headers={"accept-language": language})
    assert client.post("/me/sign-in/", {"phone": person.phone}).status_code == 302
    entered = client.post("/me/code/", {"code": code_for()} | given)
    assert entered.status_code == 302, entered.content.decode()
    assert entered["Location"] == "/me/"
    return client
