"""The statement that counts days: the rule of ``reports.indicators`` over whole tables at once.

It counts every request but those that took others over: these are counted by the rule itself
(``reports.summary.counting``), and handed to the statement as rows.
"""

from __future__ import annotations

from escalation.models import ClockEvent
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import RequestState
from liaison.models import SATISFIED, Matter
from reports.models.summary import COUNTS, LEVELS
from workorders.models import ContactRecord

# Some requests, and the days that are counted of them; without these all are counted.
_CHOSEN = """, span (start, stop) AS (
    SELECT * FROM unnest(%(starts)s::timestamptz[], %(stops)s::timestamptz[])
), chosen (id) AS MATERIALIZED (
    SELECT * FROM unnest(%(requests)s::bigint[])
)"""


def _result(limit: str, done: str) -> str:
    """What became of an item, by the name of its column; late has none of its own."""
    return (
        "CASE WHEN request.merged_into_id IS NOT NULL THEN 'merged'"
        f" WHEN request.state = %(withdrawn)s AND request.ended_at < {limit} THEN 'withdrawn'"
        f" WHEN {done} < {limit} THEN 'done' ELSE 'late' END"
    )


def _took_none_over(request: str) -> str:
    return (
        "NOT EXISTS (SELECT FROM liaison_request AS taken"
        f" WHERE taken.merged_into_id IS NOT NULL AND taken.merged_into_id = {request})"
    )


def _last_day(limit: str, zone: str) -> str:
    """The last local day of a limit, which ends at 24:00."""
    return f"(({limit} - interval '1 microsecond') AT TIME ZONE {zone})::date"


# The calendar of a court in a version: see ``count``.
_CALENDAR = """
      JOIN calendar_of ON calendar_of.court_id = {0}.court_id
                      AND calendar_of.version_id = {0}.calendar_version_id
      JOIN worked ON worked.id = calendar_of.id"""


def _fully_held(since: str, until: str, zone: str) -> str:
    """Whether a spell holds a full business day: neither its first day nor its last is one.

    The last business day before the day on which it ends is not the day on which it began.
    """
    last = f"worked.lasts[({until} AT TIME ZONE {zone})::date - worked.first]"
    return f"({since} AT TIME ZONE {zone})::date < {last}"


def _spells(begins: str) -> str:
    """The holdings that begin one, and whether it answers."""
    return f"""
    SELECT spell.*, {_fully_held("spell.at", "spell.until", "spell.zone")} AS answers
      FROM (
        SELECT held.*, coalesce(lead(held.at) OVER (PARTITION BY held.clock_id ORDER BY held.place),
                                held.limit_at) AS until
          FROM held
         WHERE held.place = 1 OR (held.{begins} AND held.at < held.limit_at)
      ) AS spell
      {_CALENDAR.format("spell")}"""


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
       AND {_took_none_over("clock.subject_id")}
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

# The items of ``requests``, for whom ``answering`` tells; ``among`` says which of them.
# Each step is kept apart from the next, else it would be worked out again wherever it is read.
_ITEMS = f"""
    SELECT CASE WHEN accepting THEN accept_by ELSE reply_by END AS day,
           CASE WHEN accepting THEN desk_court_id ELSE court_id END AS court_id,
           CASE WHEN accepting THEN desk_department_id ELSE department_id END AS department_id,
           CASE WHEN NOT accepting THEN handler_id END AS handler_id,
           CASE WHEN accepting THEN acceptance END AS acceptance,
           CASE WHEN NOT accepting THEN completion END AS completion,
           CASE WHEN NOT accepting AND is_for_judge THEN liaison END AS liaison,
           CASE WHEN NOT accepting AND replies THEN grade END AS grade,
           CASE WHEN accepting THEN accepts AND NOT (is_one_court AND replies_before)
                ELSE replies AND NOT (is_one_court AND accepts_before) END AS is_court_first,
           CASE WHEN accepting
                THEN accepts AND NOT (is_one_court AND is_one_unit AND replies_before)
                ELSE replies AND NOT (is_one_court AND is_one_unit AND accepts_before)
           END AS is_department_first,
           NOT accepting AND replies AND handler_id IS NOT NULL AS is_handler_first,
           until
      FROM (
        SELECT judged.*, replies AND replies_first AS replies_before,
               accepts AND NOT replies_first AS accepts_before
          FROM (
            SELECT answered.*,
                   acceptance IN ('done', 'late') AS accepts,
                   coalesce(completion IN ('done', 'late'), false) AS replies,
                   coalesce(court_id = desk_court_id
                            AND date_trunc('month', accept_by) = date_trunc('month', reply_by),
                            false) AS is_one_court,
                   department_id IS NOT DISTINCT FROM desk_department_id AS is_one_unit
              FROM (
               SELECT of_request.*,
                      CASE WHEN is_own THEN own_court_id ELSE desk_court_id END AS court_id,
                      CASE WHEN is_own THEN own_department_id ELSE desk_department_id END
                      AS department_id,
                      CASE WHEN is_own THEN own_handler_id END AS handler_id
                 FROM (
                SELECT accepting.court_id AS desk_court_id,
                       accepting.department_id AS desk_department_id,
                       {_result("accepting.limit_at", "request.triaged_at")} AS acceptance,
                       CASE WHEN replying.id IS NOT NULL
                            THEN {_result("replying.limit_at", "request.answered_at")}
                       END AS completion,
                       {_result("replying.limit_at", "least(request.answered_at, reached.at)")}
                       AS liaison,
                       lead.id IS NOT NULL OR request.matter = %(contact_judge)s AS is_for_judge,
                       coalesce(replying.limit_at < accepting.limit_at, false) AS replies_first,
                       {_last_day("accepting.limit_at", "place.zone")} AS accept_by,
                       {_last_day("replying.limit_at", "there.zone")} AS reply_by,
                       rating.grade, place.until,
                       {{answering}}
                  FROM {{requests}}
                  {{chosen_request}}
                  JOIN escalation_clock AS accepting
                    ON accepting.subject_id = request.id AND accepting.kind = %(acceptance)s
                   AND accepting.limit_at IS NOT NULL
                  JOIN place ON place.court_id = accepting.court_id
                  LEFT JOIN escalation_clock AS replying
                    ON replying.subject_id = request.id AND replying.kind = %(reply)s
                   AND replying.limit_at IS NOT NULL
                  LEFT JOIN place AS there ON there.court_id = replying.court_id
                  LEFT JOIN workorders_workorder AS lead
                    ON lead.request_id = request.id AND lead.is_lead
                  {{reached}}
                  LEFT JOIN liaison_rating AS rating
                    ON rating.request_id = request.id AND rating.reply_rejected_at IS NULL
                   AND request.disputed_at IS NULL
                  {{told}}
                 WHERE {{among}}
                OFFSET 0
                ) AS of_request
               OFFSET 0
              ) AS answered
            OFFSET 0
          ) AS judged
        OFFSET 0
      ) AS known
     CROSS JOIN (VALUES (true), (false)) AS side (accepting)
"""
# When a party was first spoken to: of all requests at once, or of one after the other.
_REACHED = """SELECT part.request_id, min(record.at) AS at
      FROM workorders_contactrecord AS record
      JOIN workorders_workorder AS part ON part.id = record.order_id
     WHERE record.outcome = %(reached)s"""
_REACHED_ALL = f"LEFT JOIN ({_REACHED} GROUP BY 1) AS reached ON reached.request_id = request.id"
_REACHED_EACH = (
    f"LEFT JOIN LATERAL ({_REACHED} AND part.request_id = request.id GROUP BY 1) AS reached ON true"
)
# Registered at the desk, and given to one unit at most.
_PLAIN = _CALENDAR.format("replying").replace("JOIN", "LEFT JOIN")
_IS_OWN = (
    "replying.assigned_at < replying.limit_at"
    f" AND {_fully_held('replying.assigned_at', 'replying.limit_at', 'there.zone')}"
)
_BY_PLAIN = f"""
                       {_IS_OWN} AS is_own, replying.court_id AS own_court_id,
                       replying.department_id AS own_department_id,
                       replying.handler_id AS own_handler_id"""
_BY_EVENTS = """
                       true AS is_own, answering.court_id AS own_court_id,
                       answering.department_id AS own_department_id,
                       answering.handler_id AS own_handler_id"""
_NOT_PASSED_ON = """NOT EXISTS (
    SELECT FROM escalation_clockevent AS event
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


def _counted(items: str, of_days: str) -> str:
    return f"""
    SELECT {_KEY}, {", ".join(_filtered(name) for name in _OF_ITEMS)},
           {", ".join("0" for _name in LEVELS)}
      FROM ({items}) AS item
     WHERE item.day <= item.until {of_days}
     GROUP BY {_KEY}"""


_COUNT = f"""
WITH worked (id, first, lasts) AS NOT MATERIALIZED (VALUES {{worked}}), place AS NOT MATERIALIZED (
    SELECT * FROM unnest(%(courts)s::bigint[], %(zones)s::text[], %(untils)s::date[])
        AS place (court_id, zone, until)
), calendar_of AS NOT MATERIALIZED (
    SELECT * FROM unnest(%(calendar_courts)s::bigint[], %(versions)s::bigint[],
                         %(calendar_ids)s::bigint[]) AS calendar_of (court_id, version_id, id)
){{chosen}}{_PASSED_ON}
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

_ADD_UP = f"""
INSERT INTO reports_monthsummary (month, court_id, department_id, handler_id, {_ALL})
SELECT date_trunc('month', day)::date, court_id, department_id, handler_id,
       {", ".join(f"sum({name})" for name in COUNTS)}
  FROM reports_daysummary {{of_months}}
 WHERE court_id = ANY(%(courts)s)
 GROUP BY 1, 2, 3, 4
"""
_OF_MONTHS = """JOIN unnest(%(months)s::date[]) AS one (month)
    ON day >= one.month AND day < one.month + interval '1 month'"""

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


def count(calendars: int, *, chosen: bool) -> str:
    """The query over all requests, or over chosen ones and days.

    ``calendars`` says how many are handed over: of each the ``first`` day, and from it on for
    every day the last business day up to it (``lasts``).
    """
    worked = ", ".join(
        f"({n}, %(first_{n})s::date, %(lasts_{n})s::date[])" for n in range(calendars)
    )
    join = "JOIN chosen ON chosen.id = {}"
    of_days = "AND item.day = ANY(%(days)s)" if chosen else ""
    common = {"chosen_request": join.format("request.id") if chosen else ""}
    every = "liaison_request AS request"
    passed_on = f"of_person AS answering JOIN {every} ON request.id = answering.subject_id"
    return _COUNT.format(
        worked=worked,
        chosen=_CHOSEN if chosen else "",
        chosen_clock=join.format("clock.subject_id") if chosen else "",
        fired_then="JOIN span ON firing.due_at >= span.start AND firing.due_at < span.stop"
        if chosen
        else "",
        plain=_counted(
            _ITEMS.format(
                requests=every,
                answering=_BY_PLAIN,
                told=_PLAIN,
                among=f"{_took_none_over('request.id')} AND {_NOT_PASSED_ON}",
                reached=_REACHED_EACH if chosen else _REACHED_ALL,
                **common,
            ),
            of_days,
        ),
        passed_on=_counted(
            _ITEMS.format(
                requests=passed_on,
                answering=_BY_EVENTS,
                told="",
                among="true",
                reached=_REACHED_EACH,
                **common,
            ),
            of_days,
        ),
        of_days=of_days,
    )


def keep(counted: str) -> str:
    """The statement that keeps the days of a query or a table."""
    return f"INSERT INTO reports_daysummary ({_KEY}, {_ALL}) {counted}"


def add_up(*, chosen: bool) -> str:
    """The statement that adds up the days of all months, or of chosen ones."""
    return _ADD_UP.format(of_months=_OF_MONTHS if chosen else "")
