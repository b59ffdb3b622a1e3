"""SQL that says which requests are counted, and where and when their courts work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """Which requests are counted: chosen ones and days of theirs, or all."""

    is_chosen: bool

    @property
    def chosen(self) -> str:
        """What a WITH must hold for the conditions below."""
        if not self.is_chosen:
            return ""
        return ", chosen (id) AS MATERIALIZED (SELECT * FROM unnest(%(requests)s::bigint[]))"

    @property
    def requests(self) -> str:
        """The requests themselves, for what is joined to them."""
        chosen = "chosen JOIN liaison_request AS request ON request.id = chosen.id"
        return chosen if self.is_chosen else "liaison_request AS request"

    def within(self, column: str) -> str:
        """Whether a column is one of the requests."""
        return f"{column} IN (SELECT id FROM chosen)" if self.is_chosen else "true"

    @property
    def near_event(self) -> str:
        """Whether an event may be that of a reply to one of the requests."""
        if not self.is_chosen:
            return "true"
        return f"""event.clock_id IN (
            SELECT near.id FROM escalation_clock AS near
             WHERE near.kind = %(reply)s AND {self.within("near.subject_id")})"""

    def within_spans(self, column: str) -> str:
        """A join with the days, for an instant."""
        if not self.is_chosen:
            return ""
        return f"""JOIN unnest(%(starts)s::timestamptz[], %(stops)s::timestamptz[])
                     AS span (start, stop)
                     ON {column} >= span.start AND {column} < span.stop"""

    @property
    def of_days(self) -> str:
        """A condition on the day of an item."""
        return "AND item.day = ANY(%(days)s)" if self.is_chosen else ""


@dataclass(frozen=True)
class Courts:
    """What is handed over of the courts.

    ``calendars`` says how many calendars are: of each the ``first`` day, from it on for every day
    the last business day up to it (``lasts``), and for which versions and courts it is (``pairs``:
    the version by ``stride``, and the court). ``places`` says how many kinds of courts are: of
    each its ``courts``, their ``zone``, and ``until`` which day they are counted.
    """

    calendars: int
    places: int

    def zone(self, court: str) -> str:
        """The time zone of a court; null for one that is not counted."""
        return self._of_place(court, "zone", "text")

    def until(self, court: str) -> str:
        """Up to which day a court is counted; null for one that is not."""
        return self._of_place(court, "until", "date")

    def _of_place(self, court: str, what: str, kind: str) -> str:
        cases = " ".join(
            f"WHEN {court} = ANY(%(courts_{n})s) THEN %({what}_{n})s::{kind}"
            for n in range(self.places)
        )
        return f"(CASE {cases} END)"

    def calendar(self, court: str, version: str) -> str:
        """The number of the calendar of a court in a version."""
        pair = f"{version} * %(stride)s + {court}"
        cases = " ".join(
            f"WHEN {pair} = ANY(%(pairs_{n})s::bigint[]) THEN {n}" for n in range(self.calendars)
        )
        return f"(CASE {cases} END)"

    @property
    def worked(self) -> str:
        """The calendars by number, as a table of a WITH."""
        rows = ", ".join(
            f"({n}, %(first_{n})s::date, %(lasts_{n})s::date[])" for n in range(self.calendars)
        )
        return f"worked (id, first, lasts) AS NOT MATERIALIZED (VALUES {rows})"
