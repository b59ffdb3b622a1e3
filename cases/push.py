"""Active push: the nodes that arrived, told to those who may know them (G6, G7, B4).

One statement, however many nodes: who may know, by the list of nodes; what they wish; what they
were told before; and then the pushes and their notices, written together in the transaction that
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

from cases import node_list
from courts.models import Jurisdiction
from notices import outbox

SUBJECT = "case_node"
NODE_KINDS = ("case.news", "case.corrected", "case.withdrawn")
DIGEST_KIND = "case.digest"
KINDS = (*NODE_KINDS, DIGEST_KIND)

_TELL = """
WITH place AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(places)s) AS row
           (id bigint, oldest timestamptz, outside_at timestamptz, closes_at timestamptz,
            digest_outside_at timestamptz, digest_at_least int, sensitive jsonb)
), rule AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rules)s) AS row
           (place_id bigint, kind text, push boolean, who text[], sides text[], until text,
            held_sides text[])
), arrived AS MATERIALIZED (
    SELECT node.id, node.source, node.node_id, node.revision, node.kind, node.case_id,
           node.sequence, node.is_withdrawn, node.occurred_at, node.is_current,
           court.jurisdiction_id AS place_id, matter.sensitivity, matter.is_withdrawn AS is_void
      FROM cases_casenode AS node
      JOIN cases_case AS matter ON matter.id = node.case_id
      JOIN courts_court AS court ON court.id = matter.court_id
     WHERE node.id = ANY(%(nodes)s)
), candidate AS MATERIALIZED (
    SELECT DISTINCT ON (one.id) one.*, place.outside_at, place.closes_at, place.digest_outside_at,
           place.digest_at_least, place.sensitive, rule.push, rule.who, rule.sides, rule.until, rule.held_sides
      FROM (
        SELECT id, source, node_id, revision, kind, case_id, sequence, is_withdrawn, occurred_at,
               place_id, sensitivity, occurred_at AS told_of_at
          FROM arrived
         WHERE is_current AND NOT is_void
         UNION ALL
        SELECT held.id, held.source, held.node_id, held.revision, held.kind, held.case_id,
               held.sequence, held.is_withdrawn, held.occurred_at, arrived.place_id,
               arrived.sensitivity, arrived.occurred_at
          FROM arrived
          JOIN rule ON rule.place_id = arrived.place_id AND rule.until = arrived.kind
          JOIN cases_casenode AS held
            ON held.case_id = arrived.case_id AND held.kind = rule.kind
           AND held.is_current AND NOT held.is_withdrawn
           AND held.occurred_at <= arrived.occurred_at
         WHERE arrived.is_current AND NOT arrived.is_withdrawn AND NOT arrived.is_void
      ) AS one
      JOIN place ON place.id = one.place_id
      JOIN rule ON rule.place_id = one.place_id AND rule.kind = one.kind
     ORDER BY one.id, one.told_of_at DESC
), entitled AS MATERIALIZED (
    SELECT DISTINCT candidate.id, participant.contact_id
      FROM candidate
      JOIN cases_caseparticipant AS participant
        ON participant.case_id = candidate.case_id
       AND participant.contact_id IS NOT NULL AND NOT participant.is_removed
       AND (participant.left_at IS NULL OR participant.left_at > %(at)s)
       AND participant.capacity = ANY(candidate.who)
       AND (candidate.sides IS NULL OR participant.role = ANY(candidate.sides))
     WHERE candidate.until IS NULL
        OR (candidate.held_sides IS NOT NULL
            AND NOT participant.role = ANY(candidate.held_sides))
        OR EXISTS (
           SELECT FROM cases_casenode AS done
            WHERE done.case_id = candidate.case_id AND done.kind = candidate.until
              AND done.is_current AND NOT done.is_withdrawn
              AND done.occurred_at >= candidate.occurred_at)
), due AS MATERIALIZED (
    SELECT candidate.*, entitled.contact_id,
           CASE WHEN candidate.is_withdrawn
                THEN CASE WHEN told.last_manner <> 'withdrawn' THEN 'withdrawn' END
                WHEN told.last_id IS NULL THEN 'news'
                WHEN told.last_manner = 'withdrawn' THEN 'restored'
                WHEN told.last_id <> candidate.id THEN 'corrected' END AS manner,
           CASE WHEN candidate.sensitivity = 'none' THEN 'news'
                ELSE coalesce(choice.outside, candidate.sensitive ->> candidate.sensitivity)
            END AS outside
      FROM candidate
      JOIN entitled ON entitled.id = candidate.id
      JOIN place ON place.id = candidate.place_id
      LEFT JOIN cases_pushpreference AS whole
        ON whole.contact_id = entitled.contact_id AND whole.kind = ''
      LEFT JOIN cases_pushpreference AS wish
        ON wish.contact_id = entitled.contact_id AND wish.kind = candidate.kind
      LEFT JOIN cases_sensitivechoice AS choice ON choice.contact_id = entitled.contact_id
     CROSS JOIN LATERAL (
           SELECT (array_agg(push.node_id ORDER BY push.id DESC))[1] AS last_id,
                  (array_agg(push.manner ORDER BY push.id DESC))[1] AS last_manner
             FROM cases_casenode AS before
             JOIN cases_push AS push
               ON push.node_id = before.id AND push.contact_id = entitled.contact_id
            WHERE before.source = candidate.source AND before.node_id = candidate.node_id
           ) AS told
     WHERE coalesce(whole.is_wanted, TRUE) AND coalesce(wish.is_wanted, candidate.push)
       AND (told.last_id IS NOT NULL OR candidate.told_of_at >= place.oldest)
), open_digest AS MATERIALIZED (
    SELECT DISTINCT ON (digest.contact_id) digest.id, digest.contact_id
      FROM cases_pushdigest AS digest
     WHERE digest.contact_id IN (SELECT contact_id FROM due) AND digest.closes_at > %(at)s
     ORDER BY digest.contact_id, digest.id
), crowded AS MATERIALIZED (
    SELECT due.contact_id, min(due.closes_at) AS closes_at,
           min(due.digest_outside_at) AS outside_at
      FROM due
     WHERE due.manner IS NOT NULL AND due.outside <> 'nothing'
       AND NOT EXISTS (SELECT FROM open_digest WHERE open_digest.contact_id = due.contact_id)
     GROUP BY due.contact_id
    HAVING count(*) + (
           SELECT count(*) FROM cases_push AS push
            WHERE push.contact_id = due.contact_id AND push.digest_id IS NULL
              AND push.pushed_at > %(at)s - (min(due.closes_at) - %(at)s)
           ) >= min(due.digest_at_least)
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
      FROM due
      LEFT JOIN digest ON digest.contact_id = due.contact_id
     WHERE due.manner IS NOT NULL
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
           due.outside_at, pushed.digest_id IS NOT NULL OR due.outside = 'nothing' AS is_kept
      FROM pushed
      JOIN due ON due.id = pushed.node_id AND due.contact_id = pushed.contact_id
), new_notice AS (
    SELECT key, kind, person_id, contact_id, subject_kind, subject_id, params, outside_at
      FROM (SELECT * FROM told WHERE NOT is_kept ORDER BY push_id) AS loud
     UNION ALL
    SELECT format('push-digest:%%s', new_digest.id), %(digest_kind)s, NULL,
           new_digest.contact_id, 'push_digest', new_digest.id,
           jsonb_build_object('digest', new_digest.id),
           crowded.outside_at
      FROM new_digest
      JOIN crowded ON crowded.contact_id = new_digest.contact_id
), kept_notice AS (
    SELECT key, kind, person_id, contact_id, subject_kind, subject_id, params
      FROM told WHERE is_kept ORDER BY push_id
)"""
_COUNT = """
, counted AS (
    SELECT arrived.source, count(*) AS arrived,
           count(*) FILTER (WHERE arrived.is_current AND rule.kind IS NULL) AS not_listed,
           count(*) FILTER (WHERE NOT arrived.is_current) AS superseded,
           count(*) FILTER (
               WHERE arrived.is_current AND rule.kind IS NOT NULL
                 AND arrived.occurred_at < place.oldest
                 AND NOT EXISTS (SELECT FROM due WHERE due.id = arrived.id)) AS too_old
      FROM arrived
      LEFT JOIN place ON place.id = arrived.place_id
      LEFT JOIN rule ON rule.place_id = arrived.place_id AND rule.kind = arrived.kind
     GROUP BY arrived.source
), by_source AS (
    SELECT due.source, count(*) AS told
      FROM pushed JOIN due ON due.id = pushed.node_id AND due.contact_id = pushed.contact_id
     GROUP BY due.source
), tallied AS (
    INSERT INTO cases_pushtally AS tally
           (source, day, arrived, told, too_old, not_listed, superseded)
    SELECT counted.source, %(day)s, counted.arrived, coalesce(by_source.told, 0),
           counted.too_old, counted.not_listed, counted.superseded
      FROM counted LEFT JOIN by_source USING (source)
     ORDER BY counted.source
    ON CONFLICT (source, day) DO UPDATE
       SET arrived = tally.arrived + excluded.arrived, told = tally.told + excluded.told,
           too_old = tally.too_old + excluded.too_old,
           not_listed = tally.not_listed + excluded.not_listed,
           superseded = tally.superseded + excluded.superseded
    RETURNING tally.id
)
SELECT (SELECT count(*) FROM pushed)
"""


def push(*, node_ids: Collection[int], at: datetime) -> int:
    """Tell of nodes to those who may know them; how many were told of one each.

    Call it in the transaction that wrote the nodes. Five statements, however many nodes. A case
    of a court outside any jurisdiction is told to nobody.
    """
    if not node_ids:
        return 0
    places, rules = _lists(at)
    params = {
        "nodes": list(node_ids),
        "at": at,
        "day": at.date(),
        "places": json.dumps(places, cls=DjangoJSONEncoder),
        "rules": json.dumps(rules, cls=DjangoJSONEncoder),
        "subject": SUBJECT,
        "digest_kind": DIGEST_KIND,
    }
    statement = ", ".join((_TELL, outbox.write_once(), outbox.KEEP_ONCE)) + _COUNT
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.fetchone()[0])


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
