"""`make run`: from nothing to a running product, and back to nothing on Ctrl-C."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import psycopg2

from deploy.launcher.command import SERVERS, add_settings
from deploy.launcher.local_settings import local_settings
from deploy.launcher.ports import listen_from
from deploy.launcher.processes import ServerFailed, end_group, last_lines, open_log, start_mark
from deploy.launcher.servers import SharedServers
from deploy.launcher.state import PROJECT, LocalState, read_json
from deploy.launcher.supervisor import Child, Supervisor, end_leftovers
from deploy.launcher.translations import compile_translations

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Asked(Exception):
    """Someone asked the product to end."""


class StepFailed(Exception):
    """A step of the start failed; the message says which, with the end of its log."""


def run_product() -> int:
    """Run until asked to end. Returns the exit status: 0 when all of it ended cleanly."""
    for number in _SIGNALS:
        signal.signal(number, _ask)
    state = LocalState.from_environment()
    state.prepare()
    only_one = state.try_lock("run")
    if only_one is None:
        address = read_json(state.processes_file).get("site_url", "an address not yet known")
        _say(f"It runs already, at {address} (its data are in {state.root}).")
        return 1
    with only_one:
        try:
            _run(state)
        except Asked:
            _say("All of it has ended. The data are kept.")
            return 0
        except (ServerFailed, StepFailed, OSError) as failure:
            _say(f"\nThe product could not start.\n{failure}")
            return 1
    return 0


def _run(state: LocalState) -> None:
    _say(f"Starting; data, logs and keys are kept in {state.root}")
    if count := end_leftovers(state):
        _say(f"  An earlier run was killed: {count} processes that it left were ended")
    host = os.environ.get("WEB_HOST") or "127.0.0.1"
    wanted = SERVERS - {name for name in SERVERS if os.environ.get(name)}
    with contextlib.ExitStack() as stack:
        with _step("PostgreSQL and Valkey" if wanted else "Using the servers that were given"):
            servers = stack.enter_context(SharedServers(state, wanted))
        stack.callback(_ignore_signals)  # runs first on the way out: end once, in order
        add_settings(servers.urls)
        listener = stack.enter_context(_listen(host))
        site_url = f"http://{_shown(host)}:{listener.getsockname()[1]}"
        settings = local_settings(state) | {"SITE_URL": site_url}
        if host not in ("127.0.0.1", "localhost", "::1"):
            settings["ALLOWED_HOSTS"] = "*"
        add_settings(settings)
        _prepare_data(state)
        supervisor = Supervisor(
            state, _children(listener), servers.urls, say=_say, site_url=site_url
        )
        with _step("Web, worker and beat"):
            stack.callback(supervisor.stop)
            stack.callback(_ignore_signals)
            supervisor.start()
            sign_ins = _sign_ins(state)
            _wait_for_answer(site_url, supervisor, state)
        _announce(site_url, sign_ins)
        try:
            while True:
                time.sleep(1)
                if not servers.all_run():
                    _say("A server ended by itself; starting it again")
                    if servers.revive():
                        os.environ.update(servers.urls)
                        supervisor.environment = servers.urls
                        supervisor.restart()
                supervisor.watch()
        except Asked:
            _say("\nEnding web, worker, beat and the servers ...")
            raise


def _prepare_data(state: LocalState) -> None:
    compile_translations()
    with _step("Bringing the database up to date"):
        _manage(state, "migrate", "--no-input")
    if os.environ["DEMONSTRATION"] != "true" or not _is_empty(os.environ["DATABASE_URL"]):
        return
    if not _has_command("seed_demonstration"):
        _say("  No demonstration city: this version has no command for it")
        return
    _say("  Filling in the demonstration city (first start only)")
    _manage(state, "seed_demonstration", shown=True)
    with _step("Cases from an invented trial business system"):
        _import_invented_cases(state)


def _import_invented_cases(state: LocalState) -> None:
    """Have the trial business system write its nightly file, and import it as a court would."""
    file = state.root / "trial_system.csv"
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    _to_its_end(
        state,
        "trial_system",
        [
            *(sys.executable, "-m", "deploy.trial_system", "--seed", "20", "--cases", "400"),
            *("--database", str(state.root / "trial_system.sqlite")),
            *("--until", today, "--full", str(file)),
        ],
    )
    _manage(state, "import_cases", str(file))


def _children(listener: socket.socket) -> Sequence[Child]:
    python = sys.executable
    # Where gunicorn's workers say that they live: a disk may stall for longer than they may.
    memory = Path("/dev/shm")  # noqa: S108 - a folder in memory
    in_memory = ["--worker-tmp-dir", str(memory)] if os.access(memory, os.W_OK) else []
    return (
        Child(
            "web",
            [
                *(python, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{listener.fileno()}"),
                *("--workers", "3", "--timeout", "60", "--graceful-timeout", "10"),
                *("--no-control-socket", "--log-level", "warning", *in_memory),
            ],
            pass_fds=[listener.fileno()],
        ),
        Child(
            "worker",
            [
                # What can wait gives way to whoever waits for a page.
                *("nice", "-n", "10", python, "-m", "celery", "--app", "config", "worker"),
                *("--concurrency", "2", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle"),
            ],
        ),
        Child("beat", [python, "-m", "celery", "--app", "config", "beat", "--loglevel", "INFO"]),
    )


def _manage(state: LocalState, *words: str, shown: bool = False) -> None:
    """Run a management command to its end; it dies with us. Raises StepFailed."""
    command = [sys.executable, str(PROJECT / "manage.py"), *words]
    _to_its_end(state, words[0], command, shown=shown)


def _to_its_end(
    state: LocalState, name: str, command: Sequence[str], *, shown: bool = False
) -> None:
    log_path = state.logs / f"{name}.log"
    with open_log(log_path) as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=None if shown else log,
            stderr=None if shown else log,
            cwd=PROJECT,
            start_new_session=True,
        )
    try:
        while (status := process.poll()) is None:
            time.sleep(0.05)
    except BaseException:
        end_group(process.pid, start_mark(process.pid), 5)
        raise
    if status != 0:
        shown_lines = "" if shown else f":\n{last_lines(log_path)}"
        raise StepFailed(f"`{name}` failed with status {status}{shown_lines}")


def _sign_ins(state: LocalState) -> str:
    """Who may sign in to the demonstration, as its command prints it; empty without one."""
    if not _has_command("demonstration_sign_ins"):
        return ""
    asked = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), "demonstration_sign_ins"],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    if asked.returncode != 0:
        with open_log(state.logs / "demonstration_sign_ins.log") as log:
            log.write(asked.stderr.encode())
        return "The demonstration sign-ins could not be read: see demonstration_sign_ins.log"
    return asked.stdout.strip()


def _wait_for_answer(site_url: str, supervisor: Supervisor, state: LocalState) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{site_url}/healthz", timeout=5):  # noqa: S310 - own
                return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
        except OSError:
            pass
        supervisor.watch()
        time.sleep(0.1)
    raise StepFailed(f"The web server does not answer:\n{last_lines(state.logs / 'web.log')}")


def _announce(site_url: str, sign_ins: str) -> None:
    _say(f"\nReady: {site_url}\n")
    if sign_ins:
        _say(sign_ins + "\n")
    _say("Ctrl-C ends it; the data are kept.")


def _listen(host: str) -> socket.socket:
    wanted = os.environ.get("WEB_PORT") or "8000"
    if not wanted.isdigit():
        raise StepFailed(f"WEB_PORT is to be a number, not {wanted!r}")
    listener = listen_from(host, int(wanted))
    if (port := listener.getsockname()[1]) != int(wanted):
        _say(f"  Port {wanted} is busy; taking {port}")
    return listener


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _is_empty(database_url: str) -> bool:
    """Whether no court has been entered: the first start."""
    with (
        contextlib.closing(psycopg2.connect(database_url)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT NOT EXISTS (SELECT FROM courts_court)")
        row = cursor.fetchone()
        return bool(row and row[0])


def _has_command(name: str) -> bool:
    return any(PROJECT.glob(f"*/management/commands/{name}.py"))


@contextlib.contextmanager
def _step(title: str) -> Iterator[None]:
    """Tell that a step has begun, and how long it took."""
    began = time.monotonic()
    print(f"  {title} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def _say(text: str) -> None:
    print(text, flush=True)


def _ask(number: int, frame: FrameType | None) -> None:
    raise Asked


def _ignore_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
