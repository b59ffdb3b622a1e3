"""The verbs of referrals: who, when, once, and what the limit does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Department
from escalation.models import Clock
from escalation.sweep import sweep
from notices import kinds
from notices.models import Notice
from reports.models import FollowUpEntry, ReferralItem, ReferralLot
from reports.months import Month
from reports.referrals import services
from reports.referrals.feedback import feedback, feedback_lines
from reports.referrals.lifecycle import ItemState, LotState
from tests import city
from tests.city import City, local
from tests.reports.follow_up_city import K, chamber, item, office, officer, seat, sent_lot

pytestmark = pytest.mark.django_db
AT = local(2020, 6, 5, 14)
JUNE = Month(2020, 6)


@pytest.fixture
def town() -> City:
    return city.build()


def _clock(lot: ReferralLot) -> Clock:
    return Clock.objects.get(kind="referral", subject_id=lot.pk)


def test_its_office_follows_from_class_and_issue_by_the_policy(town: City) -> None:
    assert item(town, AT).department == office(town)
    sealed = item(town, AT, category="staff_management")
    assert (sealed.department, sealed.is_conduct) == (office(town, "discipline"), True)
    with pytest.raises(Invalid) as refused:
        item(town, AT, category="filing")
    assert refused.value.field == "issue"
    with pytest.raises(NotAllowed):
        item(town, AT, by=town.holder(K.PRESIDENT))


def test_in_beijing_typical_and_hot_issues_part(db: None) -> None:
    town = city.build("beijing")
    assert item(town, AT, category="filing", issue="typical").department == office(
        town, "inspection"
    )
    assert item(town, AT, category="filing", issue="hot").department == office(town)
    assert item(town, AT, category="work_style", issue="typical").is_conduct
    assert not Department.objects.filter(
        pk__in=ReferralItem.objects.values("department"), kind="discipline"
    ).exists()


def test_a_lot_is_answered_item_by_item_within_its_limit(town: City) -> None:
    lot = sent_lot(town, AT)
    first, second = lot.items.order_by("pk")
    clock = _clock(lot)
    assert (clock.limit_at, clock.handler) == (local(2020, 6, 20, 0), officer(town))
    services.answer_item(item_id=first.pk, text="已通报。", by=officer(town), at=local(2020, 6, 8))
    lot.refresh_from_db()
    assert (lot.state, _clock(lot).stopped_at) == (LotState.SENT, None)
    with pytest.raises(WrongState):
        services.answer_item(item_id=first.pk, text="又。", by=officer(town), at=local(2020, 6, 8))
    done = local(2020, 6, 9)
    services.answer_item(item_id=second.pk, text="已整改。", by=officer(town), at=done)
    lot.refresh_from_db()
    assert (lot.state, lot.answered_at, _clock(lot).stopped_at) == (LotState.ANSWERED, done, done)
    told = Notice.objects.filter(kind="follow_up.news", subject_kind="referral_item")
    assert set(told.values_list("person", flat=True)) == {chamber(town).pk}
    for one in (first, second):
        services.accept_item(item_id=one.pk, by=chamber(town), at=local(2020, 6, 10))
    lot.refresh_from_db()
    assert (lot.state, lot.closed_at) == (LotState.CLOSED, local(2020, 6, 10))


def test_an_answer_sent_back_counts_as_never_given(town: City) -> None:
    lot = sent_lot(town, AT, count=1)
    (one,) = lot.items.all()
    services.answer_item(item_id=one.pk, text="阅。", by=officer(town), at=local(2020, 6, 8))
    with pytest.raises(NotAllowed):
        services.send_back_item(item_id=one.pk, text="空。", by=officer(town), at=local(2020, 6, 9))
    back = services.send_back_item(
        item_id=one.pk, text="没有说明措施。", by=chamber(town), at=local(2020, 6, 9)
    )
    lot.refresh_from_db()
    assert (back.state, back.answer, lot.state) == (ItemState.SENT, "", LotState.SENT)
    assert _clock(lot).stopped_at is None
    assert _clock(lot).limit_at == local(2020, 6, 20, 0)
    texts = FollowUpEntry.objects.filter(kind="referral_item", subject_id=one.pk)
    assert list(texts.values_list("code", "text")) == [
        ("recorded", ""), ("answered", "阅。"), ("sent_back", "没有说明措施。"),
    ]  # fmt: skip


def test_a_month_is_compiled_once_and_takes_in_what_came_late(town: City) -> None:
    early = item(town, local(2020, 5, 20))
    lot = services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=AT)
    late = item(town, AT)
    again = services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=AT)
    assert again.pk == lot.pk
    assert set(lot.items.all()) == {early, late}
    services.send(lot_id=lot.pk, by=chamber(town), at=AT)
    with pytest.raises(WrongState):
        services.send(lot_id=lot.pk, by=chamber(town), at=AT)
    missed = item(town, AT)
    services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=AT)
    july = local(2020, 7, 1)
    nxt = services.compile_lot(office=office(town), month=Month(2020, 7), by=chamber(town), at=july)
    assert list(nxt.items.all()) == [missed]
    with pytest.raises(Invalid):
        services.compile_lot(office=office(town), month=Month(2020, 8), by=chamber(town), at=july)


def test_a_nil_lot_is_recorded_of_a_month_that_is_over(town: City) -> None:
    with pytest.raises(Invalid), transaction.atomic():
        services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=AT)
    assert not ReferralLot.objects.exists()
    july = local(2020, 7, 1)
    lot = services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=july)
    assert lot.state == LotState.NIL
    assert not Clock.objects.filter(kind="referral").exists()
    assert feedback(town.jurisdiction, JUNE).nil == (office(town),)


def test_what_is_taken_back_is_not_sent(town: City) -> None:
    kept, gone = item(town, AT), item(town, AT)
    lot = services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=AT)
    services.take_back(item_id=gone.pk, text="重复。", by=chamber(town), at=AT)
    services.send(lot_id=lot.pk, by=chamber(town), at=AT)
    assert list(lot.items.all()) == [kept]
    with pytest.raises(WrongState):
        services.take_back(item_id=kept.pk, text="晚了。", by=chamber(town), at=AT)


def test_conduct_is_read_by_its_sender_and_the_office_alone(town: City) -> None:
    judge = town.judge()
    one = item(town, AT, category="judicial_conduct", issue="key", named=judge)
    colleague = seat(town, K.FILING_CHAMBER, "colleague")
    chief = town.holder(K.PRESIDENT, court=town.intermediate)
    lot = services.compile_lot(office=office(town, "discipline"), month=JUNE, by=colleague, at=AT)
    inspector = officer(town, "discipline")
    assert not ReferralItem.objects.visible_to(inspector).exists()  # not sent yet
    services.send(lot_id=lot.pk, by=colleague, at=AT)
    readers = {
        person: ReferralItem.objects.visible_to(person).exists()
        for person in (chamber(town), inspector, colleague, officer(town), chief, judge)
    }
    assert [who for who, reads in readers.items() if reads] == [chamber(town), inspector]
    assert ReferralLot.objects.visible_to(colleague).exists()  # that there is one, and no more
    for person in (officer(town), chief, judge):
        assert not ReferralLot.objects.visible_to(person).exists()
    services.answer_item(item_id=one.pk, text="已谈话提醒。", by=inspector, at=local(2020, 6, 8))
    with pytest.raises(NotAllowed):
        services.accept_item(item_id=one.pk, by=colleague, at=local(2020, 6, 9))
    services.accept_item(item_id=one.pk, by=chamber(town), at=local(2020, 6, 9))
    (line,) = feedback_lines(town.jurisdiction, JUNE)
    assert (line.sealed, line.title, line.answer) == (1, "", "")
    assert not Notice.objects.filter(person=judge).exists()


def test_who_is_named_neither_refers_nor_sits_in_the_office(town: City) -> None:
    inspector = officer(town, "discipline")
    for named in (inspector, chamber(town)):
        with pytest.raises(Invalid) as refused:
            item(town, AT, category="judicial_conduct", named=named)
        assert refused.value.field == "named"
    with pytest.raises(Invalid):
        item(town, AT, named=town.judge())  # of no matter of conduct
    one = item(town, AT, category="judicial_conduct", named=town.judge())
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralItem.objects.filter(pk=one.pk).update(named=one.raised_by)


def test_a_late_answer_rises_and_conduct_rises_to_nobody(town: City) -> None:
    lot = sent_lot(town, AT, count=1)
    sealed = sent_lot(town, AT, count=1, category="judicial_conduct", kind="discipline")
    sweep(local(2020, 7, 10, 12))
    president = town.holder(K.PRESIDENT, court=town.intermediate)
    rows = list(Notice.objects.filter(kind="ladder.follow_up"))
    assert {row.subject_id for row in rows} == {lot.pk, sealed.pk}
    contexts = kinds.read(rows)
    told = {(row.subject_id, row.person_id) for row in rows if contexts[row.pk] is not None}
    assert told == {
        (lot.pk, officer(town).pk),
        (lot.pk, president.pk),  # the office has neither leader nor deputy in charge
        (sealed.pk, officer(town, "discipline").pk),
    }
    assert set(ReferralLot.objects.visible_to(president)) == {lot}
    assert set(ReferralItem.objects.visible_to(president)) == set(lot.items.all())


def test_a_briefing_is_told_of_what_was_accepted_in_its_month(town: City) -> None:
    lot = sent_lot(town, AT)
    first, second = lot.items.order_by("pk")
    for one, day in ((first, 29), (second, 30)):
        at = local(2020, 6, day, 23)
        services.answer_item(item_id=one.pk, text=f"答复{day}", by=officer(town), at=at)
    services.accept_item(item_id=first.pk, by=chamber(town), at=local(2020, 6, 30, 23, 59))
    services.accept_item(item_id=second.pk, by=chamber(town), at=local(2020, 7, 1, 0, 0))
    (june,) = feedback_lines(town.jurisdiction, JUNE)
    (july,) = feedback_lines(town.jurisdiction, Month(2020, 7))
    assert (june.title, june.answer, june.office) == ("送达迟延", "答复29", office(town))
    assert july.answer == "答复30"
    assert feedback(town.jurisdiction, JUNE).open_lots == 0
    assert feedback(town.jurisdiction, Month(2020, 5)).lines == ()


def test_nobody_judges_the_own_answer_even_past_the_service(town: City) -> None:
    lot = sent_lot(town, AT, count=1)
    (one,) = lot.items.all()
    services.answer_item(item_id=one.pk, text="已办。", by=officer(town), at=AT + timedelta(days=3))
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralItem.objects.filter(pk=one.pk).update(
            state=ItemState.ACCEPTED, judged_by=officer(town), judged_at=AT
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralLot.objects.create(
            court=town.intermediate, department=office(town), month=lot.month
        )
