"""What a sweep of many due clocks needs in memory beyond a sweep of few.

Each in a fresh process; what counts is the most that the process ever held.

    .venv/bin/python -m deploy.launcher.script benchmarks/memory.py [--due N --few N ...]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.db import connection

from benchmarks import harness, sweep_city
from benchmarks.sweep_city import AT
from escalation.sweep import sweep


def most_held() -> float:
    """The high-water mark of this process in MB (Linux)."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _swept(given: argparse.Namespace) -> dict[str, float]:
    before = most_held()
    swept = sweep(AT, record=False)
    expected = given.few if given.way == "few due" else given.due
    if swept.clocks != expected:
        raise SystemExit(f"{swept.clocks:,} clocks were due, not {expected:,}")
    return {"MB at most": most_held(), "MB before": before}


WAYS = {"few due": _swept, "many due": _swept}


def main() -> None:
    """Measure both in turns."""
    sizes = sweep_city.SIZES | {"due": 1_000_000, "few": 1_000}
    given = harness.arguments(__doc__, **sizes)
    if harness.run_one_way(WAYS, given):
        return
    sweep_city.build(given)

    def before_each(way: str) -> None:
        sweep_city.reset()
        if way == "few due":
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE escalation_clock SET next_due_at = next_due_at + interval '1 year'"
                    " WHERE id NOT IN (SELECT id FROM benchmark_start ORDER BY id LIMIT %s)",
                    [given.few],
                )
                cursor.execute("VACUUM ANALYZE escalation_clock")

    found = harness.measure("benchmarks.memory", WAYS, given, before_each=before_each)
    growth = found.median("many due", "MB at most") - found.median("few due", "MB at most")
    found.verdict(
        f"growth from {given.few:,} to {given.due:,} due", growth, at_most=5, unit="MB", timed=False
    )


if __name__ == "__main__":
    main()
