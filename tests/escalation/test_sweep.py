"""The sweep: whenever it runs, and whatever stands in its way, the record is the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from escalation import firing, health
from escalation import sweep as sweeping
from escalation.models import Clock, Firing, FiringRecipient, SweepRun
from escalation.sweep import sweep
from notices.models import Delivery, Notice
from tests.city import City, local
from tests.escalation.timed import Timed, register_once

OPENED = local(2020, 6, 5, 14)
WARNING, RUNG1 = local(2020, 6, 10, 9), local(2020, 6, 11, 9)
LATE = local(2020, 8, 3, 9)


def _record(subject_ids: list[int]) -> list[tuple[Any, ...]]:
    """Everything that was recorded of some subjects, but when; subjects by their order."""
    place = {subject_id: index for index, subject_id in enumerate(subject_ids)}
    rows = Firing.objects.filter(clock__subject_id__in=subject_ids)
    found: list[tuple[Any, ...]] = [
        (place[row.clock.subject_id], row.step, row.occurrence, row.level, row.due_at,
         row.court_id, row.department_id, row.handler_id, row.was_attempted, row.is_silent,
         str(row.detail))
        for row in rows.select_related("clock")
    ]  # fmt: skip
    people = FiringRecipient.objects.filter(firing__in=rows)
    found += [
        (place[row.firing.clock.subject_id], row.firing.step, row.person_id, row.role)
        for row in people.select_related("firing__clock")
    ]
    notices = Notice.objects.filter(subject_id__in=subject_ids, kind="ladder.reply")
    found += [
        (place[row.subject_id], row.params["step"], row.params["role"], row.person_id)
        for row in notices
    ]
    return sorted(found, key=str)


def _subjects(town: City) -> list[Timed]:
    """Several matters begun within a fortnight, at all hours."""
    starts = [local(2020, 6, day, hour) for day in (5, 8, 13, 18) for hour in (0, 9, 23)]
    return [register_once(town, at) for at in starts]


def test_one_sweep_after_weeks_records_what_a_sweep_every_day_does(town: City) -> None:
    daily = _subjects(town)
    for day in range(60):
        sweep(local(2020, 6, 5) + timedelta(days=day))
    weeks_later = _subjects(town)
    sweep(LATE + timedelta(days=1))
    one = _record([timed.subject_id for timed in daily])
    other = _record([timed.subject_id for timed in weeks_later])
    assert len(one) == 12 * (5 + 6 + 6)  # five steps; the warning goes to two
    assert one == other


def test_sweeping_again_records_nothing(town: City) -> None:
    timed = register_once(town, OPENED).swept(LATE)
    before = _record([timed.subject_id])
    assert sweep(LATE).firings == 0
    Clock.objects.update(next_due_at=OPENED)  # as if an instant had been forgotten
    assert sweep(LATE).firings == 0
    assert _record([timed.subject_id]) == before


def test_a_late_rung_does_not_push_later_ones_back(town: City) -> None:
    timed = register_once(town, OPENED).swept(RUNG1 + timedelta(days=3))
    assert timed.fired["rung1"].due_at == RUNG1
    assert timed.fired["rung1"].fired_at == RUNG1 + timedelta(days=3)
    assert timed.clock.next_due_at == local(2020, 6, 15, 9)


def test_more_clocks_than_a_batch_are_all_swept(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 5)
    subjects = _subjects(town)
    swept = sweep(LATE)
    assert swept.clocks == len(subjects)
    assert all(len(timed.fired) == 5 for timed in subjects)


def test_a_poisoned_row_is_set_aside_with_its_reason_and_stops_no_other(town: City) -> None:
    subjects = _subjects(town)
    bad = subjects[3]
    Clock.objects.filter(pk=bad.clock.pk).update(kind="no.such.kind")
    swept = sweep(LATE)
    assert (swept.set_aside, swept.clocks) == (1, len(subjects) - 1)
    assert all(len(timed.fired) == 5 for timed in subjects if timed is not bad)
    row = Clock.objects.get(subject_id=bad.subject_id)
    assert "no.such.kind" in row.set_aside
    assert not row.firings.exists()
    assert SweepRun.objects.latest("started_at").set_aside == 1
    assert sweep(LATE).set_aside == 0  # it is not tried for ever
    Clock.objects.filter(pk=row.pk).update(kind=bad.kind, set_aside="")  # mended by a person
    sweep(LATE)
    assert len(bad.fired) == 5


# The row is written, and yet as due as it was; the statement fails rather than run for ever.
_NO_PROGRESS = """
CREATE SEQUENCE written;
CREATE FUNCTION stay_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('written') > 50 THEN
        RAISE 'written for ever' USING ERRCODE = 'query_canceled';
    END IF;
    NEW.next_due_at = OLD.next_due_at;
    RETURN NEW;
END $$;
CREATE TRIGGER stay_due BEFORE UPDATE ON escalation_clock
   FOR EACH ROW WHEN (OLD.id = %s AND NEW.set_aside = '') EXECUTE FUNCTION stay_due();
"""


def test_a_clock_that_stays_due_however_often_it_is_written_is_set_aside(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 5)
    subjects = _subjects(town)
    stuck = subjects[3]
    with connection.cursor() as cursor:
        cursor.execute(_NO_PROGRESS % stuck.clock.pk)
    swept = sweep(LATE)
    assert swept.set_aside == 1
    assert "due again" in stuck.clock.set_aside
    assert all(len(timed.fired) == 5 for timed in subjects)
    assert sweep(LATE).clocks == 0


def test_a_database_in_trouble_sets_nothing_aside(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = register_once(town, OPENED)

    def overburdened(*_args: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(5)")

    with monkeypatch.context() as patch:
        patch.setattr(firing._Batch, "write", overburdened)
        with pytest.raises(OperationalError):
            sweep(RUNG1)
    assert timed.clock.set_aside == ""
    assert list(timed.swept(RUNG1).fired) == ["warning", "rung1"]


def test_a_connection_lost_while_judging_sets_nothing_aside(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = register_once(town, OPENED)

    def lost(*_args: object, **_kwargs: object) -> None:
        # As the driver says it when a server ends in the middle: not an OperationalError.
        raise DatabaseError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(firing, "judge", lost)
        with pytest.raises(DatabaseError):
            sweep(RUNG1)
    assert timed.clock.set_aside == ""
    assert list(timed.swept(RUNG1).fired) == ["warning", "rung1"]


def test_the_acceptance_clock_has_a_ladder_of_its_own(town: City) -> None:
    request = town.request(at=OPENED)
    sweep(local(2020, 6, 11, 9))
    timed = Timed(town, town.east, kind="request.acceptance", subject_id=request.pk)
    service = request.department
    assert service is not None
    assert [(step, row.due_at) for step, row in timed.fired.items()] == [
        ("late", local(2020, 6, 9, 9)),
        ("filing", local(2020, 6, 11, 9)),
    ]
    head = town.holder("department_leader", department=service).username
    officer = town.holder("liaison_officer", department=service).username
    chamber = town.holder("filing_chamber", court=town.intermediate).username
    assert timed.went_to("late") == {head: "department_leader", officer: "liaison_officer"}
    assert timed.went_to("filing") == {chamber: "filing_chamber"}


@pytest.mark.parametrize(
    ("swept_at", "mail_at"),
    [
        (local(2020, 6, 10, 9), local(2020, 6, 10, 9)),
        (local(2020, 6, 10, 17, 59), local(2020, 6, 10, 17, 59)),
        (local(2020, 6, 10, 18), local(2020, 6, 11, 9)),
        (local(2020, 6, 11, 3), local(2020, 6, 11, 9)),
        (local(2020, 6, 13, 12), local(2020, 6, 15, 9)),  # Saturday
        (local(2020, 6, 28, 12), local(2020, 6, 28, 12)),  # the worked Sunday
    ],
)
def test_no_mail_leaves_outside_opening_hours(
    town: City, swept_at: datetime, mail_at: datetime
) -> None:
    timed = register_once(town, OPENED).swept(swept_at)
    rows = Delivery.objects.filter(
        notice__subject_id=timed.subject_id, notice__subject_kind=timed.kind
    )
    assert {row.next_attempt_at for row in rows.filter(channel="in_app")} == {swept_at}
    assert {row.next_attempt_at for row in rows.filter(channel="email")} == {mail_at}


def test_an_answer_at_night_sends_its_settled_rungs_in_the_morning(town: City) -> None:
    timed = register_once(town, OPENED).stop(local(2020, 6, 11, 23))
    mail = Delivery.objects.filter(notice__subject_id=timed.subject_id, channel="email")
    assert {row.next_attempt_at for row in mail} == {local(2020, 6, 12, 9)}


def test_the_same_statements_for_one_clock_and_for_fifty(town: City) -> None:
    counts = []
    for number in (1, 10, 50):
        for _ in range(number):
            register_once(town, OPENED)
        sweep(OPENED + timedelta(seconds=1))
        with CaptureQueriesContext(connection) as captured:
            assert sweep(LATE).firings == 5 * number
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]


def test_of_the_sweeps_that_found_nothing_the_last_is_kept(town: City) -> None:
    timed = register_once(town, OPENED)
    SweepRun.objects.create(started_at=OPENED)  # killed: it stays to be seen
    sweep(OPENED)
    sweep(OPENED)
    timed.swept(LATE)
    for _ in range(3):
        sweep(LATE)
    runs = list(SweepRun.objects.order_by("started_at"))
    assert [(run.ended_at is None, run.clocks) for run in runs] == [
        (True, 0),
        (False, 1),
        (False, 0),
    ]
    assert health.sweep()["ok"]
