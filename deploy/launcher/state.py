"""The folder in which a local installation keeps its data, secrets, logs and locks."""

import contextlib
import fcntl
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class LocalState:
    """Names of what lies in the folder. One folder is one installation."""

    root: Path

    @classmethod
    def from_environment(cls) -> "LocalState":
        """The folder named by LOCAL_STATE_DIR, else `var/` in the project."""
        return cls(Path(os.environ.get("LOCAL_STATE_DIR") or PROJECT / "var").resolve())

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def servers_file(self) -> Path:
        """Says which embedded servers run, and their addresses."""
        return self.root / "servers.json"

    @property
    def processes_file(self) -> Path:
        """Says which web, worker and beat processes `make run` started."""
        return self.root / "processes.json"

    def prepare(self) -> None:
        """Make the folder, readable by its owner alone."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.logs.mkdir(exist_ok=True)

    def secrets(self) -> dict[str, str]:
        """The installation's own keys, made once. Losing them loses the encrypted fields."""
        self.prepare()
        with self.lock("secrets"):
            if not self.secrets_file.exists():
                made = {
                    "SECRET_KEY": secrets.token_urlsafe(50),
                    "FIELD_ENCRYPTION_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                    "BLIND_INDEX_KEY": secrets.token_urlsafe(32),
                    "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
                    "VALKEY_PASSWORD": secrets.token_urlsafe(24),
                }
                write_json(self.secrets_file, made)
            return {str(name): str(value) for name, value in read_json(self.secrets_file).items()}

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the named lock of this installation; waits for whoever holds it.

        The kernel frees it when its holder dies, however it dies.
        """
        with open(self.root / f"{name}.lock", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def try_lock(self, name: str, *, shared: bool = False) -> IO[str] | None:
        """Take the named lock without waiting: the open file that holds it, or None."""
        file = open(self.root / f"{name}.lock", "a")  # noqa: SIM115 - kept open as the lock
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty when it is missing or was cut off by a crash."""
    try:
        value = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON file that only its owner reads, whole or not at all."""
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(value, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
