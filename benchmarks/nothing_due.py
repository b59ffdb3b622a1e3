"""A sweep with nothing due, against a look-up of one row by primary key in the same process.

Three states of the table: as it was filled, vacuumed, and right after a sweep of many clocks, whose
dead index entries the next look has to pass over. In each process the two take turns.

    .venv/bin/python -m deploy.launcher.script benchmarks/nothing_due.py [--clocks N ...]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from django.db import connection

from benchmarks import harness, sweep_city
from benchmarks.sweep_city import AT, BEFORE
from escalation.models import Clock
from escalation.sweep import sweep

# An instant before all clocks: the first look runs the same code and meets no entry at all.
LONG_AGO = BEFORE.replace(year=2000)


def _milliseconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def _look_up(clock_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM escalation_clock WHERE id = %s", [clock_id])
        if cursor.fetchone() is None:
            raise SystemExit(f"no clock {clock_id}")


def _looks(given: argparse.Namespace) -> dict[str, float]:
    at = AT if given.way == "right after a sweep" else BEFORE
    last = Clock.objects.latest("pk").pk
    sweep(LONG_AGO, record=False)
    swept: list[float] = []
    looked_up: list[float] = []
    fetched: list[float] = []
    for number in range(given.looks):
        clock_id = last - number * 7919 % given.clocks
        ways = [
            (swept, lambda: sweep(at, record=False)),
            (looked_up, lambda: _look_up(clock_id)),  # noqa: B023 - called at once
            (fetched, lambda: Clock.objects.get(pk=clock_id)),  # noqa: B023 - called at once
        ]
        for times, run in ways if number % 2 == 0 else reversed(ways):
            times.append(_milliseconds(run))
    if Clock.objects.filter(next_due_at__lte=at).exists():
        raise SystemExit("Something was due.")
    found = {
        "ms, first look": swept[0],
        "ms a look": statistics.median(swept),
        "ms a row by key": statistics.median(looked_up),
        "ms a Clock by key": statistics.median(fetched),
    }
    return found | {"times": found["ms a look"] / found["ms a row by key"]}


STATES = {"fresh": _looks, "vacuumed": _looks, "right after a sweep": _looks}


def before_each(state: str) -> None:
    """Bring the table into its state."""
    if state == "right after a sweep":
        sweep_city.reset()
        sweep(AT, record=False)
    elif state == "vacuumed":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE escalation_clock")


def main() -> None:
    """Measure state after state: a fresh table is fresh once."""
    given = harness.arguments(__doc__, **(sweep_city.SIZES | {"due": 200_000, "looks": 200}))
    if harness.run_one_way(STATES, given):
        return
    sweep_city.build(given)
    aims = {"fresh": 5, "vacuumed": 5, "right after a sweep": 20}
    for state, aim in aims.items():
        found = harness.measure(
            "benchmarks.nothing_due", {state: _looks}, given, before_each=before_each
        )
        times = found.median(state, "times")
        found.verdict(f"{state}: of a row by primary key", times, at_most=aim)


if __name__ == "__main__":
    main()
