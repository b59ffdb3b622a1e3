"""A benchmark of nothing, for the test of the harness: each way tells which process it ran in."""

from __future__ import annotations

import argparse
import os
import time

from benchmarks import harness


def _slow(given: argparse.Namespace) -> dict[str, float]:
    return {"process": float(os.getpid()), "rate": float(given.size), "at": time.time()}


def _fast(given: argparse.Namespace) -> dict[str, float]:
    print("a way may print")
    return {"process": float(os.getpid()), "rate": 3.0 * given.size, "at": time.time()}


def _failing(_given: argparse.Namespace) -> dict[str, float]:
    raise SystemExit("not the same rows")


WAYS = {"A": _slow, "B": _fast, "C": _slow}

if __name__ == "__main__":
    harness.run_one_way(WAYS | {"failing": _failing}, harness.arguments(__doc__, size=7))
