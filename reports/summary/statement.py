"""The statement that counts days: the rule of ``reports.indicators`` over whole tables at once.

It counts every request but those that took others over: these are counted by the rule itself
(``reports.summary.services``), and handed to the statement as rows.
"""

from __future__ import annotations

from courts.business_days_sql import Relation, number_of
from escalation.models import ClockEvent
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import RequestState
from liaison.models import SATISFIED, Matter
from reports.models.summary import COUNTS, LEVELS
from workorders.models import ContactRecord

# Requests of which any limit ends in one of the days; without days all are counted.
_CHOSEN = """, span (start, stop) AS (
    SELECT * FROM unnest(%(starts)s::timestamptz[], %(stops)s::timestamptz[])
), chosen (id) AS MATERIALIZED (
    SELECT DISTINCT clock.subject_id
      FROM span JOIN escalation_clock AS clock
        ON clock.limit_at > span.start AND clock.limit_at <= span.stop
     WHERE clock.kind IN (%(acceptance)s, %(reply)s)
)"""


def _result(limit: str, done: str) -> str:
    """What became of an item, by the name of its column; late has none of its own."""
    return (
        "CASE WHEN request.merged_into_id IS NOT NULL THEN 'merged'"
        f" WHEN request.state = %(withdrawn)s AND request.ended_at < {limit} THEN 'withdrawn'"
        f" WHEN {done} < {limit} THEN 'done' ELSE 'late' END"
    )


def _fully_held(since: str, until: str, zone: str) -> str:
    """Whether a spell holds one full business day: neither its first day nor its last is one."""
    came = f"({since} AT TIME ZONE {zone})::date"
    last = f"(({until} AT TIME ZONE {zone})::date - 1)"
    return f"{number_of(came, last)} >= 1"


def _spells(begins: str) -> str:
    """The holdings that begin one, each with the end of its spell, and whether it answers."""
    return f"""
    SELECT spell.*, {_fully_held("spell.at", "spell.until", "spell.zone")} AS answers
      FROM (
        SELECT held.*, coalesce(lead(held.at) OVER (PARTITION BY held.clock_id ORDER BY held.place),
                                held.limit_at) AS until
          FROM held
         WHERE held.place = 1 OR (held.{begins} AND held.at < held.limit_at)
      ) AS spell
      JOIN calendar_of ON calendar_of.court_id = spell.court_id
                      AND calendar_of.version_id = spell.calendar_version_id
      JOIN business_calendar ON business_calendar.id = calendar_of.id"""


# Who answers for the clocks that were passed on or merged; for the others it is plain below.
_PASSED_ON = f""", passed AS MATERIALIZED (
    SELECT clock.id AS clock_id, clock.subject_id, clock.limit_at, clock.calendar_version_id,
           place.zone
      FROM escalation_clock AS clock
      {{chosen_clock}}
      JOIN place ON place.court_id = clock.court_id
     WHERE clock.kind = %(reply)s AND clock.limit_at IS NOT NULL
       AND clock.id IN (SELECT event.clock_id FROM escalation_clockevent AS event
                         WHERE event.kind = %(moved)s OR event.kind = %(merged)s)
), held AS MATERIALIZED (
    SELECT passed.*, event.at, event.court_id, event.department_id, event.handler_id,
           row_number() OVER told AS place,
           (event.court_id, event.department_id) IS DISTINCT FROM
           (lag(event.court_id) OVER told, lag(event.department_id) OVER told) AS is_other_unit,
           (event.court_id, event.department_id, event.handler_id) IS DISTINCT FROM
           (lag(event.court_id) OVER told, lag(event.department_id) OVER told,
            lag(event.handler_id) OVER told) AS is_other_person
      FROM passed
      JOIN escalation_clockevent AS event ON event.clock_id = passed.clock_id
     WHERE event.kind IN (%(started)s, %(assigned)s, %(moved)s, %(merged)s)
    WINDOW told AS (PARTITION BY event.clock_id ORDER BY event.at, event.id)
), of_unit AS MATERIALIZED (
    SELECT DISTINCT ON (clock_id) clock_id, subject_id, court_id, department_id
      FROM ({_spells("is_other_unit")}) AS spell
     ORDER BY clock_id, answers DESC, CASE WHEN answers THEN -place ELSE place END
), of_person AS MATERIALIZED (
    SELECT DISTINCT ON (clock_id) of_unit.subject_id, of_unit.court_id, of_unit.department_id,
           spell.handler_id
      FROM of_unit JOIN ({_spells("is_other_person")}) AS spell USING (clock_id)
     WHERE (spell.court_id, spell.department_id) IS NOT DISTINCT FROM
           (of_unit.court_id, of_unit.department_id)
     ORDER BY clock_id, answers DESC, CASE WHEN answers THEN -place ELSE place END
)"""

# A rejoined clock answers for itself; ``answering`` says where it is told who does, and ``others``
# which requests are not among these.
_ITEMS = f"""
    SELECT item.*, place.until
      FROM liaison_request AS request
      {{chosen_request}}
      JOIN escalation_clock AS accepting
        ON accepting.subject_id = request.id AND accepting.kind = %(acceptance)s
       AND accepting.limit_at IS NOT NULL
      JOIN place ON place.court_id = accepting.court_id
      LEFT JOIN escalation_clock AS replying
        ON replying.subject_id = request.id AND replying.kind = %(reply)s
       AND replying.limit_at IS NOT NULL
      LEFT JOIN place AS there ON there.court_id = replying.court_id
      LEFT JOIN workorders_workorder AS lead ON lead.request_id = request.id AND lead.is_lead
      LEFT JOIN reached ON reached.request_id = request.id
      LEFT JOIN liaison_rating AS rating
        ON rating.request_id = request.id AND rating.reply_rejected_at IS NULL
       AND request.disputed_at IS NULL
      {{answering}}
     CROSS JOIN LATERAL (
        SELECT {_result("accepting.limit_at", "request.triaged_at")} AS acceptance,
               {_result("replying.limit_at", "request.answered_at")} AS completion,
               {_result("replying.limit_at", "least(request.answered_at, reached.at)")} AS liaison,
               ((accepting.limit_at - interval '1 microsecond') AT TIME ZONE place.zone)::date
               AS accept_by,
               ((replying.limit_at - interval '1 microsecond') AT TIME ZONE there.zone)::date
               AS reply_by
        OFFSET 0
     ) AS judged
     CROSS JOIN LATERAL (
        SELECT acceptance IN ('done', 'late') AS accepts, completion IN ('done', 'late') AS replies,
               replying.limit_at < accepting.limit_at AS replies_first,
               answering.court_id = accepting.court_id
               AND accept_by - extract(day FROM accept_by)::int
                   = reply_by - extract(day FROM reply_by)::int AS is_one_court,
               answering.department_id IS NOT DISTINCT FROM accepting.department_id AS is_one_unit
        OFFSET 0
     ) AS known
     CROSS JOIN LATERAL (VALUES
        (accept_by, accepting.court_id, accepting.department_id, NULL::bigint,
         acceptance, NULL, NULL, NULL,
         accepts AND NOT (replies_first AND replies AND is_one_court) IS TRUE,
         accepts AND NOT (replies_first AND replies AND is_one_court AND is_one_unit) IS TRUE,
         false),
        (reply_by, answering.court_id, answering.department_id, answering.handler_id,
         NULL, completion,
         CASE WHEN lead.id IS NOT NULL OR request.matter = %(contact_judge)s THEN liaison END,
         CASE WHEN replies THEN rating.grade END,
         replies AND NOT (accepts AND NOT replies_first AND is_one_court),
         replies AND NOT (accepts AND NOT replies_first AND is_one_court AND is_one_unit),
         replies AND answering.handler_id IS NOT NULL)
     ) AS item (day, court_id, department_id, handler_id, acceptance, completion, liaison, grade,
                is_court_first, is_department_first, is_handler_first)
     WHERE item.day <= place.until {{of_days}} {{others}}
       AND NOT EXISTS (SELECT FROM liaison_request AS taken WHERE taken.merged_into_id = request.id)
"""
_REACHED = """, reached (request_id, at) AS NOT MATERIALIZED (
    SELECT part.request_id, min(record.at)
      FROM workorders_contactrecord AS record
      JOIN workorders_workorder AS part ON part.id = record.order_id
      {chosen_order}
     WHERE record.outcome = %(reached)s
     GROUP BY part.request_id
)"""
# Registered at the desk, and given to one unit at most.
_PLAIN = f"""
      LEFT JOIN calendar_of ON calendar_of.court_id = replying.court_id
                           AND calendar_of.version_id = replying.calendar_version_id
      LEFT JOIN business_calendar ON business_calendar.id = calendar_of.id
     CROSS JOIN LATERAL (
        SELECT replying.assigned_at < replying.limit_at
               AND {_fully_held("replying.assigned_at", "replying.limit_at", "there.zone")}
               AS is_own
        OFFSET 0
     ) AS dispatched
     CROSS JOIN LATERAL (
        SELECT CASE WHEN is_own THEN replying.court_id ELSE accepting.court_id END AS court_id,
               CASE WHEN is_own THEN replying.department_id ELSE accepting.department_id END
               AS department_id,
               CASE WHEN is_own THEN replying.handler_id END AS handler_id
     ) AS answering"""
_NOT_PASSED_ON = """
       AND NOT EXISTS (SELECT FROM escalation_clockevent AS event
                        WHERE event.clock_id = replying.id
                          AND (event.kind = %(moved)s OR event.kind = %(merged)s))"""


def _filtered(name: str) -> str:
    """The SQL of one count of the items of a day."""
    indicator, _, result = name.partition("_")
    if result == "requests":
        return f"count(*) FILTER (WHERE is_{indicator}_first)::int"
    if name == "rated":
        return "count(grade)::int"
    if name == "satisfied":
        return "count(*) FILTER (WHERE grade = ANY(%(satisfied)s))::int"
    wanted = "IN ('done', 'late')" if result == "due" else f"= '{result}'"
    return f"count(*) FILTER (WHERE {indicator} {wanted})::int"


_OF_ITEMS = tuple(name for name in COUNTS if name not in LEVELS)
_KEY = "day, court_id, department_id, handler_id"
_ALL = ", ".join(COUNTS)


def _counted(items: str) -> str:
    return f"""
    SELECT {_KEY}, {", ".join(_filtered(name) for name in _OF_ITEMS)},
           {", ".join("0" for _name in LEVELS)}
      FROM ({items}) AS item
     GROUP BY {_KEY}"""


_COUNT = f"""
WITH {{calendars}}, place AS NOT MATERIALIZED (
    SELECT * FROM unnest(%(courts)s::bigint[], %(zones)s::text[], %(untils)s::date[])
        AS place (court_id, zone, until)
), calendar_of AS NOT MATERIALIZED (
    SELECT * FROM unnest(%(calendar_courts)s::bigint[], %(versions)s::bigint[],
                         %(calendar_ids)s::bigint[]) AS calendar_of (court_id, version_id, id)
){{chosen}}{_PASSED_ON}{_REACHED}
SELECT {_KEY}, {", ".join(f"sum({name}) AS {name}" for name in COUNTS)}
  FROM (
    {{plain}}
    UNION ALL
    {{passed_on}}
    UNION ALL
    SELECT {_KEY}, {", ".join("0" for _name in _OF_ITEMS)},
           {", ".join(f"count(*) FILTER (WHERE level = {n})::int" for n in range(len(LEVELS)))}
      FROM (
        SELECT (firing.due_at AT TIME ZONE place.zone)::date AS day, firing.court_id,
               firing.department_id, firing.handler_id, firing.level
          FROM escalation_firing AS firing
          {{fired_then}}
          JOIN place ON place.court_id = firing.court_id
          JOIN escalation_clock AS clock ON clock.id = firing.clock_id AND clock.kind = %(reply)s
         WHERE NOT firing.detail ? 'merged_from'
      ) AS item
     WHERE true {{of_days}}
     GROUP BY {_KEY}
    UNION ALL
    SELECT {_KEY}, {", ".join((*_OF_ITEMS, *LEVELS))}
      FROM jsonb_populate_recordset(NULL::reports_daysummary, %(families)s) AS item
     WHERE true {{of_days}}
  ) AS part ({_KEY}, {", ".join((*_OF_ITEMS, *LEVELS))})
 GROUP BY {_KEY}
"""

ADD_UP = f"""
INSERT INTO reports_monthsummary (month, court_id, department_id, handler_id, {_ALL})
SELECT date_trunc('month', day)::date, court_id, department_id, handler_id,
       {", ".join(f"sum({name})" for name in COUNTS)}
  FROM reports_daysummary
 WHERE court_id = ANY(%(courts)s) {{of_months}}
 GROUP BY 1, 2, 3, 4
"""

PARAMS = {
    "acceptance": ACCEPTANCE,
    "reply": REPLY,
    "withdrawn": RequestState.WITHDRAWN.value,
    "contact_judge": Matter.CONTACT_JUDGE.value,
    "reached": ContactRecord.Outcome.REACHED.value,
    "satisfied": [str(grade) for grade in SATISFIED],
    "started": ClockEvent.Kind.STARTED.value,
    "assigned": ClockEvent.Kind.ASSIGNED.value,
    "moved": ClockEvent.Kind.MOVED.value,
    "merged": ClockEvent.Kind.MERGED.value,
}


def count(calendars: Relation, *, chosen: bool) -> str:
    """The query over all requests, or over those with a limit in chosen days.

    Its columns are those of ``KEY`` and ``COUNTS``.
    """
    join = "JOIN chosen ON chosen.id = {}"
    common = {
        "chosen_request": join.format("request.id") if chosen else "",
        "of_days": "AND item.day = ANY(%(days)s)" if chosen else "",
    }
    passed_on = "JOIN of_person AS answering ON answering.subject_id = request.id"
    return _COUNT.format(
        calendars=calendars.sql,
        chosen=_CHOSEN if chosen else "",
        chosen_clock=join.format("clock.subject_id") if chosen else "",
        chosen_order=join.format("part.request_id") if chosen else "",
        fired_then="JOIN span ON firing.due_at >= span.start AND firing.due_at < span.stop"
        if chosen
        else "",
        plain=_counted(_ITEMS.format(answering=_PLAIN, others=_NOT_PASSED_ON, **common)),
        passed_on=_counted(_ITEMS.format(answering=passed_on, others="", **common)),
        of_days=common["of_days"],
    )


def keep(counted: str) -> str:
    """The statement that keeps the days of a query or a table."""
    return f"INSERT INTO reports_daysummary ({_KEY}, {_ALL}) {counted}"


def add_up(*, chosen: bool) -> str:
    """The statement that adds up the days of all months, or of chosen ones."""
    within = "AND date_trunc('month', day) = ANY(%(months)s)" if chosen else ""
    return ADD_UP.format(of_months=within)
