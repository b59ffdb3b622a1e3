"""Workers that die or meet: no notice is lost, none overtakes another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from liaison.intake import Party
from notices import recording
from notices.claims import LEASE
from notices.delivery import deliver_due
from notices.gateways.email import EmailGateway, EmailSession
from notices.models import Contact, Delivery, Notice
from tests.city import City
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, EMAIL, LATER, by_mail, parties, text_of
from workorders import services as orders


class Killed(BaseException):
    """Stands for the end of the process at this very place."""


def test_killed_between_sending_and_recording_it_is_sent_once_more_with_the_same_id(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.request(at=AT)

    def killed(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(recording, "_record_sent", killed)
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


def test_killed_before_sending_the_words_are_kept_already(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.request(at=AT)

    def killed(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(EmailSession, "send", killed)
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
