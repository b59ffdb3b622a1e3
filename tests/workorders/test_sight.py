"""What rose to a post is seen by its recipient while they hold the post, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.errors import NotAllowed
from courts.models import Person, Post, Tenure
from escalation.sweep import sweep
from liaison.notice_kinds import read_ladder
from notices.models import Notice
from tests.city import City
from tests.workorders.addresses import supervised
from workorders import services
from workorders.models import WorkOrder

ROLES = ("department_leader", "deputy_president", "president", "superior_president")


@pytest.fixture
def long_late(town: City, now: datetime) -> WorkOrder:
    """An order that has risen to the top."""
    order = town.order(at=now - timedelta(days=40))
    sweep(now)
    return order


def _holder(town: City, role: str) -> Person:
    if role == "superior_president":
        return town.holder(Post.Kind.PRESIDENT, court=town.intermediate)
    if role == "department_leader":
        return town.holder(Post.Kind.DEPARTMENT_LEADER, department=town.division())
    return town.holder(Post.Kind(role))


def _move_west(town: City, person: Person, now: datetime) -> Post:
    """Let a person take the same kind of post in another court; returns the one they left."""
    left = Tenure.objects.get(person=person)
    there = Post.objects.filter(court=town.west, kind=left.post.kind)[0]
    then = now - timedelta(minutes=1)
    Tenure.objects.filter(post__in=[left.post, there]).update(until_at=then)
    Tenure.objects.create(post=there, person=person, from_at=then)
    return left.post


def _sees(person: Person, order: WorkOrder) -> bool:
    notices = list(Notice.objects.filter(person=person, kind="ladder.reply"))
    assert notices
    told = {context is not None for context in read_ladder(notices).values()}
    listed = WorkOrder.objects.visible_to(person, "supervision.read").filter(pk=order.pk).exists()
    assert told == {listed}
    return listed


@pytest.mark.parametrize("role", ROLES)
def test_who_has_left_the_post_sees_no_more_of_what_rose_to_it(
    town: City, now: datetime, long_late: WorkOrder, signed_in, role: str
) -> None:
    person = _holder(town, role)
    browser = signed_in(person)
    page = supervised(long_late.request)
    assert browser.get(page).status_code == 200
    assert _sees(person, long_late)
    _move_west(town, person, now)
    assert browser.get(page).status_code == 404
    assert not _sees(person, long_late)
    listed = browser.get("/supervision/").content.decode()
    assert long_late.request.number not in listed
    with pytest.raises(NotAllowed):
        services.instruct(order_id=long_late.pk, kind="urge", text="", by=person)


@pytest.mark.parametrize("role", ROLES)
def test_who_acts_for_the_post_they_left_still_sees_it(
    town: City, now: datetime, long_late: WorkOrder, signed_in, role: str
) -> None:
    person = _holder(town, role)
    left = _move_west(town, person, now)
    Tenure.objects.create(post=left, person=person, is_acting=True, from_at=now)
    assert _sees(person, long_late)
    assert signed_in(person).get(supervised(long_late.request)).status_code == 200
    services.instruct(order_id=long_late.pk, kind="urge", text="", by=person)


def test_a_handler_who_gave_the_order_away_sees_it_no_more(
    town: City, now: datetime, long_late: WorkOrder, judge: Person, signed_in
) -> None:
    other = town.division(index=1)
    services.reassign(
        order_id=long_late.pk, department=other, handler=None, reason="案件已移送。", by=judge
    )
    assert not WorkOrder.objects.visible_to(judge).filter(pk=long_late.pk).exists()
    assert signed_in(judge).get(f"/orders/{long_late.public_id}/").status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_people(long_late: WorkOrder) -> None:
    notices = list(Notice.objects.filter(kind="ladder.reply").order_by("pk"))
    assert len({notice.person_id for notice in notices}) > 3
    counts = []
    for some in (notices[:1], notices):
        with CaptureQueriesContext(connection) as statements:
            read_ladder(some)
        counts.append(len(statements))
    assert counts[0] == counts[1]
