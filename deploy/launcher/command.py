"""What `manage.py COMMAND` needs on a machine where no servers were given to it."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence

from deploy.launcher.local_settings import local_settings
from deploy.launcher.processes import ServerFailed
from deploy.launcher.servers import SharedServers
from deploy.launcher.state import LocalState

SERVERS = frozenset({"DATABASE_URL", "REDIS_URL"})
# Commands that touch neither database nor cache: no server is started for them.
_NEED_NO_SERVER = frozenset(
    {
        "",
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "spectacular",
        "startapp",
        "version",
    }
)


def needs_servers(arguments: Sequence[str]) -> bool:
    """Whether a command with these arguments reads or writes the database or the cache."""
    command = next((word for word in arguments if not word.startswith("-")), "")
    if {"-h", "--help", "--version"} & set(arguments):
        return False
    if command == "check":
        return any(word.startswith("--database") for word in arguments)
    return command not in _NEED_NO_SERVER


@contextlib.contextmanager
def servers_for_command(arguments: Sequence[str]) -> Iterator[None]:
    """Run the block with the settings of a local installation where none are given.

    DATABASE_URL and REDIS_URL, if given, are used as they are. What is missing is found running,
    or started for the length of the block. Where both are given and the machine has no local
    installation (a deployment), nothing is added and nothing is written.
    """
    state = LocalState.from_environment()
    missing = SERVERS - {name for name in SERVERS if os.environ.get(name)}
    if not missing and not state.secrets_file.exists():
        yield
        return
    given = add_settings(local_settings(state))
    if not missing and "DEMONSTRATION" in given:
        # Both servers are given, and perhaps a court's own: what fills the gaps must not go unsaid.
        print(f"Settings of the local installation in {state.root}: {given}.", file=sys.stderr)
    if not missing or not needs_servers(arguments):
        # Addresses that lead nowhere: the settings want some, the command uses none.
        add_settings({"DATABASE_URL": "postgres:///none", "REDIS_URL": "redis://127.0.0.1:1/0"})
        yield
        return
    print(
        f"Local installation in {state.root}: {', '.join(sorted(missing))} not set.",
        file=sys.stderr,
    )
    # `kill` must leave through the context too, or the servers would stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with SharedServers(state, missing) as servers:
            add_settings(servers.urls)
            yield
    except ServerFailed as error:
        raise SystemExit(str(error)) from error


def add_settings(values: dict[str, str]) -> str:
    """Put into the environment what it does not say already; the names of that, in a line."""
    missing = [name for name in values if not os.environ.get(name)]
    for name in missing:
        os.environ[name] = values[name]
    return ", ".join(missing)
