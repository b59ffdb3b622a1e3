"""Requests in Django's administration: to be looked up, never changed past their services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from liaison.models import Rating, Request, TimelineEntry


class ReadOnly(admin.ModelAdmin):
    """A model that only services write."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never: rows come from services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a move belongs to the lifecycle."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what was asked stays on record."""
        return False


@admin.register(Request)
class RequestAdmin(ReadOnly):
    """Where requests stand. Their words are read at the desk, where a look is recorded."""

    list_display = ("number", "court", "matter", "channel", "state", "registered_at")
    list_filter = ("state", "matter", "channel", "court")
    list_select_related = ("court",)
    search_fields = ("number", "case_number")
    date_hierarchy = "registered_at"
    fields = (
        "number",
        "court",
        "department",
        "channel",
        "matter",
        "procedure",
        "case_number",
        "state",
        "registered_at",
        "triaged_at",
        "answered_at",
        "ended_at",
        "merged_into",
        "follows",
    )


@admin.register(TimelineEntry)
class TimelineEntryAdmin(ReadOnly):
    """What happened, as code and parameters."""

    list_display = ("request", "kind", "at", "actor", "is_public")
    list_filter = ("kind", "actor")
    list_select_related = ("request",)
    search_fields = ("request__number",)
    fields = ("request", "kind", "at", "actor", "person", "params", "is_public")


@admin.register(Rating)
class RatingAdmin(ReadOnly):
    """What parties think of replies; their remarks are read on the requests' own pages."""

    list_display = ("request", "grade", "rated_at", "reply_rejected_at")
    list_filter = ("grade",)
    list_select_related = ("request",)
    search_fields = ("request__number",)
    fields = ("request", "grade", "rated_at", "reply_rejected_at")
