"""Files handed in, how far they are, and the lines that could not be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from cases.imports.reasons import file_error_words, reason_words
from cases.models import ImportRun, RejectedLine
from cases.models.case import DEFAULT_SOURCE
from cases.services import drop_line, hand_in, replay_line
from courts.admin import ReadOnlyAdmin
from courts.errors import WrongState
from courts.forms import run
from courts.models import Person

_COUNTS = (
    "lines_done", "created", "updated", "unchanged", "out_of_date", "rejected", "replayed",
    "not_in_file",
)  # fmt: skip


class ImportFileForm(forms.Form):
    """A file of the trial business system."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or JSON lines, as the integrator’s guide describes.")
    )
    kind = forms.ChoiceField(
        label=_("What it holds"),
        choices=[
            (ImportRun.Kind.INCREMENTAL, _("what has changed")),
            (ImportRun.Kind.FULL, _("all cases")),
        ],
    )
    source = forms.CharField(
        label=pgettext_lazy("of records", "Source"), initial=DEFAULT_SOURCE, max_length=20
    )


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """What fed the mirror: files, and what came by the machine interface day by day."""

    list_display = (
        "file_name", "kind", "source", "state", "share", "created", "updated", "unchanged",
        "out_of_date", "rejected", "created_at",
    )  # fmt: skip
    list_filter = ("state", "kind", "source")
    show_full_result_count = False
    change_form_template = "admin/import_run.html"

    @admin.display(description=_("done"))
    def share(self, one: ImportRun) -> str:
        """How far it is."""
        return f"{one.share_done:.0%}" if one.bytes_total else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who have the right; the file then goes through the import."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take a file; a worker imports it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportFileForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            assert isinstance(request.user, Person)
            given = form.cleaned_data
            file = given["file"]
            handed_in = run(
                form,
                hand_in,
                pieces=file.chunks(),
                file_name=file.name,
                kind=given["kind"],
                source=given["source"],
                by=request.user,
            )
            if handed_in is not None:
                return HttpResponseRedirect(
                    reverse("admin:cases_importrun_change", args=[handed_in.pk])
                )
        context = admin.site.each_context(request) | {
            "title": _("Import a file"),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/import_file.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A run: how far it is, what came of it, what could not be taken."""
        found = self.get_object(request, object_id)
        more = progress(found) if found is not None else {}
        return super().change_view(
            request, object_id, form_url, extra_context=(extra_context or {}) | more
        )

    def get_urls(self) -> list[Any]:
        """With the part of a run's page that is read again while it goes on."""
        view = require_safe(self.admin_site.admin_view(self.progress_view))
        return [
            path("<int:pk>/progress/", view, name="cases_importrun_progress"),
            *super().get_urls(),
        ]

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Progress and counts."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = ImportRun.objects.filter(pk=pk).first()
        if found is None:
            raise Http404
        return TemplateResponse(request, "admin/_import_progress.html", progress(found))


def progress(one: ImportRun) -> dict[str, Any]:
    """What a run's page shows of how it stands."""
    fields = {name: one._meta.get_field(name) for name in _COUNTS}
    return {
        "run": one,
        "is_open": one.state in (ImportRun.State.WAITING, ImportRun.State.RUNNING),
        "percent": int(one.share_done * 100),
        "error_words": file_error_words(one.error) if one.error else "",
        "changed_nothing": one.state == ImportRun.State.ENDED
        and not (one.created or one.updated or one.replayed),
        "counts": [
            (getattr(field, "verbose_name", name), getattr(one, name))
            for name, field in fields.items()
            if getattr(one, name) is not None
        ],
    }


@admin.register(RejectedLine)
class RejectedLineAdmin(ReadOnlyAdmin):
    """Lines that could not be taken. What stood in them is not shown: look in the file."""

    list_display = ("run", "line_number", "record_kind", "field", "words", "waits_for", "state")
    list_filter = ("state", "reason", "record_kind", "source")
    list_select_related = ("run",)
    search_fields = ("=waits_for", "=run__id")
    show_full_result_count = False
    fields = (
        "run", "line_number", "record_kind", "field", "words", "waits_for", "state", "rejected_at",
        "settled_at", "settled_by",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("replay", "drop")

    @admin.display(description=_("reason"))
    def words(self, line: RejectedLine) -> str:
        """Why, in words."""
        return reason_words(line.reason, line.params)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Those who may change lines."""
        return admin.ModelAdmin.has_change_permission(self, request)

    @admin.action(description=_("Replay selected lines"), permissions=["settle"])
    def replay(self, request: HttpRequest, queryset: QuerySet[RejectedLine]) -> None:
        """Try lines again, as they came."""
        done, left = _each(request, queryset, replay_line)
        self._say(request, ngettext("%d line was taken.", "%d lines were taken.", done), done)
        if left:
            words = ngettext("%d line was not taken.", "%d lines were not taken.", left)
            self._say(request, words, left, messages.WARNING)

    @admin.action(description=_("Drop selected lines"), permissions=["settle"])
    def drop(self, request: HttpRequest, queryset: QuerySet[RejectedLine]) -> None:
        """Give lines up."""

        def dropped(**given: Any) -> bool:
            drop_line(**given)
            return True

        done, _left = _each(request, queryset, dropped)
        self._say(request, ngettext("%d line was dropped.", "%d lines were dropped.", done), done)

    def _say(
        self, request: HttpRequest, words: str, number: int, level: int = messages.SUCCESS
    ) -> None:
        self.message_user(request, words % number, level)


def _each(
    request: HttpRequest, lines: QuerySet[RejectedLine], verb: Callable[..., bool]
) -> tuple[int, int]:
    """Settle lines one by one, the oldest first; how many were settled, and how many were not."""
    assert isinstance(request.user, Person)
    done = left = 0
    for pk in lines.order_by("id").values_list("pk", flat=True):
        try:
            taken = verb(line_id=pk, by=request.user)
        except WrongState:  # somebody was faster, or it came by itself
            taken = False
        done, left = done + taken, left + (not taken)
    return done, left
