"""A city with a story worth ranking, told to the services: June 2020 and the months before.

From March to May nobody in the west answers anything: five requests a month. In May the east
answers its five. In June the west answers its five, the east four of six, and the Intermediate
Court its two, which are too few to rank. Of the two that the east left, one had been given to a
second judge in time to answer it, and one on its last day. Parties of the west rate two replies,
one of them as satisfying; one of the east rates a reply so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from courts.models import Person, Post
from escalation.sweep import sweep
from liaison.rating import rate
from tests.city import City, local
from workorders import services as orders
from workorders.models import WorkOrder

JUNE = "2020-06"


def second_judge(town: City) -> Person:
    """The other judge of the east's first division."""
    seats = Post.objects.filter(kind=Post.Kind.JUDGE, department=town.division())
    seat = seats.order_by("pk")[1]
    return seat.tenures.get().person


def tell(town: City) -> None:
    """Tell the story, and let the ladder see what was left."""
    for month, day in ((3, 9), (4, 13), (5, 11)):
        for number in range(5):
            town.order(at=local(2020, month, day, 10, number), court=town.west)
    for number in range(5):
        _replied(town.order(at=local(2020, 5, 11, 11, number)), town.judge(), local(2020, 5, 12))
    opened = local(2020, 6, 5)
    for court, count in ((town.west, 5), (town.intermediate, 2)):
        for number in range(count):
            order = town.order(at=opened + timedelta(minutes=number), court=court)
            _replied(order, town.judge(order.department), local(2020, 6, 8))
            if court == town.west and number < 2:
                _rated(order, ("satisfied", "partly_satisfied")[number])
    east = [town.order(at=opened + timedelta(minutes=number)) for number in range(6)]
    for order in east[:4]:
        _replied(order, town.judge(), local(2020, 6, 9))
    _rated(east[0], "very_satisfied")
    for order, at in ((east[4], local(2020, 6, 8, 9)), (east[5], local(2020, 6, 10, 9))):
        orders.reassign(
            order_id=order.pk,
            department=town.division(),
            handler=second_judge(town),
            reason="案件已移送",
            by=town.judge(),
            at=at,
        )
    sweep(local(2020, 6, 30, 12))


def _replied(order: WorkOrder, judge: Person, at: datetime) -> None:
    orders.reply(order_id=order.pk, text="已安排开庭。", by=judge, at=at)


def _rated(order: WorkOrder, grade: str) -> None:
    rate(request_id=order.request_id, grade=grade, at=local(2020, 6, 9, 20))
