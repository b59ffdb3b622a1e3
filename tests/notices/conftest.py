"""A city, every kind of notice, and a real SMTP server on loopback that can misbehave."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.template import Engine

from tests import city
from tests.city import City
from tests.notices.provider import Provider, running


@pytest.fixture
def town(db: None) -> City:
    """The invented city."""
    return city.build()


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that templates ask for from here on and that nobody gave."""
    missing: list[str] = []

    class Reporting(str):
        def __mod__(self, name: object) -> str:
            missing.append(str(name))
            return ""

        def __contains__(self, part: object) -> bool:
            return part == "%s"

    monkeypatch.setattr(Engine.get_default(), "string_if_invalid", Reporting("%s"))
    return missing


@dataclass
class MailServer:
    """A mail server on loopback. ``rcpt`` and ``data`` give its answers; None is "taken"."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    rcpt: Callable[[str], str | None] = lambda address: None
    data: Callable[[EmailMessage], str | None] = lambda message: None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.rcpt(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if refusal := self.data(message):
            return refusal
        self.taken.append(message)
        return "250 taken"

    @property
    def addresses(self) -> list[str]:
        """To whom it took mail, in order."""
        return [str(message["To"]) for message in self.taken]


class OnAnyFreePort(Controller):
    """Listens on a port that the system picks, and knows which before it tries itself."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def by_smtp(settings: object) -> Callable[[int], None]:
    """Point the product's e-mail at a port of loopback."""

    def point(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    return point


@pytest.fixture
def mail_server(by_smtp: Callable[[int], None]) -> Iterator[MailServer]:
    """A running mail server, to which the product is pointed."""
    server = MailServer()
    controller = OnAnyFreePort(server, hostname="127.0.0.1", port=0)
    controller.start()
    server.port = controller.port
    by_smtp(server.port)
    yield server
    controller.stop()


@pytest.fixture
def silent_server(by_smtp: Callable[[int], None]) -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []
    ended = threading.Event()

    def hold() -> None:
        listener.settimeout(0.05)
        while not ended.is_set():
            try:
                held.append(listener.accept()[0])
            except TimeoutError:
                time.sleep(0)

    thread = threading.Thread(target=hold)
    thread.start()
    by_smtp(listener.getsockname()[1])
    yield listener
    ended.set()
    thread.join()
    for connection in (*held, listener):
        connection.close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A running HTTP provider."""
    with running() as found:
        yield found


@pytest.fixture
def by_sms(provider: Provider, settings: object) -> Provider:
    """Parties are told by text message first, by e-mail where that fails."""
    settings.PARTY_CHANNELS = ["sms", "email"]
    settings.SMS_URL, settings.SMS_SECRET = f"{provider.url}/send", "of the gateway"
    settings.SMS_RECEIPT_SECRET = "of the receipts"
    settings.SMS_OPTIONS = {"sign_name": "示范法院"}
    settings.GATEWAY_TIMEOUT = 0.5
    settings.GATEWAY_PRICES = {"sms": "0.045 CNY"}
    return provider
