"""Every process and server killed again and again: the record is that of an undisturbed run.

Two workers, two beats, a database that writes through to its disk, and a broker; each is killed
as by a power cut, at random instants, half of them in the middle of an open transaction. People
go on registering, dispatching and answering meanwhile. Then the same lives are led once more
where nothing fails, and the records of both are compared whole.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from contextlib import closing

import psycopg2
import pytest
from django.utils import timezone

from escalation.models import Clock
from notices.models import Delivery
from tests.faults.conftest import Mailbox, Processes, build_town, ident
from tests.faults.lives import Driver, lead
from tests.faults.own_servers import DATABASE_KILLS, OwnServers, persistently, speaking_to
from tests.faults.reckoning import differences, records

WORKERS, BEATS = ("worker", "worker-2"), ("beat", "beat-2")
# One round strikes each of these once, in any order.
TARGETS = (*WORKERS, "worker child", *BEATS, *DATABASE_KILLS, "broker", "broker")
# To catch an open transaction: then the kill comes anyway.
_AIM_SECONDS = 1.5


class Storm:
    """Kills what it finds, and starts it again."""

    def __init__(
        self, servers: OwnServers, processes: Processes, database: str, random_: random.Random
    ) -> None:
        self._servers, self._processes, self._random = servers, processes, random_
        self._database = database
        self._left: list[str] = []
        self.kills: Counter[str] = Counter()
        self.in_transaction = 0

    def strike(self) -> None:
        """Kill one thing or, now and then, two; all run again afterwards."""
        time.sleep(self._random.uniform(0.1, 1.5))
        for _ in range(self._random.choice((1, 1, 1, 2))):
            self._kill(self._next())
            time.sleep(self._random.uniform(0, 0.7))
        self._restart()

    def _next(self) -> str:
        if not self._left:
            self._left = self._random.sample(TARGETS, len(TARGETS))
        return self._left.pop()

    def _kill(self, target: str) -> None:
        if target not in BEATS and self._random.random() < 0.5:
            self.in_transaction += self._transaction_is_open()
        self.kills[target] += 1
        if target in DATABASE_KILLS:
            self._servers.kill_database(target, self._random)
        elif target == "broker":
            self._servers.kill_broker()
        elif target == "worker child":
            self._processes.kill_child(self._random.choice(WORKERS))
        elif target in self._processes.running:
            self._processes.kill(target)

    def _restart(self) -> None:
        if self._servers.revive():  # its port was lost to another program
            self._processes.environment["REDIS_URL"] = self._servers.broker_url
            self._processes.kill(*self._processes.running)
        running = self._processes.running
        self._processes.start(*(name for name in (*WORKERS, *BEATS) if name not in running))

    def _transaction_is_open(self) -> bool:
        """Wait until a worker has written something that it has not committed."""
        deadline = time.monotonic() + _AIM_SECONDS
        try:
            with closing(psycopg2.connect(self._database, connect_timeout=2)) as asked:
                asked.autocommit = True
                with asked.cursor() as cursor:
                    while time.monotonic() < deadline:
                        cursor.execute(
                            "SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                            " AND application_name LIKE 'worker%'"
                        )
                        if cursor.fetchone():
                            return True
        except psycopg2.Error:
            pass  # killed before, and not up yet
        return False


def _all_over() -> bool:
    """Every rung fired, every message delivered; the leases of the dead are taken for ended."""
    if Clock.objects.filter(next_due_at__isnull=False).exists():
        return False
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING)
    waiting.filter(next_attempt_at__gt=timezone.now()).update(next_attempt_at=timezone.now())
    time.sleep(1)
    return not waiting.exists()


def weather(
    servers: OwnServers,
    processes: Processes,
    database: str,
    mailbox: Mailbox,
    *,
    kills: int,
    seed: int,
    lives_a_second: float,
) -> None:
    """Let a storm of so many kills pass over invented lives, then compare the records."""
    random_ = random.Random(seed)
    town = build_town()
    with speaking_to(servers.database_url("postgres")):  # a copy wants nobody in the original
        reference = servers.create("reference", template="own")
    try:
        processes.start(*WORKERS, *BEATS)
        processes.wait_for_sweep()
        drivers = [
            Driver(name, town, random.Random(f"{name} {seed}"), a_second=lives_a_second / 2)
            for name in ("east", "west")
        ]
        for driver in drivers:
            driver.start()
        storm = Storm(servers, processes, database, random_)
        while storm.kills.total() < kills:
            storm.strike()
            for driver in drivers:
                driver.check()
            print(f"\r{storm.kills.total()} kills", end="", flush=True)
        applied = [one for driver in drivers for one in driver.finish()]
        processes.wait(lambda: persistently(_all_over), "the last rung and message", seconds=600)
        found = records()
        mail = Delivery.objects.filter(channel="email")
        states = Counter(mail.values_list("state", flat=True))
        sent = {
            str(found)
            for found in mail.filter(state="sent").values_list("notice__public_id", flat=True)
        }
        set_aside = Clock.objects.exclude(set_aside="").count()
        with speaking_to(reference):
            lead(applied, town)
            expected = records()
    finally:
        servers.revive()
        servers.drop("reference")

    counts, rows = differences(found, expected)
    arrived = [ident(message) for message in mailbox.taken]
    print(f"\nkills: {storm.kills.total()} {dict(storm.kills)}")
    print(f"of these in an open transaction: {storm.in_transaction}")
    print(f"verbs applied: {len(applied)}, of these committed unheard:",
          sum(driver.repeated for driver in drivers))  # fmt: skip
    print(*counts, sep="\n")
    print(f"messages: {dict(states)}, {len(set(arrived))} arrived,",
          f"{len(arrived) - len(set(arrived))} repeats")  # fmt: skip
    assert rows == []
    assert set_aside == 0
    assert found["firings"], "nothing fired: nothing was shown"
    # At least once; what came twice has the same Message-ID, address and words. What was not
    # to be seen any more by its recipient (reassigned meanwhile) may have come, or not.
    assert set(states) <= {"sent", "dropped"}
    assert sent <= set(arrived)
    same = defaultdict(set)
    for message in mailbox.taken:
        same[message["Message-ID"]].add((str(message["To"]), message.get_content()))
    assert {len(forms) for forms in same.values()} == {1}
    assert len(same) == len(set(arrived))  # one Message-ID for each notice


def test_after_a_storm_the_record_is_that_of_an_undisturbed_run(
    servers: OwnServers, own_processes: Processes, own_database: str, mailbox: Mailbox
) -> None:
    weather(
        servers,
        own_processes,
        own_database,
        mailbox,
        kills=len(TARGETS),
        seed=8,
        lives_a_second=0.8,
    )


@pytest.mark.soak
def test_soak(
    servers: OwnServers, own_processes: Processes, own_database: str, mailbox: Mailbox
) -> None:
    """As above for as long as one likes: SOAK_ROUNDS kills (default 200), SOAK_SEED."""
    kills = int(os.environ.get("SOAK_ROUNDS", "200"))
    seed = int(os.environ.get("SOAK_SEED", "1"))
    weather(
        servers, own_processes, own_database, mailbox, kills=kills, seed=seed, lives_a_second=1.4
    )
