"""Keeps web, worker and beat running: restarts what dies, ends all of it in order."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deploy.launcher.processes import end_group, kill_group, last_lines, open_log, start_mark
from deploy.launcher.state import PROJECT, LocalState, read_json, write_json

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
# After so long without dying, a process has recovered and its next pause is short again.
_STEADY = 60.0
# A task or an answer that is under way may finish within this time.
_GRACE = 15.0


@dataclass
class Child:
    """One process of the product, and when it may be started again."""

    name: str
    command: Sequence[str]
    pass_fds: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    start_after: float = field(default=0.0, init=False)
    pause: float = field(default=_FIRST_PAUSE, init=False)


@dataclass
class Supervisor:
    """Starts the children with one environment and watches them. `say` tells the terminal."""

    state: LocalState
    children: Sequence[Child]
    environment: Mapping[str, str]
    say: Callable[[str], None]
    site_url: str

    def start(self) -> None:
        """Start every child."""
        for child in self.children:
            self._start(child)

    def watch(self) -> None:
        """Look once: start again what has died and waited out its pause."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.start_after:
                    self._start(child)
                    self.say(f"{child.name}: started again")
            elif child.process.poll() is not None:
                self._note_death(child, now)

    def stop(self) -> None:
        """End every child, the last started first, and wait until they are gone."""
        for child in reversed(self.children):
            if child.process is not None:
                end_group(child.process.pid, start_mark(child.process.pid), _GRACE)
                child.process.wait()
                child.process = None
        self.state.processes_file.unlink(missing_ok=True)

    def restart(self) -> None:
        """End and start every child, as when an address that they were given has changed."""
        self.stop()
        self.start()

    def _start(self, child: Child) -> None:
        with open_log(self.state.logs / f"{child.name}.log") as log:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=PROJECT,
                env={**os.environ, **self.environment},
                pass_fds=child.pass_fds,
                start_new_session=True,  # ended by us in order, not by the terminal all at once
            )
        child.started_at = time.monotonic()
        self._remember()

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        status = child.process.returncode
        if now - child.started_at >= _STEADY:
            child.pause = _FIRST_PAUSE
        self.say(
            f"{child.name}: ended by itself (status {status}), "
            f"starting again in {child.pause:.0f} s. Last lines of its log:\n"
            + last_lines(self.state.logs / f"{child.name}.log", 8)
        )
        # What it had started itself may live on, and hold what the next one needs.
        kill_group(child.process.pid)
        child.process = None
        child.start_after = now + child.pause
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)

    def _remember(self) -> None:
        running = {
            child.name: {"pid": child.process.pid, "mark": start_mark(child.process.pid)}
            for child in self.children
            if child.process is not None
        }
        write_json(self.state.processes_file, {"site_url": self.site_url, "processes": running})


def end_leftovers(state: LocalState) -> int:
    """End what a killed `make run` left running; returns how many processes those were."""
    ended = 0
    for entry in read_json(state.processes_file).get("processes", {}).values():
        if start_mark(entry["pid"]) == entry["mark"]:
            end_group(entry["pid"], entry["mark"], _GRACE)
            ended += 1
    state.processes_file.unlink(missing_ok=True)
    return ended
