"""An import that is killed again and again ends with the rows, counts and report of a whole one.

Real processes on a real file; each is ended as a power cut would, as soon as it has done some more.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cases.imports import runs
from cases.models import CaseNode, ImportRun, RejectedLine
from cases.services import open_run
from deploy.trial_system import __main__ as trial_system
from tests import city
from tests.cases.records import counts, rows

CASES = 1500


@pytest.fixture
def town(transactional_db: None) -> city.City:
    return city.build()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A stream with doubles, late records and slips."""
    path = tmp_path / "news.jsonl"
    words = [
        f"--database={tmp_path}/trial.sqlite", f"--cases={CASES}", f"--incremental={path}",
        "--late=0.05", "--doubled=0.05", "--faults=0.02",
    ]  # fmt: skip
    assert trial_system.main(words) == 0
    return path


def _database_url() -> str:
    database = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(database._replace(path="/" + connection.settings_dict["NAME"]))


def _start(file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_cases", "--incremental", str(file)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": _database_url()},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _progress() -> Iterator[int]:
    while True:
        yield sum(ImportRun.objects.values_list("bytes_done", flat=True))
        time.sleep(0.01)


def _report() -> list[tuple[Any, ...]]:
    fields = ("line_number", "record_kind", "field", "reason", "waits_for", "state")
    return list(RejectedLine.objects.order_by("line_number", "id").values_list(*fields))


@pytest.mark.usefixtures("town")
def test_killed_in_the_middle_it_goes_on_behind_the_last_batch(file: Path) -> None:
    kills = 0
    for _ in range(2):  # of three batches, so that one is left
        before = next(_progress())
        process = _start(file)
        for done in _progress():
            if process.poll() is not None:
                break
            if done > before:
                os.killpg(process.pid, signal.SIGKILL)
                kills += process.wait() == -signal.SIGKILL
                break
    assert kills, "it was through before it could be killed"
    process = _start(file)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert b"going on after line" in said
    killed = ImportRun.objects.get()
    assert killed.state == "ended"
    found, report, total = rows(), _report(), counts(killed)
    assert found["nodes"]

    # The same without a kill, in an empty mirror. Keys go on: what this process keeps of
    # policies and calendars, it keeps by their keys.
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
    city.build()
    with file.open("rb") as opened:
        whole = runs.carry_on(open_run(opened, file_name="news.jsonl", kind="incremental"), opened)
    assert counts(whole) == total
    assert _report() == report
    assert rows() == found
    assert whole.lines_done == killed.lines_done
    assert CaseNode.objects.count() == len(found["nodes"])
