"""Verbs of the follow-up beside each other; with a control that shows the race."""

from __future__ import annotations

import uuid
from collections import Counter

from courts.errors import WrongState
from escalation import services as clocks
from escalation.models import Clock
from reports.agenda import services as agenda
from reports.models import AgendaMatter, LookBack, Problem, ReferralItem, ReferralLot
from reports.months import Month
from reports.referrals import services
from reports.referrals.lifecycle import ItemState, LotState
from tests.city import City, local
from tests.concurrency.conftest import at_once, behind, constraint_dropped
from tests.reports.follow_up_city import K, agenda_matter, chamber, item, office, problem

AT = local(2020, 6, 5, 14)
JUNE = Month(2020, 6)


def _compile(town: City) -> ReferralLot:
    return services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=AT)


def test_two_who_compile_at_once_make_one_lot(town: City) -> None:
    one = item(town, AT)
    lots = at_once(*[lambda: _compile(town)] * 2)
    assert {lot.pk for lot in lots} == {ReferralLot.objects.get().pk}
    assert list(ReferralLot.objects.get().items.all()) == [one]


def test_control_without_the_constraint_there_are_two_lots(town: City) -> None:
    july = local(2020, 7, 1)

    def compile_nothing() -> ReferralLot:
        return services.compile_lot(office=office(town), month=JUNE, by=chamber(town), at=july)

    with constraint_dropped("reports_referrallot", "referral_lot_uniq"):
        at_once(compile_nothing, compile_nothing)
        assert ReferralLot.objects.count() == 2  # the month is recorded as nil twice


def test_an_item_is_sent_or_taken_back(town: City) -> None:
    one, by = item(town, AT), chamber(town)
    lot = _compile(town)
    results = at_once(
        lambda: services.send(lot_id=lot.pk, by=by, at=AT),
        lambda: services.take_back(item_id=one.pk, text="重复。", by=by, at=AT),
    )
    assert sorted(type(one) is WrongState for one in results) == [False, True]
    lot.refresh_from_db()
    ends = (lot.state, ReferralItem.objects.get().state)
    assert ends in (
        (LotState.SENT, ItemState.SENT),
        (LotState.COMPILED, ItemState.TAKEN_BACK),
    )


def test_a_command_sent_twice_at_once_lists_one_problem(town: City) -> None:
    command = uuid.uuid4()
    made = at_once(*[lambda: problem(town, AT, command_id=command)] * 3)
    assert Counter(type(one) for one in made) == {Problem: 3}
    assert {one.pk for one in made} == {Problem.objects.get().pk}


def test_two_look_backs_at_once_draw_once(town: City) -> None:
    one = agenda_matter(town, AT)
    agenda.record_result(matter_id=one.pk, text="已办。", by=one.owner, at=AT)
    agenda.close(matter_id=one.pk, text="可。", by=town.holder(K.PRESIDENT), at=AT)
    later = local(2020, 12, 1)
    assert sorted(at_once(*[lambda: agenda.look_back_due(later)] * 2)) == [0, 1]
    assert LookBack.objects.get().drawn == [one.pk]
    assert AgendaMatter.objects.get().state == "checking"


def test_an_act_is_of_the_instant_at_which_its_clock_is_held(town: City) -> None:
    one = agenda_matter(town, AT)
    let_go = behind(
        lambda: clocks.hold(kinds=[AgendaMatter.KIND], subject_id=one.pk),
        lambda: agenda.record_result(matter_id=one.pk, text="已办。", by=one.owner),
    )
    # Else a rung that a sweep records meanwhile would be due after the act that it blames.
    stopped_at = Clock.objects.of(AgendaMatter.KIND, one.pk).get().stopped_at
    assert stopped_at is not None
    assert stopped_at > let_go
