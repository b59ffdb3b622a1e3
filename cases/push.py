"""Active push: the nodes that arrived, told to those who may know them (G6, G7, B4).

Set by set, however many nodes: who may know, by the list of nodes; what they wish; what they
were told before; and then the pushes and their notices, by one statement in the transaction that
brought the nodes. Once per node, revision and person is a constraint, so a node may arrive as
often as it likes, in two transactions at a time.

A node that is held back is told when the node that ends it arrives. Whoever was told of a node is
told of its correction and its withdrawal, however old it is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from cases import node_list
from courts.models import Jurisdiction
from notices import outbox

SUBJECT = "case_node"
NODE_KINDS = ("case.news", "case.corrected", "case.withdrawn")
DIGEST_KIND = "case.digest"
KINDS = (*NODE_KINDS, DIGEST_KIND)

# The lists of all jurisdictions, as relations.
_LISTS = """
WITH place AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(places)s) AS row
           (id bigint, oldest timestamptz, outside_at timestamptz, closes_at timestamptz,
            digest_outside_at timestamptz, digest_at_least int, sensitive jsonb)
), rule AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rules)s) AS row
           (place_id bigint, kind text, push boolean, who text[], sides text[], until text,
            held_sides text[])
)"""
# What is worked on stands in two temporary tables, of which the planner knows the size: joined by
# guesses, thousands of rows are gone through for each of thousands.
_READY = """
CREATE TEMPORARY TABLE IF NOT EXISTS push_candidate (
    id bigint, source text, node_id text, revision int, kind text, case_id bigint,
    sequence bigint, is_withdrawn boolean, occurred_at timestamptz, told_of_at timestamptz,
    place_id bigint, sensitivity text
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS push_due (
    id bigint, contact_id bigint, source text, node_id text, revision int, sequence bigint,
    manner text, outside text, place_id bigint
) ON COMMIT DELETE ROWS;
TRUNCATE push_candidate, push_due
"""
_FIND = """
, arrived AS MATERIALIZED (
    SELECT node.id, node.source, node.node_id, node.revision, node.kind, node.case_id,
           node.sequence, node.is_withdrawn, node.occurred_at, node.occurred_at AS told_of_at,
           court.jurisdiction_id AS place_id, matter.sensitivity
      FROM cases_casenode AS node
      JOIN cases_case AS matter ON matter.id = node.case_id AND NOT matter.is_withdrawn
      JOIN courts_court AS court ON court.id = matter.court_id
     WHERE node.id = ANY(%(nodes)s) AND node.is_current
)
INSERT INTO push_candidate
SELECT DISTINCT ON (one.id) one.*
  FROM (
    SELECT * FROM arrived
     UNION ALL
    SELECT held.id, held.source, held.node_id, held.revision, held.kind, held.case_id,
           held.sequence, held.is_withdrawn, held.occurred_at, arrived.occurred_at,
           arrived.place_id, arrived.sensitivity
      FROM arrived
      JOIN rule ON rule.place_id = arrived.place_id AND rule.until = arrived.kind
      JOIN cases_casenode AS held
        ON held.case_id = arrived.case_id AND held.kind = rule.kind
       AND held.is_current AND NOT held.is_withdrawn
       AND held.occurred_at <= arrived.occurred_at
     WHERE NOT arrived.is_withdrawn
  ) AS one
 ORDER BY one.id, one.told_of_at DESC;
ANALYZE push_candidate
"""
_JUDGE = """
, entitled AS (
    SELECT DISTINCT ON (candidate.id, participant.contact_id)
           candidate.*, participant.contact_id, place.oldest, place.sensitive, rule.push
      FROM push_candidate AS candidate
      JOIN place ON place.id = candidate.place_id
      JOIN rule ON rule.place_id = candidate.place_id AND rule.kind = candidate.kind
      JOIN cases_caseparticipant AS participant
        ON participant.case_id = candidate.case_id
       AND participant.contact_id IS NOT NULL AND NOT participant.is_removed
       AND (%(only)s::bigint[] IS NULL OR participant.contact_id = ANY(%(only)s::bigint[]))
       AND (participant.left_at IS NULL OR participant.left_at > %(at)s)
       AND participant.capacity = ANY(rule.who)
       AND (rule.sides IS NULL OR participant.role = ANY(rule.sides))
     WHERE rule.until IS NULL
        OR (rule.held_sides IS NOT NULL AND NOT participant.role = ANY(rule.held_sides))
        OR EXISTS (
           SELECT FROM cases_casenode AS done
            WHERE done.case_id = candidate.case_id AND done.kind = rule.until
              AND done.is_current AND NOT done.is_withdrawn
              AND done.occurred_at >= candidate.occurred_at)
     ORDER BY candidate.id, participant.contact_id
)
INSERT INTO push_due
SELECT * FROM (
    SELECT entitled.id, entitled.contact_id, entitled.source, entitled.node_id,
           entitled.revision, entitled.sequence,
           CASE WHEN entitled.is_withdrawn
                THEN CASE WHEN told.last_manner <> 'withdrawn' THEN 'withdrawn' END
                WHEN told.last_id IS NULL THEN 'news'
                WHEN told.last_manner = 'withdrawn' THEN 'restored'
                WHEN told.last_id <> entitled.id THEN 'corrected' END AS manner,
           CASE WHEN entitled.sensitivity = 'none' THEN 'news'
                ELSE coalesce(choice.outside, entitled.sensitive ->> entitled.sensitivity)
            END AS outside,
           entitled.place_id
      FROM entitled
      LEFT JOIN cases_pushpreference AS whole
        ON whole.contact_id = entitled.contact_id AND whole.kind = ''
      LEFT JOIN cases_pushpreference AS wish
        ON wish.contact_id = entitled.contact_id AND wish.kind = entitled.kind
      LEFT JOIN cases_sensitivechoice AS choice ON choice.contact_id = entitled.contact_id
     CROSS JOIN LATERAL (
           SELECT (array_agg(push.node_id ORDER BY push.id DESC))[1] AS last_id,
                  (array_agg(push.manner ORDER BY push.id DESC))[1] AS last_manner
             FROM cases_casenode AS before
             JOIN cases_push AS push
               ON push.node_id = before.id AND push.contact_id = entitled.contact_id
            WHERE before.source = entitled.source AND before.node_id = entitled.node_id
           ) AS told
     WHERE coalesce(whole.is_wanted, TRUE) AND coalesce(wish.is_wanted, entitled.push)
       AND (told.last_id IS NOT NULL OR entitled.told_of_at >= entitled.oldest)
  ) AS due
 WHERE manner IS NOT NULL
 ORDER BY id, contact_id;
ANALYZE push_due
"""
_TELL = """
, open_digest AS MATERIALIZED (
    SELECT DISTINCT ON (digest.contact_id) digest.id, digest.contact_id
      FROM cases_pushdigest AS digest
     WHERE digest.contact_id IN (SELECT contact_id FROM push_due) AND digest.closes_at > %(at)s
     ORDER BY digest.contact_id, digest.id
), counted AS MATERIALIZED (
    SELECT due.contact_id, min(due.place_id) AS place_id, count(*) AS number
      FROM push_due AS due
     WHERE due.outside <> 'nothing'
       AND NOT EXISTS (SELECT FROM open_digest WHERE open_digest.contact_id = due.contact_id)
     GROUP BY due.contact_id
), crowded AS MATERIALIZED (
    SELECT counted.contact_id, place.closes_at, place.digest_outside_at
      FROM counted
      JOIN place ON place.id = counted.place_id
     WHERE counted.number + (
           SELECT count(*) FROM cases_push AS push
            WHERE push.contact_id = counted.contact_id AND push.digest_id IS NULL
              AND push.pushed_at > %(at)s - (place.closes_at - %(at)s)
           ) >= place.digest_at_least
), new_digest AS (
    INSERT INTO cases_pushdigest (contact_id, opened_at, closes_at)
    SELECT contact_id, %(at)s, closes_at FROM crowded ORDER BY contact_id
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id
), digest AS MATERIALIZED (
    SELECT id, contact_id FROM open_digest UNION ALL SELECT id, contact_id FROM new_digest
), pushed AS (
    INSERT INTO cases_push (node_id, contact_id, step, manner, digest_id, pushed_at)
    SELECT due.id, due.contact_id,
           CASE WHEN due.manner IN ('withdrawn', 'restored') THEN due.sequence ELSE 0 END,
           due.manner, CASE WHEN due.outside <> 'nothing' THEN digest.id END, %(at)s
      FROM push_due AS due
      LEFT JOIN digest ON digest.contact_id = due.contact_id
     ORDER BY due.id, due.contact_id
    ON CONFLICT DO NOTHING
    RETURNING id, node_id, contact_id, step, manner, digest_id
), told AS MATERIALIZED (
    SELECT pushed.id AS push_id,
           format('push:%%s:%%s:%%s:%%s:%%s', due.source, due.node_id, due.revision, pushed.step,
                  pushed.contact_id) AS key,
           'case.' || CASE pushed.manner WHEN 'restored' THEN 'corrected' ELSE pushed.manner END
               AS kind,
           NULL::bigint AS person_id, pushed.contact_id, %(subject)s AS subject_kind,
           due.id AS subject_id,
           jsonb_build_object('push', pushed.id, 'manner', pushed.manner) AS params,
           place.outside_at, pushed.digest_id IS NOT NULL OR due.outside = 'nothing' AS is_kept
      FROM pushed
      JOIN push_due AS due ON due.id = pushed.node_id AND due.contact_id = pushed.contact_id
      JOIN place ON place.id = due.place_id
), new_notice AS (
    SELECT key, kind, person_id, contact_id, subject_kind, subject_id, params, outside_at
      FROM (SELECT * FROM told WHERE NOT is_kept ORDER BY push_id) AS loud
     UNION ALL
    SELECT format('push-digest:%%s', new_digest.id), %(digest_kind)s, NULL,
           new_digest.contact_id, 'push_digest', new_digest.id,
           jsonb_build_object('digest', new_digest.id), crowded.digest_outside_at
      FROM new_digest
      JOIN crowded ON crowded.contact_id = new_digest.contact_id
), kept_notice AS (
    SELECT key, kind, person_id, contact_id, subject_kind, subject_id, params
      FROM told WHERE is_kept ORDER BY push_id
)"""
_COUNT = "SELECT (SELECT count(*) FROM pushed)"
_TALLY = """
, due AS (
    SELECT DISTINCT id FROM push_due
), counted AS (
    SELECT node.source, count(*) AS arrived,
           count(*) FILTER (WHERE NOT node.is_current) AS superseded,
           count(*) FILTER (WHERE node.is_current AND rule.kind IS NULL) AS not_listed,
           count(*) FILTER (
               WHERE node.is_current AND rule.kind IS NOT NULL AND due.id IS NULL
                 AND node.occurred_at < place.oldest) AS too_old
      FROM cases_casenode AS node
      JOIN cases_case AS matter ON matter.id = node.case_id
      JOIN courts_court AS court ON court.id = matter.court_id
      LEFT JOIN place ON place.id = court.jurisdiction_id
      LEFT JOIN rule ON rule.place_id = court.jurisdiction_id AND rule.kind = node.kind
      LEFT JOIN due ON due.id = node.id
     WHERE node.id = ANY(%(nodes)s)
     GROUP BY node.source
)
INSERT INTO cases_pushtally AS tally
       (source, day, arrived, too_old, not_listed, superseded)
SELECT source, %(day)s, arrived, too_old, not_listed, superseded FROM counted ORDER BY source
ON CONFLICT (source, day) DO UPDATE
   SET arrived = tally.arrived + excluded.arrived, too_old = tally.too_old + excluded.too_old,
       not_listed = tally.not_listed + excluded.not_listed,
       superseded = tally.superseded + excluded.superseded
"""


def push(*, node_ids: Collection[int], at: datetime, only: Collection[int] | None = None) -> int:
    """Tell of nodes to those who may know them; how many were told of one each.

    With ``only``, of nodes that arrived before, to these contacts alone; the tally has them.

    Call it in the transaction that wrote the nodes. A fixed number of statements, however many
    nodes. A case of a court outside any jurisdiction is told to nobody.
    """
    if not node_ids:
        return 0
    places, rules = _lists(at)
    params: dict[str, Any] = {
        "nodes": list(node_ids),
        "only": None if only is None else list(only),
        "at": at,
        "day": timezone.localdate(at),
        "places": json.dumps(places, cls=DjangoJSONEncoder),
        "rules": json.dumps(rules, cls=DjangoJSONEncoder),
        "subject": SUBJECT,
        "digest_kind": DIGEST_KIND,
    }
    tell = ", ".join((_LISTS + _TELL, outbox.write_once(), outbox.KEEP_ONCE)) + _COUNT
    with connection.cursor() as cursor:
        cursor.execute(_READY)
        cursor.execute(_LISTS + _FIND, params)
        cursor.execute(_LISTS + _JUDGE, params)
        cursor.execute(tell, params)
        told = int(cursor.fetchone()[0])
        if only is None:
            cursor.execute(_LISTS + _TALLY, params)
    return told


def _lists(at: datetime) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The lists of all jurisdictions, as they hold at ``at``, as rows of the statement."""
    places: list[Mapping[str, Any]] = []
    rules: list[Mapping[str, Any]] = []
    for jurisdiction in Jurisdiction.objects.all():
        listed = node_list.for_policy(jurisdiction.policy)
        closes_at = at + timedelta(minutes=listed.digest_minutes)
        places.append(
            {
                "id": jurisdiction.pk,
                "oldest": at - timedelta(days=listed.oldest_days),
                "outside_at": listed.outside_at(at, jurisdiction.zone),
                "closes_at": closes_at,
                "digest_outside_at": listed.outside_at(closes_at, jurisdiction.zone),
                "digest_at_least": listed.digest_at_least,
                "sensitive": listed.sensitive,
            }
        )
        for rule in listed.rules.values():
            held = rule.held_back
            rules.append(
                {
                    "place_id": jurisdiction.pk,
                    "kind": rule.kind,
                    "push": rule.push,
                    "who": sorted(rule.who),
                    "sides": None if rule.sides is None else sorted(rule.sides),
                    "until": held.until if held else None,
                    "held_sides": sorted(held.sides) if held and held.sides is not None else None,
                }
            )
    return places, rules
