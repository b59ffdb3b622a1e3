"""Logging a call or a meeting."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from escalation.models import Clock, ClockEvent
from liaison.kinds import REPLY
from liaison.models import TimelineEntry
from notices.models import Notice
from tests.workorders.addresses import of_order
from workorders import services
from workorders.lifecycle import OrderState
from workorders.models import ContactRecord


def _clock(order) -> Clock:
    return Clock.objects.get(kind=REPLY, subject_id=order.request_id)


def test_not_reached_is_an_attempt_and_stops_nothing(order, judge, signed_in) -> None:
    given = {"means": "call", "outcome": "not_reached"}
    assert signed_in(judge).post(of_order(order, "contact"), given).status_code == 302
    assert ContactRecord.objects.get(order=order).outcome == "not_reached"
    assert _clock(order).stopped_at is None
    assert _clock(order).events.filter(kind=ClockEvent.Kind.ATTEMPTED).count() == 1


def test_a_bare_reached_stops_nothing(order, judge, signed_in) -> None:
    given = {"means": "meeting", "outcome": "reached", "summary": "约定下周再谈。"}
    signed_in(judge).post(of_order(order, "contact"), given)
    order.refresh_from_db()
    assert order.state == OrderState.DISPATCHED
    assert _clock(order).stopped_at is None


def test_a_spoken_answer_stops_the_clock_and_the_party_is_sent_it(order, judge, signed_in) -> None:
    given = {"means": "call", "outcome": "reached", "is_answer": "on", "summary": "周五开庭。"}
    signed_in(judge).post(of_order(order, "contact"), given)
    order.refresh_from_db()
    assert order.state == OrderState.REPLIED
    assert _clock(order).stopped_at is not None
    entry = TimelineEntry.objects.get(request=order.request, kind="answered_by_word")
    assert (entry.text, entry.is_public) == ("周五开庭。", True)
    assert Notice.objects.filter(kind="request.spoken_answer").count() == 1


def test_an_answer_says_what_was_said(order, judge, signed_in) -> None:
    given = {"means": "call", "outcome": "reached", "is_answer": "on"}
    answer = signed_in(judge).post(of_order(order, "contact"), given)
    assert answer.status_code == 400
    assert list(answer.context["forms"]["contact"].errors) == ["summary"]
    assert not ContactRecord.objects.exists()


def test_whoever_was_not_reached_was_not_answered(order, judge, signed_in) -> None:
    given = {"means": "call", "outcome": "not_reached", "is_answer": "on", "summary": "无人接听"}
    answer = signed_in(judge).post(of_order(order, "contact"), given)
    assert answer.status_code == 400
    assert list(answer.context["forms"]["contact"].errors) == ["is_answer"]
    assert not ContactRecord.objects.exists()


def test_a_contact_has_a_means_and_an_outcome(order, judge, signed_in) -> None:
    answer = signed_in(judge).post(of_order(order, "contact"), {"means": "pigeon"})
    assert answer.status_code == 400
    assert set(answer.context["forms"]["contact"].errors) == {"means", "outcome"}


def test_earlier_contacts_stand_on_the_page(order, judge, signed_in) -> None:
    at = timezone.now() - timedelta(minutes=30)
    services.record_contact(
        order_id=order.pk, means="call", outcome="reached", summary="已告知。", by=judge, at=at
    )
    assert "已告知。" in signed_in(judge).get(of_order(order)).content.decode()


def test_an_assisting_order_does_not_speak_to_the_party(town, order, judge, signed_in) -> None:
    bureau = town.division(index=1)
    other = services.assist(
        order_id=order.pk, department=bureau, handler=town.judge(bureau), note="请协助", by=judge
    )
    given = {"means": "call", "outcome": "reached", "is_answer": "on", "summary": "已答复"}
    browser = signed_in(town.judge(bureau))
    assert browser.post(of_order(other, "contact"), given).status_code == 409
    assert browser.post(of_order(other, "reveal")).status_code == 403
    assert order.request.contact.masked_phone not in browser.get(of_order(other)).content.decode()
