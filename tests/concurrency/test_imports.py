"""Two imports at once: of one file, of two files, and by the machine interface meanwhile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from cases import services
from cases.imports import batch, runs
from cases.imports.records import check, expand
from cases.models import Case, CaseNode, ImportRun
from courts.models import ApiClient
from notices.models import Contact
from tests.cases.records import ID_CARDS, case, node, participant, rows
from tests.city import City
from tests.concurrency.conftest import at_once

COUNT = 60
RECORDS = [
    record
    for number in range(1, COUNT + 1)
    for record in (
        case(number, 10 * number),
        participant(number, "P1", 10 * number + 1, identity_kind="id_card",
                    identity_number=ID_CARDS[number % 3], phone=f"154{number:08d}"),
        node(number, f"N{number}", 10 * number + 2),
        node(number, f"N{number}", 10 * number + 3, revision=2),
    )
]  # fmt: skip


def _file(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def _load(path: Path, kind: str = "incremental") -> ImportRun:
    with path.open("rb") as file:
        return runs.carry_on(services.open_run(file, file_name=path.name, kind=kind), file)


@pytest.fixture
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 7)


@pytest.mark.usefixtures("town", "_small_batches")
def test_two_imports_of_one_file_do_each_batch_once(tmp_path: Path) -> None:
    path = _file(tmp_path / "news.jsonl", RECORDS)
    results = at_once(lambda: _load(path), lambda: _load(path))
    assert [result.state for result in results] == ["ended", "ended"]
    # Whoever came while the first still ran has joined it.
    total = sum(run.created for run in ImportRun.objects.all())
    assert total == len(RECORDS)
    assert sum(run.updated + run.rejected for run in ImportRun.objects.all()) == 0
    together = rows()
    assert len(together["nodes"]) == 2 * COUNT
    assert sum(current for *_rest, current in together["nodes"].values()) == COUNT
    assert _load(path).unchanged == len(RECORDS)
    assert rows() == together


@pytest.mark.usefixtures("town", "_small_batches")
def test_two_files_with_the_same_records_end_with_the_same_rows(tmp_path: Path) -> None:
    ahead = _file(tmp_path / "ahead.jsonl", RECORDS)
    back = _file(tmp_path / "back.jsonl", RECORDS[::-1])
    results = at_once(lambda: _load(ahead), lambda: _load(back))
    assert [result.state for result in results] == ["ended", "ended"]
    assert Case.objects.count() == COUNT
    assert CaseNode.objects.filter(is_current=True, revision=2).count() == COUNT
    assert CaseNode.objects.count() == 2 * COUNT
    newest = {ID_CARDS[n % 3]: f"154{n:08d}" for n in range(1, COUNT + 1)}
    people = Contact.objects.filter(identity_kind="id_card")
    assert {one.id_number: one.phone for one in people} == newest


@pytest.mark.usefixtures("_small_batches")
def test_calls_meanwhile_neither_wait_for_ever_nor_lose_anything(
    town: City, tmp_path: Path
) -> None:
    path = _file(tmp_path / "news.jsonl", RECORDS)
    client, _key = ApiClient.objects.issue(
        name="feed", jurisdiction=town.jurisdiction, channel="trial_system", scopes=[]
    )

    def call() -> int:
        taken = []
        for begin in range(0, len(RECORDS), 20):
            part = RECORDS[begin : begin + 20]
            sent = [
                services.Sent(f"x.{number}", one["record"], one) for number, one in enumerate(part)
            ]
            taken += services.receive(sent, client=client)
        return len(taken)

    loaded, called = at_once(lambda: _load(path), call)
    assert (loaded.state, called) == ("ended", len(RECORDS))
    assert len(rows()["nodes"]) == 2 * COUNT
    assert sum(run.created for run in ImportRun.objects.all()) == len(RECORDS)


@pytest.mark.usefixtures("town")
def test_without_their_turn_two_batches_get_in_each_others_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: what the turns are for. Without them, one of two revisions that come at the
    same moment fails at the index that keeps the latest single.
    """

    def write(revision: int) -> None:
        codes = batch.known()
        run = ImportRun.objects.create(kind="incremental", format="jsonl", file_name="x",
                                       state="running")  # fmt: skip
        (item,) = expand(1, node(1, "N1", revision + 1, revision=revision))
        check(item, codes)
        with transaction.atomic():
            batch.apply([item], run=run, known=codes, at=run.created_at)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.5)")

    run = ImportRun.objects.create(kind="incremental", format="jsonl", file_name="x",
                                   state="running")  # fmt: skip
    (item,) = expand(1, case(1, 1))
    codes = batch.known()
    check(item, codes)
    with transaction.atomic():
        batch.apply([item], run=run, known=codes, at=run.created_at)
    results = at_once(lambda: write(1), lambda: write(2))
    assert any(isinstance(result, Exception) for result in results), results
