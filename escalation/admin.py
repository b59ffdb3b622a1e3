"""Policies, calendar, clocks and sweeps for administrators; all but the calendar only to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from courts.admin import ReadOnlyAdmin
from courts.forms import run
from courts.models import CalendarEntry, CalendarVersion, Court, Jurisdiction, OfficialYear, Person
from escalation.admin_policy import PolicyVersionAdmin as PolicyVersionAdmin
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import Clock, ClockEvent, Firing, SweepRun
from escalation.sweep import take_up

_MOST_DAYS = 60


class CalendarChangeForm(forms.Form):
    """Days that are, or are not, business days from now on."""

    date = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until, including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Left empty: the one day."),
    )
    is_business_day = forms.TypedChoiceField(
        label=_("These days are"),
        choices=[("no", _("days off")), ("yes", _("business days"))],
        coerce=lambda value: value == "yes",
        required=False,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=pgettext_lazy("of a day", "Name"),
        max_length=60,
        required=False,
        help_text=_("Shown on the ladder bar, such as a typhoon's."),
    )
    jurisdiction = forms.ModelChoiceField(
        label=_("Jurisdiction"),
        queryset=Jurisdiction.objects.all(),
        required=False,
        empty_label=_("all"),
    )
    court = forms.ModelChoiceField(
        label=_("Court"),
        queryset=Court.objects.filter(jurisdiction__isnull=False),
        required=False,
        empty_label=_("all courts of the jurisdiction"),
    )
    year = forms.IntegerField(
        label=_("Year whose schedule is announced"),
        required=False,
        help_text=_("With its last days entered: its dates are no longer marked as provisional."),
    )
    source = forms.CharField(label=_("Notice that announces it"), max_length=200, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    approval = forms.CharField(
        label=_("Approval of the superior court"),
        max_length=90,
        required=False,
        help_text=_("For a court's own closure: the file number."),
    )

    def clean(self) -> dict[str, Any]:
        """Days, or a year, or both; the last day is not before the first, and not far from it."""
        data = super().clean() or {}
        if data.get("date") or not data.get("year"):
            for name in ("date", "is_business_day", "name"):
                if name not in self.errors and data.get(name) in (None, ""):
                    self.add_error(name, self.fields[name].error_messages["required"])
        first, last = data.get("date"), data.get("until")
        if first and last and not first <= last <= first + timedelta(days=_MOST_DAYS):
            self.add_error("until", _("At most 60 days after the first."))
        return data

    def entries(self) -> list[DayChange]:
        """The days of a valid form."""
        data = self.cleaned_data
        if data["date"] is None:
            return []
        first: date = data["date"]
        last: date = data["until"] or first
        return [
            DayChange(
                date=first + timedelta(days=offset),
                is_business_day=data["is_business_day"],
                name=data["name"],
                jurisdiction=data["jurisdiction"],
                court=data["court"],
            )
            for offset in range((last - first).days + 1)
        ]

    def official_years(self) -> dict[int, str]:
        """The year of a valid form that is declared official, with its source."""
        data = self.cleaned_data
        return {data["year"]: data["source"]} if data["year"] is not None else {}


class TakeBackForm(forms.Form):
    """Why entries are taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


@admin.register(CalendarEntry)
class CalendarEntryAdmin(ReadOnlyAdmin):
    """Days entered over the public schedule. They change by versions, never in place."""

    list_display = [
        "date", "is_business_day", "name", "jurisdiction", "court", "added_in", "removed_in",
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
            self._change(request, form, entries, reason=form.cleaned_data["reason"])
            if form.is_valid():
                return None
        return self._page(request, form, _("Take back selected entries"), standing)

    def _change(
        self, request: HttpRequest, form: forms.Form, entries: list[DayChange], **words: Any
    ) -> None:
        assert isinstance(request.user, Person)
        version = run(form, change_calendar, entries=entries, by=request.user, **words)
        if version is not None and not entries:
            self.message_user(request, _("The year counts as announced."), messages.SUCCESS)
        elif version is not None:
            self.message_user(
                request,
                ngettext(
                    "%(days)d day changed; running clocks were counted anew.",
                    "%(days)d days changed; running clocks were counted anew.",
                    len(entries),
                )
                % {"days": len(entries)},
                messages.SUCCESS,
            )

    def _page(
        self,
        request: HttpRequest,
        form: forms.Form,
        title: Any,
        selected: Sequence[CalendarEntry] = (),
    ) -> HttpResponse:
        context = admin.site.each_context(request) | {
            "title": title,
            "form": form,
            "opts": self.opts,
            "selected": selected,
            "field_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/calendar_change.html", context)

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:courts_calendarentry_changelist"))


@admin.register(CalendarVersion)
class CalendarVersionAdmin(ReadOnlyAdmin):
    """Every change of the calendar, with who and why."""

    list_display = ["id", "entered_at", "entered_by", "reason"]
    list_select_related = ["entered_by"]


@admin.register(OfficialYear)
class OfficialYearAdmin(ReadOnlyAdmin):
    """Years declared official before the installed schedule knew them."""

    list_display = ["year", "source", "version"]
    list_select_related = ["version"]


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


@admin.register(SweepRun)
class SweepRunAdmin(ReadOnlyAdmin):
    """Whether the clocks are being swept, and how long it takes."""

    list_display = ["started_at", "ended_at", "seconds", "clocks", "firings", "set_aside"]
    show_full_result_count = False

    @admin.display(description=_("seconds"))
    def seconds(self, run: SweepRun) -> str:
        """How long the sweep took."""
        if run.ended_at is None:
            return "–"
        return f"{(run.ended_at - run.started_at).total_seconds():.1f}"
