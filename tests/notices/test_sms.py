"""Text messages by a provider over HTTP, whatever that provider does."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from courts.models import Person
from liaison.intake import Party
from notices.claims import LEASE
from notices.delivery import deliver_due
from notices.gateways import Message
from notices.gateways.http import HttpGateway
from notices.gateways.signing import SIGNATURE, TIMESTAMP, Call, body_signature
from notices.models import Contact, Delivery, GatewayState, Notice
from notices.outbox import NewNotice, put
from notices.recording import pass_on
from tests.city import City, local
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, LATER, parties
from tests.notices.provider import CUT, HANG, TWICE, Answer, Got, Provider

SMS, EMAIL = Delivery.Channel.SMS, Delivery.Channel.EMAIL
S = Delivery.State


def _sms(**fields: object) -> Delivery:
    return Delivery.objects.get(channel=SMS, **fields)


def _again(town: City, contact: Contact, count: int) -> list[str]:
    """Tell a party more about the same request, so many times; the idents in order."""
    first = Notice.objects.get(contact=contact)
    for index in range(count):
        put(
            [
                NewNotice(
                    key=f"again:{contact.pk}:{index}",
                    kind="request.reopened",
                    subject_kind=first.subject_kind,
                    subject_id=first.subject_id,
                    contact_id=contact.pk,
                )
            ],
            at=AT + timedelta(seconds=index + 1),
        )
    return [str(one.public_id) for one in Notice.objects.filter(contact=contact).order_by("pk")]


# --- What is sent ----------------------------------------------------------------------------


def test_a_party_is_told_by_text_message_in_one_line(town: City, by_sms: Provider) -> None:
    request = town.request(at=AT)
    assert deliver_due(LATER) == {"sent": 1, "dropped": 0, "failed": 0}
    (number, text), got = by_sms.texts[0], by_sms.got[0]
    sent = _sms()
    assert number == "13800138000"
    assert text == f"【示范法院】{sent.body}"
    assert request.number in text
    assert f"/track/?number={request.number}" in text
    assert "\n" not in text
    assert got.key == f"{sent.notice.public_id}-sms"
    wanted = body_signature("of the gateway", got.headers[TIMESTAMP], got.body)
    assert got.headers[SIGNATURE] == wanted
    assert (sent.state, sent.provider_id) == (S.SENT, f"p-{got.key}")
    assert not Delivery.objects.filter(channel=EMAIL).exists()


def test_no_gateway_outside_gets_anything_but_the_outside_words(
    town: City, by_sms: Provider, settings: object
) -> None:
    settings.STAFF_CHANNELS = ["sms"]
    settings.EMAIL_CONTENT_LEVEL = "inside"
    Person.objects.update(mobile="")
    judge = town.judge()
    judge.mobile = "13700137000"
    judge.save()
    order = town.order(at=AT, title="离婚案", text="请告知家暴证据的处理情况")
    deliver_due(LATER)
    assert set(by_sms.numbers) == {"13700137000", "13800138000"}
    for got in by_sms.got:
        said = got.body.decode() + str(got.headers) + got.path
        for secret in ("家暴", "离婚", "张三", judge.name, order.request.case_number or "民初"):
            assert secret not in said
    inside = Delivery.objects.get(channel="in_app", notice__person=judge)
    assert "家暴" in inside.body  # the words that may be known are there


@pytest.mark.parametrize(
    ("length", "cost"), [(10, Decimal("0.0450")), (70, Decimal("0.0900")), (140, Decimal("0.1350"))]
)
def test_a_long_text_costs_as_many_messages_as_it_is(
    town: City, by_sms: Provider, length: int, cost: Decimal
) -> None:
    town.request(at=AT)
    Delivery.objects.filter(channel=SMS).update(subject="x", body="字" * length)
    deliver_due(LATER)
    sent = _sms()
    assert (sent.cost, sent.currency) == (cost, "CNY")


def test_what_the_provider_counts_is_what_it_costs(town: City, by_sms: Provider) -> None:
    by_sms.answer = lambda got: (200, {"code": 0, "id": "1", "units": 4})
    town.request(at=AT)
    deliver_due(LATER)
    assert _sms().cost == Decimal("0.1800")


@pytest.mark.parametrize("units", [999_999_999, 0, -1, True, "4"])
def test_what_is_no_count_of_messages_is_counted_here(
    town: City, by_sms: Provider, units: object
) -> None:
    """And stops no recording: what is not recorded as sent is sent again."""
    by_sms.answer = lambda got: (200, {"code": 0, "id": "1", "units": units})
    town.request(at=AT)
    assert deliver_due(LATER)["sent"] == 1
    assert _sms().cost < Decimal("1")


# --- The order, and who waits for whom -------------------------------------------------------


def test_each_party_hears_in_order_though_many_are_under_way(
    town: City, by_sms: Provider, settings: object
) -> None:
    settings.GATEWAY_IN_FLIGHT = 8
    parties(town, 4)
    wanted = {contact.phone: _again(town, contact, 6) for contact in Contact.objects.all()}
    under_way, most, answer = [], [], by_sms.answer

    def far(got: Got) -> Answer:
        under_way.append(got.key)
        most.append(len(under_way))
        time.sleep(0.05)
        under_way.remove(got.key)
        return answer(got)

    by_sms.answer = far
    assert deliver_due(LATER)["sent"] == 28
    assert max(most) > 1
    told: dict[str, list[str]] = {}
    for got in by_sms.got:
        told.setdefault(got.fields["to"], []).append(got.key.removesuffix("-sms"))
    assert told == wanted
    assert by_sms.repeats() == 0


def test_one_dead_number_delays_nobody_else_and_is_told_another_way(
    town: City, by_sms: Provider, mail_server: MailServer
) -> None:
    addresses = parties(town, 5)
    dead = Contact.objects.order_by("pk")[1].phone
    by_sms.answer = lambda got: (
        (400, {"code": 400}) if got.fields["to"] == dead else (200, {"code": 0, "id": got.key})
    )
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (4, 1)
    assert mail_server.addresses == []  # it may yet be taken
    for hours in (5, 10):
        counts = deliver_due(LATER + timedelta(hours=hours))
    assert counts["passed_on"] == 1
    assert mail_server.addresses == [addresses[1]]
    given_up = _sms(state=S.PASSED_ON)
    assert (given_up.attempts, given_up.error) == (3, "400 400")
    assert dead not in given_up.error


def test_a_later_message_is_not_held_up_by_one_that_failed(town: City, by_sms: Provider) -> None:
    town.request(at=AT)
    first, second = _again(town, Contact.objects.get(), 1)
    by_sms.answer = lambda got: (
        (200, {"code": 7}) if first in got.key else (200, {"code": 0, "id": got.key})
    )
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (1, 1)
    assert _sms(state=S.SENT).notice.public_id.hex == second.replace("-", "")


# --- A provider that does not do its part ----------------------------------------------------


def _refusing_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return int(closed.getsockname()[1])


def test_a_provider_that_refuses_costs_no_attempt(
    town: City, by_sms: Provider, settings: object
) -> None:
    parties(town, 3)
    there, settings.SMS_URL = settings.SMS_URL, f"http://127.0.0.1:{_refusing_port()}/"
    for minutes in range(5):
        assert deliver_due(LATER + timedelta(minutes=minutes))["sent"] == 0
    assert {one.attempts for one in Delivery.objects.filter(channel=SMS)} == {0}
    settings.SMS_URL = there
    assert deliver_due(LATER + timedelta(hours=1))["sent"] == 3
    assert by_sms.repeats() == 0


def test_a_provider_that_hangs_is_left_and_nothing_is_lost(town: City, by_sms: Provider) -> None:
    parties(town, 6)
    by_sms.answer = lambda got: HANG
    assert deliver_due(LATER)["sent"] == 0
    waiting = Delivery.objects.filter(channel=SMS)
    assert {one.state for one in waiting} == {S.PENDING}
    by_sms.answer = lambda got: (200, {"code": 0, "id": got.key})
    assert deliver_due(LATER + timedelta(hours=1))["sent"] == 6
    keys = {got.key for got in by_sms.got}
    assert len(keys) == 6
    # What hung may have arrived: it was sent again with the same key, and both are counted.
    assert by_sms.repeats() == sum(one.possible_repeats for one in Delivery.objects.all()) > 0


@pytest.mark.parametrize("answer", [(500, b"<html>"), (200, b""), CUT])
def test_an_answer_that_says_nothing_is_tried_again_with_the_same_words_and_key(
    town: City, by_sms: Provider, answer: object
) -> None:
    town.request(at=AT)
    by_sms.answer = lambda got: answer
    assert deliver_due(LATER)["failed"] == 1
    Contact.objects.update(language="en")
    by_sms.answer = lambda got: (200, {"code": 0, "id": "n"})
    assert deliver_due(LATER + timedelta(hours=1))["sent"] == 1
    first, second = by_sms.got
    assert first.body == second.body
    assert first.key == second.key
    assert _sms().possible_repeats == 1


def test_a_provider_that_answers_twice_mixes_no_messages_up(
    town: City, by_sms: Provider, settings: object
) -> None:
    settings.GATEWAY_IN_FLIGHT = 2
    parties(town, 6)
    by_sms.answer = lambda got: TWICE
    assert deliver_due(LATER)["sent"] == 6
    for sent in Delivery.objects.filter(channel=SMS):
        assert sent.provider_id == f"p-{sent.notice.public_id}-sms"


def test_a_provider_that_has_it_already_is_a_repeat_and_no_failure(
    town: City, by_sms: Provider
) -> None:
    town.request(at=AT)
    by_sms.answer = lambda got: (409, {"code": 409, "id": "the first"})
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["repeats"], counts["failed"]) == (1, 1, 0)
    assert _sms().provider_id == "the first"


def test_a_number_that_the_provider_gives_twice_loses_no_message(
    town: City, by_sms: Provider
) -> None:
    parties(town, 3)
    by_sms.answer = lambda got: (200, {"code": 0, "id": "the same"})
    assert deliver_due(LATER)["sent"] == 3
    numbers = Delivery.objects.filter(channel=SMS).values_list("provider_id", flat=True)
    assert sorted(map(str, numbers)) == ["None", "None", "the same"]
    assert deliver_due(LATER + LEASE * 2)["sent"] == 0


def test_a_message_that_cannot_be_written_stops_no_other(
    town: City, by_sms: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    parties(town, 3)
    number = Contact.objects.order_by("pk")[1].phone
    call = HttpGateway.call

    def poisoned(gateway: HttpGateway, message: Message) -> Call:
        if message.address == number:
            raise UnicodeEncodeError("ascii", number, 0, 1, "cannot be written")
        return call(gateway, message)

    monkeypatch.setattr(HttpGateway, "call", poisoned)
    counts = deliver_due(LATER)
    assert (counts["sent"], counts["failed"]) == (2, 1)
    assert _sms(state=S.PENDING).error == "UnicodeEncodeError"


# --- The breaker -----------------------------------------------------------------------------


def test_the_breaker_opens_tries_and_closes(town: City, by_sms: Provider) -> None:
    parties(town, 5)
    by_sms.answer = lambda got: (503, {"code": 503})
    calls = []
    for seconds in (0, 15, 30, 35, 40, 45):
        deliver_due(LATER + timedelta(seconds=seconds))
        calls.append(len(by_sms.got))
    state = GatewayState.objects.get(channel=SMS)
    assert calls[2] > calls[1] > calls[0]
    assert calls[2] == calls[5]  # the third time it opened: nothing is sent for a while
    assert (state.failures, state.reason) == (3, "503 503")
    assert state.opened_at is not None

    deliver_due(LATER + timedelta(minutes=2))
    assert len(by_sms.got) == calls[5] + 1  # one message tries
    by_sms.answer = lambda got: (200, {"code": 0, "id": got.key})
    soon = LATER + timedelta(minutes=2, seconds=30)
    assert deliver_due(soon)["sent"] == 0  # left alone twice as long
    assert deliver_due(LATER + timedelta(minutes=10))["sent"] == 5
    state.refresh_from_db()
    assert (state.failures, state.opened_at, state.open_until) == (0, None, None)


def test_what_waits_for_a_gateway_long_out_of_order_goes_another_way(
    town: City, by_sms: Provider, mail_server: MailServer, settings: object
) -> None:
    addresses = parties(town, 3)
    Contact.objects.filter(pk=Contact.objects.latest("pk").pk).update(email="")
    by_sms.answer = lambda got: (503, {"code": 503})
    for seconds in (0, 15, 30):
        deliver_due(LATER + timedelta(seconds=seconds))
    assert mail_server.addresses == []
    passed = 0
    for minutes in (59, 60, 61, 62):
        passed += deliver_due(LATER + timedelta(minutes=minutes))["passed_on"]
    assert passed == 2
    assert sorted(mail_server.addresses) == addresses[:2]
    waiting = _sms(state=S.PENDING)  # who has no other way waits for this one
    by_sms.answer = lambda got: (200, {"code": 0, "id": got.key})
    deliver_due(LATER + timedelta(hours=5))
    waiting.refresh_from_db()
    assert waiting.state == S.SENT


def test_a_failure_that_is_the_messages_own_opens_no_breaker(town: City, by_sms: Provider) -> None:
    parties(town, 4)
    by_sms.answer = lambda got: (400, {"code": 400})
    for hours in (0, 5, 10):
        deliver_due(LATER + timedelta(hours=hours))
    assert GatewayState.objects.get(channel=SMS).failures == 0


# --- Who can be told how ---------------------------------------------------------------------


def test_a_party_who_refuses_text_messages_is_told_by_mail(
    town: City, by_sms: Provider, mail_server: MailServer
) -> None:
    town.request(at=AT)
    Contact.objects.update(refused_channels=["sms"])
    assert deliver_due(LATER)["passed_on"] == 1
    deliver_due(LATER)
    assert by_sms.got == []
    assert mail_server.addresses == ["party@example.org"]
    _again(town, Contact.objects.get(), 1)
    assert {one.channel for one in Delivery.objects.filter(notice__kind="request.reopened")} == {
        "email"
    }


def test_a_party_without_a_telephone_is_told_by_mail_from_the_first(
    town: City, by_sms: Provider
) -> None:
    town.request(at=AT, party=Party("李四", email="l@example.org"))
    assert [one.channel for one in Delivery.objects.all()] == ["email"]


def test_at_night_nobody_is_called_and_no_hour_is_lost_by_a_change_of_channel(
    town: City, by_sms: Provider, mail_server: MailServer
) -> None:
    town.request(at=local(2020, 6, 5, 23))
    assert deliver_due(local(2020, 6, 5, 23, 30)).total() == 0
    Contact.objects.update(refused_channels=["sms"])
    assert deliver_due(local(2020, 6, 6, 9))["sent"] == 1
    assert mail_server.addresses == ["party@example.org"]


def test_a_notice_goes_through_a_channel_once(town: City, by_sms: Provider) -> None:
    town.request(at=AT)
    deliver_due(LATER)
    sent = _sms()
    Delivery.objects.filter(pk=sent.pk).update(state=S.DEAD)
    with transaction.atomic():
        assert pass_on([sent.pk], LATER) == {sent.pk}
        assert pass_on([sent.pk], LATER) == set()
    assert Delivery.objects.filter(notice=sent.notice).count() == 2
