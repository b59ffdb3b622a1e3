"""The statement that counts days: the rule of ``reports.indicators`` over whole tables at once.

It counts every request but those that took over others which had taken over others: these few
are counted by the rule itself (``reports.summary.counting``), and handed over as rows.
"""

from __future__ import annotations

from escalation.models import ClockEvent
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import RequestState
from liaison.models import SATISFIED, Matter
from reports.models.summary import COUNTS, LEVELS
from reports.summary.answering import REACHED, clock, fully_held, shared
from reports.summary.extent import Courts, Extent
from workorders.models import ContactRecord

# What becomes of an item, and of whom it is: numbers, for they are compared the fastest. What is
# due is done or late.
_DONE, _LATE, _WITHDRAWN, _MERGED = range(4)
_DESK, _OWN, _ANSWERING = range(3)


def _result(limit: str, done: str) -> str:
    """What became of an item."""
    return (
        f"CASE WHEN request.merged_into_id IS NOT NULL THEN {_MERGED}"
        f" WHEN request.state = %(withdrawn)s AND request.ended_at < {limit} THEN {_WITHDRAWN}"
        f" WHEN {done} < {limit} THEN {_DONE} ELSE {_LATE} END"
    )


def _last_day(limit: str, zone: str) -> str:
    """The last local day of a limit, which ends at 24:00."""
    return f"(({limit} - interval '1 microsecond') AT TIME ZONE {zone})::date"


def _joined(extent: Extent, courts: Courts) -> str:
    """One row of each request, with what its items are made of.

    The joins are in the order in which they are made best (``join_collapse_limit``).
    """
    reached = f"({REACHED} GROUP BY 1)"
    if extent.is_chosen:
        reached = f"LATERAL ({REACHED} AND part.request_id = request.id GROUP BY 1)"
    return f"""
    SELECT request.merged_into_id, request.state, request.ended_at, request.answered_at,
           coalesce(family.triaged_at, request.triaged_at) AS triaged_at,
           coalesce(family.reached_at, reached.at) AS reached_at,
           coalesce(family.is_for_judge,
                    lead.id IS NOT NULL OR request.matter = %(contact_judge)s) AS is_for_judge,
           coalesce(family.limit_at, accepting.limit_at) AS accept_limit,
           replying.limit_at AS reply_limit,
           replying.assigned_at, replying.calendar_version_id,
           {courts.zone("replying.court_id")} AS reply_zone,
           coalesce(family.court_id, accepting.court_id) AS desk_court_id,
           CASE WHEN family.root_id IS NULL THEN accepting.department_id
                ELSE family.department_id END AS desk_department_id,
           answering.subject_id IS NOT NULL AS is_answering,
           answering.court_id AS answering_court_id,
           answering.department_id AS answering_department_id,
           answering.handler_id AS answering_handler_id,
           replying.court_id AS own_court_id, replying.department_id AS own_department_id,
           replying.handler_id AS own_handler_id,
           rating.grade
      FROM {extent.requests}
      JOIN {clock("accepting", "acceptance", "request.id")}
      LEFT JOIN {clock("replying", "reply", "request.id")}
      LEFT JOIN workorders_workorder AS lead
        ON lead.request_id = request.id AND lead.is_lead
      LEFT JOIN {reached} AS reached ON reached.request_id = request.id
      LEFT JOIN liaison_rating AS rating
        ON rating.request_id = request.id AND rating.reply_rejected_at IS NULL
       AND request.disputed_at IS NULL
      LEFT JOIN {shared("answering")} ON answering.subject_id = request.id
      LEFT JOIN {shared("family")} ON family.root_id = request.id
     WHERE request.id <> ALL(%(by_rule)s)"""


def _with_whose(extent: Extent, courts: Courts) -> str:
    """The same, and whose the reply is.

    The calendar is joined last and read at once: it would go along with every row else.
    """
    is_own = (
        "request.assigned_at < request.reply_limit"
        f" AND {fully_held('request.assigned_at', 'request.reply_limit', 'request.reply_zone')}"
    )
    return f"""
    SELECT request.*, CASE WHEN is_answering THEN {_ANSWERING}
                           WHEN {is_own} THEN {_OWN} ELSE {_DESK} END AS whose
      FROM (WITH nothing AS (SELECT) {_joined(extent, courts)}) AS request
      LEFT JOIN worked
        ON worked.id = {courts.calendar("own_court_id", "calendar_version_id")}"""


def _of_whom(name: str) -> str:
    """The court, department or person whose the reply is."""
    desk = "NULL" if name == "handler_id" else f"desk_{name}"
    return (
        f"CASE whose WHEN {_ANSWERING} THEN answering_{name} WHEN {_OWN} THEN own_{name}"
        f" ELSE {desk} END AS {name}"
    )


def _items(extent: Extent, courts: Courts) -> str:
    """Two rows of each request, for its acceptance and its reply.

    Each step is kept apart from the next by a WITH of nothing, else it would be worked out again
    wherever it is read.
    """
    return f"""
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
           NOT accepting AND replies AND handler_id IS NOT NULL AS is_handler_first
      FROM (
        WITH nothing AS (SELECT)
        SELECT judged.*, replies AND replies_first AS replies_before,
               accepts AND NOT replies_first AS accepts_before
          FROM (
            WITH nothing AS (SELECT)
            SELECT answered.*,
                   acceptance <= {_LATE} AS accepts,
                   coalesce(completion <= {_LATE}, false) AS replies,
                   coalesce(reply_limit < accept_limit, false) AS replies_first,
                   coalesce(court_id = desk_court_id
                            AND date_trunc('month', accept_by) = date_trunc('month', reply_by),
                            false) AS is_one_court,
                   department_id IS NOT DISTINCT FROM desk_department_id AS is_one_unit
              FROM (
                WITH nothing AS (SELECT)
                SELECT request.*,
                       {_of_whom("court_id")}, {_of_whom("department_id")},
                       {_of_whom("handler_id")},
                       {_result("accept_limit", "triaged_at")} AS acceptance,
                       CASE WHEN reply_limit IS NOT NULL
                            THEN {_result("reply_limit", "answered_at")} END AS completion,
                       {_result("reply_limit", "least(answered_at, reached_at)")} AS liaison,
                       {_last_day("accept_limit", courts.zone("desk_court_id"))} AS accept_by,
                       {_last_day("reply_limit", "reply_zone")} AS reply_by
                  FROM (WITH nothing AS (SELECT) {_with_whose(extent, courts)}) AS request
              ) AS answered
          ) AS judged
      ) AS known
     CROSS JOIN (VALUES (true), (false)) AS side (accepting)
"""


_COUNTED = {
    "done": f"= {_DONE}",
    "due": f"<= {_LATE}",
    "withdrawn": f"= {_WITHDRAWN}",
    "merged": f"= {_MERGED}",
}


def _filtered(name: str) -> str:
    """The SQL of one count of the items of a day."""
    indicator, _, result = name.partition("_")
    if result == "requests":
        return f"count(*) FILTER (WHERE is_{indicator}_first)::int"
    if name == "rated":
        return "count(grade)::int"
    if name == "satisfied":
        return "count(*) FILTER (WHERE grade = ANY(%(satisfied)s))::int"
    return f"count(*) FILTER (WHERE {indicator} {_COUNTED[result]})::int"


_OF_ITEMS = tuple(name for name in COUNTS if name not in LEVELS)
_KEY = "day, court_id, department_id, handler_id"
_ALL = ", ".join(COUNTS)
_HANDED = ", ".join((*_OF_ITEMS, *LEVELS))
COLUMNS = f"{_KEY}, {_HANDED}"
_NO_LEVELS = ", ".join("0" for _name in LEVELS)
_NO_ITEMS = ", ".join("0" for _name in _OF_ITEMS)


def _over(item: str, extent: Extent, courts: Courts) -> str:
    """Whether the day of an item is over, and among those that are counted."""
    return f"{item}.day <= {courts.until(f'{item}.court_id')} {extent.of_days}"


def of_requests(extent: Extent, courts: Courts) -> str:
    """The query over the items of requests; ``families_and_answering`` is handed over."""
    return f"""
WITH {courts.worked}{extent.chosen}
SELECT {_KEY}, {", ".join(_filtered(name) for name in _OF_ITEMS)}, {_NO_LEVELS}
  FROM ({_items(extent, courts)}) AS item
 WHERE {_over("item", extent, courts)}
 GROUP BY {_KEY}"""


def of_others(extent: Extent, courts: Courts) -> str:
    """The query over steps of the ladder, and over what the rule itself has counted.

    A step counts from the instant at which it fired, also on a day that is not over yet.
    """
    levels = ", ".join(f"count(*) FILTER (WHERE level = {n})::int" for n in range(len(LEVELS)))
    return f"""
SELECT {_KEY}, {_NO_ITEMS}, {levels}
  FROM (
    SELECT (firing.due_at AT TIME ZONE {courts.zone("firing.court_id")})::date AS day,
           firing.court_id, firing.department_id, firing.handler_id, firing.level
      FROM escalation_firing AS firing
      {extent.within_spans("firing.due_at")}
      JOIN escalation_clock AS clock ON clock.id = firing.clock_id AND clock.kind = %(reply)s
     WHERE NOT firing.detail ? 'merged_from'
  ) AS item
 WHERE {courts.until("item.court_id")} IS NOT NULL {extent.of_days}
 GROUP BY {_KEY}
UNION ALL
SELECT {COLUMNS}
  FROM jsonb_populate_recordset(NULL::reports_daysummary, %(counted)s) AS item
 WHERE {_over("item", extent, courts)}"""


def keep(counted: str) -> str:
    """The statement that keeps the days of some counts, which may have several rows of a day."""
    return f"""
INSERT INTO reports_daysummary ({_KEY}, {_ALL})
SELECT {_KEY}, {", ".join(f"sum({name})" for name in COUNTS)}
  FROM ({counted}) AS part ({COLUMNS})
 GROUP BY {_KEY}"""


def add_up(*, chosen: bool) -> str:
    """The statement that adds up the days of all months, or of chosen ones."""
    of_months = """JOIN unnest(%(months)s::date[]) AS one (month)
    ON day >= one.month AND day < one.month + interval '1 month'"""
    return f"""
INSERT INTO reports_monthsummary (month, court_id, department_id, handler_id, {_ALL})
SELECT date_trunc('month', day)::date, court_id, department_id, handler_id,
       {", ".join(f"sum({name})" for name in COUNTS)}
  FROM reports_daysummary {of_months if chosen else ""}
 WHERE court_id = ANY(%(courts)s)
 GROUP BY 1, 2, 3, 4"""


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
