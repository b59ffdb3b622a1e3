"""`make run` from outside: one story of starts and ends, with the real processes."""

import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.launcher.processes import runs, start_mark
from deploy.launcher.servers import clear_leftovers
from deploy.launcher.state import PROJECT, LocalState, read_json
from deploy.launcher.supervisor import end_leftovers

# A start on a busy machine may take this long; none is judged by how long it took.
_PATIENCE = 240


class Started:
    """A `make run` with its output as it comes."""

    def __init__(self, state: LocalState, port: int) -> None:
        own = {"DATABASE_URL", "REDIS_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
        environment = {name: value for name, value in os.environ.items() if name not in own}
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            ["make", "--no-print-directory", "run"],
            cwd=PROJECT,
            env=environment
            | {
                "LOCAL_STATE_DIR": str(state.root),
                "WEB_PORT": str(port),
                # The city is seeded in the tests of its own; here it would only take time.
                "DEMONSTRATION": "false",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def wait_for(self, pattern: str) -> str:
        """The first match in the output; fails when the process ends without it."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            ended = self.process.poll() is not None
            if match := re.search(pattern, self.text):
                return match[match.lastindex or 0]
            if ended:
                break
            time.sleep(0.1)
        raise AssertionError(f"no {pattern!r} in:\n{self.text}")

    def ask_to_end(self, number: signal.Signals) -> int:
        """Send the signal to the whole group, as a terminal does; the exit status."""
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=_PATIENCE)


def _processes(state: LocalState) -> dict[str, tuple[int, str]]:
    entries = {
        **read_json(state.processes_file)["processes"],
        **read_json(state.servers_file),
    }
    return {name: (entry["pid"], entry["mark"]) for name, entry in entries.items()}


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "did not come about"
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


def _manage(state: LocalState, code: str) -> str:
    own = {"DATABASE_URL", "REDIS_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.run(
        [".venv/bin/python", "manage.py", "shell", "--no-imports", "--command", code],
        cwd=PROJECT,
        env=environment | {"LOCAL_STATE_DIR": str(state.root)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def state(tmp_path: Path) -> Iterator[LocalState]:
    state = LocalState(tmp_path / "state")
    yield state
    if state.root.exists():
        end_leftovers(state)
        clear_leftovers(state)


def test_starts_and_ends(state):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]

        # The first start, on a machine whose port is taken.
        first = Started(state, port)
        address = first.wait_for(r"Ready: (http://\S+)")
        assert f"Port {port} is busy" in first.text
        assert address != f"http://127.0.0.1:{port}"
        assert _answers(address)
        before = _processes(state)
        assert set(before) == {"web", "worker", "beat", "DATABASE_URL", "REDIS_URL"}
        assert len({pid for pid, _ in before.values()}) == 5
        _manage(
            state,
            "from django.db import connection;"
            "connection.cursor().execute('CREATE TABLE kept AS SELECT 42 AS answer')",
        )

        # A second one of the same installation steps back, and disturbs nothing.
        second = Started(state, port)
        assert second.process.wait(timeout=_PATIENCE) != 0
        second.wait_for(rf"It runs already, at {address}")
        assert _processes(state) == before

        # A worker that dies is started again.
        os.kill(before["worker"][0], signal.SIGKILL)
        first.wait_for(r"worker: started again")

        # The launcher and the database are killed outright.
        running = _processes(state)
        os.kill(running["DATABASE_URL"][0], signal.SIGKILL)
        os.killpg(first.process.pid, signal.SIGKILL)
        first.process.wait()

        # The next start clears up and has everything that was committed.
        third = Started(state, port)
        address = third.wait_for(r"Ready: (http://\S+)")
        assert "An earlier run was killed: 3 processes" in third.text
        assert not any(runs(*running[name]) for name in ("web", "worker", "beat"))
        assert _answers(address)
        kept = (
            "from django.db import connection; cursor = connection.cursor();"
            "cursor.execute('SELECT answer FROM kept'); print(cursor.fetchone()[0])"
        )
        assert _manage(state, kept) == "42\n"

        # The database dies while the product runs: it comes back under the same address.
        running = _processes(state)
        os.kill(running["DATABASE_URL"][0], signal.SIGKILL)
        third.wait_for(r"A server ended by itself; starting it again")
        _wait_until(lambda: _processes(state)["DATABASE_URL"] != running["DATABASE_URL"])
        assert _manage(state, kept) == "42\n"

        # Ctrl-C ends all of it.
        running = _processes(state)
        third.ask_to_end(signal.SIGINT)
        third.wait_for(r"All of it has ended")
        assert {name for name, (pid, _) in running.items() if start_mark(pid)} == set()
        assert not _answers(address)

        # So does `kill`, and the data are still there.
        fourth = Started(state, port)
        fourth.wait_for(r"Ready: (http://\S+)")
        assert _manage(state, kept) == "42\n"
        running = _processes(state)
        fourth.ask_to_end(signal.SIGTERM)
        fourth.wait_for(r"All of it has ended")
        assert {name for name, (pid, _) in running.items() if start_mark(pid)} == set()


def test_asked_to_end_while_it_still_starts_it_leaves_nothing(state):
    started = Started(state, 8000)
    started.wait_for(r"Bringing the database up to date")
    _wait_until(lambda: state.servers_file.exists())
    servers = read_json(state.servers_file)
    started.ask_to_end(signal.SIGINT)
    started.wait_for(r"All of it has ended")
    assert not any(runs(entry["pid"], entry["mark"]) for entry in servers.values())


def test_a_start_that_fails_says_why(state, tmp_path):
    state.prepare()
    (state.root / "postgres").write_text("a file where the database's folder should be")
    started = Started(state, 8000)
    assert started.process.wait(timeout=_PATIENCE) != 0
    started.wait_for(r"The product could not start")
    started.wait_for(r"postgres")
