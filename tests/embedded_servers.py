"""A pytest plugin: every session gets a PostgreSQL and a Valkey of its own.

pytest-django reads the settings before any `conftest.py`, so this is loaded with
`-p tests.embedded_servers` (see `pyproject.toml`). The servers start in the first process alone;
the workers of pytest-xdist inherit its environment, and each takes its own Valkey database.
DATABASE_URL and REDIS_URL, if given, are used instead. Sessions beside each other do not meet.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from deploy.launcher.command import SERVERS, add_settings
from deploy.launcher.local_settings import local_settings
from deploy.launcher.servers import SharedServers, clear_leftovers
from deploy.launcher.state import LocalState
from deploy.launcher.translations import compile_translations

PREFIX = "litigation-tests-"
_running: SharedServers | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _start()
    else:
        # Database 0 is the first process's; gw0 takes 1, gw1 takes 2, and so on.
        address = urlsplit(os.environ["REDIS_URL"])
        number = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = urlunsplit(address._replace(path=f"/{number}"))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _stop()


def _start() -> None:
    global _running
    if _running is not None:
        return
    _clear_leftovers()
    compile_translations()
    state = LocalState(Path(tempfile.mkdtemp(prefix=PREFIX)).resolve())
    # A test must not find the developer's own installation, nor answer as a demonstration.
    os.environ["LOCAL_STATE_DIR"] = str(state.root)
    add_settings({"DEMONSTRATION": "false", "ALLOWED_HOSTS": "*"} | local_settings(state))
    missing = SERVERS - {name for name in SERVERS if os.environ.get(name)}
    servers = SharedServers(state, missing, durable=False)
    servers.__enter__()
    _running = servers
    atexit.register(_stop)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    add_settings(servers.urls)


def _stop() -> None:
    global _running
    if _running is None:
        return
    servers, _running = _running, None
    servers.__exit__(None, None, None)
    shutil.rmtree(servers.state.root, ignore_errors=True)


def _clear_leftovers() -> None:
    """End and remove what killed sessions left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if clear_leftovers(LocalState(folder)):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another user's, or just being removed
            continue
