"""Workers that die or meet: no notice is lost, none overtakes another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from liaison.intake import Party
from notices import recording
from notices.claims import LEASE
from notices.delivery import RECORD_AT_ONCE, deliver_due
from notices.gateways.email import EmailGateway, EmailSession
from notices.models import Contact, Delivery, GatewayState, Notice
from tests.city import City
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, EMAIL, LATER, by_mail, parties, text_of
from tests.notices.provider import Answer, Got, Provider
from workorders import services as orders


class Killed(BaseException):
    """Stands for the end of the process at this very place."""


def _killed(*_arguments: object) -> None:
    raise Killed


def test_killed_between_sending_and_recording_it_is_sent_once_more_with_the_same_id(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.request(at=AT)

    with monkeypatch.context() as patch:
        patch.setattr(recording, "_record_sent", _killed)
        with pytest.raises(Killed):
            deliver_due(LATER)
    assert len(mail_server.taken) == 1
    assert deliver_due(LATER + LEASE / 2).total() == 0  # still in the dead worker's hand
    assert deliver_due(LATER + LEASE * 1.1)["sent"] == 1
    first, second = mail_server.taken
    ident = Notice.objects.get().public_id
    assert first["Message-ID"] == second["Message-ID"] == f"<{ident}@localhost>"
    assert first.get_content() == second.get_content()
    assert deliver_due(LATER + timedelta(days=1)).total() == 0


def test_many_under_way_stop_when_what_was_sent_cannot_be_recorded(
    town: City, by_sms: Provider, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Else the threads would send the rest of the batch, and all of it twice."""
    settings.GATEWAY_IN_FLIGHT = 4
    parties(town, 70)
    _far_away(by_sms)

    with monkeypatch.context() as patch:
        patch.setattr(recording, "_record_sent", _killed)
        with pytest.raises(Killed):
            deliver_due(LATER)
    assert 0 < len(by_sms.got) <= RECORD_AT_ONCE + 2 * 4
    deliver_due(LATER + LEASE * 1.1)
    assert len({got.key for got in by_sms.got}) == 70


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_while_messages_are_under_way_repeats_none(
    town: City, by_sms: Provider, settings: Any
) -> None:
    settings.GATEWAY_IN_FLIGHT = 4
    parties(town, 12)
    connection.ensure_connection()
    of_the_worker = connection.connection.info.backend_pid
    cut = iter([True])

    def answer(got: Got) -> Answer:
        if next(cut, False):
            with connection.cursor() as cursor:  # of the provider's thread
                cursor.execute("SELECT pg_terminate_backend(%s)", [of_the_worker])
            connection.close()
        return 200, {"code": 0, "id": got.key}

    _far_away(by_sms, answer)
    assert deliver_due(LATER)["sent"] == 12
    assert by_sms.repeats() == 0
    # It was not the gateway's fault.
    assert GatewayState.objects.get(channel="sms").failures == 0


def _far_away(
    by_sms: Provider,
    answer: Callable[[Got], Answer] = lambda got: (200, {"code": 0, "id": got.key}),
) -> None:
    """A provider that takes so long that several messages go at once."""

    def late(got: Got) -> Answer:
        time.sleep(0.05)
        return answer(got)

    by_sms.answer = late


def test_killed_before_sending_the_words_are_kept_already(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.request(at=AT)

    with monkeypatch.context() as patch:
        patch.setattr(EmailSession, "send", _killed)
        with pytest.raises(Killed):
            deliver_due(LATER)
    kept = by_mail()
    assert kept.body
    Contact.objects.update(language="en")
    deliver_due(LATER + LEASE * 1.1)
    assert text_of(mail_server.taken[0]) == kept.body
    assert by_mail().attempts == 2


def test_a_worker_whose_lease_ran_out_sends_nothing_more(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    parties(town, 3)
    gateway = EmailGateway()
    open_session = gateway.open

    @contextmanager
    def slow() -> Iterator[EmailSession]:
        with open_session() as session:
            # Meanwhile the lease ends, and another worker does the work.
            deliver_due(LATER + LEASE * 1.1)
            yield session

    monkeypatch.setattr(gateway, "open", slow)
    counts = deliver_due(LATER, gateways=[gateway])
    assert counts["sent"] == 0
    assert len(mail_server.taken) == 3


def test_a_later_notice_does_not_overtake_one_in_another_workers_hand(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = town.order(at=AT)
    judge = order.handler
    gateway = EmailGateway()
    open_session = gateway.open

    @contextmanager
    def meanwhile() -> Iterator[EmailSession]:
        """Before this worker's first batch is sent, more is told and another worker comes."""
        monkeypatch.setattr(gateway, "open", open_session)
        with open_session() as session:
            orders.instruct(
                order_id=order.pk,
                kind="urge",
                text="",
                by=town.holder("department_leader", department=town.division()),
                at=AT,
            )
            town.request(at=AT, party=Party("王五", email="w@example.org"))
            deliver_due(LATER + timedelta(seconds=1))
            assert mail_server.addresses == ["w@example.org"]
            yield session

    monkeypatch.setattr(gateway, "open", meanwhile)
    deliver_due(LATER, gateways=[gateway])
    told = Delivery.objects.filter(notice__person=judge, channel=EMAIL).order_by("sent_at")
    assert [one.notice.kind for one in told] == ["order.dispatched", "order.urge"]
    assert mail_server.addresses == ["w@example.org", "party@example.org", judge.email, judge.email]


def test_delivery_within_a_transaction_is_refused(db: None) -> None:
    """What is not committed must not be sent."""
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        deliver_due(LATER)


def test_a_kind_that_nobody_knows_waits_and_stops_no_other(
    town: City, mail_server: MailServer
) -> None:
    town.order(at=AT)
    Notice.objects.filter(contact__isnull=False).update(kind="of.tomorrow")
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (2, 1)
    waiting = by_mail(notice__kind="of.tomorrow")
    assert (waiting.state, waiting.error) == (Delivery.State.PENDING, "not worded")
