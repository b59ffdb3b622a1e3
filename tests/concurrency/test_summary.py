"""Figures kept ready while others write, two count, and some of these are killed."""

from __future__ import annotations

import random
import threading
import time

import psycopg2
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from reports.models import Touched
from reports.summary.services import refresh
from tests.city import City, local
from tests.concurrency.conftest import at_once
from tests.reports.random_lives import Lives
from tests.reports.recount import differences

STEPS = 150


class Counters:
    """Sessions that count without pause, and one that ends them now and then."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.sessions: dict[int, int] = {}
        self.finished = self.killed = 0

    def count(self) -> None:
        """Count until it is over, in a new session after each that was ended."""
        me = threading.get_ident()
        while not self.is_over.is_set():
            try:
                connection.ensure_connection()
                self.sessions[me] = connection.connection.get_backend_pid()
                refresh()
                self.finished += 1
            except (DatabaseError, InterfaceError, psycopg2.Error):
                self.killed += 1
                connection.close()

    def kill(self) -> None:
        """End one of the sessions that are in a transaction, whatever it is doing."""
        chance = random.Random(5)
        with connection.cursor() as cursor:
            while not self.is_over.is_set():
                time.sleep(chance.uniform(0.1, 0.6))
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid = ANY(%s) AND xact_start IS NOT NULL LIMIT 1",
                    [list(self.sessions.values())],
                )


def test_nothing_is_missed_or_counted_twice(town: City) -> None:
    counters = Counters()
    lives = Lives(town, 2, local(2026, 8, 3, 9))

    def write() -> int:
        try:
            return sum(lives.step() is not None for _step in range(STEPS))
        finally:
            counters.is_over.set()

    done, *rest = at_once(write, counters.count, counters.count, counters.kill)
    assert rest == [None, None, None]
    assert done > STEPS / 2
    assert counters.finished > 3
    assert counters.killed > 1
    refresh()
    assert differences(timezone.now()) == []
    assert not Touched.objects.exists()
