"""Counting business days inside a statement, for a whole column of local dates.

Two arrays hold, for each date, how many business days lie at or before it, and the business days
in order, of one calendar after the other; a statement joins one short row per calendar, which says
where its part lies. Counting is then two look-ups, without a table to keep and without a loop; a
join on rows of days takes four times as long. Say::

    counted = relation({court.pk: calendar.present(court.pk) for court in courts})
    with out_of_calendar():
        cursor.execute(
            f"WITH {counted.sql} SELECT {nth_after('matter.day0', '4')} FROM matter"
            " JOIN business_calendar ON business_calendar.id = matter.court_id",
            counted.params,
        )
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import DataError

from courts.business_days import BusinessCalendar, OutOfCalendar

_MARK = "out of calendar: "
# Read once for the whole statement: no row, sort or hash carries the arrays along.
_DAYS = "((SELECT days FROM business_count))"
_PASSED = "((SELECT passed FROM business_count))"


@dataclass(frozen=True)
class Relation:
    """The common table expressions that counting needs, and their parameters."""

    sql: str
    params: dict[str, object]


def relation(calendars: Mapping[int, BusinessCalendar]) -> Relation:
    """The calendars as rows of ``business_calendar``, each found by the ``id`` it is given under.

    The ids are the caller's: of courts, most often. At least one is needed.
    """
    rows: list[str] = []
    params: dict[str, object] = {}
    all_passed: list[int] = []
    all_business: list[date] = []
    for number, (key, calendar) in enumerate(calendars.items()):
        business, passed = calendar.as_arrays()
        row = {
            "id": key,
            "first": calendar.first,
            "last": calendar.last,
            "passed_from": len(all_passed) + 1,
            "business_until": len(all_business) + len(business),
        }
        all_passed += [len(all_business) + count for count in passed]
        all_business += business
        named = {f"business_calendar_{number}_{name}": value for name, value in row.items()}
        rows.append("(" + ", ".join(f"%({name})s" for name in named) + ")")
        params |= named
    params["business_calendar_passed"] = _array(all_passed)
    params["business_calendar_days"] = _array(day.isoformat() for day in all_business)
    return Relation(
        "business_count (passed, days) AS MATERIALIZED (VALUES"
        " (%(business_calendar_passed)s::int[], %(business_calendar_days)s::date[])),"
        " business_calendar (id, first, last, passed_from, business_until) AS MATERIALIZED"
        f" (VALUES {', '.join(rows)})",
        params,
    )


def nth_after(day0: str, n: str) -> str:
    """The SQL of business day ``n`` (1 or more) after the date ``day0``, both given as SQL.

    Null where either is. The statement fails where the calendar does not know the year, or where
    ``n`` is less than 1: see ``out_of_calendar``.
    """
    index = f"{_passed(day0)} + ({n})"
    inside = f"({n}) >= 1 AND {index} <= business_calendar.business_until"
    found = f"{_DAYS}[CASE WHEN {inside} THEN {index} END]"
    return f"coalesce({found}, {_refused(day0, n)})"


def number_of(day0: str, day: str) -> str:
    """The SQL of how many business days lie after ``day0`` up to and including ``day`` (0 if none).

    Both are dates given as SQL; null where either is. Fails like ``nth_after``.
    """
    counted = f"{_passed(day)} - {_passed(day0)}"
    refused = f"{_refused(day0, day)} - business_calendar.first"
    return f"coalesce({counted}, {refused}) * (({day}) > ({day0}))::int"


@contextmanager
def out_of_calendar() -> Iterator[None]:
    """Raise ``OutOfCalendar`` where a statement run inside counts beyond the known years."""
    try:
        yield
    except DataError as error:
        if _MARK not in str(error):
            raise
        raise OutOfCalendar(str(error).split(_MARK)[1].split('"')[0]) from error


def _passed(day: str) -> str:
    """How many business days lie at or before a date; null outside the calendar."""
    known = f"({day}) BETWEEN business_calendar.first AND business_calendar.last"
    index = f"({day}) - business_calendar.first + business_calendar.passed_from"
    return f"{_PASSED}[CASE WHEN {known} THEN {index} END]"


def _refused(day0: str, other: str) -> str:
    """A date that cannot be read, so that the statement fails and says for what it has no answer.

    Null when either is null. Reading a date is never done ahead by the planner, so it fails only
    where a row comes to it.
    """
    return f"('{_MARK}' || ({day0})::text || ', ' || ({other})::text)::date"


def _array(values: Iterable[object]) -> str:
    """An array as PostgreSQL writes it: far shorter to parse than a list of expressions."""
    return "{" + ",".join(str(value) for value in values) + "}"
