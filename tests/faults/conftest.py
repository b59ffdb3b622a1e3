"""Real worker and beat processes, and a real mail server, that tests may kill at any instant."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from config.celery import app
from deploy.launcher.processes import last_lines
from escalation import policy as policies
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import SweepRun
from tests import city
from tests.city import City
from tests.faults.own_servers import OwnServers, children_of, kill, speaking_to

# One line for every word that the mail server hears would bury what failed.
logging.getLogger("mail.log").setLevel(logging.WARNING)
ROOT = Path(__file__).resolve().parents[2]
# Several of a kind are told apart by a number: worker-2, beat-2.
COMMANDS = {
    "worker": ("worker", "--concurrency", "1", "--without-gossip", "--without-mingle",
               "--hostname", "{name}@%h"),
    "beat": ("beat",),
}  # fmt: skip


@dataclass
class Mailbox:
    """A mail server on loopback that keeps what it takes; ``taking`` hears of it first."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    taking: Callable[[EmailMessage], None] = lambda _message: None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.taking(message)
        return "250 taken"


def ident(message: EmailMessage) -> str:
    """The public id of the notice that a message brings."""
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


class _OnAnyFreePort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = _OnAnyFreePort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@dataclass
class Processes:
    """The product's workers and beats, on the database and the broker of the test."""

    logs: Path
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        for name in names:
            words = [word.format(name=name) for word in COMMANDS[name.partition("-")[0]]]
            with (self.logs / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [sys.executable, "-m", "celery", "--app", "config", *words,
                     "--loglevel", "INFO"],
                    # By its name the database tells whose transaction is open.
                    cwd=ROOT, env=self.environment | {"PGAPPNAME": name}, stdout=log, stderr=log,
                    start_new_session=True,
                )  # fmt: skip

    def kill(self, *names: str) -> None:
        """End processes and their children as a power cut would."""
        for name in names:
            process = self.running.pop(name)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill_child(self, name: str) -> None:
        """End the child that does a worker's work; the worker replaces it."""
        if name in self.running:
            for child in children_of(self.running[name].pid):
                kill(child)

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = 90) -> None:
        """Wait until something has come about; if it does not, fails with what was unusual in the
        logs and their ends."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                told = "\n".join(self._told(name) for name in self.running)
                pytest.fail(f"waited {seconds} s for {what}\n{told}")
            time.sleep(0.1)

    def _told(self, name: str) -> str:
        path = self.logs / f"{name}.log"
        usual = '"level": "info"'
        unusual = [line for line in path.read_text().splitlines() if usual not in line]
        return "\n".join((f"{name}, what was unusual:", *unusual[:60], last_lines(path)))

    def wait_for_sweep(self, now: Callable[[], datetime] = timezone.now) -> None:
        """Wait until a sweep that began from now on, by its processes' clock, has ended.

        One that finds nothing renews the row of the last that found nothing.
        """
        begun = SweepRun.objects.filter(started_at__gte=now())
        self.wait(begun.filter(ended_at__isnull=False).exists, "a sweep")


def _processes(logs: Path, mailbox: Mailbox, database: str, broker: str) -> Processes:
    environment = os.environ | {
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "SWEEP_SECONDS": "1",
        "DELIVERY_SECONDS": "1",
        "HTTPS_ONLY": "false",
    }
    return Processes(logs, environment)


@pytest.fixture
def processes(mailbox: Mailbox, transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """Nothing runs yet; what was started is ended with the test."""
    app.control.purge()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path="/" + connection.settings_dict["NAME"]
    )
    found = _processes(tmp_path, mailbox, urlunsplit(database), os.environ["REDIS_URL"])
    yield found
    found.kill(*found.running)


@pytest.fixture(scope="session")
def servers(django_db_blocker: DjangoDbBlocker) -> Iterator[OwnServers]:
    """Servers that a test may kill, with the empty database ``pristine``."""
    with OwnServers() as own:
        with django_db_blocker.unblock(), speaking_to(own.create("pristine")):
            call_command("migrate", verbosity=0)
        yield own


@pytest.fixture
def own_database(servers: OwnServers, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The models lie in a database on the servers that may be killed; its address."""
    servers.revive()
    url = servers.create("own", template="pristine")
    with django_db_blocker.unblock(), speaking_to(url):
        yield url
    servers.revive()
    servers.drop("own")


@pytest.fixture
def own_processes(
    own_database: str, servers: OwnServers, mailbox: Mailbox, tmp_path: Path
) -> Iterator[Processes]:
    """As ``processes``, on the servers that may be killed."""
    found = _processes(tmp_path, mailbox, own_database, servers.broker_url)
    yield found
    found.kill(*found.running)


def build_town() -> City:
    """The invented city under the rehearsal policy, in which these days are worked."""
    policies.load_file(Path(__file__).with_name("rehearsal.toml"))
    town = city.build("rehearsal")
    today = timezone.localdate()
    days = [DayChange(today + timedelta(days=n), True, "演练") for n in (-1, 0, 1)]
    change_calendar(days, reason="rehearsal", by=None)
    return town


@pytest.fixture
def town(transactional_db: None) -> City:
    return build_town()
