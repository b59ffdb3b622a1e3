"""Notices reach their recipients, whatever the mail server does."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta

from notices import services
from notices.delivery import deliver_due
from notices.models import Contact, Delivery
from notices.recording import LONGEST_RETRY, PERMANENT_ATTEMPTS, back_off
from tests.city import City
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, EMAIL, LATER, by_mail, parties, text_of


def test_one_dead_address_delays_nobody_else(town: City, mail_server: MailServer) -> None:
    addresses = parties(town, 5)
    mail_server.rcpt = lambda address: "550 no such user" if address == addresses[1] else None
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (4, 1)
    assert mail_server.addresses == [addresses[0], *addresses[2:]]
    assert mail_server.connections == 1
    failed = by_mail(state=Delivery.State.PENDING)
    assert failed.attempts == 1
    assert failed.error == "SMTPRecipientsRefused 550"
    assert failed.next_attempt_at is not None
    assert failed.next_attempt_at > LATER


def test_a_permanent_refusal_is_believed_the_third_time(
    town: City, mail_server: MailServer
) -> None:
    town.request(at=AT)
    mail_server.rcpt = lambda address: "550 no such user party@example.org"
    at = LATER
    for _attempt in range(PERMANENT_ATTEMPTS):
        assert by_mail().state == Delivery.State.PENDING
        deliver_due(at)
        at += timedelta(hours=5)
    dead = by_mail()
    assert (dead.state, dead.attempts, dead.next_attempt_at) == (Delivery.State.DEAD, 3, None)
    assert "party" not in dead.error
    assert deliver_due(at).total() == 0

    mail_server.rcpt = lambda address: None
    services.try_again(delivery_ids=[dead.pk], at=at)
    deliver_due(at)
    assert by_mail().state == Delivery.State.SENT


def test_a_refusal_for_now_is_tried_again_with_the_kept_words(
    town: City, mail_server: MailServer, settings: object
) -> None:
    settings.EMAIL_MAX_ATTEMPTS = 3
    town.request(at=AT)
    mail_server.data = lambda message: "451 try later"
    deliver_due(LATER)
    kept = by_mail()
    assert (kept.attempts, kept.error) == (1, "SMTPDataError 451")
    Contact.objects.update(language="en")
    mail_server.data = lambda message: None
    deliver_due(LATER + timedelta(hours=1))
    sent = by_mail()
    assert sent.state == Delivery.State.SENT
    assert (sent.subject, sent.body, sent.language) == (kept.subject, kept.body, "zh-hans")
    assert text_of(mail_server.taken[0]) == sent.body


def test_a_message_is_given_up_after_the_most_attempts(
    town: City, mail_server: MailServer, settings: object
) -> None:
    settings.EMAIL_MAX_ATTEMPTS = 4
    town.request(at=AT)
    mail_server.data = lambda message: "451 try later"
    outcomes = [deliver_due(LATER + timedelta(hours=5 * index)) for index in range(5)]
    assert [outcome["failed"] for outcome in outcomes] == [1, 1, 1, 0, 0]
    assert [outcome["dead"] for outcome in outcomes] == [0, 0, 0, 1, 0]


def test_the_wait_doubles_to_four_hours_give_or_take_a_quarter() -> None:
    for attempts, minutes in ((1, 1), (2, 2), (5, 16), (8, 128), (9, 240), (60, 240)):
        wait = timedelta(minutes=minutes)
        for _again in range(20):
            assert wait * 0.75 <= back_off(attempts) <= wait * 1.25
    assert len({back_off(5) for _again in range(20)}) > 1
    assert back_off(60) <= LONGEST_RETRY * 1.25


def test_an_outage_uses_up_no_attempts_and_keeps_the_order(
    town: City, by_smtp: Callable[[int], None], mail_server: MailServer
) -> None:
    addresses = parties(town, 3)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    by_smtp(port)  # nobody listens there any more
    for minutes in range(30):
        assert deliver_due(LATER + timedelta(minutes=minutes))["sent"] == 0
    for waiting in Delivery.objects.filter(channel=EMAIL):
        assert (waiting.state, waiting.attempts) == (Delivery.State.PENDING, 0)
        assert waiting.error == "ConnectionRefusedError"
    by_smtp(mail_server.port)
    assert deliver_due(LATER + timedelta(hours=1))["sent"] == 3
    assert mail_server.addresses == addresses


def test_a_server_that_hangs_is_left_after_the_time_out(
    town: City, silent_server: socket.socket, settings: object
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    parties(town, 3)
    order = town.order(at=AT)
    counts = deliver_due(LATER)
    assert counts["sent"] == 1  # in the application, which waits for no mail server
    assert by_mail(notice__person=order.handler).state == Delivery.State.PENDING
    assert {one.attempts for one in Delivery.objects.filter(channel=EMAIL)} == {0}


def test_a_message_that_breaks_the_connection_steps_aside(
    town: City, mail_server: MailServer
) -> None:
    addresses = parties(town, 4)

    def hang_up(message: object) -> str | None:
        if str(message["To"]) == addresses[0]:
            raise ConnectionAbortedError  # the server answers 500 and tells no more
        return None

    mail_server.data = hang_up
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (3, 1)
    assert mail_server.addresses == addresses[1:]
