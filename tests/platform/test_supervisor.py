"""The supervisor: what dies is started again after a growing pause, and nothing stays behind."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.launcher.processes import runs, start_mark
from deploy.launcher.state import LocalState, read_json
from deploy.launcher.supervisor import Child, Supervisor, end_leftovers

_SLEEP = "import time; time.sleep(600)"
_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True);"


@pytest.fixture
def state(tmp_path: Path) -> LocalState:
    state = LocalState(tmp_path)
    state.prepare()
    return state


def _supervisor(state: LocalState, told: list[str], *scripts: str) -> Supervisor:
    children = [
        Child(f"child{number}", [sys.executable, "-c", script])
        for number, script in enumerate(scripts)
    ]
    return Supervisor(state, children, {"FROM_LAUNCHER": "yes"}, told.append, "http://127.0.0.1:1")


def _wait_until(supervisor: Supervisor, holds: Callable[[], bool]) -> None:
    for _ in range(600):
        supervisor.watch()
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("did not come about")


def test_a_child_that_was_killed_is_started_again(state):
    told: list[str] = []
    supervisor = _supervisor(state, told, _SLEEP)
    supervisor.start()
    child = supervisor.children[0]
    first = child.process.pid
    try:
        os.kill(first, signal.SIGKILL)
        _wait_until(supervisor, lambda: child.process is not None and child.process.pid != first)
        assert runs(child.process.pid, start_mark(child.process.pid))
        assert "ended by itself (status -9)" in told[0]
        assert told[1] == "child0: started again"
        remembered = read_json(state.processes_file)["processes"]["child0"]["pid"]
        assert remembered == child.process.pid
    finally:
        supervisor.stop()


def test_the_pause_grows_and_the_message_shows_the_log(state):
    told: list[str] = []
    supervisor = _supervisor(state, told, "raise SystemExit('no such court')")
    supervisor.start()
    child = supervisor.children[0]
    try:
        _wait_until(supervisor, lambda: len(told) >= 3)
        assert "starting again in 1 s" in told[0]
        assert "no such court" in told[0]
        assert "starting again in 2 s" in told[2]
        assert child.pause == 4
    finally:
        supervisor.stop()


def test_stop_ends_even_those_that_will_not(state, monkeypatch):
    monkeypatch.setattr("deploy.launcher.supervisor._GRACE", 0.5)
    supervisor = _supervisor(state, [], _SLEEP, _STUBBORN + _SLEEP)
    supervisor.start()
    log = state.logs / "child1.log"
    _wait_until(supervisor, lambda: log.exists() and log.stat().st_size > 0)
    pids = [child.process.pid for child in supervisor.children]
    supervisor.stop()
    assert [start_mark(pid) for pid in pids] == [None, None]
    assert not state.processes_file.exists()


def test_what_a_dead_child_had_started_dies_with_it(state, tmp_path):
    note = tmp_path / "grandchild"
    parent = (
        "import subprocess, sys, time, pathlib;"
        f"p = subprocess.Popen([sys.executable, '-c', {_SLEEP!r}]);"
        f"pathlib.Path({str(note)!r}).write_text(str(p.pid)); time.sleep(600)"
    )
    supervisor = _supervisor(state, [], parent)
    supervisor.start()
    try:
        _wait_until(supervisor, lambda: note.exists() and bool(note.read_text()))
        grandchild = int(note.read_text())
        mark = start_mark(grandchild)
        assert mark is not None
        os.kill(supervisor.children[0].process.pid, signal.SIGKILL)
        _wait_until(supervisor, lambda: not runs(grandchild, mark))
    finally:
        supervisor.stop()


def test_children_of_a_killed_launcher_are_ended_by_the_next(state):
    supervisor = _supervisor(state, [], _SLEEP, _SLEEP)
    supervisor.start()
    pids = [child.process.pid for child in supervisor.children]
    assert end_leftovers(state) == 2
    assert [start_mark(pid) for pid in pids] == [None, None]
    assert end_leftovers(state) == 0


def test_a_process_that_only_got_the_same_id_is_left_alone(state):
    supervisor = _supervisor(state, [], _SLEEP)
    supervisor.start()
    try:
        remembered = state.processes_file.read_text()
        mark = start_mark(supervisor.children[0].process.pid)
        state.processes_file.write_text(remembered.replace(mark, "1"))
        assert end_leftovers(state) == 0
        assert supervisor.children[0].process.poll() is None
    finally:
        supervisor.stop()
