"""How the gateways stand, for whoever operates them: what waits, what failed, what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils import timezone

from notices.breaker import Breaker, Position
from notices.channels import Channel, party_channels, staff_channels
from notices.gateways import registry
from notices.models import Delivery, DeliveryReceipt, GatewayState

MONTHS = 12
# A receipt that has not come by then does not come any more.
RECEIPT_PATIENCE = timedelta(hours=72)
# Of what was sent in this time the figures tell.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Cost:
    """What a gateway's messages of one month cost, by currency."""

    month: date
    channel: str
    currency: str
    messages: int
    amount: Decimal

    @property
    def label(self) -> str:
        """The channel, in words."""
        return str(Channel(self.channel).label)


@dataclass
class Standing:
    """How one gateway stands. ``sent`` and what follows are of the last thirty days."""

    channel: str
    is_configured: bool
    is_used: bool
    position: Position = Position.CLOSED
    state: GatewayState | None = None
    waiting: int = 0
    failed: int = 0
    oldest_at: datetime | None = None
    dead: int = 0
    sent: int = 0
    arrived: int = 0
    not_arrived: int = 0
    unheard: int = 0
    repeats: int = 0
    unmatched: int = 0
    has_receipts: bool = False

    @property
    def label(self) -> str:
        """The channel, in words."""
        return str(Channel(self.channel).label)

    @property
    def is_well(self) -> bool:
        """Whether nobody need look."""
        return self.position is Position.CLOSED and not self.dead


_WAITING = """
SELECT channel, count(*), count(*) FILTER (WHERE error <> ''),
       min(next_attempt_at) FILTER (WHERE next_attempt_at <= %(at)s)
  FROM notices_delivery WHERE state = 'pending' AND channel <> 'in_app' GROUP BY channel
"""
_SENT = """
SELECT channel, count(*) FILTER (WHERE state = 'sent'),
       count(*) FILTER (WHERE receipt = 'arrived'), count(*) FILTER (WHERE receipt = 'failed'),
       count(*) FILTER (WHERE receipt IS NULL AND sent_at < %(patience)s), sum(possible_repeats)
  FROM notices_delivery
 WHERE sent_at >= %(since)s AND sent_at IS NOT NULL AND channel <> 'in_app'
 GROUP BY channel
"""
_COSTS = """
SELECT date_trunc('month', sent_at AT TIME ZONE %(zone)s)::date AS month, channel, currency,
       count(*), sum(cost)
  FROM notices_delivery
 WHERE sent_at >= %(since)s AND sent_at IS NOT NULL AND channel <> 'in_app' AND cost IS NOT NULL
 GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3
"""


def standings(at: datetime) -> list[Standing]:
    """Every gateway that is used, set up or has something waiting: five statements."""
    used = {*party_channels(), *staff_channels()}
    found = {
        str(channel): Standing(
            str(channel),
            registry.is_configured(channel),
            channel in used,
            has_receipts=registry.shape_of_receipts(channel) is not None,
        )
        for channel in Channel
        if channel != Channel.IN_APP
    }
    for state in GatewayState.objects.exclude(channel=Channel.IN_APP):
        standing = found[state.channel]
        breaker = Breaker(state.failures, state.opened_at, state.open_until)
        standing.state, standing.position = state, breaker.position(at)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"at": at})
        for channel, waiting, failed, oldest in cursor.fetchall():
            standing = found[channel]
            standing.waiting, standing.failed, standing.oldest_at = waiting, failed, oldest
        cursor.execute(_SENT, {"since": at - LOOK_BACK, "patience": at - RECEIPT_PATIENCE})
        for channel, sent, arrived, failed, unheard, repeats in cursor.fetchall():
            standing = found[channel]
            standing.sent, standing.arrived, standing.not_arrived = sent, arrived, failed
            standing.unheard, standing.repeats = unheard, repeats or 0
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).exclude(channel=Channel.IN_APP)
    for channel, count in _counted(dead):
        found[channel].dead = count
    unmatched = DeliveryReceipt.objects.filter(
        matched_at__isnull=True, received_at__gte=at - LOOK_BACK
    )
    for channel, count in _counted(unmatched):
        found[channel].unmatched = count
    return [
        one
        for one in found.values()
        if one.is_configured or one.is_used or one.waiting or one.dead or one.sent
    ]


def _counted(rows: QuerySet[Any]) -> list[tuple[str, int]]:
    return list(rows.order_by().values_list("channel").annotate(n=Count("pk")))


def costs(at: datetime) -> list[Cost]:
    """What was paid, by month and gateway, latest first: the last twelve months."""
    zone = timezone.get_current_timezone()
    month = timezone.localtime(at, zone).date().replace(day=1)
    year, number = divmod(month.year * 12 + month.month - MONTHS, 12)
    since = datetime(year, number + 1, 1, tzinfo=zone)
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, {"zone": str(zone), "since": since})
        return [Cost(*row) for row in cursor.fetchall()]
