"""Files of the standing book: asked for, watched while they are written, taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courts import date_words
from courts.compression import left_as_it_is
from courts.errors import Refused
from courts.roles import Reach
from reports.leadership.asking import reader
from reports.models import Export, SavedView
from reports.standing_book import exporting, ranges, scheduled, services
from reports.standing_book.about import Facts, facts, facts_of
from reports.standing_book.book import ACTION
from reports.standing_book.forms import ExportForm, RhythmForm, asked_by
from reports.standing_book.views import book_read
from reports.standing_book.wishes import Wish

_MOST_LISTED = 50
_MEDIA = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ERRORS = {
    "not_allowed": gettext_lazy("You may no longer read all that this file was asked for."),
    "given_up": gettext_lazy("It could not be written. Ask again with a narrower filter."),
    "too_many_rows": gettext_lazy("These are too many rows for a workbook. Ask for CSV."),
}


def _mine(http: HttpRequest) -> QuerySet[Export]:
    return Export.objects.filter(person=reader(http))


@require_http_methods(["GET", "HEAD", "POST"])
@book_read
def exports(http: HttpRequest) -> HttpResponse:
    """One's own files; by POST a new one is asked for."""
    if http.method == "POST":
        return _ask(http)
    mine = list(_mine(http)[:_MOST_LISTED])
    asked = facts_of([Wish.of(one.wish) for one in mine])
    rows = [shown(one, its) for one, its in zip(mine, asked, strict=True)]
    today = timezone.localdate()
    kept = list(SavedView.objects.filter(person=reader(http)).select_related("person"))
    unwritten = scheduled.unwritten(kept, at=timezone.now())
    views = [
        {
            "view": view,
            "form": RhythmForm.of(view),
            "next": scheduled.comes_on(view, today),
            "is_unwritten": view.pk in unwritten,
        }
        for view in kept
    ]
    keep_days = settings.EXPORT_KEEP_DAYS
    context = {
        "rows": rows,
        "views": views,
        "keep_days": keep_days,
        "keep_days_longer": keep_days + services.KEPT_LONGER.days,
    }
    return render(http, "reports/book_exports.html", context)


def _ask(http: HttpRequest) -> HttpResponse:
    person = reader(http)
    form = ExportForm(http.POST)
    asked = asked_by(str(http.POST.get("query", "")), Reach.of(person, ACTION))
    if not form.is_valid() or not asked.is_valid():
        raise Http404
    try:
        export = services.ask_for_export(
            person=person,
            wish=asked.wish(),
            columns=asked.cleaned_data["column"],
            form=form.cleaned_data["form"],
        )
    except Refused as refused:
        messages.error(http, str(refused.text))
        return redirect("book:exports")
    return redirect("book:export", export.public_id)


@require_POST
@book_read
def set_rhythm(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Have a view of one's own written to a file by itself, or no more."""
    form = RhythmForm(http.POST)
    if not form.is_valid():
        raise Http404
    try:
        view = scheduled.set_rhythm(person=reader(http), public_id=public_id, **form.cleaned_data)
    except SavedView.DoesNotExist:
        raise Http404 from None
    day = scheduled.comes_on(view, timezone.localdate())
    if day is None:
        text = _("No file of “%(name)s” comes by itself.") % {"name": view.name}
    else:
        zone = timezone.get_current_timezone()
        words = {"name": view.name, "date": date_words.day_spoken(day, get_language() or "", zone)}
        text = _("The next file of “%(name)s” comes on %(date)s.") % words
    messages.success(http, text)
    return redirect("book:exports")


@require_safe
@book_read
def export(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far a file is, and the way to it."""
    one = get_object_or_404(_mine(http), public_id=public_id)
    return render(http, "reports/book_export.html", {"one": shown(one, facts(Wish.of(one.wish)))})


@require_safe
@book_read
def progress(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that is read again while the file is being written."""
    one = get_object_or_404(_mine(http), public_id=public_id)
    return render(http, "reports/_book_work.html", {"one": shown(one, [])})


@require_POST
@book_read
def remove(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give up a file, or the writing of it."""
    try:
        services.remove_export(person=reader(http), public_id=public_id)
    except Export.DoesNotExist:
        raise Http404 from None
    messages.success(http, _("The file is removed."))
    return redirect("book:exports")


@require_safe
@book_read  # type: ignore[arg-type] # its answer streams
def file(http: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The file, or the part of it that is asked for; each time is put on record."""
    person = reader(http)
    one = get_object_or_404(_mine(http), public_id=public_id)
    if not services.may_take(one, person):
        raise Http404
    etag, size = f'"{one.public_id}"', one.bytes_done
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Content-Disposition": f'attachment; filename="{file_name(one)}"',
    }
    known = parse_etags(http.headers.get("If-None-Match", ""))
    if "*" in known or etag in [one.removeprefix("W/") for one in known]:
        return HttpResponseNotModified(headers=headers)
    # Of HEAD a range is no part (RFC 9110, 14.2).
    range_asked = http.headers.get("Range", "") if http.method == "GET" else ""
    try:
        asked_for = ranges.wanted(
            range_asked, http.headers.get("If-Range", ""), etag=etag, size=size
        )
    except ranges.Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = asked_for or (0, size - 1)
    status = 206 if asked_for else 200
    if asked_for:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    media = _MEDIA[Export.Format(one.format)]
    if http.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type=media)
    services.record_download(export=one, person=person)
    answer = StreamingHttpResponse(
        exporting.read(one, first, last), status=status, headers=headers, content_type=media
    )
    return left_as_it_is(answer)


def file_name(one: Export) -> str:
    """The file's name: what it is, and when it was asked for."""
    at = timezone.localtime(one.asked_at)
    return f"standing-book-{at:%Y%m%d-%H%M}.{one.format}"


def shown(one: Export, asked: Facts) -> dict[str, Any]:
    """What pages show of an export; ``asked`` are the facts of its filter."""
    state = {"done": "done", "failed": "failed", "removed": "removed"}.get(one.state, "running")
    estimate = one.rows_estimate or 0
    urls = {
        name: reverse(f"book:{name}", args=[one.public_id])
        for name in ("export", "export_progress", "file", "remove_export")
    }
    return {
        "export": one,
        "state": state,
        "title": f"{one.get_format_display()} · {file_name(one)}",
        "facts": asked,
        "error": str(_ERRORS.get(one.error, "")),
        "rows_done": one.rows_done,
        # An estimate that was passed says nothing more.
        "of": estimate if estimate and one.rows_done <= estimate else 0,
        "name": file_name(one),
        "chip": "withdrawn" if one.state == Export.State.REMOVED else state,
        "export_url": urls.pop("export"),
        **urls,
    }
