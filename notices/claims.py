"""Which deliveries a worker may send now: claimed by lease, within the rate, past the breaker.

A claim locks the row of its gateway, a moment each, so that each sees what the others have in
hand, how many slots of the rate are taken and whether the gateway is left alone.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from notices.breaker import Breaker, Position
from notices.models import Delivery, GatewayState

# Longer than a message can take: some eight waits of EMAIL_TIMEOUT (20 s) for a mail server.
LEASE = timedelta(minutes=5)
# Slots of the rate are taken so far ahead at most (seconds).
HORIZON = 2.0
_jitter = random.SystemRandom()

# A person for whom another worker has an untried delivery in hand is left out, so that a later
# notice does not overtake an earlier one. What was never tried goes first, so that failing
# addresses delay nobody else. A delivery in hand has no error; when its lease has ended its worker
# died, or was very slow: its message may have been sent. (NOT IN, which the database looks up in a
# hash; a join by NOT EXISTS would compare every row with every recipient in hand.)
_CLAIM = """
WITH busy AS MATERIALIZED (
    SELECT notice.person_id, notice.contact_id
      FROM notices_delivery AS delivery
      JOIN notices_notice AS notice ON notice.id = delivery.notice_id
     WHERE delivery.channel = %(channel)s AND delivery.state = 'pending'
       AND delivery.attempts > 0 AND delivery.error = '' AND delivery.next_attempt_at > %(at)s
), taken AS (
    SELECT delivery.id
      FROM notices_delivery AS delivery
      JOIN notices_notice AS notice ON notice.id = delivery.notice_id
     WHERE delivery.channel = %(channel)s AND delivery.state = 'pending'
       AND delivery.next_attempt_at <= %(at)s
       AND (notice.person_id IS NULL OR notice.person_id NOT IN
            (SELECT person_id FROM busy WHERE person_id IS NOT NULL))
       AND (notice.contact_id IS NULL OR notice.contact_id NOT IN
            (SELECT contact_id FROM busy WHERE contact_id IS NOT NULL))
     ORDER BY delivery.attempts, delivery.notice_id
     LIMIT %(most)s
       FOR UPDATE OF delivery SKIP LOCKED
)
UPDATE notices_delivery AS delivery
   SET next_attempt_at = %(lease)s, attempts = attempts + 1, error = '',
       possible_repeats = possible_repeats + (attempts > 0 AND error = '')::int
 WHERE id = ANY(ARRAY(SELECT id FROM taken))
RETURNING id
"""
_STATE = """
SELECT failures, opened_at, open_until,
       greatest(extract(epoch FROM next_slot_at - clock_timestamp()), 0)::float
  FROM notices_gatewaystate WHERE channel = %s FOR UPDATE
"""
_TAKE_SLOTS = """
UPDATE notices_gatewaystate
   SET next_slot_at = greatest(next_slot_at, clock_timestamp()) + %(seconds)s * interval '1 second'
 WHERE channel = %(channel)s
RETURNING greatest(extract(epoch FROM next_slot_at - clock_timestamp()) - %(seconds)s, 0)::float
"""
_RENEW = """
UPDATE notices_delivery SET next_attempt_at = %(lease)s
 WHERE id = ANY(%(ids)s) AND state = 'pending' AND next_attempt_at = %(held)s
RETURNING id
"""


@dataclass
class Claim:
    """What a worker has in hand until ``lease``, in the order of the notices.

    ``is_trial`` says that the gateway was left alone and this one message tries it; ``is_paced``
    that there was no free slot, so that it is worth asking again in a moment.
    """

    deliveries: list[Delivery] = field(default_factory=list)
    lease: datetime | None = None
    breaker: Breaker = field(default_factory=Breaker)
    is_trial: bool = False
    is_paced: bool = False


def claim(channel: str, most: int, at: datetime, *, rate: float | None = None) -> Claim:
    """Take up to ``most`` due deliveries of a channel in hand.

    ``rate`` bounds how many are sent in a second by all workers together: no more are taken than
    there are free slots for (``take_slots``) in the next moments.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        found = _locked(cursor, channel)
        claimed, wait = Claim(breaker=Breaker(*found[:3])), found[3] or 0.0
        position = claimed.breaker.position(at)
        if position is Position.OPEN:
            return claimed
        claimed.is_trial = position is Position.TRYING
        if rate:
            free = int((HORIZON - wait) * rate)
            # However slow the rate, one at a time may always be sent once its slot is near.
            most = min(most, max(free, 1 if wait < HORIZON else 0))
            claimed.is_paced = most == 0
        if claimed.is_trial:
            most = min(most, 1)
        if most == 0:
            return claimed
        claimed.lease = at + LEASE
        cursor.execute(_CLAIM, {"channel": channel, "at": at, "most": most, "lease": claimed.lease})
        ids = [row[0] for row in cursor.fetchall()]
        if ids and claimed.is_trial:
            _keep(channel, claimed.breaker.while_trying(at))
    rows = Delivery.objects.filter(pk__in=ids).select_related("notice__person", "notice__contact")
    claimed.deliveries = list(rows.defer(*_unused(channel)).order_by("notice_id"))
    return claimed


def _unused(channel: str) -> list[str]:
    """What is not read is not deciphered either."""
    unused = ["notice__contact__id_number", "notice__contact__name", "notice__person__password"]
    if channel != Delivery.Channel.SMS:
        unused += ["notice__contact__phone", "notice__person__mobile"]
    if channel != Delivery.Channel.EMAIL:
        unused += ["notice__contact__email"]
    return unused


def _locked(
    cursor: CursorWrapper, channel: str
) -> tuple[int, datetime | None, datetime | None, float]:
    cursor.execute(_STATE, [channel])
    row = cursor.fetchone()
    if row is None:
        GatewayState.objects.bulk_create([GatewayState(channel=channel)], ignore_conflicts=True)
        return _locked(cursor, channel)
    return row


def take_slots(channel: str, count: int, rate: float) -> float:
    """Take the next free slots of a rate, one a message: seconds until the first of them.

    They follow each other by the database's clock, whichever worker takes them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_SLOTS, {"seconds": count / rate, "channel": channel})
        return float(cursor.fetchone()[0])


def renew(ids: Sequence[int], held: datetime, at: datetime) -> tuple[datetime, set[int]]:
    """Prolong a lease: its new end, and which deliveries are still in this worker's hand."""
    lease = at + LEASE
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, {"ids": list(ids), "held": held, "lease": lease})
        return lease, {row[0] for row in cursor.fetchall()}


def note_failure(channel: str, reason: str, at: datetime) -> Breaker:
    """Note that a batch broke off; the breaker as it stands now."""
    with transaction.atomic(), connection.cursor() as cursor:
        breaker = Breaker(*_locked(cursor, channel)[:3])
        breaker = breaker.after_failure(at, _jitter.uniform(0.75, 1.25))
        _keep(channel, breaker, reason)
    return breaker


def note_success(channel: str) -> None:
    """Note that a message went through: the breaker closes."""
    broken = GatewayState.objects.filter(channel=channel, failures__gt=0)
    broken.update(failures=0, opened_at=None, open_until=None, reason="")


def _keep(channel: str, breaker: Breaker, reason: str | None = None) -> None:
    changed: dict[str, object] = {
        "failures": breaker.failures,
        "opened_at": breaker.opened_at,
        "open_until": breaker.open_until,
    }
    if reason is not None:
        changed["reason"] = reason[:200]
    GatewayState.objects.filter(channel=channel).update(**changed)
