"""The harness: turns, fresh processes, the first round left out, and no verdict in a noisy room."""

from __future__ import annotations

import argparse
import subprocess
import time

import pytest

from benchmarks import harness
from benchmarks.harness import Measured
from tests.benchmarks import turns

MODULE = "tests.benchmarks.turns"


def test_ways_take_turns_in_fresh_processes_and_the_first_round_is_left_out() -> None:
    begun: list[tuple[str, float]] = []
    given = argparse.Namespace(rounds=3, size=5, way=None)
    found = harness.measure(
        MODULE, turns.WAYS, given, before_each=lambda way: begun.append((way, time.time()))
    )
    assert "".join(way for way, _at in begun) == "ABCCBAABC"
    second_round = begun[3][1]
    assert all(at > second_round for numbers in found.values.values() for at in numbers["at"])
    processes = [pid for numbers in found.values.values() for pid in numbers["process"]]
    assert len(processes) == len(set(processes)) == 6
    assert found.values["A"]["rate"] == [5.0, 5.0]
    assert found.ratio("B", "A", "rate") == 3
    # Before and after each run that counts.
    assert len(found.calibrations) == 12
    assert len(found.loads) == 6


def test_a_run_that_fails_ends_the_measurement() -> None:
    given = argparse.Namespace(rounds=2, size=5, way=None)
    with pytest.raises(subprocess.CalledProcessError):
        harness.measure(MODULE, {"failing": turns.WAYS["A"]}, given)


def _measured(calibrations: list[float]) -> Measured:
    values = {"A": {"rate": [9.0, 10.0, 50.0]}}
    return Measured(values, calibrations, [0.5])


QUIET, NOISY = [1.0, 1.01, 1.02, 1.0], [1.0, 1.4, 1.0, 1.4]


@pytest.mark.parametrize(
    ("calibrations", "value", "aim", "word"),
    [
        (QUIET, 0.91, {"at_least": 0.9}, "aim at least 0.9; met"),
        (QUIET, 0.89, {"at_least": 0.9}, "aim at least 0.9; MISSED"),
        (QUIET, 4.9, {"at_most": 5}, "aim at most 5; met"),
        (QUIET, 5.1, {"at_most": 5}, "aim at most 5; MISSED"),
        (NOISY, 0.91, {"at_least": 0.9}, "no verdict: too noisy (33%, bound 15%)"),
        (NOISY, 4.9, {"at_most": 5, "timed": False}, "aim at most 5; met"),
        (NOISY, 4.9, {}, "no aim, reported"),
    ],
)
def test_the_verdict(
    calibrations: list[float],
    value: float,
    aim: dict[str, float],
    word: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _measured(calibrations).verdict("product", value, **aim)
    assert capsys.readouterr().out.strip().endswith(word)


def test_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    _measured(QUIET).show()
    shown = " ".join(capsys.readouterr().out.split())
    assert "A 10.00 rate spread 205% of 3" in shown
    assert "the fixed loop took 1000 to 1020 ms; load average 0.5 to 0.5" in shown


def test_one_round_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["benchmark", "--rounds=1"])
    with pytest.raises(SystemExit):
        harness.arguments(turns.__doc__)
