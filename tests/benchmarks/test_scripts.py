"""Every benchmark runs, at a size that measures nothing: each way once, and one script whole."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from benchmarks import (
    business_days,
    case_import,
    drain,
    generate,
    harness,
    helpdesk_peer,
    memory,
    nothing_due,
    retime,
    sweep,
    sweep_city,
)
from benchmarks.harness import Way
from courts import calendar

SIZES = {"rounds": 2, "clocks": 400, "due": 120, "courts": 1, "divisions": 1, "judges": 2}


def _given(**more: int) -> argparse.Namespace:
    return argparse.Namespace(**(SIZES | more), way=None)


@pytest.fixture
def empty(transactional_db: None) -> Iterator[None]:
    """A database in which nobody works; what a benchmark adds beside the tables goes again."""
    calendar.forget()
    yield
    connection.close()
    with connection.cursor() as cursor:
        for schema in sweep.SCHEMAS.values():
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        for name in connection.introspection.table_names(cursor):
            if name.startswith("benchmark_"):
                cursor.execute(f"DROP TABLE {name}")
    calendar.forget()


def _run(way: str, run: Way, given: argparse.Namespace) -> dict[str, float]:
    """As in a fresh process: on a connection of its own, without calendars in memory."""
    connection.close()
    calendar.forget()
    numbers = run(argparse.Namespace(**(vars(given) | {"way": way})))
    assert all(value > 0 for value in numbers.values())
    return dict(numbers)


@pytest.mark.usefixtures("empty")
def test_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 40)  # of several batches the first is left out
    given = _given()
    sweep.prepare(given)
    for way, run in sweep.WAYS.items():
        sweep_city.reset(sweep.SCHEMAS.get(way, "public"))
        _run(way, run, given)


@pytest.mark.usefixtures("empty")
def test_sweep_tells_other_rows_from_those_of_the_product() -> None:
    given = _given()
    sweep.prepare(given)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE benchmark_who SET role = 'president'"
            " WHERE ctid = (SELECT min(ctid) FROM benchmark_who)"
        )
    with pytest.raises(SystemExit, match="not the same rows"):
        _run("by hand", sweep.hand_written, given)


@pytest.mark.usefixtures("empty")
def test_retime() -> None:
    given = _given()
    sweep_city.build(given)
    for way, run in [*retime.WAYS.items(), *retime.WAYS.items()]:  # closed, and opened again
        retime.before_each(way)
        _run(way, run, given)


@pytest.mark.usefixtures("empty")
def test_nothing_due() -> None:
    given = _given(looks=4)
    sweep_city.build(given)
    for state, run in nothing_due.STATES.items():
        nothing_due.before_each(state)
        numbers = _run(state, run, given)
        assert numbers["times"] == numbers["ms a look"] / numbers["ms a row by key"]


@pytest.mark.usefixtures("empty")
def test_memory_as_a_whole() -> None:
    """The script itself, with its fresh processes, in the database of the test."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path="/" + connection.settings_dict["NAME"]
    )
    options = [f"--{name}={value}" for name, value in (SIZES | {"few": 10}).items()]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory", *options],
        cwd=harness.ROOT,
        env=os.environ | {"DATABASE_URL": urlunsplit(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "growth from 10 to 120 due" in done.stdout
    assert memory.WAYS.keys() == {"few due", "many due"}


@pytest.mark.usefixtures("empty")
def test_case_import() -> None:
    given = _given(cases=40)
    case_import.build(given)
    for way, run in case_import.WAYS.items():
        case_import.before_each(way)
        _run(way, run, given)


@pytest.mark.usefixtures("empty")
def test_generate(settings: Any) -> None:
    settings.DEMONSTRATION = True
    given = _given(requests=60, courts=2, divisions=1, only_indicators=0)
    generate.build(given)
    for way, run in generate.WAYS.items():
        generate.before_each(way)
        _run(way, run, given)


@pytest.mark.django_db
def test_business_days() -> None:
    given = argparse.Namespace(dates=5, batch=50, sql=50, way=None)
    for run in business_days.WAYS.values():
        assert run(given)["dates/s"] > 0


@pytest.mark.usefixtures("empty")
def test_drain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its processes work in the database of the test."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path="/" + connection.settings_dict["NAME"]
    )
    monkeypatch.setenv("DATABASE_URL", urlunsplit(database))
    given = _given(size=40, distance=1, idle_seconds=1)
    drain.prepare(given)
    for way, run in drain.WAYS.items():
        drain.reset()
        _run(way, run, given)


@pytest.mark.usefixtures("empty")
def test_the_product_beside_its_peer() -> None:
    given = _given(tickets=3)
    sweep_city.build(given)
    _run("product", helpdesk_peer.product, given)


@pytest.mark.full
@pytest.mark.usefixtures("empty")
def test_the_peer() -> None:
    """It makes an environment from a package index, so it is not for every run."""
    helpdesk_peer.make_database()
    try:
        for run in (helpdesk_peer.without_mail, helpdesk_peer.with_mail):
            assert run(_given(tickets=3))["matters/s"] > 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {helpdesk_peer.DATABASE}")
