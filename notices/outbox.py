"""The transactional outbox: a notice is written with the event it tells of, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from notices import channels


@dataclass(frozen=True)
class NewNotice:
    """A notice to write: exactly one of ``person_id`` (staff) and ``contact_id`` (party).

    ``key`` makes it unique for ever. ``params`` are the parameters as of the event; the words
    are made at the first attempt to deliver.
    """

    key: str
    kind: str
    subject_kind: str
    subject_id: int
    person_id: int | None = None
    contact_id: int | None = None
    params: dict[str, Any] = field(default_factory=dict)


# The common table expressions that write the rows of a relation ``new_notice`` (``NewNotice``
# and ``outside_at``) with their deliveries. A statement that records an event puts ``write_new()``
# behind its own, so that both are written together; the event must make its keys new. Staff see
# every notice in the application; outside it goes through one channel, by the policy of channels.
#
# Nobody may guess a public id, and the system is slow in giving chance (of a sweep it would take a
# twelfth): one secret is asked for, and each notice has the hash of its key with it.
_WRITE = """
secret AS MATERIALIZED (
    SELECT concat(gen_random_uuid(), gen_random_uuid()) AS words
), written_notice AS (
    INSERT INTO notices_notice
           (public_id, key, kind, person_id, contact_id, subject_kind, subject_id, params,
            created_at, outside_at)
    SELECT encode(substr(sha256(convert_to(words || key, 'UTF8')), 17), 'hex')::uuid, key, kind,
           person_id, contact_id, subject_kind, subject_id, params, %(at)s, outside_at
      FROM new_notice
     CROSS JOIN secret
      {conflict}
    RETURNING id, person_id, contact_id, outside_at
), written_delivery AS (
    INSERT INTO notices_delivery
           (notice_id, channel, state, next_attempt_at, attempts, language, subject, body, error)
    SELECT notice.id, CASE WHEN way.is_inside THEN 'in_app' ELSE notice.outside END, 'pending',
           CASE WHEN way.is_inside THEN %(at)s::timestamptz ELSE notice.outside_at END,
           0, '', '', '', ''
      FROM (SELECT notice.*, {choice} AS outside
              FROM written_notice AS notice
              LEFT JOIN courts_person AS person ON person.id = notice.person_id
              LEFT JOIN notices_contact AS contact ON contact.id = notice.contact_id
             ORDER BY notice.id) AS notice
     CROSS JOIN (VALUES (true), (false)) AS way (is_inside)
     WHERE CASE WHEN way.is_inside THEN notice.person_id IS NOT NULL
                ELSE notice.outside IS NOT NULL END
)
"""
_ONCE = "ON CONFLICT DO NOTHING"
# Notices that their recipient reads on a page of the platform and that no gateway brings: rows
# of a relation ``kept_notice``, otherwise like ``new_notice``.
KEEP_ONCE = """
written_to_keep AS (
    INSERT INTO notices_notice
           (public_id, key, kind, person_id, contact_id, subject_kind, subject_id, params,
            created_at)
    SELECT gen_random_uuid(), key, kind, person_id, contact_id, subject_kind, subject_id, params,
           %(at)s
      FROM kept_notice
        ON CONFLICT DO NOTHING
    RETURNING id
)
"""
_GIVEN = """
WITH new_notice AS (
    SELECT given.*, %(outside_at)s::timestamptz AS outside_at
      FROM jsonb_to_recordset(%(notices)s) AS given
           (key text, kind text, subject_kind text, subject_id bigint, person_id bigint,
            contact_id bigint, params jsonb)
)"""
_COUNT = "SELECT count(*) FROM written_notice"


def write_new() -> str:
    """The expressions that write a relation ``new_notice`` whose keys are surely new."""
    return _WRITE.format(conflict="", choice=channels.choice())


def write_once() -> str:
    """The expressions that write a relation ``new_notice``; a key already there is left."""
    return _WRITE.format(conflict=_ONCE, choice=channels.choice())


def put(notices: Iterable[NewNotice], *, at: datetime, outside_at: datetime | None = None) -> int:
    """Write notices and their deliveries; a key already there is left as it is.

    Call it inside the transaction of the event. ``at`` is the instant of the event;
    ``outside_at`` the earliest instant at which a gateway outside the application may be used
    (opening hours), by default ``at``. One statement however many; returns how many notices
    were asked for.
    """
    rows = [asdict(notice) for notice in notices]
    if not rows:
        return 0
    given = json.dumps(rows, cls=DjangoJSONEncoder)
    with connection.cursor() as cursor:
        put_all = ", ".join((_GIVEN, write_once())) + _COUNT
        cursor.execute(put_all, {"at": at, "outside_at": outside_at or at, "notices": given})
    return len(rows)
