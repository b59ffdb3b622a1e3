"""Who is told of a node: by capacity, by side, and not before what must be done is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Capacity, Case, CaseParticipant, PartyRole, Push, PushTally
from cases.node_list import for_policy
from notices.models import Delivery, Notice
from tests.cases.mirrored import AT, arrive, case, contact, node, participant, withdraw
from tests.city import City

LIST = for_policy("guangzhou")


@pytest.mark.django_db
def test_each_node_reaches_exactly_who_may_know_it(town: City) -> None:
    """Every kind of node, every capacity and every side, against the list read plainly."""
    one = case(town.east)
    everybody = {
        (capacity, role): participant(one, role=role, capacity=capacity).contact_id
        for capacity in Capacity.values
        for role in PartyRole.values
    }
    # Each kind alone, so that none lifts what holds another back.
    for kind, rule in LIST.rules.items():
        own = case(town.east)
        CaseParticipant.objects.filter(case=one).update(case=own)
        arrived = node(own, kind)
        arrive([arrived])
        CaseParticipant.objects.filter(case=own).update(case=one)
        held = rule.held_back
        expected = {
            contact_id
            for (capacity, role), contact_id in everybody.items()
            if capacity in rule.who
            and (rule.sides is None or role in rule.sides)
            and not (held and (held.sides is None or role in held.sides))
            and rule.push
        }
        told = set(Push.objects.filter(node=arrived).values_list("contact_id", flat=True))
        assert told == expected, kind
    assert not Push.objects.filter(node__kind="archiving").exists()
    defenders = [pk for (capacity, _), pk in everybody.items() if capacity == Capacity.DEFENDER]
    assert not Push.objects.filter(node__kind="preservation", contact__in=defenders).exists()


@pytest.mark.django_db
def test_preservation_is_told_to_the_other_side_when_it_is_executed(town: City) -> None:
    one = case(town.east)
    applicant = participant(one, role=PartyRole.APPLICANT).contact_id
    respondent = participant(one, role=PartyRole.RESPONDENT).contact_id
    # So old that it would be no news by itself.
    ruled = node(one, "preservation", occurred_at=AT - timedelta(days=20))
    arrive([ruled])
    told = Push.objects.filter(node=ruled).values_list("contact_id", flat=True)
    assert list(told) == [applicant]
    later = AT + timedelta(days=25)
    executed = node(one, "preservation_executed", occurred_at=later)
    arrive([executed], at=later)
    assert set(told.all()) == {applicant, respondent}
    assert Push.objects.filter(node=executed).count() == 2
    assert Push.objects.count() == 4


@pytest.mark.django_db
def test_an_earlier_execution_lifts_no_later_ruling(town: City) -> None:
    one = case(town.east)
    participant(one, role=PartyRole.RESPONDENT)
    executed = node(one, "preservation_executed", occurred_at=AT - timedelta(days=3))
    arrive([executed])
    second = node(one, "preservation")
    arrive([second])
    assert not Push.objects.filter(node=second).exists()
    withdraw(executed)
    first = node(one, "preservation", occurred_at=AT - timedelta(days=4))
    arrive([executed, first])
    assert not Push.objects.filter(node=first).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"is_removed": True},
        {"left_at": AT - timedelta(minutes=1)},
        {"contact": None},
    ],
    ids=["removed", "left", "not identified"],
)
def test_who_takes_no_part_is_not_told(town: City, change: dict) -> None:
    one = case(town.east)
    row = participant(one)
    CaseParticipant.objects.filter(pk=row.pk).update(**change)
    arrive([node(one)])
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_one_person_with_two_parts_in_a_case_is_told_once(town: City) -> None:
    one, person = case(town.east), contact()
    participant(one, person)
    participant(one, person, capacity=Capacity.LITIGATION_AGENT, role=PartyRole.THIRD_PARTY)
    arrive([node(one)])
    assert Notice.objects.count() == Push.objects.count() == Delivery.objects.count() == 1


@pytest.mark.django_db
def test_what_is_too_old_or_not_listed_is_mirrored_counted_and_not_told(town: City) -> None:
    one = case(town.east)
    participant(one)
    old = node(one, occurred_at=AT - timedelta(days=LIST.oldest_days, minutes=1))
    edge = node(one, occurred_at=AT - timedelta(days=LIST.oldest_days))
    unknown = node(one, "a_step_of_their_own")
    arrive([old, edge, unknown])
    assert list(Push.objects.values_list("node_id", flat=True)) == [edge.pk]
    tally = PushTally.objects.get()
    assert (tally.arrived, tally.too_old, tally.not_listed) == (3, 1, 1)


@pytest.mark.django_db
def test_nothing_is_told_of_a_case_entered_in_error(town: City) -> None:
    one = case(town.east)
    participant(one)
    Case.objects.filter(pk=one.pk).update(is_withdrawn=True)
    arrive([node(one)])
    assert not Push.objects.exists()
