"""The calendar for administrators: days entered and taken back, public schedules imported."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courts import calendar
from courts.admin import ReadOnlyAdmin
from courts.forms import run
from courts.models import CalendarEntry, CalendarVersion, OfficialYear, Person
from courts.schedule_import import FaultySchedule, Schedule, read
from escalation.calendar_changes import DayChange, change_calendar
from escalation.calendar_forms import (
    CalendarChangeForm,
    ScheduleConfirmForm,
    ScheduleFileForm,
    TakeBackForm,
)
from escalation.public_schedules import Preview, announced_by, import_schedule, preview


@admin.register(CalendarEntry)
class CalendarEntryAdmin(ReadOnlyAdmin):
    """Days entered over the public schedule. They change by versions, never in place."""

    list_display = [
        "date", "is_business_day", "name", "is_public", "jurisdiction", "court", "added_in",
        "removed_in",
    ]  # fmt: skip
    list_filter = ["is_business_day", "jurisdiction", ("removed_in", admin.EmptyFieldListFilter)]
    list_select_related = ["jurisdiction", "court", "added_in", "removed_in"]
    search_fields = ["name", "court__name"]
    date_hierarchy = "date"
    actions = ["take_back"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who have the right; the days then go through a change of the calendar."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_take_back_permission(self, request: HttpRequest) -> bool:
        """Those who may enter days."""
        return self.has_add_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Enter days. Not in one transaction: running clocks are counted anew batch by batch."""
        if not self.has_add_permission(request):
            return self._back()
        form = CalendarChangeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self._change(
                request,
                form,
                form.entries(),
                reason=form.cleaned_data["reason"],
                approval=form.cleaned_data["approval"],
                reaching_back=form.cleaned_data["reaching_back"],
                official_years=form.official_years(),
            )
            if form.is_valid():
                return self._back()
        return self._page(request, form, _("Enter days"))

    @admin.action(description=_("Take back selected entries"), permissions=["take_back"])
    def take_back(
        self, request: HttpRequest, queryset: QuerySet[CalendarEntry]
    ) -> HttpResponse | None:
        """Ask for the reason, then let the wider rule hold again on these days."""
        standing = list(
            queryset.filter(removed_in__isnull=True).select_related("jurisdiction", "court")
        )
        if not standing:
            self.message_user(request, _("These entries were taken back before."), messages.WARNING)
            return None
        form = TakeBackForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            entries = [
                DayChange(row.date, None, jurisdiction=row.jurisdiction, court=row.court)
                for row in standing
            ]
            self._change(request, form, entries, **form.cleaned_data)
            if form.is_valid():
                return None
        selected = {"selected": standing, "field_name": ACTION_CHECKBOX_NAME}
        return self._page(request, form, _("Take back selected entries"), more=selected)

    def get_urls(self) -> list[Any]:
        """The list's own addresses, and that of the import."""
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="courts_calendarentry_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file, show what it changes, and enter it when that is confirmed.

        Not in one transaction, as with days.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "text" in request.POST:
            return self._confirmed(request)
        form = ScheduleFileForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._page(request, form, _("Import a public schedule"))
        given = form.cleaned_data
        schedule, jurisdiction = given["schedule"], given["jurisdiction"]
        shown = preview(schedule, jurisdiction=jurisdiction)
        years = [] if jurisdiction else announced_by(schedule)
        confirm = ScheduleConfirmForm(
            years=years,
            initial={
                "text": given["file"],
                "jurisdiction": jurisdiction,
                "seen_version_id": shown.version_id,
                "reason": given["reason"],
                "official_years": years,
            },
        )
        return self._preview(request, confirm, schedule, shown)

    def _confirmed(self, request: HttpRequest) -> HttpResponse:
        try:
            schedule = read(request.POST["text"], calendar.YEARS)
        except FaultySchedule:
            raise SuspiciousOperation from None  # not what was shown
        years = [] if request.POST.get("jurisdiction") else announced_by(schedule)
        form = ScheduleConfirmForm(request.POST, years=years)
        if form.is_valid():
            assert isinstance(request.user, Person)
            given = {name: form.cleaned_data[name] for name in form.fields if name != "text"}
            version = run(form, import_schedule, schedule=schedule, by=request.user, **given)
            if version is not None:
                self._say_done(request, version.added.count())
            if form.is_valid():
                return self._back()
        shown = preview(schedule, jurisdiction=form.cleaned_data.get("jurisdiction"))
        again = request.POST.copy()
        again["seen_version_id"] = str(shown.version_id)
        form.data = again
        return self._preview(request, form, schedule, shown)

    def _preview(
        self,
        request: HttpRequest,
        form: ScheduleConfirmForm,
        schedule: Schedule,
        shown: Preview,
    ) -> HttpResponse:
        context = {
            "schedule": schedule,
            "preview": shown,
            "changes_anything": bool(shown.differences or "official_years" in form.fields),
        }
        title = _("What the schedule changes")
        return self._page(request, form, title, "admin/schedule_preview.html", context)

    def _change(
        self, request: HttpRequest, form: forms.Form, entries: list[DayChange], **words: Any
    ) -> None:
        assert isinstance(request.user, Person)
        version = run(form, change_calendar, entries=entries, by=request.user, **words)
        if version is not None:
            self._say_done(request, len(entries))

    def _say_done(self, request: HttpRequest, days: int) -> None:
        changed = ngettext(
            "%(days)d day changed; running clocks were counted anew.",
            "%(days)d days changed; running clocks were counted anew.",
            days,
        )
        said = changed % {"days": days} if days else _("The year counts as announced.")
        self.message_user(request, said, messages.SUCCESS)

    def _page(
        self,
        request: HttpRequest,
        form: forms.Form,
        title: Any,
        template: str = "admin/calendar_change.html",
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> HttpResponse:
        context = admin.site.each_context(request) | {
            "title": title,
            "form": form,
            "opts": self.opts,
            **more,
        }
        return TemplateResponse(request, template, context)

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:courts_calendarentry_changelist"))


@admin.register(CalendarVersion)
class CalendarVersionAdmin(ReadOnlyAdmin):
    """Every change of the calendar, with who and why."""

    list_display = ["id", "entered_at", "entered_by", "reason", "reaching_back"]
    list_select_related = ["entered_by"]


@admin.register(OfficialYear)
class OfficialYearAdmin(ReadOnlyAdmin):
    """Years declared official before the installed schedule knew them."""

    list_display = ["year", "source", "version"]
    list_select_related = ["version"]
