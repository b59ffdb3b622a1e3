"""What waits in quarantine comes out by itself with its case, or by a person's word."""

from __future__ import annotations

import pytest

from cases.models import Case, CaseNode, CaseParticipant, RejectedLine
from cases.services import drop_line, replay_line
from courts import invented
from courts.errors import WrongState
from courts.models import Court
from tests.cases.records import case, counts, node, participant, rows, send
from tests.city import City

pytestmark = pytest.mark.usefixtures("town")
State = RejectedLine.State


def states() -> list[str]:
    return list(RejectedLine.objects.order_by("id").values_list("state", flat=True))


def test_records_that_overtake_their_case_wait_for_it() -> None:
    run = send([node(1, "N1", 3), participant(1, "P1", 2), node(2, "N2", 4)])
    assert counts(run) == {"rejected": 3}
    assert {line.waits_for for line in RejectedLine.objects.all()} == {"C1", "C2"}
    run = send([case(1, 1)])
    assert counts(run) == {"created": 1, "replayed": 2}
    assert states() == [State.REPLAYED, State.REPLAYED, State.QUARANTINED]
    assert CaseNode.objects.get().node_id == "N1"
    assert CaseParticipant.objects.get().source_id == "P1"


def test_what_came_late_and_wrong_comes_out_and_says_why() -> None:
    send([node(1, "N1", 5)])
    send([node(1, "N1", 6)])
    send([case(1, 1)])
    assert states() == [State.REPLAYED, State.REPLAYED]
    assert CaseNode.objects.get().sequence == 6


def test_the_same_record_waits_once() -> None:
    for _ in range(3):
        send([node(1, "N1", 5), node(1, "N1", 5)])
    assert states() == [State.REPEATED] * 5 + [State.QUARANTINED]
    assert counts(send([case(1, 1)]))["replayed"] == 1
    assert CaseNode.objects.count() == 1


def test_a_line_is_replayed_when_what_was_wrong_is_mended(town: City) -> None:
    send([case(1, 1, court="示0103")])
    line = RejectedLine.objects.get()
    by = town.staff()
    assert replay_line(line_id=line.pk, by=by) is False
    line.refresh_from_db()
    assert (line.state, line.settled_by) == (State.QUARANTINED, None)
    invented.add_primary_court(town.jurisdiction, code="示0103", name="示范市南屏区人民法院",
                               name_en="Nanping")  # fmt: skip
    assert replay_line(line_id=line.pk, by=by) is True
    line.refresh_from_db()
    assert (line.state, line.settled_by) == (State.REPLAYED, by)
    assert Case.objects.get().court == Court.objects.get(code="示0103")
    with pytest.raises(WrongState):
        replay_line(line_id=line.pk, by=by)


def test_a_case_from_quarantine_takes_out_what_waits_for_it(town: City) -> None:
    send([case(1, 1, court="示0103"), node(1, "N1", 2)])
    invented.add_primary_court(town.jurisdiction, code="示0103", name="示范市南屏区人民法院",
                               name_en="Nanping")  # fmt: skip
    held = RejectedLine.objects.get(record_kind="case")
    assert replay_line(line_id=held.pk, by=town.staff()) is True
    assert states() == [State.REPLAYED, State.REPLAYED]
    assert set(rows()["nodes"]) == {("N1", 1)}


def test_what_was_dropped_is_dropped_when_it_comes_again(town: City) -> None:
    wrong = participant(phone="12")
    send([case(), wrong])
    line = RejectedLine.objects.get()
    drop_line(line_id=line.pk, by=town.staff())
    with pytest.raises(WrongState):
        drop_line(line_id=line.pk, by=town.staff())
    with pytest.raises(WrongState):
        replay_line(line_id=line.pk, by=town.staff())
    send([wrong, wrong | {"sequence": 2}])
    assert states() == [State.DROPPED, State.DROPPED, State.QUARANTINED]


def test_what_cannot_be_read_at_all_stays(town: City) -> None:
    send(["{"])
    line = RejectedLine.objects.get()
    assert replay_line(line_id=line.pk, by=town.staff()) is False
    line.refresh_from_db()
    assert (line.state, line.reason) == (State.QUARANTINED, "not_an_object")


def test_a_line_that_is_wrong_in_itself_is_not_tried_with_its_case() -> None:
    send([participant(1, "P1", 2, phone="12")])
    assert RejectedLine.objects.get().waits_for == ""
    assert counts(send([case(1, 1)])) == {"created": 1}
    assert states() == [State.QUARANTINED]
