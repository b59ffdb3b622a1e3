"""`manage.py COMMAND` works at any time: it finds the servers, or brings them for its length."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.launcher.command import needs_servers
from deploy.launcher.servers import SharedServers
from deploy.launcher.state import PROJECT, LocalState

_ASK = (
    "from django.db import connection; from django.core.cache import cache;"
    "cursor = connection.cursor(); cursor.execute('SELECT pg_postmaster_start_time()');"
    "cache.set('asked', 1); print('started', cursor.fetchone()[0].isoformat(), cache.get('asked'))"
)


@pytest.fixture
def state(tmp_path: Path) -> LocalState:
    return LocalState(tmp_path / "state")


def _manage(state: LocalState, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    own = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEY"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env=environment | {"LOCAL_STATE_DIR": str(state.root)} | given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_servers_it_brings_them_and_leaves_none(state):
    first = _manage(state, "shell", "--no-imports", "--command", _ASK)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("started ")
    assert not state.servers_file.exists()
    second = _manage(state, "shell", "--no-imports", "--command", _ASK)
    assert second.stdout.split()[1] > first.stdout.split()[1]  # it was started anew


def test_servers_that_run_are_used_and_left_running(state):
    with SharedServers(state) as servers:
        first = _manage(state, "shell", "--no-imports", "--command", _ASK)
        second = _manage(state, "shell", "--no-imports", "--command", _ASK)
        assert first.stdout == second.stdout
        assert servers.all_run()


def test_a_command_that_fails_leaves_none_and_keeps_its_status(state):
    failed = _manage(state, "shell", "--no-imports", "--command", "raise SystemExit(7)")
    assert failed.returncode == 7
    assert not state.servers_file.exists()


def test_help_starts_nothing(state):
    assert _manage(state, "help").returncode == 0
    assert not (state.root / "postgres").exists()


def test_servers_that_were_given_are_used_and_nothing_is_written(state):
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    keys = {name: os.environ[name] for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS")}
    asked = _manage(
        state,
        *("shell", "--no-imports", "--command", _ASK),
        BLIND_INDEX_KEY="invented",
        **given,
        **keys,
    )
    assert asked.returncode == 0, asked.stderr
    assert not state.root.exists()


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ([], False),
        (["help"], False),
        (["--version"], False),
        (["migrate", "--help"], False),
        (["makemessages", "--all"], False),
        (["check", "--deploy"], False),
        (["check", "--database", "default"], True),
        (["migrate"], True),
        (["makemigrations", "--check"], True),
        (["replay", "messages.jsonl"], True),
        (["runserver"], True),
    ],
)
def test_which_commands_need_servers(words, needed):
    assert needs_servers(words) is needed
