"""Bringing notices to their recipients: claimed, worded, committed, sent, recorded.

What is due is rows in the database, so a lost task loses nothing. A delivery is claimed by
moving its next attempt forward (a lease): no row stays locked while a mail server is spoken to,
and what a killed worker had claimed comes due again when the lease ends. The words are made
once, at the first attempt, and committed before they are sent; every retry sends the kept words.

At least once: a worker that dies between sending and recording has its message sent a second
time, with the same Message-ID and the same words, once the lease is over. It is never lost, and
a live worker never repeats it, since a lease is renewed before each message and ends only after
the longest wait for the server.

Notices reach a person in the order in which they were written, among those due and not tried
yet; one that failed steps aside and holds up none.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from courts.models import Person
from notices import kinds
from notices.gateways import Gateway, Message, Session, Undelivered, Unreachable
from notices.gateways.email import EmailGateway
from notices.kinds import Level
from notices.models import Contact, Delivery

# Longer than a message can take: some eight waits of EMAIL_TIMEOUT (20 s) for a mail server.
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=4)
# A refusal that the other side calls permanent is believed the third time.
PERMANENT_ATTEMPTS = 3
# What could not be worded (a kind that only a newer version knows, say) is tried again.
UNWORDED_RETRY = timedelta(minutes=15)
IN_APP_BATCH = 500
# Claims wait for each other, a moment each, so that each sees what the others have in hand.
_CLAIM_LOCK = 0x6E6F7469
_jitter = random.SystemRandom()
log = structlog.get_logger(__name__)


def deliver_due(
    at: datetime | None = None,
    *,
    for_seconds: float | None = None,
    gateways: Sequence[Gateway] | None = None,
) -> Counter[str]:
    """Deliver what is due at ``at`` (default: now); counts of what became of the deliveries.

    Counted are ``sent``, ``dropped`` (the recipient may no longer see it), ``failed`` (will be
    tried again) and ``dead`` (given up). It may run in several workers at once. ``for_seconds``
    bounds how long new batches are begun; by default until nothing is due.
    """
    now = _clock(at)
    until = None if for_seconds is None else now() + timedelta(seconds=for_seconds)
    counts: Counter[str] = Counter()
    while batch := _claim(Delivery.Channel.IN_APP, IN_APP_BATCH, now()):
        _deliver_in_app(batch, now, counts)
    for gateway in gateways if gateways is not None else (EmailGateway(),):
        while until is None or now() < until:
            batch = _claim(gateway.channel, gateway.batch, now())
            if not batch or not _deliver_through(gateway, batch, now, counts):
                break
    return counts


def _clock(at: datetime | None) -> Callable[[], datetime]:
    """The present as seen by this round, which began at ``at``."""
    start, began = at or timezone.now(), time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


def _claim(channel: str, size: int, at: datetime) -> list[Delivery]:
    """Take up to ``size`` due deliveries of a channel in hand, until the lease ends.

    A person for whom another worker has an untried delivery in hand is left out, so that a later
    notice does not overtake an earlier one.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIM_LOCK])
        pending = Delivery.objects.filter(channel=channel, state=Delivery.State.PENDING)
        in_hand = pending.filter(next_attempt_at__gt=at, attempts__gt=0, error="")
        due = pending.filter(next_attempt_at__lte=at)
        busy = list(in_hand.values_list("notice__person_id", "notice__contact_id"))
        if people := {person for person, _contact in busy if person}:
            due = due.exclude(notice__person_id__in=people)
        if contacts := {contact for _person, contact in busy if contact}:
            due = due.exclude(notice__contact_id__in=contacts)
        due = due.select_related("notice__person", "notice__contact")
        due = due.select_for_update(skip_locked=True, of=("self",))
        # What was never tried goes first, so that failing addresses delay nobody else.
        batch = list(due.order_by("attempts", "notice_id")[:size])
        lease = at + LEASE
        Delivery.objects.filter(pk__in=[one.pk for one in batch]).update(
            next_attempt_at=lease, attempts=F("attempts") + 1, error=""
        )
    for delivery in batch:
        delivery.next_attempt_at = lease
        delivery.attempts += 1
    batch.sort(key=lambda one: one.notice_id)
    return batch


def _deliver_in_app(
    batch: Sequence[Delivery], now: Callable[[], datetime], counts: Counter[str]
) -> None:
    """Keeping the words is the delivery: one statement for the whole batch."""
    ready = _word(batch, Level.INSIDE, Level.INSIDE, now, counts, links=False)
    for delivery in ready:
        delivery.state, delivery.sent_at = Delivery.State.SENT, now()
        delivery.next_attempt_at = None
    Delivery.objects.bulk_update(
        ready, ["state", "sent_at", "next_attempt_at", "language", "subject", "body"]
    )
    counts["sent"] += len(ready)


def _deliver_through(
    gateway: Gateway,
    batch: Sequence[Delivery],
    now: Callable[[], datetime],
    counts: Counter[str],
) -> bool:
    """Send a batch through a gateway; whether the gateway is worth another batch.

    One that breaks off twice running is taken for unreachable: the rest of the batch waits for
    the next round, uncounted.
    """
    ready = _word(batch, gateway.staff_level, Level.OUTSIDE, now, counts, links=True)
    Delivery.objects.bulk_update(ready, ["language", "subject", "body"])
    broken_off = 0
    with gateway.open() as session:
        for index, delivery in enumerate(ready):
            if not _renew(delivery, now()):
                continue  # the lease ran out: another worker has it in hand
            try:
                _send(session, delivery)
            except Undelivered as error:
                counts[_record_failure(gateway, delivery, error, now())] += 1
                broken_off = broken_off + 1 if error.suspect else 0
                if broken_off < 2:
                    continue
                _put_back(ready[index + 1 :], error.reason, now())
                return False
            except Unreachable as error:
                log.warning("gateway_unreachable", channel=gateway.channel, reason=error.reason)
                _put_back(ready[index:], error.reason, now())
                return False
            broken_off = 0
            _record_sent(delivery, now())
            counts["sent"] += 1
    return True


def _send(session: Session, delivery: Delivery) -> None:
    recipient = _recipient(delivery)
    session.send(
        Message(
            ident=str(delivery.notice.public_id),
            address=recipient.email,
            subject=delivery.subject,
            body=delivery.body,
        )
    )


def _recipient(delivery: Delivery) -> Person | Contact:
    notice = delivery.notice
    recipient = notice.person or notice.contact
    assert recipient is not None  # constraint notice_one_recipient
    return recipient


def _takes(delivery: Delivery) -> bool:
    """Whether the recipient is still there and still takes this channel."""
    recipient = _recipient(delivery)
    by_mail = delivery.channel == Delivery.Channel.EMAIL
    if by_mail and not recipient.email:
        return False
    if isinstance(recipient, Person):
        return recipient.is_active
    return delivery.channel not in recipient.refused_channels


def _word(
    batch: Sequence[Delivery],
    staff_level: Level,
    party_level: Level,
    now: Callable[[], datetime],
    counts: Counter[str],
    *,
    links: bool,
) -> list[Delivery]:
    """Give each delivery its words, if it has none yet; those that may go on (not saved).

    Whether the recipient may still see it is asked at every attempt. One that cannot be worded
    is tried again later, and stops no other.
    """
    contexts = kinds.read([delivery.notice for delivery in batch])
    ready, dropped, failed = [], [], []
    for delivery in batch:
        context = contexts.get(delivery.notice_id)
        if not _takes(delivery) or (delivery.notice_id in contexts and context is None):
            dropped.append(delivery)
            continue
        if context is None:
            failed.append(delivery)
            continue
        level = staff_level if delivery.notice.person_id else party_level
        try:
            if not delivery.subject:
                _make_words(delivery, context, level, links=links)
            ready.append(delivery)
        except Exception:
            log.exception("notice_not_worded", kind=delivery.notice.kind, notice=delivery.notice_id)
            failed.append(delivery)
    if dropped:
        Delivery.objects.filter(pk__in=[one.pk for one in dropped]).update(
            state=Delivery.State.DROPPED, next_attempt_at=None, subject="", body=""
        )
    if failed:
        Delivery.objects.filter(pk__in=[one.pk for one in failed]).update(
            next_attempt_at=now() + UNWORDED_RETRY, error="not worded"
        )
    counts["dropped"] += len(dropped)
    counts["failed"] += len(failed)
    return ready


def _make_words(
    delivery: Delivery, context: kinds.NoticeContext, level: Level, *, links: bool
) -> None:
    notice = delivery.notice
    url = ""
    if links:
        # Staff go by the notice itself, which is read by going; a party to the thing it is about.
        path = (
            reverse("notices:open", args=[notice.public_id]) if notice.person_id else context.path
        )
        url = urljoin(settings.SITE_URL, path)
    delivery.language = _recipient(delivery).language
    delivery.subject, delivery.body = kinds.words(
        kinds.of(notice.kind), context, level, language=delivery.language, url=url
    )


def _renew(delivery: Delivery, at: datetime) -> bool:
    """Prolong the lease just before sending, unless another worker has taken the row since."""
    lease = at + LEASE
    held = Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.PENDING, next_attempt_at=delivery.next_attempt_at
    ).update(next_attempt_at=lease)
    delivery.next_attempt_at = lease
    return bool(held)


def _record_sent(delivery: Delivery, at: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.SENT, sent_at=at, next_attempt_at=None, error=""
    )


def _record_failure(gateway: Gateway, delivery: Delivery, error: Undelivered, at: datetime) -> str:
    """Put it off, longer each time, or give it up; says which."""
    most = gateway.max_attempts
    if error.permanent:
        most = min(most, PERMANENT_ATTEMPTS)
    dead = delivery.attempts >= most
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.DEAD if dead else Delivery.State.PENDING,
        next_attempt_at=None if dead else at + back_off(delivery.attempts),
        error=error.reason,
    )
    log.warning(
        "notice_not_delivered",
        notice=delivery.notice_id,
        channel=delivery.channel,
        attempts=delivery.attempts,
        reason=error.reason,
        dead=dead,
    )
    return "dead" if dead else "failed"


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubled each time, to four hours, give or take a
    quarter, so that what failed together does not come back together."""
    wait = min(FIRST_RETRY * 2 ** min(attempts - 1, 16), LONGEST_RETRY)
    return wait * _jitter.uniform(0.75, 1.25)


def _put_back(deliveries: Sequence[Delivery], reason: str, at: datetime) -> None:
    """Return what was not tried, uncounted: an outage must not use up a message's attempts."""
    for delivery in deliveries:
        Delivery.objects.filter(
            pk=delivery.pk,
            state=Delivery.State.PENDING,
            next_attempt_at=delivery.next_attempt_at,
        ).update(next_attempt_at=at, attempts=F("attempts") - 1, error=reason)
