"""Clocks for administrators, only to read; policies, calendar and sweeps have own rooms."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courts.admin import ReadOnlyAdmin
from escalation import (  # noqa: F401 - register their pages
    admin_calendar,
    admin_courts,
    admin_policy,
    admin_state,
)
from escalation.explain import explain
from escalation.models import Clock, ClockEvent, Firing
from escalation.sweep import take_up


class EventInline(admin.TabularInline):
    """What happened to a clock."""

    model = ClockEvent
    fields = ("at", "kind", "court", "department", "handler")
    readonly_fields = fields
    can_delete = False
    extra = 0


class FiringInline(admin.TabularInline):
    """What a clock has fired."""

    model = Firing
    fields = ("step", "occurrence", "level", "due_at", "fired_at", "is_silent", "detail")
    readonly_fields = fields
    can_delete = False
    extra = 0


@admin.register(Clock)
class ClockAdmin(ReadOnlyAdmin):
    """Clocks with their events and firings; those set aside can be taken up again."""

    list_display = [
        "kind", "subject_id", "court", "department", "opened_at", "limit_at", "next_due_at",
        "stopped_at", "set_aside",
    ]  # fmt: skip
    list_filter = ["kind", ("set_aside", admin.EmptyFieldListFilter), "court__jurisdiction"]
    list_select_related = ["court", "department"]
    search_fields = ["subject_id"]
    inlines = [EventInline, FiringInline]
    actions = ["take_up_again"]
    show_full_result_count = False

    def has_take_up_permission(self, request: HttpRequest) -> bool:
        """Those with the right to change clocks."""
        return admin.ModelAdmin.has_change_permission(self, request)

    @admin.action(description=_("Take up again what was set aside"), permissions=["take_up"])
    def take_up_again(self, request: HttpRequest, queryset: QuerySet[Clock]) -> None:
        """Let the next sweep judge these clocks again."""
        count = take_up(list(queryset.values_list("pk", flat=True)))
        words = ngettext("%(n)d clock taken up.", "%(n)d clocks taken up.", count) % {"n": count}
        self.message_user(request, words, messages.SUCCESS)


@admin.register(Firing)
class FiringAdmin(ReadOnlyAdmin):
    """The rungs that came due."""

    list_display = ["due_at", "fired_at", "step", "level", "clock", "court", "department"]
    list_filter = ["level", "is_silent", "was_settled", "court__jurisdiction"]
    list_select_related = ["clock", "court", "department"]
    date_hierarchy = "due_at"
    show_full_result_count = False
    readonly_fields = ["explanation"]

    @admin.display(description=_("why it fired then, and to whom"))
    def explanation(self, firing: Firing) -> str:
        """Every sentence of the explanation, one below the other."""
        sentences = explain(firing).sentences
        return format_html_join("", "<p>{}</p>", ((sentence,) for sentence in sentences))
