"""Pages of the standing book (G11, B11)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courts.access import action_required
from courts.forms import run
from courts.models import Person
from courts.roles import Reach
from reports.leadership.asking import reader
from reports.models import Export, SavedView
from reports.standing_book import services
from reports.standing_book.about import facts
from reports.standing_book.book import ACTION, LOOK_THROUGH, Book
from reports.standing_book.columns import TIMELINESS, Column, chosen
from reports.standing_book.forms import BookForm, ViewForm, asked_by
from reports.standing_book.handling import Entry, gather
from reports.standing_book.rules import Timeliness
from reports.standing_book.wishes import Wish
from reports.standing_book.writing import words

book_read = action_required(ACTION)
# How a limit stands, as the components call it.
_CHIPS = {
    Timeliness.IN_TIME: "done",
    Timeliness.LATE: "late",
    Timeliness.OPEN: "running",
    Timeliness.WITHDRAWN: "withdrawn",
    Timeliness.MERGED: "merged",
}


@require_safe
@book_read
def book(http: HttpRequest) -> HttpResponse:
    """The requests within reach that fit the filters, newest first, a row each."""
    person, at = reader(http), timezone.now()
    reach = Reach.of(person, ACTION)
    form = BookForm(http.GET, reach=reach)
    if not form.is_valid():
        if {"court", "department"} & set(form.errors):
            raise Http404  # what one may not see does not exist
        return render(http, "reports/book.html", _frame(http, form, Wish(), []), status=400)
    wish, columns = form.wish(), chosen(form.cleaned_data["column"])
    found = Book.of(person, wish, at=at)
    page = found.page(after=http.GET.get("after", ""), before=http.GET.get("before", ""))
    entries = gather(page.ids, at=at)
    return render(
        http,
        "reports/book.html",
        _frame(http, form, wish, columns)
        | {
            "page": page,
            "count": found.count(),
            "look_through": LOOK_THROUGH,
            "rows": _rows(person, columns, entries),
        },
    )


def _frame(http: HttpRequest, form: BookForm, wish: Wish, columns: list[Column]) -> dict[str, Any]:
    query = _query(wish, http.GET.getlist("column"))
    address = reverse("book:list")
    return {
        "form": form,
        "columns": columns,
        "chosen": {column.name for column in columns},
        "facts": facts(wish),
        "is_filtered": bool(wish.kept()),
        "query": query,
        "view_form": ViewForm(initial={"query": query}),
        "formats": Export.Format.choices,
        "views": [
            {
                "view": view,
                "url": f"{address}?{_query(Wish.of(view.wish), view.columns)}",
            }
            for view in SavedView.objects.filter(person=reader(http))
        ],
    }


def _query(wish: Wish, columns: list[str]) -> str:
    query = QueryDict(mutable=True)
    query.update(wish.kept())
    query.setlist("column", columns)
    return query.urlencode()


def _rows(person: Person, columns: list[Column], entries: list[Entry]) -> list[dict[str, Any]]:
    """Rows with a way to the request, for who may open it: each look there is recorded."""
    reach = Reach.of(person, "supervision.read")
    rows = []
    for entry in entries:
        request = entry.request
        opens = reach.covers(court_id=request.court_id, department_id=request.department_id)
        url = reverse("supervision:request", args=[request.public_id]) if opens else ""
        cells = [_cell(column, entry) for column in columns]
        rows.append({"entry": entry, "url": url, "head": cells[0], "cells": cells[1:]})
    return rows


def _cell(column: Column, entry: Entry) -> dict[str, Any]:
    value = column.value(entry)
    chip = _CHIPS[Timeliness(str(value))] if column.kind == "timeliness" else ""
    return {
        "column": column,
        "value": value,
        "text": words(column, value),
        "chip": chip,
        "chip_label": TIMELINESS[str(value)] if chip else "",
    }


@require_POST
@book_read
def save_view(http: HttpRequest) -> HttpResponse:
    """Keep the filter and the columns of a page under a name."""
    person = reader(http)
    form = ViewForm(http.POST)
    asked = asked_by(str(http.POST.get("query", "")), Reach.of(person, ACTION))
    if not asked.is_valid():
        raise Http404
    view = run(
        form,
        lambda: services.save_view(
            person=person,
            name=form.cleaned_data["name"],
            wish=asked.wish(),
            columns=asked.cleaned_data["column"],
        ),
    )
    if view is None:
        for errors in form.errors.values():
            messages.error(http, " ".join(str(error) for error in errors))
    else:
        messages.success(http, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(f"{reverse('book:list')}?{_query(asked.wish(), asked.cleaned_data['column'])}")


@require_POST
@book_read
def delete_view(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Delete a view of one's own."""
    services.delete_view(person=reader(http), public_id=public_id)
    messages.success(http, _("The view is deleted."))
    return redirect("book:list")
