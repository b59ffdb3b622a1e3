"""The machine's clock is set while worker and beat run: by fractions, forwards, and back by hours.

libfaketime stands between the processes and the system's clock of the day; the clock by which they
sleep and wait is the true one, as when a time server sets a machine right. What the product reads
nowhere cannot mislead it: the database's own clock decides nothing.

One thing cannot be promised. Whoever reads a clock that runs ahead believes it: a rung that fires
early by a wrong clock was sent to people, so it stays recorded, also when the clock is set right.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from escalation.models import Clock, Firing
from liaison.kinds import REPLY
from liaison.models import Request
from tests.conftest import FAKETIME
from tests.faults.conftest import Processes, build_town
from tests.faults.lives import Applied, Verbs, lead
from tests.faults.own_servers import OwnServers, speaking_to
from tests.faults.reckoning import differences, records

pytestmark = pytest.mark.faketime

PROCESSES = ("worker", "worker-2", "beat", "beat-2")
RUNGS = 5
# libfaketime counts an absolute sleep on the steady clock from the clock of the day, and fails;
# a sleep by its length is left alone.
_SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""


@dataclass
class MachineClock:
    """The clock of the day as the processes read it."""

    file: Path
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return timezone.now() + self.ahead

    def step(self, by: timedelta) -> None:
        self.ahead += by
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{self.ahead.total_seconds():+.3f}\n")
        draft.replace(self.file)


@pytest.fixture
def machine(own_processes: Processes, tmp_path: Path) -> Iterator[MachineClock]:
    clock = MachineClock(tmp_path / "clock")
    clock.step(timedelta(0))
    (tmp_path / "sitecustomize.py").write_text(_SLEEP)
    own_processes.environment |= {
        "PYTHONPATH": str(tmp_path),
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock.file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    return clock


def _fired(life: str) -> list[Firing]:
    """What a life's clock has fired, in the order in which it was recorded."""
    subject = Request.objects.get(title=life).pk
    return list(Firing.objects.filter(clock__kind=REPLY, clock__subject_id=subject).order_by("pk"))


def test_steps_forward_and_back_fire_nothing_twice_and_lose_nothing(
    servers: OwnServers, own_processes: Processes, machine: MachineClock
) -> None:
    town = build_town()
    with speaking_to(servers.database_url("postgres")):
        reference = servers.create("reference", template="own")
    try:
        verbs, applied = Verbs(town), []

        def begin(life: str) -> None:
            at = machine.now()
            for verb in ("register", "route"):
                applied.append(Applied(at, life, verb))
                verbs.lead(applied[-1])

        def wait_for(life: str, rungs: int) -> None:
            own_processes.wait(lambda: len(_fired(life)) >= rungs, f"rung {rungs} of {life}")

        own_processes.start(*PROCESSES)
        own_processes.wait_for_sweep()

        # Forwards by hours: all that is due by the stepped clock fires, in order.
        begin("stepped over")
        begin("answered in time")
        wait_for("stepped over", 1)
        machine.step(timedelta(hours=2))
        wait_for("stepped over", RUNGS)
        wait_for("answered in time", RUNGS)
        late = _fired("stepped over")[-1]
        assert late.fired_at - late.due_at > timedelta(hours=1)

        # Back by hours, as when the clock is set right: what was begun by the wrong clock waits
        # for its instants, and what is begun now climbs on time.
        begin("begun ahead")
        wait_for("begun ahead", 1)
        machine.step(-timedelta(hours=2))
        begin("after the step back")
        wait_for("after the step back", RUNGS)
        assert all(row.fired_at < row.due_at + timedelta(minutes=10)
                   for row in _fired("after the step back"))  # fmt: skip
        # One may have been under way when the clock was set.
        assert len(_fired("begun ahead")) < RUNGS

        # Small steps to and fro, as a time server makes them.
        begin("to and fro")
        random_ = random.Random(3)
        while len(_fired("to and fro")) < RUNGS:
            machine.step(timedelta(seconds=random_.uniform(-0.8, 0.8)) - machine.ahead / 2)
            time.sleep(0.3)
        machine.step(-machine.ahead)

        # The two hours pass.
        machine.step(timedelta(hours=2))
        wait_for("begun ahead", RUNGS)
        own_processes.wait_for_sweep(machine.now)
        own_processes.kill(*PROCESSES)

        found = records()
        for life in Request.objects.values_list("title", flat=True):
            rows = _fired(life)
            assert [row.due_at for row in rows] == sorted(row.due_at for row in rows), life
            assert all(row.due_at <= row.fired_at for row in rows), life
        with speaking_to(reference):
            lead(applied, town)
            counts, rows = differences(found, records())
        print("", *counts, sep="\n")
        assert rows == []

        # What cannot be promised: rungs that fired by the wrong clock, before the answer that
        # was in time by the right one, stay as they were sent.
        machine.step(-machine.ahead)
        verbs.reply("answered in time", machine.now())
        clock = Clock.objects.get(
            kind=REPLY, subject_id=Request.objects.get(title="answered in time").pk
        )
        assert clock.stopped_at is not None
        rows = _fired("answered in time")
        assert len(rows) == RUNGS
        assert all(clock.stopped_at < row.fired_at for row in rows[1:])
    finally:
        servers.drop("reference")
