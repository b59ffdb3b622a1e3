"""Work orders in Django's administration: to be looked up, never changed past their services."""

from __future__ import annotations

from django.contrib import admin

from courts.admin import ReadOnlyAdmin
from workorders.models import Transfer, WorkOrder


class TransferInline(admin.TabularInline):
    """The order's way through the house (G17)."""

    model = Transfer
    extra = 0
    can_delete = False
    fields = ("kind", "from_department", "to_department", "to_handler", "person", "at")


@admin.register(WorkOrder)
class WorkOrderAdmin(ReadOnlyAdmin):
    """Where orders stand. Their words are read on the screens, where a look is recorded."""

    list_display = (
        "request",
        "is_lead",
        "court",
        "department",
        "handler",
        "state",
        "dispatched_at",
    )
    list_filter = ("state", "is_lead", "court")
    list_select_related = ("request", "court", "department", "handler")
    search_fields = ("request__number",)
    date_hierarchy = "dispatched_at"
    inlines = (TransferInline,)
    fields = (
        "request",
        "is_lead",
        "court",
        "department",
        "handler",
        "first_department",
        "first_handler",
        "state",
        "dispatched_at",
        "acknowledged_at",
        "replied_at",
        "completed_at",
        "completes_at",
    )
