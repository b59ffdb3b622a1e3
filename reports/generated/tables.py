"""The rows of a generated city as lines of COPY, and the ids that they get; pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

_TRACKED = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id")

# What stands in a history too comes first in its table, in the same order.
_CONTACT = (
    "id", "public_id", "phone", "phone_index", "id_number", "id_number_index", "email",
    "language", "refused_channels", "created_at",
)  # fmt: skip
_REQUEST = (
    "id", "public_id", "number", "jurisdiction_id", "court_id", "department_id", "contact_id",
    "channel", "matter", "procedure", "case_number", "case_year", "case_court_code",
    "case_type_code", "case_serial", "case_suffix", "state", "registered_at", "registered_by_id",
    "api_client_id", "triaged_at", "answered_at", "ended_at", "disputed_at", "merged_into_id",
    "follows_id",
)  # fmt: skip
_RATING = ("id", "request_id", "reply_id", "grade", "rated_at", "reply_rejected_at")
_ORDER = (
    "id", "public_id", "request_id", "is_lead", "court_id", "department_id", "handler_id",
    "first_department_id", "first_handler_id", "state", "dispatched_at", "dispatched_by_id",
    "acknowledged_at", "replied_at", "completed_at", "completes_at",
)  # fmt: skip
_REPLY = (
    "id", "order_id", "entry_id", "kind", "person_id", "at", "rejected_at", "rejected_by_id",
)  # fmt: skip

# The columns of each table, in an order in which nothing points to what is not there yet.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "courts_numberseries": ("id", "jurisdiction_id", "day", "last"),
    "notices_contact": (*_CONTACT, "name", "identity_kind"),
    "notices_contactevent": (*_TRACKED, *_CONTACT),
    "cases_case": (
        "id", "public_id", "source", "source_id", "number", "number_key", "court_id",
        "department_id", "department_name", "judge_id", "judge_code", "judge_name",
        "procedure_code", "procedure_name", "cause_code", "cause_name", "filed_on", "closed_on",
        "closing_mode", "sensitivity", "is_withdrawn", "sequence", "digest", "created_at",
        "updated_at",
    ),
    "cases_caseparticipant": (
        "id", "case_id", "source_id", "name", "role", "capacity", "contact_id", "represents_id",
        "represents_source_id", "left_at", "is_removed", "sequence", "digest",
    ),
    "liaison_request": (*_REQUEST, "title", "text", "judge_name", "dispute_text"),
    "liaison_requestevent": (*_TRACKED, *_REQUEST),
    "liaison_timelineentry": (
        "id", "request_id", "kind", "at", "actor", "person_id", "params", "text", "is_public",
    ),
    "liaison_rating": (*_RATING, "remark"),
    "liaison_ratingevent": (*_TRACKED, *_RATING),
    "escalation_clock": (
        "id", "kind", "subject_id", "policy_id", "calendar_version_id", "court_id",
        "department_id", "handler_id", "opened_at", "assigned_at", "limit_name", "fixed_on",
        "fired", "counts_minutes", "limit_at", "next_due_at", "not_before_at", "resumed_at",
        "attempted_at", "stopped_at", "set_aside",
    ),
    "escalation_clockevent": (
        "id", "clock_id", "kind", "at", "court_id", "department_id", "handler_id", "params",
    ),
    "escalation_firing": (
        "id", "clock_id", "step", "occurrence", "level", "day0", "calendar_version_id", "due_at",
        "fired_at", "court_id", "department_id", "handler_id", "was_attempted", "was_settled",
        "is_silent", "detail",
    ),
    "escalation_firingrecipient": ("id", "firing_id", "person_id", "role"),
    "workorders_workorder": (*_ORDER, "note"),
    "workorders_workorderevent": (*_TRACKED, *_ORDER),
    "workorders_reply": (*_REPLY, "rejection_reason"),
    "workorders_replyevent": (*_TRACKED, *_REPLY),
    "workorders_contactrecord": (
        "id", "order_id", "means", "outcome", "is_answer", "summary", "person_id", "at",
    ),
    "workorders_transfer": (
        "id", "order_id", "kind", "from_department_id", "from_handler_id", "to_department_id",
        "to_handler_id", "reason", "person_id", "at",
    ),
    "workorders_instruction": ("id", "order_id", "kind", "text", "person_id", "at"),
    "notices_notice": (
        "id", "public_id", "key", "kind", "person_id", "contact_id", "subject_kind",
        "subject_id", "params", "created_at", "outside_at", "read_at",
    ),
    "notices_delivery": (
        "id", "notice_id", "channel", "state", "next_attempt_at", "attempts", "sent_at",
        "language", "subject", "body", "text_id", "error", "possible_repeats",
    ),
}  # fmt: skip
# The rates of a month and the ladder are counted from these alone.
INDICATORS = frozenset(
    {
        "courts_numberseries", "notices_contact", "liaison_request", "escalation_clock",
        "escalation_clockevent", "escalation_firing", "workorders_workorder",
        "workorders_contactrecord",
    }
)  # fmt: skip


def key_of(table: str) -> str:
    """The primary key of a table."""
    return "pgh_id" if COLUMNS[table][0] == "pgh_id" else "id"


def _text(value: str) -> str:
    # What cannot be printed is rare, and a tab or the end of a line is among it.
    if "\\" in value or not value.isprintable():
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
        return value.replace("\r", "\\r")
    return value


@lru_cache(maxsize=4096)
def _instant(value: datetime) -> str:
    # The same act writes its instant into many rows.
    return value.isoformat()


_CELLS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _value: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _text,
    datetime: _instant,
    date: date.isoformat,
    bytes: lambda value: "\\\\x" + value.hex(),
}


def cells(values: Collection[Any]) -> str:
    """Values as COPY reads them, without the end of the line."""
    return "\t".join([_CELLS[type(value)](value) for value in values])


class Sheets:
    """Lines by table, until they are taken; ids are counted on from ``first_ids``.

    Of a table that is not ``wanted`` ids are counted and no lines kept. UUIDs come from ``seed``.
    """

    def __init__(
        self, first_ids: Mapping[str, int], seed: int, wanted: Collection[str] = COLUMNS
    ) -> None:
        self.next_ids = dict(first_ids)
        self.wanted = frozenset(wanted)
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}
        self.rows = 0
        self._chance = random.Random(f"{seed}:uuid")  # noqa: S311 - not secret

    def new_id(self, table: str) -> int:
        """The next id of a table."""
        number = self.next_ids[table]
        self.next_ids[table] = number + 1
        return number

    def uuid(self) -> str:
        """A UUID (version 4 by its form) that the seed decides."""
        bits = self._chance.getrandbits(128)
        bits = bits & ~(0xF000 << 64) & ~(0xC000 << 48) | (4 << 76) | (0x8000 << 48)
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def put(self, table: str, *values: Any) -> int:
        """Add a row, its id left out of ``values``; returns the id."""
        number = self.new_id(table)
        if table in self.wanted:
            self.lines[table].append(f"{number}\t{cells(values)}")
        return number

    def put_line(self, table: str, line: str) -> None:
        """Add a row whose id was taken before."""
        if table in self.wanted:
            self.lines[table].append(line)

    def put_event(self, table: str, at: datetime, label: str, number: int, tracked: str) -> None:
        """Add a state of a row to its history, as the trigger would at ``at``."""
        if table in self.wanted:
            event = self.new_id(table)
            self.lines[table].append(f"{event}\t{_instant(at)}\t{label}\t{number}\t\\N\t{tracked}")

    @property
    def waiting(self) -> int:
        """How many lines have gathered."""
        return sum(map(len, self.lines.values()))

    def take(self) -> dict[str, bytes]:
        """What has gathered, table by table in the order of ``COLUMNS``; then begin anew."""
        taken = {}
        for table, lines in self.lines.items():
            if lines:
                self.rows += len(lines)
                taken[table] = ("\n".join(lines) + "\n").encode()
                lines.clear()
        return taken
