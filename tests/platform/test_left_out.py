"""A test that lacks a system package is left out with a plain word; in CI it fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.launcher.state import PROJECT

_TESTS = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    raise AssertionError("ran without Chromium")

def test_of_something_else():
    pass
"""


def _session(folder: Path, *options: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_some.py").write_text(_TESTS)
    empty = folder / "no-programs-here"
    empty.mkdir()
    outside = {key: value for key, value in os.environ.items() if "XDIST" not in key}
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", "pyproject.toml"),
            *(str(folder), "-p", "no:cacheprovider", *options),
        ],
        cwd=PROJECT,
        env=outside | {"PATH": str(empty), "CI": ci, "CHROMIUM": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("options", [[], ["-n", "1"]], ids=["alone", "xdist"])
def test_what_is_missing_and_what_was_left_out_is_said_at_the_end(tmp_path, options):
    session = _session(tmp_path, *options, ci="false")
    assert session.returncode == 0, session.stdout
    end = session.stdout[session.stdout.rindex("left out: 1 test") :]
    assert "Chromium is not installed (make system-packages), so these did not run:" in end
    assert "test_some.py::test_in_a_browser" in end
    assert "1 passed, 1 skipped" in end


def test_ci_leaves_nothing_out(tmp_path):
    session = _session(tmp_path, ci="true")
    assert session.returncode == 1
    assert "Chromium is not installed (make system-packages), and CI leaves nothing out" in (
        session.stdout
    )
