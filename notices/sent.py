"""What was sent to a party about one thing, for the staff who deal with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from notices import kinds, texts
from notices.kinds import Level
from notices.models import Contact, Delivery, Notice


@dataclass(frozen=True)
class SentNotice:
    """A notice with its deliveries; ``subject`` as it was sent, or as it would be worded now."""

    notice: Notice
    subject: str
    deliveries: tuple[Delivery, ...]


def sent_about(contact: Contact, subject_kind: str, subject_id: int) -> list[SentNotice]:
    """What was told to a party about one thing, in order: four statements and the readers'."""
    rows = Notice.objects.filter(
        contact=contact, subject_kind=subject_kind, subject_id=subject_id
    ).prefetch_related(Prefetch("deliveries", Delivery.objects.order_by("pk")))
    notices = list(rows.order_by("created_at", "pk"))
    contexts = kinds.read(notices)
    in_force = texts.in_force()
    found = []
    for notice in notices:
        deliveries = tuple(notice.deliveries.all())
        subject = next((one.subject for one in deliveries if one.subject), "")
        context = contexts.get(notice.pk)
        if not subject and context is not None:
            subject, _body = kinds.words(
                kinds.of(notice.kind),
                context,
                Level.OUTSIDE,
                language=contact.language,
                in_force=in_force,
            )
        found.append(SentNotice(notice, subject, deliveries))
    return found
