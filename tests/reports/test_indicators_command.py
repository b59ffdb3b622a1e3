"""``manage.py indicators``: a table for people, and the same bytes each time for machines."""

from __future__ import annotations

import json
import re
from datetime import UTC, timedelta
from io import StringIO
from unicodedata import east_asian_width

import pytest
from django.core.management import CommandError, call_command

from escalation.sweep import sweep
from liaison.rating import rate
from tests import city
from tests.city import City, local
from workorders import services as orders

pytestmark = pytest.mark.django_db
AT = local(2026, 11, 2, 9).isoformat()


@pytest.fixture
def town() -> City:
    """Three orders of October: one answered in time, two never; and an enquiry of the west."""
    town = city.build()
    opened = local(2026, 10, 12)
    waiting = [town.order(at=opened + timedelta(hours=number)) for number in range(3)]
    orders.reply(order_id=waiting[0].pk, text="已安排。", by=town.judge(), at=local(2026, 10, 14))
    rate(request_id=waiting[0].request_id, grade="satisfied", at=local(2026, 10, 15))
    town.request(at=local(2026, 10, 13), court=town.west, matter="consultation")
    return town


def run(*args: str) -> str:
    out = StringIO()
    call_command("indicators", *args, stdout=out)
    return out.getvalue()


def cells(line: str) -> list[str]:
    return re.split(r" {2,}(?![\d.]+%)", line.strip())


def width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def test_the_table_shows_courts_and_departments_with_a_dash_where_nothing_was_due(town: City):
    sweep(local(2026, 10, 20, 12))
    lines = run("2026-10", "--at", AT, "--language", "en").splitlines()
    assert lines[0].startswith("October 2026")
    rows: dict[str, list[str]] = {}
    for name, *rest in map(cells, filter(None, lines)):
        if "Xiling District Court" in rows:
            break
        rows[name] = rest
    rungs = "2 · 2 · – · –"
    assert rows["Civil Division"] == [
        "–",
        "1/3  33.3%",
        "1/3  33.3%",
        "1/1 100.0%",
        "–",
        "–",
        rungs,
        "2",
        "Thu 15 Oct 2026",
    ]
    court = rows["Donghu District Court"]
    assert court[:3] == ["3/3 100.0%", "1/3  33.3%", "1/3  33.3%"]
    everything = cells(lines[-1])[1:]
    assert everything[:4] == ["3/4  75.0%", "1/3  33.3%", "1/4  25.0%", "1/1 100.0%"]
    assert everything[-2:] == ["3", "Wed 14 Oct 2026"]


def test_columns_stay_aligned_in_chinese(town: City):
    lines = run("2026-10", "--at", AT, "--language", "zh-hans").splitlines()
    assert lines[0].startswith("2026年10月")
    rule = next(line for line in lines if line.startswith("─"))
    full = [line for line in lines if "%" in line and "/" in line and "2026年10月14日" in line]
    assert full
    assert {width(line) for line in full} == {width(rule)}


def test_the_same_month_gives_the_same_bytes(town: City):
    first = run("2026-10", "--json", "--at", AT)
    assert first == run("2026-10", "--json", "--at", local(2026, 12, 24).isoformat())
    told = json.loads(first)
    assert told["month"] == "2026-10"
    assert told["all"]["rates"]["completion"] == {
        "done": 1,
        "due": 4,
        "rate": "1/4",
        "percent": "25.0",
        "withdrawn": 0,
        "merged": 0,
    }
    east = next(court for court in told["courts"] if court["code"] == "示0101")
    civil = next(one for one in east["departments"] if one["rates"]["completion"]["due"])
    lists = civil["items"]["completion"]
    assert (len(lists["in_time"]), len(lists["late"])) == (1, 2)
    assert lists["late"] == sorted(lists["late"])
    rated = {"satisfied": 1, "rated": 1, "rate": "1/1", "percent": "100.0"}
    assert civil["satisfaction"] == told["all"]["satisfaction"] == rated
    assert civil["rated"] == {
        "very_satisfied": {},
        "satisfied": {lists["in_time"][0]: local(2026, 10, 15).astimezone(UTC).isoformat()},
        "partly_satisfied": {},
        "not_satisfied": {},
    }
    assert told["courts"][2]["satisfaction"]["rate"] is None


def test_one_court_alone(town: City):
    told = json.loads(run("2026-10", "--json", "--at", AT, "--court", "示0102"))
    assert [court["code"] for court in told["courts"]] == ["示0102"]
    assert told["all"]["rates"]["acceptance"]["due"] == 1


@pytest.mark.parametrize(
    "args",
    [("2026-13",), ("October",), ("2026-10", "--court", "无"), ("2026-10", "--at", "2026-11-01")],
)
def test_what_cannot_be_read_is_refused_with_a_word(town: City, args: tuple[str, ...]):
    with pytest.raises(CommandError):
        run(*args)
