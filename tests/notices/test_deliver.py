"""Notices reach their recipients, once, in their words."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from courts.models import Person, Tenure
from escalation.sweep import sweep
from liaison.intake import Party
from notices.delivery import deliver_due
from notices.gateways.email import EmailGateway
from notices.models import Contact, Delivery, Notice
from notices.outbox import NewNotice, put
from tests.city import City, local
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, IN_APP, LATER, by_mail
from workorders import services as orders
from workorders.models import WorkOrder


def test_a_notice_is_kept_in_the_application_and_sentby_mail(
    town: City, mail_server: MailServer
) -> None:
    order = town.order(at=AT)
    counts = deliver_due(LATER)
    assert counts == {"sent": 3, "dropped": 0, "failed": 0}  # party: mail; judge: both
    judge = town.judge()
    inside = Delivery.objects.get(notice__person=judge, channel=IN_APP)
    outside = by_mail(notice__person=judge)
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


def test_nobody_can_reckon_the_public_id_of_a_notice(town: City) -> None:
    new = [
        NewNotice(f"guess:{n}", "request.registered", "request", n, person_id=town.judge().pk)
        for n in (1, 2)
    ]

    def put_and_take_back() -> set[UUID]:
        with transaction.atomic():
            put(new, at=AT)
            found = set(Notice.objects.values_list("public_id", flat=True))
            transaction.set_rollback(True)
        return found

    once, again = put_and_take_back(), put_and_take_back()
    assert len(once | again) == 4  # of the same keys and the same instant


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Your request {} is registered"), ("zh-hans", "{}")],
)
def test_the_words_are_in_the_recipients_language(
    town: City, mail_server: MailServer, language: str, subject: str
) -> None:
    request = town.request(at=AT, party=Party("李四", email="l@example.org", language=language))
    deliver_due(LATER)
    sent = by_mail()
    assert sent.language == language
    assert subject.format(request.number) in sent.subject
    day = "Mon 8 June" if language == "en" else "6月8日（周一）"
    assert day in sent.body
    assert f"/track/?number={request.number}" in sent.body


def test_mail_within_the_courts_network_may_tell_staff_all_but_neverparties(
    town: City, mail_server: MailServer, settings: object
) -> None:
    settings.EMAIL_CONTENT_LEVEL = "inside"
    order = town.order(at=AT)
    deliver_due(LATER)
    text = order.request.text
    assert text in by_mail(notice__person=town.judge()).body
    assert text not in by_mail(notice__contact__isnull=False).body


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
    assert by_mail().state == Delivery.State.DROPPED
    assert mail_server.taken == []


# --- Cost ------------------------------------------------------------------------------------


def _queries_of_in_app(at: datetime) -> int:
    with CaptureQueriesContext(connection) as queries:
        deliver_due(at, gateways=[])
    return len(queries)


def test_the_number_of_queries_does_not_grow(town: City) -> None:
    deliver_due(AT, gateways=[])  # the first time the gateway gets its row
    counts = []
    for size in (1, 10, 50):
        Delivery.objects.all().delete()
        for index in range(size):
            order = town.order(at=AT, title=f"{size}-{index}")
            assert isinstance(order, WorkOrder)
        sweep(local(2020, 6, 11, 9))
        counts.append(_queries_of_in_app(local(2020, 6, 11, 9)))
    assert counts[0] == counts[1] == counts[2]
