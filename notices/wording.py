"""The words of deliveries: made once, at the first attempt, and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import structlog
from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from courts import site
from courts.models import Person
from notices import kinds, recording, texts
from notices.channels import ADDRESSED, Channel
from notices.gateways import Message
from notices.kinds import Level
from notices.models import Address, BouncingAddress, Contact, Delivery, NoticeText

# What could not be worded (a kind that only a newer version knows, say) is tried again.
UNWORDED_RETRY = timedelta(minutes=15)
BOUNCES = recording.BOUNCES
NO_ADDRESS = "no address"
log = structlog.get_logger(__name__)

# The words are kept, and the lease prolonged, where the worker still has the delivery in hand.
_KEEP = """
UPDATE notices_delivery AS delivery
   SET language = made.language, subject = made.subject, body = made.body, text_id = made.text_id,
       next_attempt_at = %(lease)s
  FROM unnest(%(ids)s::bigint[], %(languages)s::text[], %(subjects)s::text[], %(bodies)s::text[],
              %(texts)s::bigint[])
       AS made(id, language, subject, body, text_id)
 WHERE delivery.id = made.id AND delivery.state = 'pending'
   AND delivery.next_attempt_at = %(held)s
RETURNING delivery.id
"""


@dataclass(frozen=True)
class Form:
    """How a channel wants its words: how much staff and parties may be told, and how long."""

    staff_level: Level
    party_level: Level = Level.OUTSIDE
    links: bool = True
    is_short: bool = False


@dataclass(frozen=True)
class Worded:
    """A delivery with its words and the message that brings them."""

    delivery: Delivery
    message: Message

    @property
    def lane(self) -> tuple[int | None, int | None]:
        """Whose it is: what one recipient gets is sent one after the other."""
        notice = self.delivery.notice
        return notice.person_id, notice.contact_id


def word(batch: Sequence[Delivery], form: Form, at: datetime, counts: Counter[str]) -> list[Worded]:
    """Give each delivery its words, if it has none yet; those that may go on (not saved).

    Whether the recipient may still see it is asked at every attempt. What the recipient cannot
    take through this channel any more goes on to the next. One that cannot be worded is tried
    again later, and stops no other.
    """
    if not batch:
        return []
    contexts = kinds.read([delivery.notice for delivery in batch])
    addresses = _addresses(batch)
    in_force = texts.in_force()
    ready: list[Worded] = []
    dropped: list[int] = []
    failed: list[int] = []
    elsewhere: dict[int, str] = {}
    for delivery in batch:
        context = contexts.get(delivery.notice_id)
        recipient = recipient_of(delivery)
        is_there = not isinstance(recipient, Person) or recipient.is_active
        if not is_there or (delivery.notice_id in contexts and context is None):
            dropped.append(delivery.pk)
            continue
        address = addresses[delivery.pk]
        if not address or _refuses(recipient, delivery.channel):
            elsewhere[delivery.pk] = NO_ADDRESS
            continue
        if address is BOUNCES:
            elsewhere[delivery.pk] = BOUNCES
            continue
        if context is None:
            failed.append(delivery.pk)
            continue
        try:
            ready.append(_worded(delivery, recipient, context, form, address, in_force))
        except Exception:
            log.exception("notice_not_worded", kind=delivery.notice.kind, notice=delivery.notice_id)
            failed.append(delivery.pk)
    if elsewhere:
        dropped += recording.no_way(elsewhere, at, counts)
    if dropped:
        Delivery.objects.filter(pk__in=dropped, state=Delivery.State.PENDING).update(
            state=Delivery.State.DROPPED, next_attempt_at=None, subject="", body=""
        )
    if failed:
        # It was not tried: an attempt that counted would in the end be too many to be kept.
        Delivery.objects.filter(pk__in=failed, state=Delivery.State.PENDING).update(
            next_attempt_at=at + UNWORDED_RETRY, attempts=F("attempts") - 1, error="not worded"
        )
    counts["dropped"] += len(dropped)
    counts["failed"] += len(failed)
    return ready


def keep(ready: Sequence[Worded], held: datetime, lease: datetime) -> list[Worded]:
    """Keep the words, before anything is sent; those still in this worker's hand."""
    rows = [worded.delivery for worded in ready]
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "ids": [row.pk for row in rows],
                "languages": [row.language for row in rows],
                "subjects": [row.subject for row in rows],
                "bodies": [row.body for row in rows],
                "texts": [row.text_id for row in rows],
                "held": held,
                "lease": lease,
            },
        )
        ours = {row[0] for row in cursor.fetchall()}
    return [worded for worded in ready if worded.delivery.pk in ours]


def recipient_of(delivery: Delivery) -> Person | Contact:
    """Who is told."""
    notice = delivery.notice
    recipient = notice.person or notice.contact
    assert recipient is not None  # constraint notice_one_recipient
    return recipient


def _refuses(recipient: Person | Contact, channel: str) -> bool:
    return isinstance(recipient, Contact) and channel in recipient.refused_channels


def _addresses(batch: Sequence[Delivery]) -> dict[int, str]:
    """Where each delivery goes; '' where there is no such address, ``BOUNCES`` where it fails.

    At most one statement, however many.
    """
    channel = batch[0].channel
    if channel in (Channel.IN_APP, Channel.WEBHOOK):
        return {delivery.pk: str(recipient_of(delivery).public_id) for delivery in batch}
    if channel in ADDRESSED:
        return _listed_addresses(batch, channel)
    if channel == Channel.SMS:
        return {delivery.pk: _phone(recipient_of(delivery)) for delivery in batch}
    found = {delivery.pk: recipient_of(delivery).email for delivery in batch}
    bouncing = BouncingAddress.among(found.values())
    return {pk: BOUNCES if address in bouncing else address for pk, address in found.items()}


def _phone(recipient: Person | Contact) -> str:
    return recipient.mobile if isinstance(recipient, Person) else recipient.phone


def _listed_addresses(batch: Sequence[Delivery], channel: str) -> dict[int, str]:
    people = {delivery.notice.person_id for delivery in batch}
    contacts = {delivery.notice.contact_id for delivery in batch}
    rows = Address.objects.filter(channel=channel)
    listed = rows.filter(person__in=people - {None}) | rows.filter(contact__in=contacts - {None})
    found = {(row.person_id, row.contact_id): row.address for row in listed}
    return {
        delivery.pk: found.get((delivery.notice.person_id, delivery.notice.contact_id), "")
        for delivery in batch
    }


@cache
def _short_form(language: str) -> str:
    with translation.override(language):
        return _("%(subject)s. To read it: %(url)s")


def _worded(
    delivery: Delivery,
    recipient: Person | Contact,
    context: kinds.NoticeContext,
    form: Form,
    address: str,
    in_force: Mapping[tuple[str, str], NoticeText],
) -> Worded:
    notice = delivery.notice
    kind = kinds.of(notice.kind)
    url = ""
    if form.links:
        # Staff go by the notice itself, which is read by going; a party to the thing it is about.
        path = (
            reverse("notices:open", args=[notice.public_id]) if notice.person_id else context.path
        )
        url = site.address(path)
    if not delivery.subject:
        level = form.staff_level if notice.person_id else form.party_level
        delivery.language = recipient.language
        delivery.text = in_force.get((kind.text(level), recipient.language))
        if form.is_short and not kind.is_code:
            subject = kinds.subject(
                kind, context, level, language=recipient.language, in_force=in_force
            )
            body = _short_form(recipient.language) % {"subject": subject, "url": url}
        else:
            subject, body = kinds.words(
                kind, context, level, language=recipient.language, url=url, in_force=in_force
            )
        delivery.subject, delivery.body = subject, body
    message = Message(
        ident=str(notice.public_id),
        address=address,
        subject=delivery.subject,
        body=delivery.body,
        channel=delivery.channel,
        number=context.number,
        url=url,
        language=delivery.language,
        recipient=str(recipient.public_id),
        is_code=kind.is_code,
    )
    return Worded(delivery, message)
