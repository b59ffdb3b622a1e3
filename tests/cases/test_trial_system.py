"""The invented trial business system: the same for one seed, and understood by the product."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from cases.imports import runs
from cases.models import Case, CaseNode, CaseParticipant, ImportRun, RejectedLine
from cases.services import open_run
from courts.models import Court
from deploy.trial_system import __main__ as trial_system
from notices.models import Contact
from tests import city
from tests.cases.records import counts, rows


def speak(folder: Path, *words: str, cases: int = 60, seed: int = 7) -> None:
    given = [f"--database={folder}/trial.sqlite", f"--seed={seed}", f"--cases={cases}", *words]
    assert trial_system.main(given) == 0


def load(path: Path, kind: str) -> ImportRun:
    with path.open("rb") as file:
        return runs.carry_on(open_run(file, file_name=path.name, kind=kind), file)


def test_one_seed_is_one_stream_and_another_is_another(tmp_path: Path) -> None:
    said = []
    for folder, seed in (("a", 7), ("b", 7), ("c", 8)):
        (tmp_path / folder).mkdir()
        full, news = tmp_path / folder / "full.csv", tmp_path / folder / "news.jsonl"
        speak(tmp_path / folder, f"--full={full}", f"--incremental={news}", seed=seed)
        said.append((full.read_bytes(), news.read_bytes()))
    assert said[0] == said[1]
    assert said[0] != said[2]


def test_it_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    """In a process that knows no installed package at all."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c",
         "import sys, runpy; sys.path.insert(0, sys.argv.pop(1));"
         " runpy.run_module('deploy.trial_system', run_name='__main__')",
         str(settings.BASE_DIR), f"--database={tmp_path}/a.sqlite", "--cases=3",
         f"--full={tmp_path}/a.csv"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.csv").stat().st_size


def test_the_stream_has_what_a_real_one_has(tmp_path: Path) -> None:
    speak(tmp_path, f"--incremental={tmp_path}/news.jsonl", cases=400)
    lines = [json.loads(line) for line in (tmp_path / "news.jsonl").open(encoding="utf-8")]
    sequences = [line["sequence"] for line in lines]
    assert len(set(sequences)) < len(sequences)  # doubles
    assert sequences != sorted(sequences)  # late ones
    nodes = [line for line in lines if line["record"] == "node"]
    assert any(node["revision"] == 2 for node in nodes)
    assert any(node.get("withdrawn") for node in nodes)
    first = {line["case_id"]: place for place, line in reversed(list(enumerate(lines)))
             if line["record"] == "case"}  # fmt: skip
    assert any(place < first[line["case_id"]] for place, line in enumerate(lines)
               if line["record"] == "node")  # fmt: skip
    people = [line for line in lines if line["record"] == "participant"]
    assert {one["capacity"] for one in people} >= {"party", "litigation_agent", "defender"}
    assert {one.get("identity_kind") for one in people} == {
        "id_card", "lawyer_licence", "credit_code", None,
    }  # fmt: skip
    with sqlite3.connect(tmp_path / "trial.sqlite") as ledger:
        entered = Counter(at[:13] for (at,) in ledger.execute("SELECT at FROM record"))
    assert max(entered.values()) > 10 * sum(entered.values()) / len(entered)  # bursts


@pytest.mark.usefixtures("town")
def test_a_full_file_and_the_whole_stream_end_with_the_same_rows(
    tmp_path: Path, town: city.City
) -> None:
    for code in ("示0103", "示0104"):
        Court.objects.create(code=code, name=f"示范市{code}法院", level="primary",
                             parent=town.intermediate, jurisdiction=town.jurisdiction)  # fmt: skip
    full, news = tmp_path / "full.csv", tmp_path / "news.jsonl"
    speak(tmp_path, f"--full={full}", f"--incremental={news}", "--late=0.2", "--doubled=0.1")
    run = load(full, "full")
    assert run.rejected == 0
    assert run.not_in_file == 0
    by_file = rows()
    run = load(news, "incremental")
    assert set(counts(run)) == {"unchanged", "out_of_date"}
    assert rows() == by_file


@pytest.mark.usefixtures("town")
def test_slips_are_reported_and_nothing_else(tmp_path: Path) -> None:
    speak(tmp_path, f"--full={tmp_path}/full.jsonl", "--faults=0.3")
    run = load(tmp_path / "full.jsonl", "full")
    reasons = set(RejectedLine.objects.values_list("reason", flat=True))
    assert reasons <= {
        "not_a_mobile", "unknown_court", "not_an_instant", "unknown_value", "unknown_case",
    }  # fmt: skip
    assert run.rejected
    assert run.created + run.rejected == run.lines_done


@pytest.mark.django_db(transaction=True)
def test_by_http_it_ends_with_the_same_rows(
    tmp_path: Path, live_server: LiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    town = city.build()
    for code in ("示0103", "示0104"):
        Court.objects.create(code=code, name=f"示范市{code}法院", level="primary",
                             parent=town.intermediate, jurisdiction=town.jurisdiction)  # fmt: skip
    call_command("issue_feed_key", "system", jurisdiction="shifan")
    key = capsys.readouterr().out.strip()
    post = (f"--post={live_server.url}", f"--key={key}")
    speak(tmp_path, *post, "--most=200", "--late=0.2")
    assert CaseNode.objects.exists()
    speak(tmp_path, *post)
    called = rows()
    capsys.readouterr()
    speak(tmp_path, *post)
    assert capsys.readouterr().out.strip() == ""  # nothing is left to send
    speak(tmp_path, f"--full={tmp_path}/full.csv")
    run = load(tmp_path / "full.csv", "full")
    assert set(counts(run)) == {"unchanged"}
    assert rows() == called
    assert Case.objects.count() == 60
    assert CaseParticipant.objects.filter(contact__isnull=False).exists()
    assert Contact.objects.filter(identity_kind="lawyer_licence").exists()
    assert trial_system.main([f"--database={tmp_path}/trial.sqlite", post[0], "--key=wrong"]) == 0
