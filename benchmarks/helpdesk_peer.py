"""The product's sweep against ``escalate_tickets`` of django-helpdesk 2.6.1, on one PostgreSQL.

The peer is the package as published, in an environment of its own (made on demand under ``var/``
from a hashed lock), in a database of its own: with mail, which goes to a real SMTP server on
loopback, and with mail that is made and sent nowhere. The product writes its firings, recipients,
notices and deliveries.

    .venv/bin/python -m deploy.launcher.script benchmarks/helpdesk_peer.py [--tickets N ...]
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import subprocess
import time
import venv
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks import harness, sweep_city
from benchmarks.sweep_city import AT
from config.celery import keep_what_is_loaded
from escalation.sweep import sweep

ENVIRONMENT = harness.ROOT / "var" / "benchmark-peer"
LOCK = harness.ROOT / "deploy" / "requirements" / "bench.lock"
DATABASE = "benchmark_peer"


def make_environment() -> Path:
    """The peer's Python, with what its lock names; made anew when the lock has changed."""
    python, stamp = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "bench.stamp"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        print("Making the environment of the peer ...", flush=True)
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-input",
             "--disable-pip-version-check", "--requirement", LOCK],
            check=True,
        )  # fmt: skip
        stamp.write_text(digest)
    return python


def _database_url() -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{DATABASE}"))


def make_database() -> None:
    """An empty database for the peer."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()


class _Mailbox:
    """Takes every message and counts it."""

    taken = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        self.taken += 1
        return "250 taken"


class _OnAnyFreePort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _escalate(given: argparse.Namespace, port: int) -> dict[str, float]:
    done = subprocess.run(
        [make_environment(), "benchmarks/peer/escalate.py", str(given.tickets)],
        cwd=harness.ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PEER_DATABASE_URL": _database_url(),
            "PEER_SMTP_PORT": str(port),
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return {"matters/s": given.tickets / float(done.stdout.rsplit("seconds:", 1)[1])}


def without_mail(given: argparse.Namespace) -> dict[str, float]:
    """Mail is made and sent nowhere."""
    return _escalate(given, 0)


def with_mail(given: argparse.Namespace) -> dict[str, float]:
    """Tickets whose submitter and owner are written to."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it tells of every word of SMTP
    mailbox = _Mailbox()
    controller = _OnAnyFreePort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        found = _escalate(given, controller.port)
    finally:
        controller.stop()
    if mailbox.taken != 2 * given.tickets:
        raise SystemExit(f"{mailbox.taken} messages came for {given.tickets} tickets")
    return found


def product(given: argparse.Namespace) -> dict[str, float]:
    """The whole sweep, notices counted, in a process that begins as a worker does."""
    keep_what_is_loaded()
    started = time.perf_counter()
    swept = sweep(AT)
    seconds = time.perf_counter() - started
    if swept.clocks != given.due:
        raise SystemExit(f"{swept.clocks:,} clocks were due, not {given.due:,}")
    return {"matters/s": swept.clocks / seconds}


WAYS = {
    "product": product,
    "helpdesk, without mail": without_mail,
    "helpdesk, with mail": with_mail,
}


def before_each(way: str) -> None:
    """The product's city back to its beginning."""
    if way == "product":
        sweep_city.reset()


def main() -> None:
    """Measure all ways in turns."""
    given = harness.arguments(__doc__, **(sweep_city.SIZES | {"tickets": 1_000}))
    if harness.run_one_way(WAYS, given):
        return
    make_environment()
    make_database()
    sweep_city.build(given)
    found = harness.measure("benchmarks.helpdesk_peer", WAYS, given, before_each=before_each)
    for way, aim in (("helpdesk, without mail", 200), ("helpdesk, with mail", 400)):
        found.verdict(f"product, of {way}", found.ratio("product", way, "matters/s"), at_least=aim)


if __name__ == "__main__":
    main()
