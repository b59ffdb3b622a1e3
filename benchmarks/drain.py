"""Notices drained by two workers through a text-message gateway, against a bare loop that posts.

The bare loop is two processes, one after the other posting the same messages, each over one
connection that is kept alive: no database, no words to make, no signature, nothing recorded. Both
post to a provider on loopback, a process of its own; once it answers at once, and once after
some milliseconds, as one does that is far away. Then the web is asked for a page while notices are
drained, against the same while nothing is.

    .venv/bin/python -m deploy.launcher.script benchmarks/drain.py [--size N --distance MS ...]
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import urllib3
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import drain_provider, harness
from courts import invented
from courts.models import Court
from liaison.models import Channel, Matter, Request
from notices.models import Contact, Delivery, Notice

WORKERS = 2
# A bare loop waits for each answer, so to a provider far away a few messages tell its rate.
LOOP_FAR = 2_000
AT = datetime(2026, 11, 2, 2, tzinfo=UTC)
# Each party is told twice: what one party gets is sent in order.
KINDS = ("request.registered", "request.answered")
PREPARED = 2000
GATEWAY = {
    "PARTY_CHANNELS": "sms",
    "SMS_OPTIONS": "sign_name=测试法院",
    "SMS_SECRET": "of the gateway",
    "GATEWAY_PRICES": "sms=0.045 CNY",
}
# A worker says that it is ready, waits for a word, works, and says what it did.
_WORKER = """
import django
django.setup()
import logging
from config.celery import keep_what_is_loaded
from notices.delivery import deliver_channel
keep_what_is_loaded()
logging.disable(logging.CRITICAL)
print("ready", flush=True)
input()
print(deliver_channel("sms", for_seconds=3600)["sent"], flush=True)
"""
_LOOP = """
import sys, urllib3, json
url, path, number, of = sys.argv[1:]
with open(path) as lines:
    mine = [json.loads(line) for no, line in enumerate(lines) if no % int(of) == int(number)]
pool = urllib3.PoolManager(maxsize=1, retries=False)
print("ready", flush=True)
input()
sent = 0
for headers, body in mine:
    answer = pool.request("POST", url, body=body.encode(), headers=headers)
    assert json.loads(answer.data)["code"] == 0
    sent += 1
print(sent, flush=True)
"""


def prepare(given: argparse.Namespace) -> None:
    """Parties with a request each, and two notices about it."""
    call_command("migrate", verbosity=0, interactive=False)
    if Court.objects.exists():
        raise SystemExit("This database is in use: a benchmark wants one of its own.")
    city = invented.found_jurisdiction(
        code="bench", prefix="B", policy="guangzhou", name="测试市", name_en="Bench",
        court_code="测01", court_name="测试市中级人民法院",
        court_name_en="Bench Intermediate Court",
    )  # fmt: skip
    assert city.leading_court is not None
    invented.staff_court(city.leading_court, invented.Plan(), since=AT, prefix="b-")
    parties = max(given.size // len(KINDS), 1)
    for first in range(0, parties, PREPARED):
        numbers = range(first, min(first + PREPARED, parties))
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither history nor keys are looked at: the rows are made from each other.
            cursor.execute("SET LOCAL session_replication_role = replica")
            contacts = Contact.objects.bulk_create(
                Contact(name=f"当事人{n}", phone=f"13{n:09}", phone_index="") for n in numbers
            )
            requests = Request.objects.bulk_create(
                Request(
                    number=f"B20261102-{n:06}", jurisdiction=city, court=city.leading_court,
                    contact=contact, channel=Channel.WEBSITE, matter=Matter.CONTACT_JUDGE,
                    title="请回电", text="请法官与我联系。", registered_at=AT,
                )
                for n, contact in zip(numbers, contacts, strict=True)
            )  # fmt: skip
            notices = Notice.objects.bulk_create(
                Notice(
                    key=f"{kind}:{request.pk}", kind=kind, contact_id=request.contact_id,
                    subject_kind="request", subject_id=request.pk, created_at=AT, outside_at=AT,
                )
                for request in requests
                for kind in KINDS
            )  # fmt: skip
            Delivery.objects.bulk_create(
                Delivery(notice=notice, channel="sms", next_attempt_at=AT) for notice in notices
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def reset(_way: str = "") -> None:
    """Nothing was sent yet, and the table is tidy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notices_delivery SET state = 'pending', attempts = 0, next_attempt_at = %s,"
            " subject = '', body = '', language = '', error = '', sent_at = NULL,"
            " provider_id = NULL, cost = NULL, currency = NULL, possible_repeats = 0",
            [AT],
        )
        cursor.execute("VACUUM ANALYZE notices_delivery")
        cursor.execute("CHECKPOINT")


def _together(commands: list[list[str]], environment: dict[str, str]) -> tuple[int, float]:
    """Run processes that begin at one word: how many were sent, and how long it took."""
    processes = [
        subprocess.Popen(
            command, cwd=harness.ROOT, env=os.environ | environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for command in commands
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit("a process did not start")
    started = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    sent = sum(int(process.communicate()[0]) for process in processes)
    return sent, time.perf_counter() - started


def _rate(url: str, sent: int, seconds: float, size: int) -> dict[str, float]:
    """How many a second, once it is sure that as many came as were to be sent."""
    taken = int(urllib3.request("GET", url).data)
    if sent != taken or sent != size:
        raise SystemExit(f"{sent} sent and {taken} taken, not {size}")
    return {"messages/s": sent / seconds}


def _product(milliseconds: float) -> dict[str, float]:
    with drain_provider.running(milliseconds) as url:
        # As the launcher starts them: they give way to the pages.
        commands = [["nice", "-n", "10", sys.executable, "-c", _WORKER]] * WORKERS
        sent, seconds = _together(commands, GATEWAY | {"SMS_URL": url})
        size = Delivery.objects.count()
        if (recorded := Delivery.objects.filter(state="sent").count()) != size:
            raise SystemExit(f"{recorded} of {size} recorded")
        return _rate(url, sent, seconds, size)


def product(given: argparse.Namespace) -> dict[str, float]:
    """Two workers, to a provider that answers at once."""
    return _product(0)


def product_far(given: argparse.Namespace) -> dict[str, float]:
    """Two workers, to a provider that is some milliseconds away."""
    return _product(given.distance)


@contextmanager
def _messages(count: int) -> Iterator[str]:
    """A file of so many messages as the product posts them, headers and body."""
    phones = dict(Contact.objects.values_list("pk", "phone"))
    rows = Delivery.objects.values_list("notice__public_id", "notice__contact_id")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages"
        with path.open("w") as file:
            for ident, contact in rows.order_by("notice_id")[:count].iterator():
                key = f"{ident}-sms"
                text = "【测试法院】您的诉求已登记，编号B20261102-000000。To read it: " + (
                    "http://127.0.0.1:8000/track/?number=B20261102-000000"
                )
                body = {"key": key, "to": phones[contact], "text": text}
                headers = {
                    "Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key,
                    "X-Timestamp": "1793000000", "X-Signature": "0" * 64,
                }  # fmt: skip
                file.write(json.dumps([headers, json.dumps(body, ensure_ascii=False)]) + "\n")
        yield str(path)


def _bare(milliseconds: float, count: int) -> dict[str, float]:
    with drain_provider.running(milliseconds) as url, _messages(count) as path:
        commands = [
            [sys.executable, "-c", _LOOP, url, path, str(number), str(WORKERS)]
            for number in range(WORKERS)
        ]
        sent, seconds = _together(commands, {})
        return _rate(url, sent, seconds, count)


def bare(given: argparse.Namespace) -> dict[str, float]:
    """Two bare loops, to a provider that answers at once."""
    return _bare(0, Delivery.objects.count())


def bare_far(given: argparse.Namespace) -> dict[str, float]:
    """Two bare loops, to a provider that is some milliseconds away: so many as take a while."""
    return _bare(given.distance, min(Delivery.objects.count(), LOOP_FAR))


class Visitor:
    """Somebody who asks for a page ten times a second."""

    def __init__(self, url: str) -> None:
        self._url, self._times = url, list[float]()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._visit)

    def _visit(self) -> None:
        pool = urllib3.PoolManager(retries=False)
        while not self._ended.is_set():
            began = time.perf_counter()
            answer = pool.request("GET", f"{self._url}/track/")
            assert answer.status == 200, answer.status
            self._times.append(time.perf_counter() - began)
            self._ended.wait(0.1)

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def p95(self) -> float:
        """Of a hundred waits the fifth longest, in milliseconds."""
        return statistics.quantiles(self._times, n=20)[-1] * 1000


@contextmanager
def _web() -> Iterator[str]:
    """The product's own web server, two workers."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}",
         "--workers", "2", "--log-level", "error"],
        cwd=harness.ROOT,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _again in range(300):
            try:
                if urllib3.request("GET", f"{url}/track/", retries=False).status == 200:
                    break
            except urllib3.exceptions.HTTPError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def web(given: argparse.Namespace) -> dict[str, float]:
    """How long a page takes while nothing is done, and while notices are drained."""
    with _web() as url:
        with Visitor(url):
            time.sleep(2)  # not counted: the first requests load what the others find loaded
        with Visitor(url) as idle:
            time.sleep(given.idle_seconds)
        with Visitor(url) as busy:
            _product(given.distance)
    return {"idle p95 ms": idle.p95, "busy p95 ms": busy.p95}


WAYS = {
    "bare loop": bare,
    "product": product,
    "bare loop, far": bare_far,
    "product, far": product_far,
    "web": web,
}


def main() -> None:
    """Measure all ways in turns."""
    sizes = {"size": 100_000, "distance": 20, "idle_seconds": 10}
    given = harness.arguments(__doc__, **sizes)
    if harness.run_one_way(WAYS, given):
        return
    prepare(given)
    found = harness.measure("benchmarks.drain", WAYS, given, before_each=reset)
    ratio = found.ratio("product", "bare loop", "messages/s")
    found.verdict("product, of the bare loop", ratio, at_least=0.5)
    ratio = found.ratio("product, far", "bare loop, far", "messages/s")
    found.verdict(f"the same, {given.distance} ms away", ratio, at_least=0.5)
    busy = found.median("web", "busy p95 ms") / found.median("web", "idle p95 ms")
    found.verdict("p95 of a page while notices are drained, of idle", busy, at_most=2)


if __name__ == "__main__":
    main()
