"""`manage.py replay`: every count equals an independent one made with plain loops."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from tests.reports.plain_count import Case, count, worked_by

pytestmark = pytest.mark.django_db(transaction=True)

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
GUANGZHOU = {"warnings": [2], "1": [3], "2": [5], "3": [7], "4": [8]}
BEIJING = {"warnings": list(range(2, 22)), "1": [3]}

# The schedule of 2020 by the State Council's notices of 2019-11-21 and 2020-01-27.
SCHEDULE_2020 = {
    **{f"2020-01-{day:02d}": {"workday": day == 19} for day in (1, 19, *range(24, 32))},
    "2020-02-01": {"workday": False},
    "2020-02-02": {"workday": False},
    **{f"2020-04-{day:02d}": {"workday": day == 26} for day in (4, 5, 6, 26)},
    **{f"2020-05-{day:02d}": {"workday": day == 9} for day in (1, 2, 3, 4, 5, 9)},
    **{f"2020-06-{day:02d}": {"workday": day == 28} for day in (25, 26, 27, 28)},
    "2020-09-27": {"workday": True},
    **{f"2020-10-{day:02d}": {"workday": day == 10} for day in (*range(1, 9), 10)},
}


def replay(path: Path, *options: str) -> tuple[dict, str]:
    """Run the command as an operator would; returns the counts and what it said beside them.

    Tests share the database of replays, which takes long to make; each has ids of its own.
    """
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    done = subprocess.run(
        [sys.executable, "manage.py", "replay", str(path), "--json", *options],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout), done.stderr


def expected(rows: list[dict], schedule: dict, steps: dict[str, list[int]]) -> dict:
    """The independent count, in the shape of the command's answer."""
    cases = [
        Case(
            datetime.fromisoformat(row["time"]),
            datetime.fromisoformat(row["reply_time"]) if row.get("reply_time") else None,
        )
        for row in rows
    ]
    found = count(cases, worked_by(schedule), steps)
    rungs = {level: found.pop(level, 0) for level in ("1", "2", "3", "4")}
    notices = {
        "judge": found["warnings"],
        "liaison_officer": found["warnings"],
        "department_leader": rungs["1"],
        "deputy_president": rungs["2"],
        "president": rungs["3"],
        "superior_president": rungs["4"],
    }
    if "2" not in steps:
        notices = {
            "liaison_officer": found["warnings"],
            "department_leader": rungs["1"],
        }
    sent = {post: n for post, n in notices.items() if n}
    return found | {"rungs": rungs, "notices": sent, "rejected_lines": 0}


def generated(seed: int, number: int) -> list[dict]:
    """Messages over 2020 with replies before, at and after every edge that matters."""
    chance = random.Random(seed)
    rows = []
    for index in range(number):
        at = datetime.fromisoformat("2020-01-02") + timedelta(
            days=chance.randrange(330), seconds=chance.randrange(86400)
        )
        row = {
            "id": f"g{seed}-{index}",
            "time": at.isoformat(sep=" "),
            "title": f"第{index}件",
            "text": "请法官与我联系，案件何时开庭？",
            "district": chance.choice(["东区", "西区", None]),
        }
        kind = chance.random()
        if kind < 0.8:
            wait = timedelta(days=chance.randrange(20), seconds=chance.randrange(86400))
            reply_at = at + wait
            if kind < 0.2:
                reply_at = reply_at.replace(hour=9, minute=0, second=0)
            elif kind < 0.3:
                reply_at = reply_at.replace(hour=0, minute=0, second=0)
            elif kind < 0.35:
                reply_at = at - timedelta(hours=1)
            row |= {"reply": "已答复。", "reply_time": reply_at.isoformat(sep=" ")}
        rows.append(row)
    return rows


def write(path: Path, rows: list[dict], *broken: str) -> Path:
    """A JSON-lines file; the broken lines come last."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join([*lines, *broken]) + "\n", encoding="utf-8")
    return path


def test_generated_messages_are_counted_as_by_hand(tmp_path: Path) -> None:
    rows = generated(20200515, 60)
    path = write(tmp_path / "messages.jsonl", rows)
    found, _said = replay(path, "--policy", "guangzhou", "--fresh")
    assert found == expected(rows, SCHEDULE_2020, GUANGZHOU)
    again, _said = replay(path, "--policy", "guangzhou")
    assert again == found

    # Another policy beside it in the same database does not mix with the first.
    beijing, _said = replay(path, "--policy", "beijing", "--limit", "25")
    assert beijing == expected(rows[:25], SCHEDULE_2020, BEIJING)
    assert replay(path, "--policy", "guangzhou")[0] == found


def test_unreadable_lines_are_reported_and_stop_nothing(tmp_path: Path) -> None:
    rows = generated(1, 6)
    broken = [
        "{not json",
        "[]",
        '{"text": "no time"}',
        '{"time": "yesterday", "text": "x"}',
        '{"time": "2020-03-02 10:00:00"}',
        '{"time": "2020-03-02 10:00:00", "text": "x", "reply": "y"}',
        '{"time": "1890-03-02 10:00:00", "text": "before any calendar"}',
        '{"time": "2020-03-02 10:00:00", "text": "a\\u0000b"}',
        '{"time": "2020-03-02 10:00:00", "text": "a\\ud800b"}',
        json.dumps({"time": "2020-03-02 10:00:00", "text": "x", "district": "长" * 61}),
    ]
    # A line separator within a text ends no line, and a repeated id is played once.
    rows[0]["text"] = "第一行\u2028第二行"
    path = write(tmp_path / "messages.jsonl", rows, *broken, json.dumps(rows[5]))
    found, said = replay(path, "--policy", "guangzhou")
    assert found["requests"] == 6
    assert f"line {7 + len(broken)}: the same id as line 6" in said
    assert found["rejected_lines"] == len(broken)
    for number in range(7, 7 + len(broken)):
        assert f"line {number}: " in said


def test_a_line_without_id_is_known_by_its_number_and_contents(tmp_path: Path) -> None:
    rows = generated(2, 4)
    for row in rows:
        del row["id"]
    path = write(tmp_path / "messages.jsonl", rows)
    first, _said = replay(path, "--policy", "guangzhou")
    second, _said = replay(path, "--policy", "guangzhou")
    assert first == second
    assert first["requests"] == 4


def test_an_intermediate_court_sends_nothing_to_a_superior(tmp_path: Path) -> None:
    rows = [
        {"id": "intermediate", "time": "2020-06-05 10:00:00", "text": "何时开庭？"},
    ]
    path = write(tmp_path / "messages.jsonl", rows)
    options = ("--policy", "guangzhou", "--court", "粤01")
    found, _said = replay(path, *options)
    assert found["rungs"] == {"1": 1, "2": 1, "3": 1, "4": 0}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real data is not here")
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.full)])
def test_real_messages_are_counted_as_by_hand(tmp_path: Path, every: int) -> None:
    whole = SHARED / "requests" / "citizen_replies.jsonl"
    schedule = json.loads((SHARED / "calendar" / "state-council-2007-2026.json").read_text())
    rows = [json.loads(line) for line in whole.read_text(encoding="utf-8").splitlines()][::every]
    path = write(tmp_path / "messages.jsonl", rows)
    found, _said = replay(path, "--policy", "guangzhou")
    assert found == expected(rows, schedule, GUANGZHOU)
