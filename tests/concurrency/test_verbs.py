"""Verbs of request and order beside each other; each with a control that shows the race."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from courts.errors import WrongState
from courts.models import AppliedCommand, Jurisdiction, NumberSeries
from escalation.models import Clock
from liaison import intake, rating
from liaison import services as requests
from liaison.kinds import REPLY
from liaison.lifecycle import RequestState
from liaison.models import Grade, Rating, Request
from notices.models import Notice
from tests.city import City, local
from tests.concurrency.conftest import at_once, constraint_dropped
from workorders import services
from workorders.lifecycle import OrderState
from workorders.models import WorkOrder

OPENED = local(2020, 6, 5, 14)
NOW = local(2020, 6, 8, 10)


def _unlocked(request_id: int) -> Request:
    """For controls: the row as it was read, without a lock."""
    return Request.objects.select_related("court", "jurisdiction").get(pk=request_id)


def _together(number: int, call: Callable[[int], Request]) -> Callable[[int], Request]:
    """A reading after which the readers wait for each other, so that all have read the same."""
    barrier = threading.Barrier(number)

    def read(request_id: int) -> Request:
        found = call(request_id)
        barrier.wait(20)
        return found

    return read


@pytest.mark.parametrize("attempt", range(3))
def test_a_reply_and_a_withdrawal_one_of_them_stands(town: City, attempt: int) -> None:
    order, judge = town.order(at=OPENED), town.judge()
    results = at_once(
        lambda: services.reply(order_id=order.pk, text="已答复。", by=judge, at=NOW),
        lambda: requests.withdraw(request_id=order.request_id, at=NOW),
    )
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in refused] == [WrongState]
    order = WorkOrder.objects.select_related("request").get(pk=order.pk)
    states = (order.request.state, order.state, order.replies.count())
    assert states in (
        (RequestState.ANSWERED, OrderState.REPLIED, 1),
        (RequestState.WITHDRAWN, OrderState.WITHDRAWN, 0),
    )
    clock = Clock.objects.get(kind=REPLY, subject_id=order.request_id)
    assert clock.events.filter(kind="stopped").count() == 1


def test_control_without_the_lock_a_withdrawn_request_is_answered(
    town: City,
) -> None:
    order = town.order(at=OPENED)
    read = _together(2, _unlocked)

    def answer_by_what_was_read() -> str:
        request = read(order.request_id)
        request.receive_reply()
        request.answered_at = NOW
        request.save()
        return request.state

    def withdraw_by_what_was_read() -> str:
        request = read(order.request_id)
        request.withdraw()
        request.save()
        return request.state

    # Both verbs pass: each believes in a state that the other has left.
    assert at_once(answer_by_what_was_read, withdraw_by_what_was_read) == [
        RequestState.ANSWERED,
        RequestState.WITHDRAWN,
    ]


def _dispatch(town: City, request: Request, index: int) -> Callable[[], Request]:
    department, clerk = town.division(index=index), town.staff()
    judge = town.judge(department)
    return lambda: requests.route(
        request_id=request.pk, department=department, handler=judge, by=clerk, at=NOW
    )


def test_two_dispatches_at_once_open_one_order(town: City) -> None:
    request = town.request(at=OPENED)
    results = at_once(_dispatch(town, request, 0), _dispatch(town, request, 1))
    assert Counter(type(result) for result in results) == {Request: 1, WrongState: 1}
    order = WorkOrder.objects.get(request=request)
    clock = Clock.objects.get(kind=REPLY, subject_id=request.pk)
    assert (clock.department_id, clock.handler_id) == (order.department_id, order.handler_id)
    assert clock.events.filter(kind="assigned").count() == 1
    assert Notice.objects.filter(kind="order.dispatched").count() == 1


def _without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both dispatches have read the same, and found no order, before either makes one."""
    create, barrier = WorkOrder.objects.create, threading.Barrier(2)

    def wait_and_create(**fields: object) -> WorkOrder:
        barrier.wait(20)
        return create(**fields)

    monkeypatch.setattr(requests, "lock", _unlocked)
    monkeypatch.setattr(WorkOrder.objects, "create", wait_and_create)
    # The clock of acceptance is locked too, and would keep one of them waiting.
    monkeypatch.setattr(requests, "_accepted", lambda *_: None)


def test_control_without_the_lock_the_constraint_refuses_a_second_lead(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = town.request(at=OPENED)
    monkeypatch.setattr(Request, "save", lambda *_args, **_kwargs: None)  # nor by its row
    _without_locks(monkeypatch)
    results = at_once(_dispatch(town, request, 0), _dispatch(town, request, 1))
    assert Counter(type(result) for result in results) == {Request: 1, IntegrityError: 1}


def test_control_without_lock_and_constraint_there_are_two_leads(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = town.request(at=OPENED)
    monkeypatch.setattr(Request, "save", lambda *_args, **_kwargs: None)  # nor by its row
    _without_locks(monkeypatch)
    with constraint_dropped("workorders_workorder", "order_one_lead_uniq"):
        at_once(_dispatch(town, request, 0), _dispatch(town, request, 1))
        assert WorkOrder.objects.filter(request=request, is_lead=True).count() == 2


def _register(
    town: City, command_id: uuid.UUID | None, at: datetime = NOW
) -> Callable[[], Request]:
    return lambda: town.request(at=at, command_id=command_id)


def test_the_same_command_twice_at_once_registers_one_request(town: City) -> None:
    command_id = uuid.uuid4()
    first, second = at_once(_register(town, command_id), _register(town, command_id))
    assert first.pk == second.pk
    assert Request.objects.count() == 1
    assert Clock.objects.filter(subject_id=first.pk).count() == 2
    assert NumberSeries.objects.get().last == 1  # and no number is left out


def test_a_command_whose_first_copy_failed_is_applied_by_the_second(
    town: City,
) -> None:
    command_id, claimed, fail = uuid.uuid4(), threading.Event(), threading.Event()

    def first() -> Request:
        with transaction.atomic():
            made = _register(town, command_id)()
            claimed.set()
            fail.wait(20)
            raise ConnectionError(made.number)

    def second() -> Request:
        claimed.wait(20)
        threading.Timer(0.3, fail.set).start()  # it waits for the first by then
        return _register(town, command_id)()

    failed, made = at_once(first, second)
    assert isinstance(failed, ConnectionError)
    assert Request.objects.get() == made


def test_control_without_the_constraint_the_command_is_applied_twice(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = threading.Barrier(2)
    create = AppliedCommand.objects.create

    def wait_and_create(**fields: object) -> AppliedCommand:
        barrier.wait(20)
        return create(**fields)

    command_id = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'courts_appliedcommand'::regclass AND contype = 'p'"
        )
        name, _definition = cursor.fetchone()
    with constraint_dropped("courts_appliedcommand", name):
        monkeypatch.setattr(AppliedCommand.objects, "create", wait_and_create)
        at_once(_register(town, command_id), _register(town, command_id))
        assert Request.objects.count() == 2


def test_numbers_given_at_once_are_all_different_and_without_gaps(town: City) -> None:
    results = at_once(*[_register(town, None)] * 8)
    assert sorted(result.number for result in results) == [
        f"SF20200608-{n:05d}" for n in range(1, 9)
    ]


def test_control_counting_by_reading_gives_a_number_twice(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = threading.Barrier(2)

    def read_and_add(jurisdiction: Jurisdiction, at: datetime) -> str:
        number = f"SF{at:%Y%m%d}-{Request.objects.count() + 1:05d}"
        barrier.wait(20)
        return number

    monkeypatch.setattr(intake, "next_number", read_and_add)
    results = at_once(_register(town, None), _register(town, None))
    assert Counter(type(result) for result in results) == {Request: 1, IntegrityError: 1}


def test_two_completions_at_once_close_once(town: City) -> None:
    order = town.order(at=OPENED)
    services.reply(order_id=order.pk, text="已答复。", by=town.judge(), at=NOW)
    order.refresh_from_db()
    due = order.completes_at
    assert due is not None
    done = at_once(*[lambda: services.complete_due(due)] * 3)
    assert sum(done) == 1
    closed = order.request.timeline.filter(kind="closed")
    assert closed.count() == 1


def test_a_dispute_and_a_completion_leave_no_closed_request_in_dispute(town: City) -> None:
    order = town.order(at=OPENED)
    services.reply(order_id=order.pk, text="已答复。", by=town.judge(), at=NOW)
    order.refresh_from_db()
    due = order.completes_at
    assert due is not None
    disputed, done = at_once(
        lambda: requests.dispute(request_id=order.request_id, text="没有答复我的问题。", at=due),
        lambda: services.complete_due(due),
    )
    assert not isinstance(disputed, Exception), disputed
    assert done in (0, 1)
    order = WorkOrder.objects.select_related("request").get(pk=order.pk)
    assert order.request.disputed_at == due
    assert (order.state == OrderState.COMPLETED) == bool(done)


def _rate(request_id: int, grade: str, command_id: uuid.UUID | None = None) -> Callable[[], Rating]:
    return lambda: rating.rate(
        request_id=request_id, grade=grade, command_id=command_id, at=local(2020, 6, 8, 12)
    )


def _replied(town: City) -> int:
    order = town.order(at=OPENED)
    services.reply(order_id=order.pk, text="已答复。", by=town.judge(), at=NOW)
    return order.request_id


def test_two_ratings_at_once_leave_one_and_the_timeline_says_both(town: City) -> None:
    pk, command_id = _replied(town), uuid.uuid4()
    calls = [_rate(pk, Grade.NOT_SATISFIED, command_id)] * 2 + [_rate(pk, Grade.SATISFIED)]
    results = at_once(*calls)
    assert [type(result) for result in results] == [Rating] * 3
    found = Rating.objects.get()
    entries = Request.objects.get(pk=pk).timeline.filter(kind__startswith="rat").order_by("id")
    assert [entry.kind for entry in entries] == ["rated", "rating_changed"]
    assert {entry.params["grade"] for entry in entries} == {"satisfied", "not_satisfied"}
    assert found.grade == entries[1].params["grade"]
    assert Notice.objects.filter(kind="request.not_satisfied").count() == 1


def test_a_rating_and_a_rejection_leave_no_rating_of_a_reply_that_fell(town: City) -> None:
    pk = _replied(town)
    order = WorkOrder.objects.get(request=pk)
    officer = town.holder("liaison_officer", department=order.department)
    rated, _rejected = at_once(
        _rate(pk, Grade.SATISFIED),
        lambda: services.reject_reply(
            order_id=order.pk, reason="答非所问", by=officer, at=local(2020, 6, 8, 12)
        ),
    )
    assert isinstance(rated, Rating | WrongState)
    assert not Rating.objects.standing().exists()


def _unlocked_ratings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have found no rating before either gives one."""
    create, barrier = Rating.objects.create, threading.Barrier(2)

    def wait_and_create(**fields: object) -> Rating:
        barrier.wait(20)
        return create(**fields)

    monkeypatch.setattr(rating, "lock", _unlocked)
    monkeypatch.setattr(Rating.objects, "create", wait_and_create)


def test_control_without_the_lock_the_constraint_refuses_a_second_rating(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = _replied(town)
    _unlocked_ratings(monkeypatch)
    results = at_once(_rate(pk, Grade.SATISFIED), _rate(pk, Grade.PARTLY_SATISFIED))
    assert Counter(type(result) for result in results) == {Rating: 1, IntegrityError: 1}
