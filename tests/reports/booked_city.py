"""A city whose requests have been through all that the standing book tells of (June 2020)."""

from __future__ import annotations

from datetime import timedelta

from escalation.sweep import sweep
from liaison import services as requests
from liaison.models import Request
from liaison.rating import rate
from tests.city import City, local
from workorders import services as orders
from workorders.models import WorkOrder

CASE = "（2020）示0101民初7号"


def tell(town: City) -> dict[str, Request]:
    """One request for each way that a request may go; by a name of its own."""
    opened = local(2020, 6, 5)  # a Friday
    staff, judge, division = town.staff(), town.judge(), town.division()
    told: dict[str, WorkOrder] = {}
    for number, name in enumerate(("met", "fought", "left", "west")):
        court = town.west if name == "west" else town.east
        told[name] = town.order(
            at=opened + timedelta(minutes=number),
            court=court,
            **({"case_number": CASE} if name == "met" else {}),
        )
    met = told["met"].pk
    for hour in (11, 14):
        orders.record_contact(
            order_id=met, means="call", outcome="not_reached", by=judge, at=local(2020, 6, 8, hour)
        )
    orders.record_contact(
        order_id=met,
        means="call",
        outcome="reached",
        summary="已告知开庭时间。",
        is_answer=True,
        by=judge,
        at=local(2020, 6, 9, 15),
    )
    fought = told["fought"]
    orders.return_to_desk(order_id=fought.pk, reason="不属本庭", by=judge, at=local(2020, 6, 8, 9))
    requests.route(
        request_id=fought.request_id,
        department=division,
        handler=judge,
        by=staff,
        at=local(2020, 6, 8, 10),
    )
    other = town.division(index=1)
    orders.reassign(
        order_id=fought.pk,
        department=other,
        handler=town.judge(other),
        reason="案件已移送",
        by=judge,
        at=local(2020, 6, 8, 11),
    )
    orders.reply(order_id=fought.pk, text="已收悉。", by=town.judge(other), at=local(2020, 6, 9, 9))
    # A rating that falls with its reply, as the next ones stand.
    rate(request_id=fought.request_id, grade="partly_satisfied", at=local(2020, 6, 9, 10))
    officer = town.holder("liaison_officer", department=other)
    orders.reject_reply(
        order_id=fought.pk, reason="未答复所问", by=officer, at=local(2020, 6, 10, 9)
    )
    sweep(local(2020, 6, 16, 12))
    orders.reply(
        order_id=fought.pk, text="定于七月开庭。", by=town.judge(other), at=local(2020, 6, 16, 15)
    )
    found = {name: order.request for name, order in told.items()}
    found["answered"] = town.request(at=opened + timedelta(minutes=10), matter="consultation")
    requests.answer(
        request_id=found["answered"].pk, text="请带身份证。", by=staff, at=local(2020, 6, 5, 11)
    )
    rate(
        request_id=found["answered"].pk,
        grade="very_satisfied",
        remark="答复及时。",
        at=local(2020, 6, 5, 12),
    )
    rate(request_id=found["met"].pk, grade="not_satisfied", at=local(2020, 6, 10, 9))
    found["withdrawn"] = town.request(at=opened + timedelta(minutes=11))
    requests.withdraw(request_id=found["withdrawn"].pk, at=local(2020, 6, 5, 15))
    found["merged"] = town.request(at=opened + timedelta(minutes=12), channel="hotline")
    # Of the same party, as only such may be merged.
    Request.objects.filter(pk=found["merged"].pk).update(contact=found["left"].contact_id)
    requests.merge(
        request_id=found["merged"].pk,
        into_id=found["left"].pk,
        by=staff,
        at=local(2020, 6, 5, 16),
    )
    sweep(local(2020, 6, 22, 12))
    found["fresh"] = town.request(at=local(2020, 6, 22, 10))
    for one in found.values():
        one.refresh_from_db()
    return found
