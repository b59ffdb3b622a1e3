"""Measuring ways of doing the same thing against each other, in one run and in turns.

The ways take turns in the order A B C C B A A B C ..., each in a fresh process of its own; the
first round is left out, and what counts are medians. A fixed loop is timed before and after each
run: how far its times lie apart is the noise of the machine, and above a bound no verdict is given.

A script names its ways and calls ``measure``, which starts the same script again for each run with
``--way``; there ``run_one_way`` calls the way and hands its numbers back.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The middle half of the times lies this far apart, as a part of their median, at most.
NOISE_BOUND = 0.15
_MARK = "measured: "

# What a way returns: numbers by what they are, such as "clocks/s".
Numbers = Mapping[str, float]
Way = Callable[[argparse.Namespace], Numbers]


def arguments(script: str | None, **sizes: int) -> argparse.Namespace:
    """The sizes, each an option with its default; ``script`` is the docstring of the script."""
    first_line = (script or "").strip().splitlines()[0]
    parser = argparse.ArgumentParser(description=first_line)
    for name, default in {"rounds": 6, **sizes}.items():
        help_text = f"default {default:,}"
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=int, default=default, help=help_text
        )
    parser.add_argument("--way", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.rounds < 2:
        parser.error("the first round is left out, so there must be a second")
    return given


def run_one_way(ways: Mapping[str, Way], given: argparse.Namespace) -> bool:
    """In a process that was started for one way: run it, hand its numbers back, return True."""
    if given.way is None:
        return False
    print(_MARK + json.dumps(dict(ways[given.way](given))), flush=True)
    return True


def calibration() -> float:
    """Seconds that a fixed loop takes, as a measure of what else the machine is doing."""
    started = time.perf_counter()
    total = 0
    for number in range(1_000_000):
        total += number & 7
    assert total
    return time.perf_counter() - started


def spread(values: Sequence[float]) -> float:
    """How far the middle half of the values lies apart, as a part of their median."""
    if len(values) < 2:
        return 0.0
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / median if median else 0.0


@dataclass
class Measured:
    """What the runs of all ways gave, the first round left out."""

    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    calibrations: list[float] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)

    def median(self, way: str, number: str) -> float:
        """The median of one number of a way."""
        return statistics.median(self.values[way][number])

    def ratio(self, way: str, to: str, number: str) -> float:
        """The median of ``way`` as a multiple of that of ``to``."""
        return self.median(way, number) / self.median(to, number)

    @property
    def noise(self) -> float:
        """The spread of the calibration loop over the whole run."""
        return spread(self.calibrations)

    def show(self) -> None:
        """Print medians, spreads and the noise."""
        for way, numbers in self.values.items():
            for name, values in numbers.items():
                print(
                    f"  {way:<28}{statistics.median(values):>16,.2f} {name:<22}"
                    f"spread {spread(values):>4.0%} of {len(values)}"
                )
        before, *_middle, after = sorted(self.calibrations)
        print(
            f"  noise of the machine {self.noise:.0%}: the fixed loop took {before * 1000:.0f} to"
            f" {after * 1000:.0f} ms; load average {min(self.loads):.1f} to {max(self.loads):.1f}"
        )

    def verdict(
        self,
        what: str,
        value: float,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
        unit: str = "times",
        timed: bool = True,
    ) -> None:
        """Print a value beside its aim, if any, and whether it is met.

        Where the machine is too noisy there is none; what is not ``timed`` it does not touch.
        """
        if at_least is None and at_most is None:
            print(f"  {what}: {value:,.2f} {unit}; no aim, reported")
            return
        aims, met = [], True
        if at_least is not None:
            aims.append(f"at least {at_least:,g}")
            met = met and value >= at_least
        if at_most is not None:
            aims.append(f"at most {at_most:,g}")
            met = met and value <= at_most
        word = "met" if met else "MISSED"
        if timed and self.noise > NOISE_BOUND:
            word = f"no verdict: too noisy ({self.noise:.0%}, bound {NOISE_BOUND:.0%})"
        print(f"  {what}: {value:,.2f} {unit}; aim {' and '.join(aims)}; {word}")


def measure(
    module: str,
    ways: Mapping[str, Way],
    given: argparse.Namespace,
    *,
    before_each: Callable[[str], None] = lambda _way: None,
) -> Measured:
    """Run all ways in turns, each in a fresh process, and print what came of it.

    ``module`` is the script as a module, such as ``benchmarks.sweep``; ``before_each`` puts things
    back to where each run starts. Raises ``CalledProcessError`` when a run fails.
    """
    measured = Measured({way: {} for way in ways})
    sizes = {key: value for key, value in vars(given).items() if key != "way"}
    print(f"{module}: " + ", ".join(f"{name} {value:,}" for name, value in sizes.items()))
    options = [f"--{name.replace('_', '-')}={value}" for name, value in sizes.items()]
    for number in range(given.rounds):
        for way in ways if number % 2 == 0 else reversed(ways):
            before_each(way)
            before = calibration()
            numbers = _in_fresh_process([module, *options, f"--way={way}"])
            if number == 0:
                continue
            measured.calibrations += [before, calibration()]
            measured.loads.append(os.getloadavg()[0])
            for name, value in numbers.items():
                measured.values[way].setdefault(name, []).append(value)
    measured.show()
    return measured


def _in_fresh_process(command: list[str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(_MARK)]
    numbers: dict[str, float] = json.loads(lines[-1].removeprefix(_MARK))
    return numbers
