"""In whatever order and batches records come, the mirror ends with the same rows: those of a
plain dict that is told everything in the order of the sequence.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import RejectedLine
from tests.cases.records import ID_CARDS, PHONES, case, counts, node, participant, rows, send

CASES, PEOPLE, NODES = 3, ("P1", "P2"), ("N1", "N2")


class PlainMirror:
    """What the mirror must come to, by the simplest means."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[str, Any]] = {}
        self.participants: dict[tuple[str, str], dict[str, Any]] = {}
        self.nodes: dict[tuple[str, int], dict[str, Any]] = {}
        self.names: dict[str, tuple[int, str]] = {}
        self.phones: dict[str, tuple[int, str]] = {}

    def hear(self, said: dict[str, Any]) -> None:
        if said["record"] == "case":
            place, key = self.cases, said["case_id"]
        elif said["record"] == "participant":
            place, key = self.participants, (said["case_id"], said["participant_id"])
            self._hear_of_person(said)
        else:
            place, key = self.nodes, (said["node_id"], said["revision"])
        if key not in place or said["sequence"] > place[key]["sequence"]:
            place[key] = said

    def _hear_of_person(self, said: dict[str, Any]) -> None:
        number = said["identity_number"]
        if number is None:
            return
        for kept, value in ((self.names, said["name"]), (self.phones, said["phone"])):
            if value and (number not in kept or said["sequence"] > kept[number][0]):
                kept[number] = (said["sequence"], value)

    def rows(self) -> dict[str, Any]:
        latest: dict[str, int] = {}
        for name, revision in self.nodes:
            latest[name] = max(revision, latest.get(name, 0))
        return {
            "cases": {
                key: (
                    said["sequence"], said["case_number"], said["court"], said["cause"],
                    said["withdrawn"],
                )
                for key, said in self.cases.items()
            },
            "participants": {
                key: (
                    said["sequence"], said["name"], said["role"], self._agent_of(key, said),
                    said["identity_number"], said["removed"],
                )
                for key, said in self.participants.items()
            },
            "nodes": {
                (name, revision): (
                    said["case_id"], said["sequence"], said["kind"],
                    json.dumps(said["details"], sort_keys=True), said["withdrawn"],
                    latest[name] == revision,
                )
                for (name, revision), said in self.nodes.items()
            },
            "people": {
                ("id_card", number): (name, self.phones.get(number, (0, ""))[1])
                for number, (_sequence, name) in self.names.items()
            },
        }  # fmt: skip

    def _agent_of(self, key: tuple[str, str], said: dict[str, Any]) -> str | None:
        wanted = said["represents"]
        return wanted if (key[0], wanted) in self.participants else None


@st.composite
def _stories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Records in the order of their sequence, in which each case comes at least once."""
    number = st.integers(1, CASES)
    name, flag = st.sampled_from(["张三", "李四", "王五"]), st.booleans()
    told: list[dict[str, Any]] = [
        case(one, cause="民间借贷纠纷", withdrawn=False) for one in range(1, CASES + 1)
    ]
    for _ in range(draw(st.integers(1, 25))):
        what = draw(st.sampled_from(["case", "participant", "node"]))
        one = draw(number)
        if what == "case":
            cause = draw(st.sampled_from(["民间借贷纠纷", "离婚纠纷"]))
            told.append(case(one, cause=cause, withdrawn=draw(flag)))
        elif what == "participant":
            who = draw(st.sampled_from(PEOPLE))
            identity = draw(st.sampled_from([*ID_CARDS, None]))
            told.append(
                participant(
                    one, who, name=draw(name), identity_number=identity,
                    identity_kind="id_card" if identity else None,
                    phone=draw(st.sampled_from([*PHONES, None])),
                    role=draw(st.sampled_from(["plaintiff", "defendant"])),
                    represents=draw(st.sampled_from([None, *({*PEOPLE} - {who})])),
                    removed=draw(flag),
                )
            )  # fmt: skip
        else:
            told.append(
                node(
                    one, draw(st.sampled_from(NODES)), revision=draw(st.integers(1, 3)),
                    kind=draw(st.sampled_from(["filing", "hearing"])),
                    details=draw(st.sampled_from([{}, {"place": "第三法庭"}])),
                    withdrawn=draw(flag),
                )
            )  # fmt: skip
    return [said | {"sequence": sequence} for sequence, said in enumerate(told, 1)]


@pytest.mark.usefixtures("town")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_order_and_any_batches_end_with_the_same_rows(data: st.DataObject) -> None:
    story = data.draw(_stories())
    plain = PlainMirror()
    for said in story:
        plain.hear(said)
    doubles = data.draw(st.lists(st.sampled_from(story), max_size=5))
    shuffled = data.draw(st.permutations([*story, *doubles]))
    cut = data.draw(st.lists(st.integers(0, len(shuffled)), max_size=4))
    ends = [0, *sorted(cut), len(shuffled)]
    with transaction.atomic():
        for begin, end in pairwise(ends):
            send(shuffled[begin:end])
        assert rows() == plain.rows()
        assert not RejectedLine.objects.filter(state="quarantined").exists()
        again = counts(send(story))
        assert set(again) <= {"unchanged", "out_of_date"}
        assert rows() == plain.rows()
        transaction.set_rollback(True)


@pytest.mark.usefixtures("town")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_counts_do_not_depend_on_where_a_batch_ends(data: st.DataObject) -> None:
    story = data.draw(_stories())
    first, rest = story[:CASES], data.draw(st.permutations(story[CASES:]))
    totals = []
    for size in (1, 4, len(story)):
        with transaction.atomic():
            send(first)
            total: dict[str, int] = {}
            for begin in range(0, len(rest), size):
                for name, value in counts(send(rest[begin : begin + size])).items():
                    total[name] = total.get(name, 0) + value
            totals.append(total)
            transaction.set_rollback(True)
    assert totals[0] == totals[1] == totals[2]
