"""The whole ladder, climbed in real time by real worker and beat processes (G8).

Time is shortened by a policy that counts in seconds; nothing is simulated.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from escalation.models import Clock, Firing
from liaison.kinds import REPLY
from notices.models import Delivery, Notice
from tests.city import City
from tests.faults.conftest import Mailbox, Processes, ident
from workorders import services
from workorders.models import WorkOrder

STEPS = ["warning", "rung1", "rung2", "rung3", "rung4"]


def _dispatch(town: City) -> WorkOrder:
    return town.order(at=timezone.now())


def _clock(order: WorkOrder) -> Clock:
    return Clock.objects.get(kind=REPLY, subject_id=order.request_id)


def _expected(town: City) -> dict[str, set[str]]:
    """Who is to receive each step (user names)."""
    division = town.division()
    officer = town.holder("liaison_officer", department=division)
    people = {
        "warning": {town.judge(), officer},
        "rung1": {town.holder("department_leader", department=division)},
        "rung2": {town.holder("deputy_president")},
        "rung3": {town.holder("president")},
        "rung4": {town.holder("president", court=town.intermediate)},
    }
    return {step: {person.email for person in found} for step, found in people.items()}


def _ladder_mail(mailbox: Mailbox) -> list[tuple[Notice, str]]:
    """The ladder's messages in the order in which they were taken: notice and address."""
    notices = {str(one.public_id): one for one in Notice.objects.filter(kind="ladder.reply")}
    found = []
    for message in list(mailbox.taken):
        if (notice := notices.get(ident(message))) is not None:
            found.append((notice, str(message["To"])))
    return found


def _all_delivered() -> bool:
    return not Delivery.objects.exclude(state=Delivery.State.SENT).exists()


def test_the_whole_ladder_by_real_worker_and_beat(
    town: City, processes: Processes, mailbox: Mailbox
) -> None:
    processes.start("worker", "beat")
    processes.wait_for_sweep()
    order = _dispatch(town)
    answered = _dispatch(town)  # one that is answered after its warning climbs no further
    fired = Firing.objects.filter(clock=_clock(order))
    processes.wait(
        Firing.objects.filter(clock=_clock(answered), step="warning").exists, "the warning"
    )
    services.reply(order_id=answered.pk, text="已答复。", by=town.judge())
    for count, step in enumerate(STEPS, start=1):
        processes.wait(fired.filter(step=step).exists, step)
        # In real time: none comes before its instant, and those after it have not come yet.
        row = fired.get(step=step)
        assert row.due_at <= row.fired_at
        later = fired.filter(step__in=STEPS[count:])
        assert not later.filter(due_at__gt=timezone.now()).exists()
    processes.wait(_all_delivered, "all deliveries")

    assert list(fired.order_by("due_at").values_list("step", flat=True)) == STEPS
    assert list(fired.order_by("fired_at").values_list("step", flat=True)) == STEPS
    assert _clock(order).next_due_at is None
    stopped = _clock(answered)
    assert stopped.assigned_at is not None
    assert stopped.stopped_at is not None
    passed = stopped.stopped_at - stopped.assigned_at
    before = [step for n, step in enumerate(STEPS, 1) if timedelta(seconds=3 * n) <= passed]
    found = Firing.objects.filter(clock=stopped).order_by("due_at")
    assert list(found.values_list("step", flat=True)) == before

    mail = [
        (notice.params["step"], address)
        for notice, address in _ladder_mail(mailbox)
        if notice.subject_id == order.request_id
    ]
    expected = _expected(town)
    assert [step for step, _address in mail] == ["warning", *STEPS]
    for step in STEPS:
        assert {address for other, address in mail if other == step} == expected[step]
    inside = Delivery.objects.filter(
        notice__kind="ladder.reply", notice__subject_id=order.request_id, channel="in_app"
    )
    assert inside.count() == 6
    # Outside the court's network go number and limit; inside, the party's own message.
    assert all(order.request.text in row.body for row in inside)
    assert not any(order.request.text in message.get_content() for message in mailbox.taken)


def test_killed_between_sending_and_recording_it_is_sent_again_word_for_word(
    town: City, processes: Processes, mailbox: Mailbox
) -> None:
    order = _dispatch(town)
    mailbox.taking = lambda _message: (
        processes.kill("worker") if "worker" in processes.running else None
    )
    processes.start("worker", "beat")
    processes.wait(lambda: len(mailbox.taken) == 1, "the first message")
    first = mailbox.taken[0]
    # The server has it; the worker died before it could write that down.
    address = str(first["To"])
    row = Delivery.objects.get(channel="email", notice__public_id=ident(first))
    assert row.state == Delivery.State.PENDING
    mailbox.taking = lambda _message: None
    processes.start("worker")
    Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
    processes.wait(
        lambda: Delivery.objects.get(pk=row.pk).state == Delivery.State.SENT, "the second time"
    )
    same = [one for one in mailbox.taken if one["Message-ID"] == first["Message-ID"]]
    assert len(same) == 2
    assert [str(one["To"]) for one in same] == [address] * 2
    assert same[0].get_content() == same[1].get_content()
    assert Counter(one["Message-ID"] for one in mailbox.taken)[first["Message-ID"]] == 2
    assert order.request.number in first.get_content()
