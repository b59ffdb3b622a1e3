"""The transactional outbox: a notice is written with the event it tells of, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from notices.models import Notice


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


# Staff see every notice in the application; whoever has an e-mail address, and has not refused
# e-mail, gets it there too. A party has no account: e-mail is the only gateway so far.
_DELIVERIES = """
INSERT INTO notices_delivery
       (notice_id, channel, state, next_attempt_at, attempts, language, subject, body, error)
SELECT notice.id, way.channel, 'pending', way.at, 0, '', '', '', ''
  FROM notices_notice AS notice
  LEFT JOIN courts_person AS person ON person.id = notice.person_id
  LEFT JOIN notices_contact AS contact ON contact.id = notice.contact_id
 CROSS JOIN LATERAL (
       SELECT 'in_app' AS channel, %(at)s::timestamptz AS at
        WHERE notice.person_id IS NOT NULL
        UNION ALL
       SELECT 'email', %(outside_at)s::timestamptz
        WHERE person.email <> ''
           OR (contact.email <> '' AND NOT contact.refused_channels ? 'email')
       ) AS way
 WHERE notice.key = ANY(%(keys)s)
ON CONFLICT DO NOTHING
"""


def put(notices: Iterable[NewNotice], *, at: datetime, outside_at: datetime | None = None) -> int:
    """Write notices and their deliveries; a key already there is left as it is.

    Call it inside the transaction of the event. ``at`` is the instant of the event;
    ``outside_at`` the earliest instant at which a gateway outside the application may be used
    (opening hours), by default ``at``. Two statements however many; returns how many notices
    were asked for.
    """
    rows = [
        Notice(
            key=notice.key,
            kind=notice.kind,
            subject_kind=notice.subject_kind,
            subject_id=notice.subject_id,
            person_id=notice.person_id,
            contact_id=notice.contact_id,
            params=notice.params,
            created_at=at,
        )
        for notice in notices
    ]
    if not rows:
        return 0
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    keys = [row.key for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, {"at": at, "outside_at": outside_at or at, "keys": keys})
    return len(rows)
