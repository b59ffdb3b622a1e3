"""The embedded servers: shared, durable, recovered after every kind of violent end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from deploy.launcher.postgres import Postgres, end_postgres
from deploy.launcher.processes import runs, start_mark
from deploy.launcher.servers import SharedServers, clear_leftovers
from deploy.launcher.state import PROJECT, LocalState, read_json
from deploy.launcher.valkey import impatient_client

_HOLD = """
import sys, time
from pathlib import Path
from deploy.launcher.servers import SharedServers
from deploy.launcher.state import LocalState
with SharedServers(LocalState(Path(sys.argv[1]))):
    print("running", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def state() -> Iterator[LocalState]:
    folder = Path(tempfile.mkdtemp(prefix="servers-")).resolve()
    yield LocalState(folder)
    clear_leftovers(LocalState(folder))
    shutil.rmtree(folder)


@pytest.fixture
def another_user(state: LocalState) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts another process that uses the servers until its standard input is closed."""
    with contextlib.ExitStack() as stack:

        def start() -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-c", _HOLD, str(state.root)],
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "running\n"
            return process

        yield start


def _ask(url: str, statement: str) -> object:
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None


def _known(state: LocalState) -> dict[str, dict[str, object]]:
    return read_json(state.servers_file)


def _wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("did not come about")


def test_chinese_text_has_trigrams_in_a_new_database(state):
    with SharedServers(state) as servers:
        _ask(servers.urls["DATABASE_URL"], "CREATE EXTENSION pg_trgm")
        row = _ask(servers.urls["DATABASE_URL"], "SELECT cardinality(show_trgm('立案庭'))")
    assert row == (4,)


def test_both_servers_ask_for_the_password(state):
    with SharedServers(state) as servers:
        password = state.secrets()["POSTGRES_PASSWORD"]
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(servers.urls["DATABASE_URL"].replace(password, "wrong"))
        password = state.secrets()["VALKEY_PASSWORD"]
        with pytest.raises(redis.exceptions.AuthenticationError):
            impatient_client(servers.urls["REDIS_URL"].replace(f":{password}@", "")).ping()


def test_the_last_user_ends_them_and_the_data_stay(state):
    with SharedServers(state) as servers:
        _ask(servers.urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
        redis.Redis.from_url(servers.urls["REDIS_URL"]).set("kept", "42")
        known = _known(state)
    assert not any(runs(entry["pid"], entry["mark"]) for entry in known.values())
    assert not state.servers_file.exists()
    with SharedServers(state) as servers:
        assert _ask(servers.urls["DATABASE_URL"], "SELECT answer FROM kept") == (42,)
        assert redis.Redis.from_url(servers.urls["REDIS_URL"]).get("kept") == b"42"


def test_users_side_by_side_share_them(state, another_user):
    other = another_user()
    known = _known(state)
    with SharedServers(state):
        assert _known(state) == known
        other.stdin.close()
        other.wait()
        assert all(runs(entry["pid"], entry["mark"]) for entry in known.values())
    assert not any(runs(entry["pid"], entry["mark"]) for entry in known.values())


def test_a_user_that_was_killed_leaves_them_to_the_next(state, another_user):
    other = another_user()
    known = _known(state)
    other.kill()
    other.wait()
    assert all(runs(entry["pid"], entry["mark"]) for entry in known.values())
    with SharedServers(state):
        assert _known(state) == known
    assert not any(runs(entry["pid"], entry["mark"]) for entry in known.values())


def test_servers_that_were_killed_come_back_with_what_was_committed(state):
    with SharedServers(state) as servers:
        before = dict(servers.urls)
        _ask(servers.urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
        for entry in _known(state).values():
            os.kill(entry["pid"], signal.SIGKILL)
        _wait_until(lambda: not servers.all_run())
        assert servers.revive() is False
        assert servers.urls == before
        assert servers.all_run()
        assert _ask(servers.urls["DATABASE_URL"], "SELECT answer FROM kept") == (42,)
        assert redis.Redis.from_url(servers.urls["REDIS_URL"]).ping()


def test_children_of_a_killed_postgresql_are_ended_before_it_starts_again(state):
    server = Postgres(
        home=state.root / "postgres", log=state.root / "postgres.log", password="invented"
    )
    pid = server.start()
    with contextlib.closing(psycopg2.connect(server.url)) as connection:
        child = connection.get_backend_pid()
        mark = start_mark(child)
        busy = threading.Thread(target=_count_for_ever, args=[connection])
        busy.start()
        _wait_until(lambda: _ask(server.url, _COUNTING) == (1,))
        os.kill(pid, signal.SIGKILL)
        try:
            _wait_until(lambda: start_mark(pid) is None)
            assert runs(child, mark), "it noticed by itself: nothing was shown"
            pid = server.start()
            assert not runs(child, mark)
            assert _ask(server.url, "SELECT 1") == (1,)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            busy.join()
            end_postgres(pid)


def test_a_postgresql_that_recovers_from_a_killed_child_is_waited_for(state):
    with SharedServers(state, frozenset({"DATABASE_URL"})) as servers:
        url, before = servers.urls["DATABASE_URL"], _known(state)
        for _ in range(3):
            with contextlib.closing(psycopg2.connect(url)) as connection:
                os.kill(connection.get_backend_pid(), signal.SIGKILL)
            servers.revive()
            assert _known(state) == before, "it was ended in the middle of its recovery"
            _wait_until(lambda: _answers(url))


def _answers(url: str) -> bool:
    with contextlib.suppress(psycopg2.OperationalError):
        return _ask(url, "SELECT 1") == (1,)
    return False


_COUNTING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(n) %'"


def _count_for_ever(connection: "psycopg2.extensions.connection") -> None:
    """A statement that never looks whether its server still lives."""
    with contextlib.suppress(psycopg2.Error), connection.cursor() as cursor:
        cursor.execute("SELECT count(n) FROM (SELECT generate_series(1, 1000000000000) AS n) AS s")


def test_servers_that_nothing_remembers_are_ended_before_new_ones_start(state, another_user):
    other = another_user()
    known = _known(state)
    other.kill()
    other.wait()
    state.servers_file.unlink()  # as if the machine had stopped before it was written
    with SharedServers(state) as servers:
        assert not any(runs(entry["pid"], entry["mark"]) for entry in known.values())
        assert _ask(servers.urls["DATABASE_URL"], "SELECT 1") == (1,)


def test_a_process_id_given_to_another_program_does_not_stop_the_start(state):
    with SharedServers(state):
        pid = _known(state)["DATABASE_URL"]["pid"]
        lock = state.root / "postgres/data/postmaster.pid"
        lines = lock.read_text().splitlines()
        os.kill(pid, signal.SIGKILL)
    bystander = subprocess.Popen(["sleep", "600"])
    try:
        lock.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        with SharedServers(state) as servers:
            assert _ask(servers.urls["DATABASE_URL"], "SELECT 1") == (1,)
            assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_first_start_cut_off_half_way_is_made_good(state):
    draft = state.root / "postgres/draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with SharedServers(state) as servers:
        assert _ask(servers.urls["DATABASE_URL"], "SELECT 1") == (1,)
    assert not draft.exists()


def test_a_path_too_long_for_a_socket_uses_a_loopback_port(state):
    deep = LocalState(state.root / ("d" * 60) / ("e" * 60))
    with SharedServers(deep) as servers:
        assert "@127.0.0.1:" in servers.urls["DATABASE_URL"]
        assert _ask(servers.urls["DATABASE_URL"], "SELECT 1") == (1,)


def test_a_path_with_spaces_and_chinese_works(state):
    odd = LocalState(state.root / "法院 platform")
    with SharedServers(odd) as servers:
        assert _ask(servers.urls["DATABASE_URL"], "SELECT 1") == (1,)
        assert redis.Redis.from_url(servers.urls["REDIS_URL"]).ping()


def test_secrets_are_made_once_and_for_their_owner_alone(state):
    made = state.secrets()
    assert state.secrets() == made
    assert len(set(made.values())) == len(made)
    assert state.secrets_file.stat().st_mode & 0o077 == 0
    with SharedServers(state):
        assert state.servers_file.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a server as another user")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(state):
    state.root.chmod(0o755)
    server = Postgres(
        home=state.root / "postgres",
        log=state.root / "postgres.log",
        password="invented",
        without_namespace=True,
    )
    pid = server.start()
    try:
        assert Path(f"/proc/{pid}").stat().st_uid == 65534
        assert _ask(server.url, "SELECT 1") == (1,)
    finally:
        end_postgres(pid)
    # The machine changed, and namespaces are allowed now: the same data are taken over.
    server = Postgres(
        home=state.root / "postgres", log=state.root / "postgres.log", password="invented"
    )
    pid = server.start()
    try:
        assert _ask(server.url, "SELECT 1") == (1,)
    finally:
        end_postgres(pid)
