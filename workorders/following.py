"""How orders follow their request: called by the listeners, in the sender's transaction."""

from __future__ import annotations

from datetime import datetime

from courts.models import Department, Person
from liaison.models import Request
from liaison.timeline import record
from workorders.kinds import tell
from workorders.models import Reply, Transfer, WorkOrder
from workorders.services import end, record_transfer


def open_lead(
    *,
    request: Request,
    department: Department,
    handler: Person | None,
    by: Person | None,
    note: str,
    at: datetime,
) -> WorkOrder:
    """Open the lead order of a routed request, or dispatch the one it has again (G5, B6).

    It has one when it was returned, also when the desk then answered and the party disputed
    that. Called by the listener to ``request_routed``, in its transaction.
    """
    rows = WorkOrder.objects.select_for_update()
    order = rows.filter(request=request, is_lead=True).first()
    if order is None:
        order = WorkOrder.objects.create(
            request=request,
            court_id=department.court_id,
            department=department,
            handler=handler,
            first_department=department,
            first_handler=handler,
            dispatched_at=at,
            dispatched_by=by,
            note=note,
        )
        origin: tuple[int | None, int | None] = (None, None)
    else:
        order.dispatch_again()
        origin = (order.department_id, order.handler_id)
        order.court_id, order.department, order.handler = department.court_id, department, handler
        order.acknowledged_at, order.note = None, note
        order.save()
    if note.strip():
        record(request, "dispatch_note", at=at, person=by, text=note.strip())
    record_transfer(order, Transfer.Kind.DISPATCH, at=at, by=by, reason=note, origin=origin)
    tell(order, "order.dispatched", at=at, event=str(order.transfers.count()))
    return order


def end_orders(*, request: Request, at: datetime) -> None:
    """Withdraw the open orders of a request that has ended, or that the desk has answered."""
    end(WorkOrder.objects.filter(request=request), at)


def note_dispute(*, request: Request, at: datetime) -> None:
    """Tell the handler, and who may rule on the reply, that the party disputes it (G9)."""
    order = WorkOrder.objects.select_for_update().get(request=request, is_lead=True)
    reply = Reply.objects.select_related("person").get(order=order, rejected_at__isnull=True)
    tell(order, "order.disputed", at=at, event=at.isoformat(), author=reply.person)
