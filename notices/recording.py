"""What became of deliveries, written set by set; what is given up goes on to the next channel."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from notices import channels
from notices.gateways import Gateway, Taken, Undelivered
from notices.models import Delivery

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=4)
# A refusal that the other side calls permanent is believed the third time.
PERMANENT_ATTEMPTS = 3
BOUNCES = "the address bounces"
_jitter = random.SystemRandom()
log = structlog.get_logger(__name__)

# A provider's number that another delivery has already is left out: a message that was sent must
# be recorded, whatever its provider calls it.
_SENT = """
UPDATE notices_delivery AS delivery
   SET state = 'sent', sent_at = done.at, next_attempt_at = NULL, error = '', receipt = NULL,
       receipt_at = NULL, cost = done.cost, currency = done.currency,
       provider_id = CASE WHEN NOT EXISTS (
           SELECT FROM notices_delivery AS other
            WHERE other.channel = delivery.channel AND other.provider_id = done.provider_id
              AND other.id <> delivery.id) THEN done.provider_id END
  FROM unnest(%(ids)s::bigint[], %(ats)s::timestamptz[], %(provider_ids)s::text[],
              %(costs)s::numeric[], %(currencies)s::text[])
       AS done(id, at, provider_id, cost, currency)
 WHERE delivery.id = done.id AND delivery.state = 'pending'
"""
# Where a receipt came before the sending was recorded, only what it did not tell is added.
_SENT_ALREADY = """
UPDATE notices_delivery AS delivery
   SET cost = done.cost, currency = done.currency
  FROM unnest(%(ids)s::bigint[], %(costs)s::numeric[], %(currencies)s::text[])
       AS done(id, cost, currency)
 WHERE delivery.id = done.id AND delivery.state = 'sent' AND delivery.cost IS NULL
   AND done.cost IS NOT NULL
"""
_FAILED = """
UPDATE notices_delivery AS delivery
   SET state = done.state, next_attempt_at = done.next_attempt_at, error = done.error,
       possible_repeats = possible_repeats + done.may_have_arrived::int
  FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(nexts)s::timestamptz[], %(errors)s::text[],
              %(maybes)s::bool[]) AS done(id, state, next_attempt_at, error, may_have_arrived)
 WHERE delivery.id = done.id AND delivery.state = 'pending'
"""
# The next channel by the policy that the recipient takes and that was not tried for this notice.
# What a receipt called arrived meanwhile stays sent.
_HAND_ON = """
WITH given_up AS MATERIALIZED (
    SELECT id, notice_id
      FROM notices_delivery
     WHERE id = ANY(%(ids)s) AND state IN ('pending', 'dead')
     ORDER BY id
       FOR UPDATE
), next_way AS MATERIALIZED (
    SELECT given_up.id, notice.id AS notice_id, notice.outside_at, {choice} AS channel
      FROM given_up
      JOIN notices_notice AS notice ON notice.id = given_up.notice_id
      LEFT JOIN courts_person AS person ON person.id = notice.person_id
      LEFT JOIN notices_contact AS contact ON contact.id = notice.contact_id
), written AS (
    INSERT INTO notices_delivery
           (notice_id, channel, state, next_attempt_at, attempts, language, subject, body, error)
    SELECT notice_id, channel, 'pending', greatest(%(at)s, outside_at), 0, '', '', '', ''
      FROM next_way
     WHERE channel IS NOT NULL
    ON CONFLICT DO NOTHING
)
UPDATE notices_delivery AS delivery
   SET state = 'passed_on', next_attempt_at = NULL
  FROM next_way
 WHERE delivery.id = next_way.id AND next_way.channel IS NOT NULL
RETURNING delivery.id
"""
_NOT_TRIED = (
    "NOT EXISTS (SELECT FROM notices_delivery AS tried WHERE tried.notice_id = notice.id"
    " AND tried.channel = '{channel}')"
)


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery: what it was taken as, or why it was not."""

    delivery: Delivery
    at: datetime
    taken: Taken | None = None
    error: Undelivered | None = None


def record(gateway: Gateway, outcomes: Sequence[Outcome], counts: Counter[str]) -> None:
    """Record what became of some deliveries: two statements, and more where some failed.

    Counted are ``sent``, ``repeats`` (the other side had it already), ``failed``, ``dead`` and
    ``passed_on``.
    """
    sent = [outcome for outcome in outcomes if outcome.taken is not None]
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    if sent:
        try:
            with transaction.atomic():
                _record_sent(gateway, sent)
        except IntegrityError:
            # Another worker wrote one of these numbers at this moment; now it is seen.
            with transaction.atomic():
                _record_sent(gateway, sent)
        counts["sent"] += len(sent)
        if repeats := sum(outcome.taken.is_repeat for outcome in sent if outcome.taken):
            counts["repeats"] += repeats
    if failed:
        with transaction.atomic():
            _record_failed(gateway, failed, counts)


def _record_sent(gateway: Gateway, sent: Sequence[Outcome]) -> None:
    ids, ats, numbers, costs = [], [], [], []
    seen: set[str] = set()
    price = gateway.price
    for outcome in sent:
        assert outcome.taken is not None
        number = outcome.taken.provider_id
        ids.append(outcome.delivery.pk)
        ats.append(outcome.at)
        numbers.append(None if number in seen else number)
        costs.append(None if price is None else price.amount * outcome.taken.units)
        if number is not None:
            seen.add(number)
    currencies = [None if price is None else price.currency] * len(ids)
    rows: dict[str, Any] = {
        "ids": ids,
        "ats": ats,
        "provider_ids": numbers,
        "costs": costs,
        "currencies": currencies,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SENT, rows)
        if cursor.rowcount < len(ids) and price is not None:
            cursor.execute(_SENT_ALREADY, rows)


def _record_failed(gateway: Gateway, failed: Sequence[Outcome], counts: Counter[str]) -> None:
    """Put each off, longer each time, or give it up."""
    states, nexts = [], []
    given_up = []
    for outcome in failed:
        delivery, error = outcome.delivery, outcome.error
        assert error is not None
        most = gateway.max_attempts
        if error.permanent:
            most = min(most, PERMANENT_ATTEMPTS)
        is_dead = delivery.attempts >= most
        if is_dead:
            given_up.append(delivery.pk)
        states.append(Delivery.State.DEAD if is_dead else Delivery.State.PENDING)
        nexts.append(None if is_dead else outcome.at + back_off(delivery.attempts))
        log.warning(
            "notice_not_delivered",
            notice=delivery.notice_id,
            channel=delivery.channel,
            attempts=delivery.attempts,
            reason=error.reason,
            dead=is_dead,
        )
    with connection.cursor() as cursor:
        cursor.execute(
            _FAILED,
            {
                "ids": [outcome.delivery.pk for outcome in failed],
                "states": [str(state) for state in states],
                "nexts": nexts,
                "errors": [outcome.error.reason for outcome in failed if outcome.error],
                "maybes": [outcome.error.suspect for outcome in failed if outcome.error],
            },
        )
    passed = pass_on(given_up, failed[0].at)
    counts["failed"] += len(failed) - len(given_up)
    counts["dead"] += len(given_up) - len(passed)
    if passed:
        counts["passed_on"] += len(passed)


def pass_on(delivery_ids: Iterable[int], at: datetime) -> set[int]:
    """Hand what was given up on to the next channel that its recipient takes: which were.

    One statement. Twice does no harm: a notice goes through a channel once.
    """
    ids = list(delivery_ids)
    if not ids:
        return set()
    choice = channels.choice(besides=_NOT_TRIED)
    with connection.cursor() as cursor:
        cursor.execute(_HAND_ON.format(choice=choice), {"ids": ids, "at": at})
        return {row[0] for row in cursor.fetchall()}


def no_way(reasons: Mapping[int, str], at: datetime, counts: Counter[str]) -> list[int]:
    """Deliveries whose recipient cannot be reached through their channel: to the next.

    Returns those without another way that are to be dropped; one whose address bounces is given
    up instead, so that somebody sees it.
    """
    with transaction.atomic():
        passed = pass_on(reasons, at)
        if passed:
            counts["passed_on"] += len(passed)
        left = {pk: reason for pk, reason in reasons.items() if pk not in passed}
        bouncing = [pk for pk, reason in left.items() if reason == BOUNCES]
        Delivery.objects.filter(pk__in=bouncing, state=Delivery.State.PENDING).update(
            state=Delivery.State.DEAD, next_attempt_at=None, error=BOUNCES
        )
        if bouncing:
            counts["dead"] += len(bouncing)
    return [pk for pk in left if pk not in set(bouncing)]


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubled each time, to four hours, give or take a
    quarter, so that what failed together does not come back together."""
    wait = min(FIRST_RETRY * 2 ** min(attempts - 1, 16), LONGEST_RETRY)
    return wait * _jitter.uniform(0.75, 1.25)


def put_back(ids: Sequence[int], held: datetime, reason: str, at: datetime) -> None:
    """Return what was not tried, uncounted: an outage must not use up a message's attempts."""
    Delivery.objects.filter(pk__in=ids, state=Delivery.State.PENDING, next_attempt_at=held).update(
        next_attempt_at=at, attempts=F("attempts") - 1, error=reason
    )


_WAITING = """
SELECT delivery.id
  FROM notices_delivery AS delivery
 WHERE delivery.channel = %(channel)s AND delivery.state = 'pending'
   AND delivery.next_attempt_at <= %(at)s
 ORDER BY delivery.attempts, delivery.notice_id
 LIMIT %(most)s
   FOR UPDATE SKIP LOCKED
"""
_MOST_AT_ONCE = 5000


def pass_waiting_on(channel: str, at: datetime) -> int:
    """Hand what waits for a gateway that is out of order on to the next channel: how many.

    What has no other channel goes on waiting for it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, {"channel": channel, "at": at, "most": _MOST_AT_ONCE})
            ids = [row[0] for row in cursor.fetchall()]
        return len(pass_on(ids, at))
