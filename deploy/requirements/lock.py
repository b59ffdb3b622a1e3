"""Locks the requirements again: `make lock`. The locks hold hashes and no addresses."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write base.lock, dev.lock in agreement with it, and bench.lock. Needs the program `uv`."""
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("Locking needs uv: `pipx install uv`, then try again.")
    options = [
        *("--universal", "--generate-hashes", "--python-version", "3.11"),
        *("--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"),
        # An older pip looks for name[extra] apart from name, and takes a newer one unhashed.
        "--no-strip-extras",
    ]
    for arguments in (
        ["base.in", "--output-file", "base.lock"],
        ["--constraints", "base.lock", "dev.in", "--output-file", "dev.lock"],
        ["bench.in", "--output-file", "bench.lock"],
    ):
        subprocess.run([uv, "pip", "compile", *options, *arguments], cwd=HERE, check=True)


if __name__ == "__main__":
    main()
