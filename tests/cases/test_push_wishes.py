"""Refusal and subscription, quiet hours, digests."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases import wishes
from cases.models import CaseNode, Push, PushDigest
from cases.node_list import for_policy
from courts.errors import Invalid
from notices.models import Contact, Delivery, Notice
from tests.cases.mirrored import AT, arrive, case, contact, node, participant
from tests.city import City, local

LIST = for_policy("guangzhou")


def kinds_told(person: Contact) -> set[str]:
    return set(Push.objects.filter(contact=person).values_list("node__kind", flat=True))


@pytest.mark.django_db
def test_a_kind_is_refused_another_subscribed_and_all_refused(town: City) -> None:
    one, person, other = case(town.east), contact(), contact()
    participant(one, person)
    participant(one, other)
    assert wishes.set_wishes(
        contact_id=person.pk, wanted={"panel": False, "archiving": True, "resumption": True}
    ) == 2  # fmt: skip
    arrive([node(one, kind) for kind in ("panel", "archiving", "resumption")])
    assert kinds_told(person) == {"archiving", "resumption"}
    assert kinds_told(other) == {"panel", "resumption"}
    wishes.set_wishes(contact_id=person.pk, wanted={"": False})
    arrive([node(one, "hearing"), node(one, "archiving")])
    assert kinds_told(person) == {"archiving", "resumption"}
    # A refusal is no forgetting: what was refused meanwhile is not told when it is taken back.
    wishes.set_wishes(contact_id=person.pk, wanted={"": True})
    assert kinds_told(person) == {"archiving", "resumption"}


@pytest.mark.django_db
def test_a_wish_for_what_no_list_has_is_refused(town: City) -> None:
    with pytest.raises(Invalid):
        wishes.set_wishes(contact_id=contact().pk, wanted={"nonsense": True})
    with pytest.raises(Invalid):
        wishes.choose_outside(contact_id=contact().pk, outside="everything")
    with pytest.raises(Invalid):
        wishes.refuse_channels(contact_ids=[contact().pk], refused=["pigeon"])


@pytest.mark.django_db
def test_who_refuses_the_channel_still_has_it_to_read(town: City) -> None:
    one, person = case(town.east), contact()
    participant(one, person)
    wishes.refuse_channels(contact_ids=[person.pk], refused=["email"])
    arrive([node(one)])
    assert Notice.objects.filter(contact=person).count() == 1
    assert not Delivery.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "outside_at"),
    [
        (local(2026, 11, 18, 20, 59), local(2026, 11, 18, 20, 59)),
        (local(2026, 11, 18, 21), local(2026, 11, 19, 8)),
        (local(2026, 11, 18, 23, 59), local(2026, 11, 19, 8)),
        (local(2026, 11, 19, 0), local(2026, 11, 19, 8)),
        (local(2026, 11, 19, 7, 59), local(2026, 11, 19, 8)),
        (local(2026, 11, 19, 8), local(2026, 11, 19, 8)),
    ],
)
def test_nobody_is_written_to_in_quiet_hours(
    town: City, at: datetime, outside_at: datetime
) -> None:
    one = case(town.east)
    participant(one)
    arrive([node(one, occurred_at=at)], at=at)
    assert Delivery.objects.get().next_attempt_at == outside_at
    assert LIST.outside_at(at, town.jurisdiction.zone) == outside_at


def several(town: City, person: Contact, count: int) -> list[CaseNode]:
    """Nodes of as many cases of one person."""
    nodes = []
    for _ in range(count):
        one = case(town.east)
        participant(one, person)
        nodes.append(node(one))
    return nodes


@pytest.mark.django_db
def test_many_at_once_are_one_digest_at_the_end_of_its_window(town: City) -> None:
    person, least = contact(), LIST.digest_at_least
    few = contact()
    few_nodes = several(town, few, least - 1)
    arrive([*several(town, person, least), *few_nodes])
    assert Notice.objects.filter(contact=person, kind="case.news").count() == least
    assert Delivery.objects.filter(notice__contact=few).count() == least - 1
    delivery = Delivery.objects.get(notice__contact=person)
    assert delivery.notice.kind == "case.digest"
    assert delivery.next_attempt_at == AT + timedelta(minutes=LIST.digest_minutes)
    # What comes while it is open joins it; what comes after begins anew.
    arrive(several(town, person, 2), at=AT + timedelta(minutes=30))
    assert Push.objects.filter(digest=PushDigest.objects.get()).count() == least + 2
    assert Delivery.objects.filter(notice__contact=person).count() == 1
    arrive(several(town, person, 1), at=AT + timedelta(minutes=LIST.digest_minutes))
    assert Delivery.objects.filter(notice__contact=person).count() == 2


@pytest.mark.django_db
def test_many_one_after_the_other_are_a_digest_from_the_last_that_is_too_many(town: City) -> None:
    person = contact()
    for minute, one in enumerate(several(town, person, LIST.digest_at_least + 2)):
        arrive([one], at=AT + timedelta(minutes=minute))
    loud = Delivery.objects.filter(notice__contact=person)
    assert loud.filter(notice__kind="case.news").count() == LIST.digest_at_least - 1
    assert loud.filter(notice__kind="case.digest").count() == 1
    assert Push.objects.exclude(digest=None).count() == 3


@pytest.mark.django_db
def test_a_digest_that_ends_in_quiet_hours_waits_for_the_morning(town: City) -> None:
    at = local(2026, 11, 18, 20, 30)
    nodes = several(town, contact(), LIST.digest_at_least)
    arrive(nodes, at=at)
    assert Delivery.objects.get().next_attempt_at == local(2026, 11, 19, 8)


@pytest.mark.django_db
def test_a_digest_of_what_stands_no_longer_is_not_sent(town: City, mailoutbox: list) -> None:
    from django.utils import timezone

    from notices.delivery import deliver_due

    nodes = several(town, contact(), LIST.digest_at_least)
    arrive(nodes)
    CaseNode.objects.update(is_withdrawn=True)
    Delivery.objects.update(next_attempt_at=timezone.now())
    assert deliver_due()["dropped"] == 1
    assert not mailoutbox
