"""Whatever is written to a timeline can be told, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import timezone, translation

from escalation.models import Firing, FiringRecipient
from escalation.reading import readings
from escalation.sweep import sweep
from liaison.models import Request, TimelineEntry
from liaison.timeline_texts import SENTENCES, TO_PARTY, history, party_history, sentence
from tests.city import City, local
from tests.liaison.forms import LANGUAGES
from workorders import services as orders
from workorders.models import ContactRecord, Instruction

ROOT = Path(__file__).resolve().parents[2]
# Where the code gives a kind that is no plain text: what it can be.
COMPUTED = {
    ("liaison/services.py", "record_reply"): {"replied", "answered_by_word"},
    ("workorders/services.py", "record_contact"): {
        f"contact_{outcome}" for outcome in ContactRecord.Outcome.values
    },
    ("workorders/services.py", "instruct"): set(Instruction.Kind.values),
}
PARAMS = {
    "department": 0,
    "into": "SF20261121-00001",
    "other": "SF20261121-00002",
    "means": "call",
    "grade": "partly_satisfied",
    "replied_at": "2026-11-20T08:00:00Z",
}


def written_kinds() -> set[str]:
    """Every kind that the source of liaison and workorders hands to ``record``."""
    kinds: set[str] = set()
    for app in ("liaison", "workorders"):
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    kinds |= _kinds_in(name, function)
    return kinds


def _kinds_in(name: str, function: ast.FunctionDef) -> set[str]:
    found: set[str] = set()
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "record":
            continue
        kind = call.args[1]
        if isinstance(kind, ast.Constant):
            found.add(str(kind.value))
        else:
            assert (name, function.name) in COMPUTED, f"what kinds does {function.name} write?"
            found |= COMPUTED[name, function.name]
    return found


def test_every_kind_has_a_sentence_and_every_sentence_a_kind() -> None:
    assert written_kinds() == set(SENTENCES)
    assert set(TO_PARTY) <= set(SENTENCES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_a_sentence_is_filled(kind: str, language: str) -> None:
    entry = TimelineEntry(kind=kind, params=PARAMS, at=timezone.now())
    with translation.override(language):
        for to_party in (False, True):
            words = sentence(entry, {}, to_party=to_party)
            assert words
            assert "%(" not in words


def test_the_ladder_stands_between_the_entries(town: City) -> None:
    order = town.order(at=local(2020, 6, 5))
    sweep(local(2020, 6, 16))
    orders.reply(order_id=order.pk, text="已安排开庭。", by=order.handler, at=local(2020, 6, 16))
    request = Request.objects.get()
    told = [line.kind for line in history(request)]
    assert told == ["party", "court", "warning", "ladder", "ladder", "reply"]
    assert [line.kind for line in party_history(request, with_ladder=True)] == [
        "party", "court", "ladder", "ladder", "reply"
    ]  # fmt: skip
    assert [line.kind for line in party_history(request, with_ladder=False)] == [
        "party", "court", "reply"
    ]  # fmt: skip


def test_staff_read_why_a_rung_came_then_and_the_party_does_not(town: City) -> None:
    order = town.order(at=local(2020, 6, 5))
    sweep(local(2020, 6, 11, 9))
    with translation.override("en"):
        staff = [line for line in history(order.request) if line.kind == "ladder"]
        party = [line for line in party_history(order.request, with_ladder=True)]
    rule = "More than 3 business days had passed, so it was due at 09:00 of that day."
    assert rule in staff[0].why
    assert not any(line.why for line in party)


def test_nobody_is_said_to_be_told_who_was_not(town: City) -> None:
    order = town.order(at=local(2020, 6, 5))
    sweep(local(2020, 6, 16))
    request = order.request
    first, second = Firing.objects.filter(level__gt=0).order_by("level")
    Firing.objects.filter(pk=first.pk).update(is_silent=True)
    FiringRecipient.objects.filter(firing=second).delete()
    with translation.override("en"):
        staff = [line.title for line in history(request)]
        party = [line.title for line in party_history(request, with_ladder=True)]
    silent = "No reply yet: recorded, not sent, because a higher rung was"
    alone = "No reply yet: nobody could be told, every post is vacant"
    assert staff[-2:] == [silent, alone]
    assert silent not in party
    assert party[-1] == alone
    reading = readings([first.clock], local(2020, 6, 16))[first.clock_id]
    told = [rung.was_told for rung in reading.rungs if rung.fired_at]
    assert told == [True, False, True]
