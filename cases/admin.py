"""The mirror for administrators: only to read. What feeds it has its own room."""

from __future__ import annotations

from django.contrib import admin

from cases import admin_imports  # noqa: F401 - registers its pages
from cases.models import Case, CaseNode, CaseParticipant
from courts.admin import ReadOnlyAdmin


class ParticipantInline(admin.TabularInline):
    """Who takes part; numbers and telephones are not shown here."""

    model = CaseParticipant
    fields = ("name", "role", "capacity", "represents", "left_at", "is_removed", "sequence")
    readonly_fields = fields
    can_delete = False
    extra = 0


class NodeInline(admin.TabularInline):
    """What happened, revision by revision."""

    model = CaseNode
    fields = (
        "kind", "occurred_at", "node_id", "revision", "is_current", "is_withdrawn", "sequence",
        "received_at",
    )  # fmt: skip
    readonly_fields = fields
    can_delete = False
    extra = 0


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Cases as the trial business system knows them."""

    list_display = (
        "number", "court", "department_name", "judge_name", "cause_name", "filed_on", "closed_on",
        "is_withdrawn",
    )  # fmt: skip
    list_filter = ("source", "sensitivity", "is_withdrawn", "court")
    list_select_related = ("court",)
    # By the spelling that is indexed; a hundred thousand numbers are not searched through.
    search_fields = ("=number_key", "=source_id")
    show_full_result_count = False
    exclude = ("digest",)
    inlines = (ParticipantInline, NodeInline)
