"""Bringing notices to their recipients: claimed, worded, committed, sent, recorded.

What is due is rows in the database, so a lost task loses nothing. A delivery is claimed by
moving its next attempt forward (a lease): no row stays locked while a server is spoken to, and
what a killed worker had claimed comes due again when the lease ends. The words are made once, at
the first attempt, and committed before they are sent; every retry sends the kept words.

At least once: what a worker had sent and not yet recorded when it died is sent a second time,
with the same idempotency key and the same words, once the lease is over: of e-mail one message,
of an HTTP gateway at most ``RECORD_AT_ONCE`` and those under way. Nothing is ever lost, and a
live worker never repeats, since a lease is renewed when half of it is gone and nothing is sent
after its end.

Notices reach a person through a channel in the order in which they were written, among those due
and not tried yet; one that failed steps aside and holds up none.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from notices import claims, receipts, recording, wording
from notices.channels import Channel
from notices.claims import LEASE, Claim
from notices.gateways import Gateway, registry
from notices.kinds import Level
from notices.models import Delivery
from notices.recording import Outcome
from notices.sending import Hand, Pace, send_all
from notices.wording import Form, Worded

IN_APP_BATCH = 500
# So many outcomes are recorded together, or those of so many seconds.
RECORD_AT_ONCE = 50
RECORD_EVERY = 0.5
# Time left of a lease in which no message is begun any more: longer than one can take (seconds).
MARGIN = 170
# How long a worker waits for the next free slots of a rate (seconds).
_FOR_A_SLOT = 0.25
# How long a database that is away is waited for, where it must record what was sent (seconds).
_PATIENCE = (0.5, 1, 2, 4, 8)
_NOT_RECORDED = "not recorded"
log = structlog.get_logger(__name__)


def deliver_due(
    at: datetime | None = None,
    *,
    for_seconds: float | None = None,
    gateways: Sequence[Gateway] | None = None,
) -> Counter[str]:
    """Deliver what is due at ``at`` (default: now); counts of what became of the deliveries.

    Counted are ``sent``, ``dropped`` (the recipient may no longer see it), ``failed`` (will be
    tried again), ``dead`` (given up), and where there are any ``passed_on`` (to the recipient's
    next channel) and ``repeats`` (of what a gateway had already). It may run in several workers
    at once. ``for_seconds`` bounds how long new batches are begun; by default until nothing is
    due. ``gateways`` are those of the settings unless given.
    """
    now = _clock(at)
    until = None if for_seconds is None else now() + timedelta(seconds=for_seconds)
    counts: Counter[str] = Counter()
    _deliver_inside(now, counts)
    if gateways is None:
        gateways = [registry.of(channel) for channel in registry.configured()]
    for gateway in gateways:
        _deliver_by(gateway, now, until, counts)
    return counts


def deliver_channel(channel: str, *, for_seconds: float) -> Counter[str]:
    """Deliver what is due through one channel, so that no gateway waits for a slower one.

    With what is for the application itself goes what waits for channels that are no more.
    """
    now = _clock(None)
    counts: Counter[str] = Counter()
    if channel == Channel.IN_APP:
        _deliver_inside(now, counts)
        for other in sorted(set(Channel) - {Channel.IN_APP, *registry.configured()}):
            if passed := recording.pass_waiting_on(other, now()):
                counts["passed_on"] += passed
    elif registry.is_configured(channel):
        until = now() + timedelta(seconds=for_seconds)
        _deliver_by(registry.of(channel), now, until, counts)
    return counts


def _deliver_inside(now: Callable[[], datetime], counts: Counter[str]) -> None:
    while batch := claims.claim(Channel.IN_APP, IN_APP_BATCH, now()).deliveries:
        _deliver_in_app(batch, now, counts)


def _deliver_by(
    gateway: Gateway, now: Callable[[], datetime], until: datetime | None, counts: Counter[str]
) -> None:
    """Everything due through one gateway, batch by batch."""
    receipts.match(gateway.channel, now())
    while True:
        claim = claims.claim(gateway.channel, gateway.batch, now(), rate=gateway.rate)
        _fall_over(gateway.channel, claim, now(), counts)
        if claim.is_paced:
            time.sleep(_FOR_A_SLOT)
        elif not claim.deliveries or not _deliver_through(gateway, claim, now, counts):
            return
        if until is not None and now() >= until:
            return


def _fall_over(channel: str, claim: Claim, at: datetime, counts: Counter[str]) -> None:
    """Of a gateway long out of order, hand what waits on to the next channel."""
    since = claim.breaker.opened_at
    if claim.deliveries or since is None:
        return
    if at - since >= timedelta(minutes=settings.FALL_OVER_MINUTES):
        counts["passed_on"] += recording.pass_waiting_on(channel, at)


def _clock(at: datetime | None) -> Callable[[], datetime]:
    """The present as seen by this round, which began at ``at``."""
    start, began = at or timezone.now(), time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


def _deliver_in_app(
    batch: Sequence[Delivery], now: Callable[[], datetime], counts: Counter[str]
) -> None:
    """Keeping the words is the delivery: one statement for the whole batch."""
    form = Form(Level.INSIDE, Level.INSIDE, links=False)
    ready = [worded.delivery for worded in wording.word(batch, form, now(), counts)]
    for delivery in ready:
        delivery.state, delivery.sent_at = Delivery.State.SENT, now()
        delivery.next_attempt_at = None
    Delivery.objects.bulk_update(
        ready, ["state", "sent_at", "next_attempt_at", "language", "subject", "body", "text"]
    )
    counts["sent"] += len(ready)


def _deliver_through(
    gateway: Gateway, claim: Claim, now: Callable[[], datetime], counts: Counter[str]
) -> bool:
    """Send a batch through a gateway; whether the gateway is worth another batch.

    One that cannot be spoken to, or breaks off twice running, is taken for unreachable: the rest
    of the batch waits for the next round, uncounted, and its breaker hears of it.
    """
    assert claim.lease is not None
    form = Form(gateway.staff_level, is_short=gateway.is_short)
    ready = wording.word(claim.deliveries, form, now(), counts)
    if not ready:
        return True
    with gateway.open() as session:
        lease = now() + LEASE
        hand = Hand(LEASE.total_seconds() - MARGIN)
        hand.hold()
        ready = wording.keep(ready, claim.lease, lease)
        batch = _Batch(gateway, ready, lease, hand, now, counts)
        pace = _pace(gateway, len(ready))
        for outcome in send_all(gateway, session, ready, hand, pace, now):
            batch.add(outcome)
        batch.finish()
    if hand.reason == _NOT_RECORDED:
        log.warning("outcomes_recorded_late", channel=gateway.channel)
    elif hand.reason:
        log.warning("gateway_unreachable", channel=gateway.channel, reason=hand.reason)
        claims.note_failure(gateway.channel, hand.reason, now())
        return False
    if claim.breaker.failures and batch.was_heard:
        claims.note_success(gateway.channel)
    return True


def _pace(gateway: Gateway, count: int) -> Pace:
    """The pace at which so many messages may be sent, beside whatever other workers send."""
    if not gateway.rate or not count:
        return Pace()
    return Pace(claims.take_slots(gateway.channel, count, gateway.rate), 1 / gateway.rate)


class _Batch:
    """What is in hand of one batch: outcomes to be recorded, and what was not tried yet."""

    def __init__(
        self,
        gateway: Gateway,
        ready: Sequence[Worded],
        lease: datetime,
        hand: Hand,
        now: Callable[[], datetime],
        counts: Counter[str],
    ) -> None:
        self._gateway, self._lease, self._hand = gateway, lease, hand
        self._now, self._counts = now, counts
        self._open = {worded.delivery.pk for worded in ready}
        self._outcomes: list[Outcome] = []
        self._recorded_at = time.monotonic()
        self._at_once = 1 if gateway.in_flight <= 1 else RECORD_AT_ONCE
        # Whether the gateway has said anything of any message, be it a refusal.
        self.was_heard = False

    def add(self, outcome: Outcome | None) -> None:
        """Take an outcome in (None: nothing happened); record what has come together."""
        if outcome is not None:
            self._outcomes.append(outcome)
            self.was_heard |= outcome.error is None or not outcome.error.suspect
        since = time.monotonic() - self._recorded_at
        if len(self._outcomes) >= self._at_once or (self._outcomes and since > RECORD_EVERY):
            self._record()
        if self._hand.left < self._hand.seconds / 2:
            self._renew()

    def finish(self) -> None:
        """Record what is left, and put back what was not tried."""
        if self._outcomes:
            self._record()
        left = self._open - self._hand.lost
        if left:
            reason = self._hand.reason or "out of time"
            recording.put_back(sorted(left), self._lease, reason, self._now())

    def _record(self) -> None:
        """Record what has come together, patiently: unrecorded, it would be sent once more."""
        told: Counter[str] = Counter()
        for wait in _PATIENCE:
            try:
                recording.record(self._gateway, self._outcomes, told)
                break
            except (InterfaceError, OperationalError):
                self._hand.stop(_NOT_RECORDED)
                told.clear()
                connection.close_if_unusable_or_obsolete()
                time.sleep(wait)
        else:
            recording.record(self._gateway, self._outcomes, told)
        self._counts.update(told)
        self._open -= {outcome.delivery.pk for outcome in self._outcomes}
        self._outcomes = []
        self._recorded_at = time.monotonic()

    def _renew(self) -> None:
        waiting = sorted(self._open - self._hand.lost)
        self._lease, held = claims.renew(waiting, self._lease, self._now())
        self._hand.lost |= set(waiting) - held
        self._hand.hold()
