"""What providers say of messages: kept as it came, matched to the delivery at once or later.

A receipt may come before its sending is recorded, twice, or never. It is known by the provider's
number or by our own idempotency key, which some providers give back. One by our key for a
delivery still in hand is as good as a record of its sending: a worker that was killed in between
has it sent once all the same.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from django.db import connection, transaction

from courts.errors import Invalid
from notices import recording
from notices.gateways.shape import Receipts, at, code_of, holds
from notices.models import DeliveryReceipt

Outcome = DeliveryReceipt.Outcome
_MOST = 1000
# A receipt that matches nothing by then is not looked at any more.
PATIENCE = timedelta(days=3)


@dataclass(frozen=True)
class Report:
    """What a provider said of one message; ``ident`` is the notice's public id, if it knows it."""

    provider_id: str
    outcome: str
    reason: str = ""
    ident: uuid.UUID | None = None


def read(receipts: Receipts, body: bytes) -> list[Report]:
    """The reports of a call; raises ``Invalid`` where it is not what was agreed.

    What is not about the fate of a message is left out.
    """
    found = at(receipts.list, _parsed(receipts.format, body))
    rows = found if isinstance(found, list) else [found]
    if len(rows) > _MOST or not all(isinstance(row, Mapping) for row in rows):
        raise Invalid
    return [
        _report(receipts, row) for row in rows if receipts.only is None or holds(receipts.only, row)
    ]


def _parsed(kind: str, body: bytes) -> Any:
    try:
        if kind == "form":
            return dict(parse_qsl(body.decode(), strict_parsing=True))
        if kind == "xml":
            if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
                raise Invalid
            return {node.tag: node.text or "" for node in ElementTree.fromstring(body)}  # noqa: S314 - declares nothing
        return json.loads(body)
    except (ValueError, RecursionError, ElementTree.ParseError):
        raise Invalid from None


def _report(receipts: Receipts, row: Mapping[str, Any]) -> Report:
    number = at(receipts.id, row)
    text = "" if number is None else str(number)
    if not text or len(text) > 80 or not text.isprintable():
        raise Invalid
    arrived = holds(receipts.arrived, row)
    return Report(
        provider_id=text,
        outcome=Outcome.ARRIVED if arrived else Outcome.FAILED,
        reason="" if arrived else code_of(at(receipts.error, row)),
        ident=_ident(at(receipts.ident, row)) if receipts.ident else None,
    )


def _ident(key: Any) -> uuid.UUID | None:
    """The notice of an idempotency key (``Message.key``)."""
    try:
        return uuid.UUID(str(key)[:36])
    except ValueError:
        return None


def keep(channel: str, reports: Iterable[Report], received_at: datetime) -> int:
    """Keep reports and match those whose deliveries are known; how many were new."""
    rows = [
        DeliveryReceipt(
            channel=channel,
            provider_id=report.provider_id,
            outcome=report.outcome,
            ident=report.ident,
            reason=report.reason,
            received_at=received_at,
        )
        for report in reports
    ]
    with transaction.atomic():
        before = _count(channel, rows)
        DeliveryReceipt.objects.bulk_create(rows, ignore_conflicts=True)
        new = _count(channel, rows) - before
    match(channel, received_at)
    return new


def _count(channel: str, rows: Iterable[DeliveryReceipt]) -> int:
    numbers = {row.provider_id for row in rows}
    return DeliveryReceipt.objects.filter(channel=channel, provider_id__in=numbers).count()


# "arrived" is the last word, whatever came before it; "did not arrive" holds while nothing else is
# known. A message that arrived was sent, whether or not its worker lived to say so.
_MATCH = """
WITH waiting AS MATERIALIZED (
    SELECT receipt.id, receipt.outcome, receipt.reason, receipt.received_at, receipt.provider_id,
           delivery.id AS delivery_id, delivery.state
      FROM notices_deliveryreceipt AS receipt
      JOIN notices_delivery AS delivery
        ON delivery.channel = receipt.channel AND delivery.provider_id = receipt.provider_id
     WHERE receipt.channel = %(channel)s AND receipt.matched_at IS NULL
       AND receipt.received_at > %(since)s
     UNION
    SELECT receipt.id, receipt.outcome, receipt.reason, receipt.received_at, receipt.provider_id,
           delivery.id, delivery.state
      FROM notices_deliveryreceipt AS receipt
      JOIN notices_notice AS notice ON notice.public_id = receipt.ident
      JOIN notices_delivery AS delivery
        ON delivery.notice_id = notice.id AND delivery.channel = receipt.channel
     WHERE receipt.channel = %(channel)s AND receipt.matched_at IS NULL
       AND receipt.received_at > %(since)s
       AND (delivery.provider_id = receipt.provider_id OR delivery.provider_id IS NULL)
       AND (delivery.state = 'sent' OR receipt.outcome = 'arrived')
), last_word AS (
    SELECT DISTINCT ON (delivery_id) *
      FROM waiting ORDER BY delivery_id, outcome = 'arrived' DESC, id
), changed AS (
    UPDATE notices_delivery AS delivery
       SET receipt = word.outcome, receipt_at = word.received_at,
           provider_id = coalesce(delivery.provider_id, word.provider_id),
           sent_at = coalesce(delivery.sent_at, word.received_at),
           state = CASE WHEN word.outcome = 'arrived' THEN 'sent' ELSE 'dead' END,
           next_attempt_at = NULL,
           error = CASE WHEN word.outcome = 'arrived' THEN '' ELSE
                        concat_ws(' ', 'not arrived', nullif(word.reason, '')) END
      FROM last_word AS word
     WHERE delivery.id = word.delivery_id
       AND (word.outcome = 'arrived' OR delivery.receipt IS NULL AND delivery.state = 'sent')
    RETURNING delivery.id, word.outcome
), matched AS (
    UPDATE notices_deliveryreceipt SET matched_at = %(at)s
     WHERE id IN (SELECT id FROM waiting)
)
SELECT id FROM changed WHERE outcome = 'failed'
"""


def match(channel: str, at: datetime) -> None:
    """Match what waits; what did not arrive goes on to the next channel. Safe at any time."""
    since = at - PATIENCE
    waiting = DeliveryReceipt.objects.filter(
        channel=channel, matched_at__isnull=True, received_at__gt=since
    )
    if not waiting.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MATCH, {"channel": channel, "at": at, "since": since})
        failed = [row[0] for row in cursor.fetchall()]
        recording.pass_on(failed, at)
