"""The embedded servers of one installation, shared by whoever needs them at the moment.

`make run`, a `manage.py` command and a second command beside it use the same servers. Each user
holds a shared lock; the last one to leave ends the servers. The kernel frees the lock of a user
that was killed, and the next one to come finds its servers still running, or clears them away.
"""

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO
from urllib.parse import urlsplit

import psycopg2
import redis

from deploy.launcher.postgres import Postgres, end_postgres
from deploy.launcher.processes import runs, start_mark
from deploy.launcher.state import LocalState, read_json, write_json
from deploy.launcher.valkey import Valkey, end_valkey, impatient_client

_ENDS = {"DATABASE_URL": end_postgres, "REDIS_URL": end_valkey}


@dataclass
class SharedServers:
    """Use as a context: the named servers run while it is entered.

    `wanted` names them by the setting that they replace: DATABASE_URL, REDIS_URL.
    """

    state: LocalState
    wanted: frozenset[str] = frozenset(_ENDS)
    durable: bool = True
    urls: dict[str, str] = field(default_factory=dict, init=False)
    _use: IO[str] | None = field(default=None, init=False)

    def __enter__(self) -> "SharedServers":
        self.state.prepare()
        secrets = self.state.secrets()
        with self.state.lock("servers"):
            # Nobody else can hold it alone: that happens only inside the lock around us.
            self._use = self.state.try_lock("users", shared=True)
            try:
                self._start_missing(secrets)
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self.state.lock("servers"):
            self._leave()

    def revive(self) -> bool:
        """Start again what has died. True when an address changed with it."""
        before = dict(self.urls)
        with self.state.lock("servers"):
            self._start_missing(self.state.secrets())
        return self.urls != before

    def all_run(self) -> bool:
        """Whether the processes of all wanted servers live."""
        known = read_json(self.state.servers_file)
        return all(
            name in known and runs(known[name]["pid"], known[name]["mark"]) for name in self.wanted
        )

    def _start_missing(self, secrets: dict[str, str]) -> None:
        known = read_json(self.state.servers_file)
        for name in sorted(self.wanted):
            entry = known.get(name)
            if entry is None or not (
                runs(entry["pid"], entry["mark"]) and _answers(name, entry["url"])
            ):
                server = self._server(name, secrets, entry)
                pid = server.start()
                known[name] = {"pid": pid, "mark": start_mark(pid), "url": server.url}
                write_json(self.state.servers_file, known)
            self.urls[name] = known[name]["url"]

    def _server(
        self, name: str, secrets: dict[str, str], before: dict[str, str] | None
    ) -> Postgres | Valkey:
        if name == "DATABASE_URL":
            return Postgres(
                home=self.state.root / "postgres",
                log=self.state.logs / "postgres.log",
                password=secrets["POSTGRES_PASSWORD"],
                durable=self.durable,
            )
        return Valkey(
            home=self.state.root / "valkey",
            log=self.state.logs / "valkey.log",
            password=secrets["VALKEY_PASSWORD"],
            durable=self.durable,
            preferred_port=urlsplit(before["url"]).port if before else None,
        )

    def _leave(self) -> None:
        if self._use is not None:
            self._use.close()
            self._use = None
        _end_unused(self.state)


def clear_leftovers(state: LocalState) -> bool:
    """End the servers of an installation whose users were all killed. True when there were any."""
    with state.lock("servers"):
        return state.servers_file.exists() and _end_unused(state)


def _end_unused(state: LocalState) -> bool:
    """End the servers if nobody uses them. To be called with the lock on the servers held."""
    alone = state.try_lock("users")
    if alone is None:
        return False
    with alone:
        for name, entry in read_json(state.servers_file).items():
            if runs(entry["pid"], entry["mark"]):
                _ENDS[name](entry["pid"])
        state.servers_file.unlink(missing_ok=True)
    return True


def _answers(name: str, url: str) -> bool:
    if name == "DATABASE_URL":
        return _postgres_answers(url)
    try:
        with impatient_client(url) as client:
            client.ping()
    except redis.exceptions.RedisError:
        return False
    return True


def _postgres_answers(url: str) -> bool:
    """Whether it does, or does once it has replayed its journal (after a child was killed)."""
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg2.connect(url, connect_timeout=5).close()
            return True
        except psycopg2.OperationalError as error:
            if "Is the server running" in str(error) or time.monotonic() > deadline:
                return False
        time.sleep(0.05)
