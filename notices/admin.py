"""The way of notices for administrators: states and errors, never words or addresses."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notices import admin_gateways, admin_texts, services  # noqa: F401 - two register their pages
from notices.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """What is waiting, what failed and why; given-up deliveries can be put back in line."""

    list_display = ("kind", "channel", "state", "attempts", "error", "next_attempt_at", "sent_at",
                    "receipt")  # fmt: skip
    list_filter = ["state", "channel", "receipt", "notice__kind"]
    list_select_related = ["notice"]
    fields = (
        "kind",
        "channel",
        "language",
        "text",
        "state",
        "attempts",
        "error",
        "next_attempt_at",
        "sent_at",
        "receipt",
        "receipt_at",
        "provider_id",
        "cost",
        "currency",
        "possible_repeats",
    )
    readonly_fields = fields
    ordering = ["-id"]
    show_full_result_count = False
    actions = ["try_again"]

    @admin.display(description=_("kind"), ordering="notice__kind")
    def kind(self, delivery: Delivery) -> str:
        """The kind of the notice."""
        return delivery.notice.kind

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Notices are written by what happens, never by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the action changes anything."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deliveries are a record."""
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Who may change deliveries may put them back in line."""
        return request.user.has_perm("notices.change_delivery")

    @admin.action(description=_("Try again what was given up"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Put given-up deliveries back in line."""
        count = services.try_again(delivery_ids=queryset.values_list("pk", flat=True))
        text = ngettext(
            "%(n)d delivery is tried again.", "%(n)d deliveries are tried again.", count
        )
        self.message_user(request, text % {"n": count}, messages.SUCCESS)
