"""What the notices about an order say to those who handle or supervise it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from courts.roles import Reach, posts_by_person, reaches
from escalation.models import FiringRecipient
from escalation.sight import still_meant
from liaison.kinds import REPLY
from liaison.models import TimelineEntry
from liaison.notice_kinds import limits_of, message_of
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Notice
from workorders.models import Instruction, Reply, WorkOrder

# Who reads an order on the judge's screen; everyone else reads it on the supervision screen.
_AT_THE_DESK = ("handler", "department_leader")


def register_kinds() -> None:
    """Make the notices of this app known."""
    register(
        NoticeKind("order.dispatched", read_orders, inside="order_dispatched"),
        NoticeKind("order.withdrawn", read_orders, inside="order_withdrawn"),
        NoticeKind("order.assist_replied", read_orders, inside="order_assist_replied"),
        NoticeKind("order.reply_rejected", read_orders, inside="order_reply_rejected"),
        NoticeKind("order.urge", read_orders, inside="order_instruction"),
        NoticeKind("order.instruct", read_orders, inside="order_instruction"),
        NoticeKind("order.disputed", read_orders, inside="order_disputed"),
    )


def read_orders(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """Notices about orders; who has lost sight of the order is told no more of it."""
    rows = WorkOrder.objects.filter(pk__in=[notice.subject_id for notice in notices])
    related = rows.select_related(
        "request__contact",
        "request__jurisdiction",
        "request__merged_into",
        "court",
        "department",
        "handler",
        "dispatched_by",
    )
    orders = {order.pk: order for order in related}
    limits = limits_of(order.request_id for order in orders.values())
    people = {notice.person_id for notice in notices if notice.person_id}
    reading = {
        "desk": reaches(people, "orders.read"),
        "supervision": reaches(people, "supervision.read"),
    }
    risen = set(
        FiringRecipient.objects.filter(
            still_meant(posts_by_person(people)),
            firing__clock__kind=REPLY,
            firing__clock__subject_id__in=[order.request_id for order in orders.values()],
        ).values_list("person_id", "firing__clock__subject_id")
    )
    details = _details(notices)

    def context(notice: Notice) -> NoticeContext | None:
        order, person_id = orders.get(notice.subject_id), notice.person_id
        if order is None or person_id is None:
            return None
        desk = notice.params["role"] in _AT_THE_DESK
        reach = reading["desk" if desk else "supervision"][person_id]
        rose = (person_id, order.request_id) in risen
        if not _sees(order, person_id, reach, rose):
            return None
        request = order.request
        return NoticeContext(
            number=request.number,
            limit_at=limits.get(request.pk),
            zone=request.jurisdiction.zone,
            opens=("orders:order", {"public_id": order.public_id})
            if desk
            else ("supervision:request", {"public_id": request.public_id}),
            inside=message_of(request)
            | {
                "is_lead": order.is_lead,
                "court": order.court,
                "department": order.department,
                "handler": order.handler,
                "note": order.note,
                "request_state": request.state,
                "merged_into": request.merged_into.number if request.merged_into else "",
                "dispute": request.dispute_text,
            }
            | details.get(notice.pk, {}),
        )

    return {notice.pk: context(notice) for notice in notices}


def _sees(order: WorkOrder, person_id: int, reach: Reach, rose: bool) -> bool:
    """As on the screens: the own order, what lies within reach, and what rose to the person."""
    if order.handler_id == person_id:
        return True
    within = reach.covers(
        court_id=order.court_id, department_id=order.department_id, handler_id=order.handler_id
    )
    return within or (rose and not reach.is_empty)


def _details(notices: Sequence[Notice]) -> dict[int, dict[str, Any]]:
    """What some kinds tell besides: the instruction, the rejected reply, the assisting one."""
    instructions = Instruction.objects.select_related("person").in_bulk(
        _ids(notices, "instruction")
    )
    replies = Reply.objects.select_related("rejected_by").in_bulk(_ids(notices, "reply"))
    entries = TimelineEntry.objects.select_related("person").in_bulk(_ids(notices, "entry"))
    found: dict[int, dict[str, Any]] = {}
    for notice in notices:
        params = notice.params
        found[notice.pk] = {
            "instruction": instructions.get(params.get("instruction", 0)),
            "reply": replies.get(params.get("reply", 0)),
            "entry": entries.get(params.get("entry", 0)),
            "is_returned": params.get("returned", False),
        }
    return found


def _ids(notices: Sequence[Notice], name: str) -> list[int]:
    return [notice.params[name] for notice in notices if name in notice.params]
