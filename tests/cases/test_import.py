"""Files: both forms, again, from where they were left, and a word on every line not taken."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import signals
from cases.imports import runs
from cases.imports.records import FIELDS
from cases.models import Case, CaseNode, CaseParticipant, ImportRun, RejectedLine
from cases.services import open_run
from courts.models import Person
from notices.models import Contact
from tests.cases.records import ID_CARDS, PHONES, case, counts, node, participant, rows, send
from tests.city import City

pytestmark = pytest.mark.usefixtures("town")

STORY = (
    case(1, 1, cause="民间借贷纠纷", filed_on="2026-03-02", judge_name="林文静"),
    participant(1, "P1", 2, identity_kind="id_card", identity_number=ID_CARDS[0], phone=PHONES[0]),
    participant(1, "A1", 3, capacity="litigation_agent", represents="P1", name="何志远"),
    node(1, "N1", 4, details={"place": "第三法庭"}),
    case(2, 5, sensitivity="divorce", withdrawn=True),
    node(2, "N2", 6, revision=2),
)


def write(path: Path, records: Sequence[Any]) -> Path:
    """Records as a file; its ending says in which form."""
    if path.suffix == ".csv":
        columns = ["record", *sorted(frozenset().union(*FIELDS.values()) - {"record"})]
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\r\n")
        writer.writeheader()
        for record in records:
            writer.writerow(
                {
                    name: json.dumps(value) if isinstance(value, (dict, bool)) else value
                    for name, value in record.items()
                }
            )
        path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    else:
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load(path: Path, kind: str = "full") -> ImportRun:
    with path.open("rb") as file:
        return runs.carry_on(open_run(file, file_name=path.name, kind=kind), file)


@pytest.mark.parametrize("name", ["all.csv", "all.jsonl"])
def test_a_file_is_loaded_and_again_changes_nothing(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, STORY)
    run = load(path)
    assert (run.state, counts(run)) == ("ended", {"created": 6})
    assert run.bytes_done == run.bytes_total == path.stat().st_size
    loaded = rows()
    assert set(loaded["cases"]) == {"C1", "C2"}
    assert loaded["participants"]["C1", "A1"][3] == "P1"
    assert loaded["people"] == {("id_card", ID_CARDS[0]): ("张三", PHONES[0])}
    assert loaded["nodes"]["N2", 2][-1] is True
    first = Case.objects.get(source_id="C1")
    assert (first.cause_name, str(first.filed_on), first.judge_name) == (
        "民间借贷纠纷", "2026-03-02", "林文静",
    )  # fmt: skip
    assert CaseNode.objects.get(node_id="N1").details == {"place": "第三法庭"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM cases_case UNION SELECT xmin::text FROM"
                       " cases_casenode UNION SELECT xmin::text FROM notices_contact")  # fmt: skip
        before = cursor.fetchall()
    again = load(path)
    assert again.pk != run.pk
    assert (again.state, counts(again)) == ("ended", {"unchanged": 6})
    assert rows() == loaded
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM cases_case UNION SELECT xmin::text FROM"
                       " cases_casenode UNION SELECT xmin::text FROM notices_contact")  # fmt: skip
        assert cursor.fetchall() == before  # no row was so much as written again


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    load(write(tmp_path / "all.csv", STORY))
    assert counts(load(write(tmp_path / "all.jsonl", STORY))) == {"unchanged": 6}


def test_a_case_may_bring_its_participants(tmp_path: Path) -> None:
    people = [
        {"participant_id": "P1", "name": "张三", "role": "plaintiff", "capacity": "party"},
        {"participant_id": "P2", "name": "李四", "role": "无此角色", "capacity": "party"},
    ]
    run = load(write(tmp_path / "all.jsonl", [case(participants=people)]))
    assert counts(run) == {"created": 2, "rejected": 1}
    line = RejectedLine.objects.get()
    assert (line.line_number, line.field, line.reason) == (
        1, "participants.1.role", "unknown_value",
    )  # fmt: skip


WRONG = (
    (case(court="示9999"), "court", "unknown_court"),
    (case(case_number="（2026）示0101民初"), "case_number", "case_number"),
    (case(sequence="七"), "sequence", "not_a_number"),
    (case(sequence=-1), "sequence", "not_a_number"),
    (case(sequence=2**63), "sequence", "not_a_number"),
    (case(filed_on="2026-02-30"), "filed_on", "not_a_date"),
    (case(filed_on="2026-03-02", closed_on="2026-03-01"), "closed_on", "before_filing"),
    (case(sensitivity="very"), "sensitivity", "unknown_value"),
    (case(cause="长" * 201), "cause", "too_long"),
    (case(cause="a\x00b"), "cause", "not_text"),
    (case(cause="\ud800"), "cause", "not_text"),
    (case(cause=7), "cause", "not_text"),
    (case(withdrawn="perhaps"), "withdrawn", "not_a_flag"),
    (case(cuase="民间借贷纠纷"), "cuase", "unknown_field"),
    ({"record": "case", "sequence": 1}, "case_id", "missing"),
    (participant(phone="12"), "phone", "not_a_mobile"),
    (participant(identity_number=ID_CARDS[0]), "identity_kind", "missing"),
    (
        participant(identity_kind="id_card", identity_number=ID_CARDS[0][:-1] + "5"),
        "identity_number",
        "not_an_identity",
    ),
    (participant(represents="P1"), "represents", "own_agent"),
    (node(occurred_at="下周三"), "occurred_at", "not_an_instant"),
    (node(occurred_at="0001-01-01T00:00:00+14:00"), "occurred_at", "not_an_instant"),
    (node(kind="开庭"), "kind", "not_a_code"),
    (node(details=[1]), "details", "not_an_object"),
    (node(details={"a": "长" * 4000}), "details", "too_long"),
    (node(details={"a": "\x00"}), "details", "not_text"),
    ({"record": "verdict"}, "record", "unknown_value"),
    ([1, 2], "", "not_an_object"),
    ("{", "", "not_json"),
    ('{"record": "node", "details": NaN}', "", "not_json"),
    ("[" * 100_000, "", "not_json"),
)


def test_every_wrong_line_is_reported_and_costs_itself_alone(tmp_path: Path) -> None:
    lines: list[Any] = []
    for wrong, _field, _reason in WRONG:
        lines += [wrong, case(len(lines) + 1)]
    run = load(write(tmp_path / "all.jsonl", lines))
    assert counts(run) == {"created": len(WRONG), "rejected": len(WRONG)}
    found = RejectedLine.objects.order_by("line_number")
    assert [(line.line_number, line.field, line.reason) for line in found] == [
        (2 * place + 1, field, reason) for place, (_wrong, field, reason) in enumerate(WRONG)
    ]


def test_an_odd_offset_is_an_instant_like_any_other() -> None:
    send([case(), node(occurred_at="2026-03-02T09:30:00+23:00")])
    assert CaseNode.objects.get().occurred_at == datetime(2026, 3, 1, 10, 30, tzinfo=UTC)


def test_what_is_nested_as_deeply_as_can_be_read_is_refused_by_itself(tmp_path: Path) -> None:
    depths = range(sys.getrecursionlimit() - 120, sys.getrecursionlimit(), 4)
    nested = [f'{{"record": "case", "cause": {"[" * deep}{"]" * deep}}}' for deep in depths]
    run = load(write(tmp_path / "all.jsonl", [*nested, case()]))
    assert counts(run) == {"created": 1, "rejected": len(nested)}


def test_what_a_rejected_line_held_lies_sealed(tmp_path: Path) -> None:
    wrong = participant(identity_kind="id_card", identity_number=ID_CARDS[0], phone="138001380")
    load(write(tmp_path / "all.jsonl", [case(), wrong]))
    assert json.loads(RejectedLine.objects.get().record) == wrong
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM cases_rejectedline t")
        (raw,) = cursor.fetchone()
    assert "gAAAA" in raw
    for secret in ("138001380", ID_CARDS[0], "张三"):
        assert secret not in raw


def test_lines_of_csv_that_are_none(tmp_path: Path) -> None:
    path = write(tmp_path / "all.csv", STORY[:1])
    with path.open("ab") as file:
        file.write(b'node,"\r\n' + b"node,1\r\n" + b"\r\n" + "结点".encode("gb18030") + b"\r\n")
    run = load(path)
    assert counts(run) == {"created": 1, "rejected": 3}
    found = RejectedLine.objects.order_by("line_number")
    assert [(line.line_number, line.reason) for line in found] == [
        (3, "not_csv"), (4, "wrong_columns"), (6, "not_utf8"),
    ]  # fmt: skip
    assert run.lines_done == 6


@pytest.mark.parametrize(
    ("header", "error"),
    [
        (b"case_id,number\n", "no_header"),
        (b"record,sequence,colour\n", "unknown_columns"),
        (b"record,sequence,sequence\n", "unknown_columns"),
        (b"\xff\xfe\n", "no_header"),
        (b"", "no_header"),
    ],
)
def test_a_file_without_its_header_fails_the_run(tmp_path: Path, header: bytes, error: str) -> None:
    path = tmp_path / "all.csv"
    path.write_bytes(header + b"node,1,2\n")
    if not header:
        path.write_bytes(b"")
    run = load(path)
    assert (run.state, run.error) == ("failed", error)
    with pytest.raises(CommandError):
        call_command("import_cases", path)


def test_a_line_that_never_ends_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    with path.open("wb") as file:
        file.write(b'{"record": "' + b"x" * (3 << 20) + b'"}\n')
        file.write(json.dumps(case()).encode() + b"\n")
    assert counts(load(path)) == {"created": 1, "rejected": 1}
    assert RejectedLine.objects.get().reason == "line_too_long"


def test_judges_and_departments_are_found_by_what_the_deployment_calls_them(town: City) -> None:
    division = town.division()
    judge = town.judge(division)
    send([case(1, judge=judge.username, department=division.name), case(2, judge="nobody")])
    first, second = Case.objects.order_by("source_id")
    assert (first.judge, first.department, first.court) == (judge, division, town.east)
    assert (second.judge, second.judge_code, second.department) == (None, "nobody", None)


def test_a_contact_of_the_portal_is_left_alone() -> None:
    known = Contact.objects.create(name="张三", phone="13800138000", id_number=ID_CARDS[0])
    send([case(), participant(identity_kind="id_card", identity_number=ID_CARDS[0])])
    mirrored = CaseParticipant.objects.get().contact
    assert mirrored is not None
    assert mirrored != known
    known.refresh_from_db()
    assert (known.identity_kind, known.phone) == (None, "13800138000")


def test_one_identity_is_one_contact_in_all_cases() -> None:
    licence = {"identity_kind": "lawyer_licence", "identity_number": "19999201010000001"}
    send([case(1), case(2), participant(1, "A1", 3, **licence)])
    send([participant(2, "A7", 4, phone=PHONES[1], **licence)])
    (contact,) = Contact.objects.filter(identity_kind__isnull=False)
    assert (contact.phone, contact.name) == (PHONES[1], "张三")
    assert CaseParticipant.objects.filter(contact=contact).count() == 2


def test_a_number_has_one_spelling() -> None:
    spelt = f"{ID_CARDS[0][:6]} {ID_CARDS[0][6:14]}－{ID_CARDS[0][14:]}"
    who = {"identity_kind": "id_card"}
    send(
        [
            case(),
            participant(1, "P1", 2, identity_number=ID_CARDS[0], **who),
            participant(1, "P2", 3, identity_number=spelt, phone="+86 154-0000-0009", **who),
        ]
    )
    (contact,) = Contact.objects.filter(identity_kind__isnull=False)
    assert (contact.id_number, contact.phone) == (ID_CARDS[0], "15400000009")


def test_the_same_sequence_with_other_words_is_refused() -> None:
    send([case(1, 7, cause="民间借贷纠纷")])
    run = send([case(1, 7, cause="离婚纠纷"), case(1, 7, cause="民间借贷纠纷")])
    assert counts(run) == {"rejected": 1, "unchanged": 1}
    assert RejectedLine.objects.get().reason == "sequence_reused"
    assert Case.objects.get().cause_name == "民间借贷纠纷"


def test_a_full_file_tells_of_cases_that_it_does_not_name_and_keeps_them(tmp_path: Path) -> None:
    send([case(8, 1), case(9, 2)])
    run = load(write(tmp_path / "all.jsonl", [*STORY, case(8, 3)]))
    assert run.not_in_file == 1
    assert Case.objects.filter(source_id="C9", is_withdrawn=False).exists()
    assert load(write(tmp_path / "news.jsonl", STORY), "incremental").not_in_file is None


def test_the_news_names_each_node_that_is_new_or_withdrawn() -> None:
    told: list[list[int]] = []

    def hear(node_ids: list[int], **_rest: Any) -> None:
        told.append(node_ids)

    def ids(*keys: tuple[str, int]) -> list[int]:
        found = [CaseNode.objects.get(node_id=name, revision=rev).pk for name, rev in keys]
        return sorted(found)

    signals.nodes_arrived.connect(hear)
    try:
        send([case(), node(1, "N1", 2), node(1, "N2", 3)])
        assert told == [ids(("N1", 1), ("N2", 1))]
        send([node(1, "N1", 2), case(1, 4)])
        assert len(told) == 1  # nothing new
        send([node(1, "N1", 5, revision=3)])
        assert told[1:] == [ids(("N1", 3))]
        send([node(1, "N1", 6, revision=2)])
        assert len(told) == 2  # overtaken by the third
        send([node(1, "N1", 7, revision=3, withdrawn=True), node(1, "N2", 8, details={"a": 1})])
        assert told[2:] == [ids(("N1", 3))]
        send([node(3, "N3", 9)])
        assert len(told) == 3  # its case is not known
        send([case(3, 10)])
        assert told[3:] == [ids(("N3", 1))]
    finally:
        signals.nodes_arrived.disconnect(hear)


def test_a_run_goes_on_after_its_last_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 2)
    path = write(tmp_path / "all.csv", [*STORY, node(9, "N9", 9)])

    def cut(run: ImportRun) -> None:
        raise ConnectionError

    with path.open("rb") as file:
        run = open_run(file, file_name=path.name, kind="full")
        with pytest.raises(ConnectionError):
            runs.carry_on(run, file, progress=cut)
        run.refresh_from_db()
        assert (run.state, run.lines_done, run.created) == ("running", 3, 2)
        again = open_run(file, file_name=path.name, kind="full")
        assert again == run
        done = runs.carry_on(again, file)
    assert (done.state, counts(done)) == ("ended", {"created": 6, "rejected": 1})
    assert RejectedLine.objects.get().line_number == 8
    assert ImportRun.objects.count() == 1


def test_the_command_reports_and_says_when_nothing_has_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "all.jsonl", [*STORY, participant(phone="12", sequence=9)])
    call_command("import_cases", path)
    said = capsys.readouterr()
    assert "6 created" in said.out
    assert "line 7, phone: This is no mobile number." in said.err
    call_command("import_cases", path)
    said = capsys.readouterr()
    assert "nothing changed" in said.out
    assert "6 unchanged" in said.out
    with pytest.raises(CommandError, match="csv"):
        call_command("import_cases", path.rename(tmp_path / "all.txt"))


def test_a_batch_takes_the_same_statements_however_many_records() -> None:
    people = [
        participant(n, f"P{n}", n, identity_kind="lawyer_licence",
                    identity_number=f"1999920101{n:07d}", phone=f"154{n:08d}")
        for n in range(1, 51)
    ]  # fmt: skip
    numbers = []
    for size in (1, 10, 50):
        records = [
            *(case(n + 100 * size, n) for n in range(1, size + 1)),
            *(one | {"case_id": f"C{n + 100 * size}"} for n, one in enumerate(people[:size], 1)),
            *(node(n + 100 * size, f"N{n}-{size}", n) for n in range(1, size + 1)),
        ]
        with CaptureQueriesContext(connection) as queries:
            assert counts(send(records)) == {"created": 3 * size}
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] == numbers[2]


def test_no_person_is_made_of_a_party() -> None:
    before = Person.objects.count()
    send([case(), participant(identity_kind="id_card", identity_number=ID_CARDS[0])])
    assert Person.objects.count() == before


def test_who_comes_after_a_node_is_told_of_it_while_it_is_news(town: City) -> None:
    told: list[tuple[list[int], list[int]]] = []

    def heard(contact_ids: list[int], node_ids: list[int], **_news: Any) -> None:
        told.append((contact_ids, node_ids))

    late = participant(who="P2", identity_kind="id_card", identity_number=ID_CARDS[0])
    signals.people_arrived.connect(heard)
    try:
        early = participant(identity_kind="id_card", identity_number=ID_CARDS[1])
        send([case(), early])
        send([node(1, "OLD", occurred_at="2020-03-02T09:30:00+08:00"), node(1, "NEW")])
        assert told == []
        send([late])
        # To the latecomer alone, of what is news yet.
        contact = CaseParticipant.objects.get(source_id="P2").contact_id
        assert told == [([contact], [CaseNode.objects.get(node_id="NEW").pk])]
        send([late])
        assert len(told) == 1  # nothing is new of them
    finally:
        signals.people_arrived.disconnect(heard)
