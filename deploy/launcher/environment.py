"""Makes `.venv` from a hashed lock. Standard library only: it runs before anything is installed.

`python3 -m deploy.launcher.environment base` installs what the product needs to run, `dev` adds
what developing and testing needs. Does nothing when that has been done for the lock as it is.
"""

import fcntl
import hashlib
import re
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
LOCKS = PROJECT / "deploy" / "requirements"
OLDEST = (3, 11)


def main(kind: str) -> None:
    """Bring `.venv` up to the lock of this kind. Raises SystemExit with what to do on failure."""
    if sys.version_info < OLDEST:
        raise SystemExit(
            f"Python {OLDEST[0]}.{OLDEST[1]} or later is needed; this is {sys.version.split()[0]}. "
            "Name another one: `make run PYTHON=python3.12`."
        )
    if _is_ready(kind):
        return
    folder = PROJECT / "var"
    folder.mkdir(mode=0o700, exist_ok=True)
    with open(folder / "environment.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once build one environment
        if _is_ready(kind):
            return
        if not _works():
            print(f"Making the environment {VENV.name} ...", flush=True)
            _make()
        _install(kind)
        for done in ("base", "dev") if kind == "dev" else ("base",):
            _stamp(done).write_text(_digest(done))


def _stamp(kind: str) -> Path:
    return VENV / f"{kind}.stamp"


def _digest(kind: str) -> str:
    lock = (LOCKS / f"{kind}.lock").read_bytes()
    return hashlib.sha256(lock).hexdigest()


def _is_ready(kind: str) -> bool:
    return _stamp(kind).exists() and _stamp(kind).read_text() == _digest(kind) and _works()


def _works() -> bool:
    """Whether `.venv` has a Python that starts (not if the one it was made from is gone)."""
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    asked = subprocess.run([python, "-c", "import pip"], capture_output=True, check=False)
    return asked.returncode == 0


def _make() -> None:
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except subprocess.CalledProcessError as error:
        raise SystemExit(
            "This Python cannot make an environment with pip. On Debian and Ubuntu: "
            "`apt-get install python3-venv`, then try again."
        ) from error


def _install(kind: str) -> None:
    lock = LOCKS / f"{kind}.lock"
    total = len(re.findall(r"^[a-z0-9].*==", lock.read_text(), re.MULTILINE))
    command: list[str | Path] = [
        *(VENV / "bin" / "python", "-m", "pip", "install", "--require-hashes"),
        *("--no-input", "--disable-pip-version-check", "--progress-bar", "off"),
        *("--requirement", lock),
    ]
    lines: list[str] = []
    seen = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                seen += 1
                _show(f"Reading packages: {seen} of {total}")
            elif line.startswith("Installing collected packages"):
                _show("Installing them (half a minute) ...      ")
    if sys.stdout.isatty():
        print(flush=True)
    if process.returncode != 0:
        raise SystemExit(
            "\n".join([*lines[-20:], "The packages could not be installed (see above)."])
        )
    print("The environment is ready.", flush=True)


def _show(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r{text}", end="", flush=True)
    elif text.startswith("Installing"):
        print(text.strip(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "base")
