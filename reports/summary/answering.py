"""SQL that says who answers for what was passed on or took others over.

The rule is that of ``reports.holders`` and of ``reports.indicators``; for what was given to one
unit at most it is plain (``reports.summary.statement``).
"""

from __future__ import annotations

from reports.summary.extent import Courts, Extent

# When a party was first spoken to.
REACHED = """SELECT part.request_id, min(record.at) AS at
      FROM workorders_workorder AS part
      JOIN workorders_contactrecord AS record ON record.order_id = part.id
     WHERE record.outcome = %(reached)s"""


def fully_held(since: str, until: str, zone: str) -> str:
    """Whether a spell holds a full business day: neither its first day nor its last is one.

    The last business day before the day on which it ends is not the day on which it began.
    """
    last = f"worked.lasts[({until} AT TIME ZONE {zone})::date - worked.first]"
    return f"({since} AT TIME ZONE {zone})::date < {last}"


def clock(name: str, kind: str, request: str) -> str:
    """The clock of a request that has a limit, as a table to join."""
    return (
        f"escalation_clock AS {name} ON {name}.subject_id = {request}"
        f" AND {name}.kind = %({kind})s AND {name}.limit_at IS NOT NULL"
    )


# The tables that are made here, with the types of their columns.
SHARED = {
    "answering": {
        "subject_id": "bigint", "court_id": "bigint", "department_id": "bigint",
        "handler_id": "bigint",
    },
    "family": {
        "root_id": "bigint", "triaged_at": "timestamptz", "reached_at": "timestamptz",
        "is_for_judge": "boolean", "limit_at": "timestamptz", "court_id": "bigint",
        "department_id": "bigint",
    },
}  # fmt: skip


def shared(table: str) -> str:
    """A table that was made here, as it is handed over."""
    columns = SHARED[table]
    arrays = ", ".join(f"%({table}_{name})s::{kind}[]" for name, kind in columns.items())
    return f"unnest({arrays}) AS {table} ({', '.join(columns)})"


# Families: the requests that were merged into one, and that one. Of ``member`` it took over;
# ``origin`` is the one among them whose anchor it bears now, and the clock that tells of it.
_FAMILIES = f""", member AS MATERIALIZED (
    SELECT request.merged_into_id AS root_id, request.id, request.ended_at
      FROM liaison_request AS request
     WHERE request.merged_into_id IS NOT NULL AND {{within_root}}
       AND request.merged_into_id <> ALL(%(by_rule)s)
), family AS MATERIALIZED (
    SELECT one.root_id, min(request.triaged_at) AS triaged_at,
           min(reached.at) AS reached_at,
           bool_or(lead.is_lead IS NOT NULL OR request.matter = %(contact_judge)s)
           AS is_for_judge,
           (array_agg(accepting.limit_at {{earliest}}))[1] AS limit_at,
           (array_agg(accepting.court_id {{earliest}}))[1] AS court_id,
           (array_agg(accepting.department_id {{earliest}}))[1] AS department_id
      FROM (
        SELECT root_id, id FROM member UNION SELECT root_id, root_id FROM member
         ORDER BY id  -- so that those that lie together are read together
      ) AS one
      JOIN liaison_request AS request ON request.id = one.id
      JOIN {clock("accepting", "acceptance", "one.id")}
      LEFT JOIN LATERAL (
        SELECT is_lead FROM workorders_workorder AS lead
         WHERE lead.request_id = one.id AND lead.is_lead LIMIT 1
      ) AS lead ON true
      LEFT JOIN LATERAL ({REACHED} AND part.request_id = one.id GROUP BY 1) AS reached ON true
     GROUP BY one.root_id
), origin AS MATERIALIZED (
    SELECT DISTINCT ON (member.root_id) own.id AS clock_id, theirs.id AS of_clock_id,
           member.ended_at
      FROM member
      JOIN {clock("own", "reply", "member.root_id")}
      JOIN {clock("theirs", "reply", "member.id")}
      JOIN unnest(%(policies)s::bigint[], %(limit_names)s::text[], %(from_assigned)s::boolean[])
           AS anchor (policy_id, limit_name, is_assigned)
        ON anchor.policy_id = own.policy_id AND anchor.limit_name = own.limit_name
     WHERE CASE WHEN anchor.is_assigned
                THEN theirs.assigned_at IS NOT DISTINCT FROM own.assigned_at
                ELSE theirs.opened_at = own.opened_at END
     ORDER BY member.root_id, member.id
)""".replace("{earliest}", "ORDER BY accepting.opened_at, one.id")

_PASSED_ON = "(event.kind = %(moved)s OR event.kind = %(merged)s)"
# Who held which clock from when on. Part of the story of a family is told by its origin's clock.
_HELD = f""", passed AS MATERIALIZED (
    SELECT {{clock}}
      FROM escalation_clock AS clock
     WHERE clock.kind = %(reply)s AND clock.limit_at IS NOT NULL AND {{within_subject}}
       AND clock.subject_id <> ALL(%(by_rule)s)
       AND clock.id IN (SELECT event.clock_id FROM escalation_clockevent AS event
                         WHERE {_PASSED_ON} AND {{near_event}})
     UNION
    SELECT {{clock}} FROM member JOIN {clock("clock", "reply", "member.root_id")}
), part AS MATERIALIZED (
    SELECT one.*, (SELECT true FROM escalation_clockevent AS event
                    WHERE event.clock_id = one.of_clock_id AND {_PASSED_ON}
                    LIMIT 1) AS is_by_events
      FROM (
        SELECT passed.clock_id, passed.clock_id AS of_clock_id,
               coalesce(origin.ended_at, '-infinity') AS since, 'infinity'::timestamptz AS until
          FROM passed LEFT JOIN origin USING (clock_id)
        UNION ALL
        SELECT origin.clock_id, origin.of_clock_id, '-infinity', origin.ended_at FROM origin
      ) AS one
), holding AS (
    SELECT part.clock_id, part.since, part.until, event.*
      FROM part
      JOIN LATERAL (
        SELECT event.at, event.id AS place, event.court_id, event.department_id, event.handler_id
          FROM escalation_clockevent AS event
         WHERE event.clock_id = part.of_clock_id
           AND event.kind IN (%(started)s, %(assigned)s, %(moved)s, %(merged)s)
        OFFSET 0  -- looked up clock by clock: few of all events are of these
      ) AS event ON true
     WHERE part.is_by_events
    UNION ALL
    SELECT part.clock_id, part.since, part.until, event.*
      FROM part
      JOIN escalation_clock AS told ON told.id = part.of_clock_id
      JOIN {clock("accepting", "acceptance", "told.subject_id")}
      JOIN LATERAL (
        VALUES (told.opened_at, 0, accepting.court_id, accepting.department_id, NULL),
               (told.assigned_at, 1, told.court_id, told.department_id, told.handler_id)
      ) AS event (at, place, court_id, department_id, handler_id) ON event.at IS NOT NULL
     WHERE part.is_by_events IS NULL
), held AS (
    SELECT passed.*, holding.at, holding.court_id, holding.department_id, holding.handler_id,
           row_number() OVER in_order AS place,
           lag(holding.court_id) OVER in_order AS last_court_id,
           lag(holding.department_id) OVER in_order AS last_department_id,
           lag(holding.handler_id) OVER in_order AS last_handler_id
      FROM holding
      JOIN passed USING (clock_id)
     WHERE holding.at >= holding.since AND holding.at < holding.until
    WINDOW in_order AS (PARTITION BY holding.clock_id ORDER BY holding.at, holding.place)
)"""


def _until(begins: str) -> str:
    """When a spell ends: when the next one begins, or else with the limit."""
    return f"""coalesce(min(at) FILTER (WHERE {begins}) OVER (
               PARTITION BY clock_id ORDER BY place
               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), limit_at)"""


def _first(begins: str, answers: str) -> str:
    """The spells in the order in which they would answer: the last that does, or else the first."""
    return f"{begins} DESC, {answers} DESC, CASE WHEN {answers} THEN -place ELSE place END"


# Holdings begin a spell of a unit, of a person in it, of both or of neither. Which unit answers is
# told by its own spells, which person by those within that unit.
_ANSWERING = f""", spell AS (
    SELECT begun.*, {_until("begins_unit")} AS unit_until,
           {_until("begins_person")} AS person_until
      FROM (
        SELECT held.*,
               place = 1 OR (court_id, department_id) IS DISTINCT FROM
                            (last_court_id, last_department_id) AS begins_unit,
               place = 1 OR (court_id, department_id, handler_id) IS DISTINCT FROM
                            (last_court_id, last_department_id, last_handler_id) AS begins_person
          FROM held
         WHERE place = 1 OR at < limit_at
      ) AS begun
), answering AS MATERIALIZED (
    SELECT DISTINCT ON (clock_id) subject_id, court_id, department_id, handler_id
      FROM (
        SELECT judged.*, first_value(court_id) OVER by_unit AS unit_court_id,
               first_value(department_id) OVER by_unit AS unit_department_id
          FROM (
            WITH nothing AS (SELECT)  -- the calendar is read at once, and not sorted
            SELECT spell.*, {fully_held("at", "unit_until", "zone")} AS unit_answers,
                   {fully_held("at", "person_until", "zone")} AS person_answers
              FROM spell JOIN worked ON worked.id = {{calendar}}
          ) AS judged
        WINDOW by_unit AS (
            PARTITION BY clock_id ORDER BY {_first("begins_unit", "unit_answers")})
      ) AS of_unit
     WHERE begins_person AND (court_id, department_id) IS NOT DISTINCT FROM
                             (unit_court_id, unit_department_id)
     ORDER BY clock_id, {_first("begins_person", "person_answers")}
)"""


def families_and_answering(extent: Extent, courts: Courts) -> str:
    """The query that says who answers, and what became of families, as one row of arrays.

    Arrays are handed on to the next statement, which several processes can share then.
    """
    made = (_FAMILIES + _HELD + _ANSWERING).format(
        within_root=extent.within("request.merged_into_id"),
        within_subject=extent.within("clock.subject_id"),
        near_event=extent.near_event,
        clock="clock.id AS clock_id, clock.subject_id, clock.limit_at, clock.calendar_version_id,"
        f" {courts.zone('clock.court_id')} AS zone",
        calendar=courts.calendar("spell.court_id", "spell.calendar_version_id"),
    )
    arrays = ", ".join(
        f"(SELECT coalesce(array_agg({column})::text, '{{}}') FROM {table}) AS {table}_{column}"
        for table, columns in SHARED.items()
        for column in columns
    )
    return f"WITH {courts.worked}{extent.chosen}{made} SELECT {arrays}"
