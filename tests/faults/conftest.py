"""Real worker and beat processes, and a real mail server, that tests may kill at any instant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.utils import timezone

from config.celery import app
from deploy.launcher.processes import last_lines
from escalation import policy as policies
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import SweepRun
from tests import city
from tests.city import City

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "worker": ("worker", "--concurrency", "1", "--without-gossip", "--without-mingle"),
    "beat": ("beat",),
}


@dataclass
class Mailbox:
    """A mail server on loopback that keeps what it takes; ``taking`` hears of it first."""

    taken: list[EmailMessage] = field(default_factory=list)
    taking: Callable[[EmailMessage], None] = lambda _message: None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.taking(message)
        return "250 taken"


class _OnAnyFreePort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = _OnAnyFreePort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port  # type: ignore[attr-defined]
    yield box
    controller.stop()


@dataclass
class Processes:
    """The product's worker and beat, on the database and the broker of the test."""

    logs: Path
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        for name in names:
            with (self.logs / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [sys.executable, "-m", "celery", "--app", "config", *COMMANDS[name],
                     "--loglevel", "INFO"],
                    cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                    start_new_session=True,
                )  # fmt: skip

    def kill(self, *names: str) -> None:
        """End processes and their children as a power cut would."""
        for name in names:
            process = self.running.pop(name)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = 90) -> None:
        """Wait until something has come about; fails with the ends of the logs if it does not."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                ends = "\n".join(last_lines(self.logs / f"{name}.log") for name in COMMANDS)
                pytest.fail(f"waited {seconds} s for {what}\n{ends}")
            time.sleep(0.1)

    def wait_for_sweep(self) -> None:
        """Wait until a sweep that began from now on has ended."""
        last = SweepRun.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        ended = SweepRun.objects.filter(pk__gt=last, ended_at__isnull=False)
        self.wait(ended.exists, "a sweep")


@pytest.fixture
def processes(mailbox: Mailbox, transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """Nothing runs yet; what was started is ended with the test."""
    app.control.purge()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path="/" + connection.settings_dict["NAME"]
    )
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",  # type: ignore[attr-defined]
        "SWEEP_SECONDS": "1",
        "DELIVERY_SECONDS": "1",
        "HTTPS_ONLY": "false",
    }
    found = Processes(tmp_path, environment)
    yield found
    found.kill(*found.running)


@pytest.fixture
def town(transactional_db: None) -> City:
    """The invented city under the rehearsal policy, in which these days are worked."""
    policies.load_file(Path(__file__).with_name("rehearsal.toml"))
    town = city.build("rehearsal")
    today = timezone.localdate()
    days = [DayChange(today + timedelta(days=n), True, "演练") for n in (-1, 0, 1)]
    change_calendar(days, reason="rehearsal", by=None)
    return town
