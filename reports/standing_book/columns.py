"""The columns of the standing book: one table for page, CSV and workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courts.date_words import last_day
from liaison.lifecycle import RequestState
from notices.models import mask
from reports.standing_book.handling import Entry
from reports.standing_book.rules import Timeliness

# What a cell holds: text, a whole number, a local instant, a local day, how a limit stands.
Kind = Literal["text", "number", "instant", "day", "timeliness"]
Value = str | int | datetime | date | None
# What stands under it in a workbook: the number of rows, a sum, a mean, the share in time.
Total = Literal["", "count", "sum", "mean", "share"]

TIMELINESS: dict[str, Any] = {
    Timeliness.IN_TIME: _("In time"),
    Timeliness.LATE: _("Late"),
    Timeliness.OPEN: _("Not yet due"),
    Timeliness.WITHDRAWN: _("Withdrawn before the limit"),
    Timeliness.MERGED: _("Merged"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, what it holds and how wide it is on a sheet, in characters."""

    name: str
    label: Any
    kind: Kind
    value: Callable[[Entry], Value]
    width: int = 12
    total: Total = ""
    is_shown: bool = True


def _at(instant: datetime | None, entry: Entry) -> datetime | None:
    """An instant as the clock on the court's wall shows it."""
    return None if instant is None else instant.astimezone(entry.zone)


def _rung(level: int) -> Callable[[Entry], Value]:
    return lambda entry: _at(entry.rungs.get(level), entry)


def _ended(state: str) -> Callable[[Entry], Value]:
    def value(entry: Entry) -> Value:
        request = entry.request
        return _at(request.ended_at, entry) if request.state == state else None

    return value


def _limit(entry: Entry) -> Value:
    return None if entry.limit_at is None else last_day(entry.limit_at, entry.zone)


def _text(value: object) -> str:
    return "" if value is None else str(value)


COLUMNS: Sequence[Column] = (
    Column("number", _("Request"), "text", lambda e: e.request.number, 20, "count"),
    Column(
        "registered", _("Registered"), "instant", lambda e: _at(e.request.registered_at, e), 17
    ),
    Column("channel", _("Channel"), "text", lambda e: e.request.get_channel_display(), 16),
    Column("matter", _("Matter"), "text", lambda e: e.request.get_matter_display(), 18),
    Column(
        "procedure",
        _("Procedure"),
        "text",
        lambda e: e.request.get_procedure_display(),
        18,
        is_shown=False,
    ),
    Column("court", _("Court"), "text", lambda e: e.request.court.display_name, 24),
    Column("department", _("Department"), "text", lambda e: _text(e.request.department), 18),
    Column(
        "handler", _("Handler"), "text", lambda e: e.handler.display_name if e.handler else "", 12
    ),
    Column(
        "first_handler",
        _("First handler"),
        "text",
        lambda e: e.first_handler.display_name if e.first_handler else "",
        12,
        is_shown=False,
    ),
    Column(
        "party",
        _("Party"),
        "text",
        lambda e: mask(e.request.contact.name, keep_start=1, keep_end=0),
        10,
        is_shown=False,
    ),
    Column("case_number", _("Case number"), "text", lambda e: e.request.case_number, 26),
    Column("state", _("State"), "text", lambda e: e.request.get_state_display(), 14),
    Column(
        "accepted_at",
        _("Accepted at"),
        "instant",
        lambda e: _at(e.request.triaged_at, e),
        17,
        is_shown=False,
    ),
    Column(
        "accepted",
        _("Accepted in time"),
        "timeliness",
        lambda e: e.accepted.value,
        14,
        "share",
        is_shown=False,
    ),
    Column("limit", _("Limit ends"), "day", _limit, 12),
    Column(
        "answered", _("Answered at"), "instant",
        lambda e: _at(e.request.answered_at, e), 17,
    ),
    Column(
        "business_days", _("Business days to reply"), "number",
        lambda e: e.business_days, 10, "mean",
    ),
    Column("completed", _("On time"), "timeliness", lambda e: e.completed.value, 14, "share"),
    Column(
        "rating", _("Rating"), "text",
        lambda e: e.rating.get_grade_display() if e.rating else "", 12,
    ),
    Column(
        "rungs", pgettext_lazy("which", "Rungs fired"), "text",
        lambda e: " ".join(str(one) for one in sorted(e.rungs)), 10,
    ),
    *(
        Column(f"rung_{level}", label, "instant", _rung(level), 17, is_shown=False)
        for level, label in (
            (1, _("Rung 1 due")), (2, _("Rung 2 due")), (3, _("Rung 3 due")), (4, _("Rung 4 due"))
        )
    ),
    Column("returns", _("Returns"), "number", lambda e: e.returns, 8, "sum"),
    Column("reassignments", _("Reassignments"), "number", lambda e: e.reassignments, 8, "sum"),
    Column("rejections", _("Replies rejected"), "number", lambda e: e.rejections, 8, "sum"),
    Column("attempts", _("Contact attempts"), "number", lambda e: e.attempts, 8, "sum"),
    Column("contacts", _("Party reached"), "number", lambda e: e.contacts, 8, "sum"),
    Column(
        "reached_at",
        _("First reached"),
        "instant",
        lambda e: _at(e.reached_at, e),
        17,
        is_shown=False,
    ),
    Column(
        "merged_into",
        _("Merged into"),
        "text",
        lambda e: e.request.merged_into.number if e.request.merged_into else "",
        20,
        is_shown=False,
    ),
    Column(
        "withdrawn", _("Withdrawn at"), "instant",
        _ended(RequestState.WITHDRAWN), 17, is_shown=False,
    ),
    Column(
        "closed", _("Closed at"), "instant",
        _ended(RequestState.CLOSED), 17, is_shown=False,
    ),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
SHOWN = tuple(column.name for column in COLUMNS if column.is_shown)


def chosen(names: Iterable[str]) -> list[Column]:
    """The columns of these names in the book's own order, the number always first.

    Of no known name: those that are shown to who has chosen none.
    """
    wanted = set(names) & set(BY_NAME) or set(SHOWN)
    return [column for column in COLUMNS if column.name in wanted | {COLUMNS[0].name}]
