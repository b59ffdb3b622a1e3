"""A PostgreSQL and a Valkey of a test's own, which it may kill; both write through to the disk."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg2
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection

from courts import calendar
from deploy.launcher.servers import SharedServers
from deploy.launcher.state import LocalState, read_json
from escalation import policy
from tests.embedded_servers import PREFIX

T = TypeVar("T")
# What a kill of the database takes: everything at once, as a power cut does; the postmaster
# alone, whose children find out one by one; or one child, after which it begins anew itself.
DATABASE_KILLS = ("database", "postmaster", "database child")


class OwnServers:
    """Use as a context; ``urls`` as in the settings. Nobody else's servers are touched."""

    def __enter__(self) -> OwnServers:
        # The prefix by which a later session clears away what a killed one left behind.
        self._state = LocalState(Path(tempfile.mkdtemp(prefix=PREFIX)).resolve())
        self._servers = SharedServers(self._state)
        self._servers.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.__exit__(None, None, None)
        shutil.rmtree(self._state.root, ignore_errors=True)

    @property
    def broker_url(self) -> str:
        return self._servers.urls["REDIS_URL"]

    def database_url(self, name: str) -> str:
        address = urlsplit(self._servers.urls["DATABASE_URL"])
        return urlunsplit(address._replace(path=f"/{name}"))

    def create(self, name: str, *, template: str = "template1") -> str:
        """Make a database, as a copy of another one that nobody uses; its address."""
        with closing(psycopg2.connect(self.database_url("postgres"))) as asked:
            asked.autocommit = True
            with asked.cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.database_url(name)

    def drop(self, name: str) -> None:
        with closing(psycopg2.connect(self.database_url("postgres"))) as asked:
            asked.autocommit = True
            with asked.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def kill_database(self, how: str, random_: random.Random) -> None:
        """Kill -9, by one of ``DATABASE_KILLS``."""
        postmaster = self._pid("DATABASE_URL")
        children = children_of(postmaster)
        if how == "database child":
            kill(random_.choice(children) if children else postmaster)
            return
        kill(postmaster)
        if how == "database":
            for pid in children:
                kill(pid)

    def kill_broker(self) -> None:
        """Kill -9."""
        kill(self._pid("REDIS_URL"))

    def revive(self) -> bool:
        """Start again what was killed; True when an address changed with it (a lost port)."""
        return self._servers.revive()

    def _pid(self, name: str) -> int:
        return int(read_json(self._state.servers_file)[name]["pid"])


def kill(pid: int) -> None:
    """Kill -9 a process, if it is there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children_of(parent: int) -> list[int]:
    """The process ids of a process's children."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    found.append(int(folder.name))
    return found


@contextmanager
def speaking_to(url: str) -> Iterator[None]:
    """This process's models lie in another database meanwhile (all threads)."""
    settings = connection.settings_dict
    before = dict(settings)
    connection.close()
    settings.update(environ.Env().db_url_config(url))
    _forget()
    try:
        yield
    finally:
        connection.close()
        settings.clear()
        settings.update(before)
        _forget()


def _forget() -> None:
    calendar.forget()
    policy.by_version.cache_clear()


def is_away(error: Error) -> bool:
    """Whether it says that the database went away, and not that it refused something."""
    return type(error) in (OperationalError, InterfaceError, DatabaseError)


def persistently(call: Callable[[], T], *, seconds: float = 120) -> T:
    """What ``call`` returns, tried again while the database is away."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return call()
        except Error as error:
            if not is_away(error) or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.05)
