"""Notices reach their recipients, whatever the mail server does."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from courts.models import Person, Tenure
from escalation.sweep import sweep
from liaison import services as requests
from liaison.intake import Party
from notices import delivery, services
from notices.delivery import LEASE, LONGEST_RETRY, PERMANENT_ATTEMPTS, back_off, deliver_due
from notices.gateways.email import EmailGateway, EmailSession
from notices.models import Contact, Delivery, Notice
from notices.outbox import NewNotice, put
from tests.city import City, local
from tests.notices.conftest import MailServer
from workorders import services as orders
from workorders.models import WorkOrder

AT = local(2020, 6, 5)
LATER = AT + timedelta(minutes=1)
EMAIL, IN_APP = Delivery.Channel.EMAIL, Delivery.Channel.IN_APP


def _by_mail(**fields: object) -> Delivery:
    return Delivery.objects.get(channel=EMAIL, **fields)


def _text(message: EmailMessage) -> str:
    return "\n".join(message.get_content().strip().splitlines())


def _parties(town: City, count: int) -> list[str]:
    """Requests of so many parties; their addresses in order."""
    for index in range(count):
        party = Party(f"当事人{index}", email=f"p{index}@example.org")
        town.request(at=AT + timedelta(seconds=index), party=party)
    return [f"p{index}@example.org" for index in range(count)]


def test_a_notice_is_kept_in_the_application_and_sent_by_mail(
    town: City, mail_server: MailServer
) -> None:
    order = town.order(at=AT)
    counts = deliver_due(LATER)
    assert counts == {"sent": 3, "dropped": 0, "failed": 0}  # party: mail; judge: both
    judge = town.judge()
    inside = Delivery.objects.get(notice__person=judge, channel=IN_APP)
    outside = _by_mail(notice__person=judge)
    assert order.request.text in inside.body
    assert order.request.number in outside.subject
    assert order.request.text not in outside.body
    assert {one.state for one in Delivery.objects.all()} == {Delivery.State.SENT}
    assert sorted(mail_server.addresses) == sorted([judge.email, "party@example.org"])
    assert mail_server.connections == 1


def test_nothing_is_sent_twice(town: City, mail_server: MailServer) -> None:
    town.order(at=AT)
    deliver_due(LATER)
    assert deliver_due(LATER + timedelta(days=1)).total() == 0
    assert len(mail_server.taken) == 2


def test_nothing_is_sent_before_its_hour(town: City, mail_server: MailServer) -> None:
    town.request(at=local(2020, 6, 5, 23))
    assert deliver_due(local(2020, 6, 5, 23, 30)).total() == 0
    assert deliver_due(local(2020, 6, 6, 8)) == {"sent": 1, "dropped": 0, "failed": 0}


def test_the_same_event_tells_a_person_once(town: City, mail_server: MailServer) -> None:
    request = town.request(at=AT)
    told = Notice.objects.get()
    again = NewNotice(
        key=told.key,
        kind=told.kind,
        subject_kind=told.subject_kind,
        subject_id=request.pk,
        contact_id=told.contact_id,
    )
    put([again, again], at=LATER)
    deliver_due(LATER)
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Your request {} is registered"), ("zh-hans", "{}")],
)
def test_the_words_are_in_the_recipients_language(
    town: City, mail_server: MailServer, language: str, subject: str
) -> None:
    request = town.request(at=AT, party=Party("李四", email="l@example.org", language=language))
    deliver_due(LATER)
    sent = _by_mail()
    assert sent.language == language
    assert subject.format(request.number) in sent.subject
    day = "Mon 8 June" if language == "en" else "6月8日（周一）"
    assert day in sent.body
    assert f"/track/?number={request.number}" in sent.body


def test_mail_within_the_courts_network_may_tell_staff_all_but_never_parties(
    town: City, mail_server: MailServer, settings: object
) -> None:
    settings.EMAIL_CONTENT_LEVEL = "inside"
    order = town.order(at=AT)
    deliver_due(LATER)
    text = order.request.text
    assert text in _by_mail(notice__person=town.judge()).body
    assert text not in _by_mail(notice__contact__isnull=False).body


def test_a_content_level_that_is_none_is_refused(settings: object) -> None:
    settings.EMAIL_CONTENT_LEVEL = "everything"
    with pytest.raises(ValueError, match="everything"):
        EmailGateway()


# --- Who may no longer see it ----------------------------------------------------------------


def test_an_order_passed_on_is_not_told_to_who_had_it(town: City, mail_server: MailServer) -> None:
    order = town.order(at=AT)
    first = order.handler
    division = town.division(index=1)
    orders.reassign(
        order_id=order.pk,
        department=division,
        handler=town.judge(division),
        reason="不属本庭",
        by=first,
        at=AT,
    )
    deliver_due(LATER)
    states = Delivery.objects.filter(notice__person=first).values_list("state", "body")
    assert set(states) == {(Delivery.State.DROPPED, "")}
    new = Delivery.objects.filter(notice__person=town.judge(division))
    assert {one.state for one in new} == {Delivery.State.SENT}


def test_who_has_left_is_told_nothing(town: City, mail_server: MailServer) -> None:
    town.order(at=AT)
    Person.objects.filter(pk=town.judge().pk).update(is_active=False)
    deliver_due(LATER)
    assert {one.state for one in Delivery.objects.filter(notice__person=town.judge())} == {
        Delivery.State.DROPPED
    }


def test_a_leader_without_a_post_is_told_nothing_of_a_rung(
    town: City, mail_server: MailServer
) -> None:
    town.order(at=AT)
    sweep(local(2020, 6, 11, 9))
    leader = town.holder("department_leader", department=town.division())
    Tenure.objects.filter(person=leader).update(until_at=local(2020, 6, 11, 10))
    deliver_due(local(2020, 6, 11, 11))
    risen = Delivery.objects.filter(notice__person=leader)
    assert {one.state for one in risen} == {Delivery.State.DROPPED}


def test_a_party_who_refuses_mail_since_is_left_alone(town: City, mail_server: MailServer) -> None:
    town.request(at=AT)
    Contact.objects.update(refused_channels=["email"])
    deliver_due(LATER)
    assert _by_mail().state == Delivery.State.DROPPED
    assert mail_server.taken == []


# --- What the ladder says --------------------------------------------------------------------


def _inside(person: Person, kind: str = "ladder.reply") -> str:
    rows = Delivery.objects.filter(notice__person=person, notice__kind=kind, channel=IN_APP)
    return rows.order_by("-notice_id")[0].body


@pytest.fixture
def english(town: City) -> City:
    """The city, its staff reading English."""
    Person.objects.update(language="en")
    return town


def test_a_rung_says_what_rose_and_why(english: City, mail_server: MailServer) -> None:
    order = english.order(at=AT)
    for day in (6, 7, 7):
        orders.record_contact(
            order_id=order.pk,
            means="call",
            outcome="not_reached",
            by=english.judge(),
            at=local(2020, 6, day),
        )
    sweep(local(2020, 6, 15, 9))
    deliver_due(local(2020, 6, 15, 9))
    deputy = english.holder("deputy_president")
    body = _inside(deputy)
    assert "more than 5 business days" in body
    assert "3 attempts were made" in body
    assert "You receive this as the deputy president in charge." in body
    assert order.request.text in body
    warned = _inside(english.judge())
    assert "There has been no reply for 2 business days." in warned
    assert "attempts" in warned


def test_a_rung_settled_by_the_answer_says_so(english: City, mail_server: MailServer) -> None:
    order = english.order(at=AT)
    orders.reply(order_id=order.pk, text="已安排。", by=english.judge(), at=local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 10))
    leader = english.holder("department_leader", department=english.division())
    assert "The answer has since come." in _inside(leader)


def test_a_rung_settled_by_withdrawal_does_not_speak_of_an_answer(
    english: City, mail_server: MailServer
) -> None:
    order = english.order(at=AT)
    requests.withdraw(request_id=order.request_id, at=local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 10))
    leader = english.holder("department_leader", department=english.division())
    assert "withdrawn" in _inside(leader)
    assert "answer" not in _inside(leader)


def test_a_rung_behind_a_rejected_reply_says_which_and_why(
    english: City, mail_server: MailServer
) -> None:
    order = english.order(at=AT)
    orders.reply(order_id=order.pk, text="已阅。", by=english.judge(), at=local(2020, 6, 8))
    officer = english.holder("liaison_officer", department=english.division())
    orders.reject_reply(order_id=order.pk, reason="没有回答问题", by=officer, at=local(2020, 6, 16))
    sweep(local(2020, 6, 17, 8, 59))
    sweep(local(2020, 6, 16, 9) + timedelta(days=1))
    deliver_due(local(2020, 6, 17, 10))
    deputy = english.holder("deputy_president")
    body = _inside(deputy)
    assert "A reply of Mon 8 June was rejected on Tue 16 June" in body
    assert "没有回答问题" in body


def test_a_rung_for_a_vacant_post_says_why_it_came(english: City, mail_server: MailServer) -> None:
    leader = english.holder("department_leader", department=english.division())
    Tenure.objects.filter(person=leader).delete()
    english.order(at=AT)
    sweep(local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 9))
    body = _inside(english.holder("deputy_president"))
    assert "because there is nobody at present as the department's leader" in body


def test_who_acts_for_a_post_is_told_so(english: City, mail_server: MailServer) -> None:
    leader = english.holder("department_leader", department=english.division())
    deputy = english.judge(english.division(index=1))
    post = Tenure.objects.get(person=leader, post__kind="department_leader").post
    Tenure.objects.create(post=post, person=deputy, is_acting=True, from_at=AT)
    english.order(at=AT)
    sweep(local(2020, 6, 11, 9))
    deliver_due(local(2020, 6, 11, 9))
    assert "acting for the department's leader" in _inside(deputy)


# --- When the mail server does not do its part -----------------------------------------------


def test_one_dead_address_delays_nobody_else(town: City, mail_server: MailServer) -> None:
    addresses = _parties(town, 5)
    mail_server.rcpt = lambda address: "550 no such user" if address == addresses[1] else None
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (4, 1)
    assert mail_server.addresses == [addresses[0], *addresses[2:]]
    assert mail_server.connections == 1
    failed = _by_mail(state=Delivery.State.PENDING)
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
        assert _by_mail().state == Delivery.State.PENDING
        deliver_due(at)
        at += timedelta(hours=5)
    dead = _by_mail()
    assert (dead.state, dead.attempts, dead.next_attempt_at) == (Delivery.State.DEAD, 3, None)
    assert "party" not in dead.error
    assert deliver_due(at).total() == 0

    mail_server.rcpt = lambda address: None
    services.try_again(delivery_ids=[dead.pk], at=at)
    deliver_due(at)
    assert _by_mail().state == Delivery.State.SENT


def test_a_refusal_for_now_is_tried_again_with_the_kept_words(
    town: City, mail_server: MailServer, settings: object
) -> None:
    settings.EMAIL_MAX_ATTEMPTS = 3
    town.request(at=AT)
    mail_server.data = lambda message: "451 try later"
    deliver_due(LATER)
    kept = _by_mail()
    assert (kept.attempts, kept.error) == (1, "SMTPDataError 451")
    Contact.objects.update(language="en")
    mail_server.data = lambda message: None
    deliver_due(LATER + timedelta(hours=1))
    sent = _by_mail()
    assert sent.state == Delivery.State.SENT
    assert (sent.subject, sent.body, sent.language) == (kept.subject, kept.body, "zh-hans")
    assert _text(mail_server.taken[0]) == sent.body


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
    addresses = _parties(town, 3)
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
    _parties(town, 3)
    order = town.order(at=AT)
    counts = deliver_due(LATER)
    assert counts["sent"] == 1  # in the application, which waits for no mail server
    assert _by_mail(notice__person=order.handler).state == Delivery.State.PENDING
    assert {one.attempts for one in Delivery.objects.filter(channel=EMAIL)} == {0}


def test_a_message_that_breaks_the_connection_steps_aside(
    town: City, mail_server: MailServer
) -> None:
    addresses = _parties(town, 4)

    def hang_up(message: object) -> str | None:
        if str(message["To"]) == addresses[0]:
            raise ConnectionAbortedError  # the server answers 500 and tells no more
        return None

    mail_server.data = hang_up
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (3, 1)
    assert mail_server.addresses == addresses[1:]


# --- Workers that die or meet ----------------------------------------------------------------


class Killed(BaseException):
    """Stands for the end of the process at this very place."""


def test_killed_between_sending_and_recording_it_is_sent_once_more_with_the_same_id(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.request(at=AT)

    def killed(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_record_sent", killed)
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
    kept = _by_mail()
    assert kept.body
    Contact.objects.update(language="en")
    deliver_due(LATER + LEASE * 1.1)
    assert _text(mail_server.taken[0]) == kept.body
    assert _by_mail().attempts == 2


def test_a_worker_whose_lease_ran_out_sends_nothing_more(
    town: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _parties(town, 3)
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
    waiting = _by_mail(notice__kind="of.tomorrow")
    assert (waiting.state, waiting.error) == (Delivery.State.PENDING, "not worded")


# --- Cost ------------------------------------------------------------------------------------


def _queries_of_in_app(at: datetime) -> int:
    with CaptureQueriesContext(connection) as queries:
        deliver_due(at, gateways=[])
    return len(queries)


def test_the_number_of_queries_does_not_grow(town: City) -> None:
    counts = []
    for size in (1, 10, 50):
        Delivery.objects.all().delete()
        for index in range(size):
            order = town.order(at=AT, title=f"{size}-{index}")
            assert isinstance(order, WorkOrder)
        sweep(local(2020, 6, 11, 9))
        counts.append(_queries_of_in_app(local(2020, 6, 11, 9)))
    assert counts[0] == counts[1] == counts[2]
