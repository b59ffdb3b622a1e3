"""Knowing a process again after a crash, and ending it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO


def start_mark(pid: int) -> str | None:
    """When a process began, as a mark that no later process of the same id shares.

    None when no such process runs (a zombie does not run).
    """
    try:
        # The name of the program stands in brackets and may hold anything; fields follow it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return None
        shown = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        return None if not shown or shown.startswith("Z") else shown.partition(" ")[2]
    return None if fields[0] == "Z" else fields[19]


def runs(pid: int, mark: str | None) -> bool:
    """Whether the process that had this id and start mark still runs."""
    return mark is not None and start_mark(pid) == mark


def runs_with(pid: int, *words: str) -> bool:
    """Whether a process of this id runs whose command line holds all these words."""
    if start_mark(pid) is None:
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        command = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
        ).stdout
    return all(os.fsencode(word) in command for word in words)


def wait_for_end(pid: int, mark: str | None, seconds: float) -> bool:
    """Wait until a process has ended; False when it still runs after so many seconds."""
    deadline = time.monotonic() + seconds
    while runs(pid, mark):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child of our own stays a zombie until waited for
    return True


def end(pid: int, mark: str | None, steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, waiting its seconds, until the process has ended."""
    for number, seconds in steps:
        if not runs(pid, mark):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_for_end(pid, mark, seconds):
            return


def end_group(pid: int, mark: str | None, seconds: float) -> None:
    """Ask a process to end, then kill it and its children if it has not after so many seconds."""
    end(pid, mark, [(signal.SIGTERM, seconds)])
    if runs(pid, mark):
        kill_group(pid)
        wait_for_end(pid, mark, 5)


def kill_group(pid: int) -> None:
    """Kill what is left of a process group that this process led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def last_lines(path: Path, count: int = 20) -> str:
    """The end of a log file, for a message about what went wrong."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 20_000))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return "(no log)"
    return "\n".join(text.splitlines()[-count:])


def open_log(path: Path) -> BinaryIO:
    """Open a log to append to; one that has grown past 10 MB starts again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


class ServerFailed(Exception):
    """An embedded server did not start; the message says why, with the end of its log."""
