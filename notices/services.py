"""The verbs of a notice after its delivery, and of the texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.errors import WrongState
from courts.models import Person
from notices import texts
from notices.models import Delivery, Notice, NoticeText


def mark_read(*, notice: Notice, at: datetime | None = None) -> None:
    """Note when the recipient first opened a notice. Opening it again changes nothing."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at or timezone.now())


def mark_all_read(*, person: Person, until: datetime, at: datetime | None = None) -> int:
    """Mark as read what had been delivered to ``person`` by ``until``; returns how many.

    ``until`` is what the person had in view: a notice that came since stays unread.
    """
    unread = Notice.objects.for_person(person.pk).filter(
        read_at__isnull=True, deliveries__sent_at__lte=until
    )
    return Notice.objects.filter(pk__in=unread.values("pk"), read_at__isnull=True).update(
        read_at=at or timezone.now()
    )


def try_again(*, delivery_ids: Iterable[int], at: datetime | None = None) -> int:
    """Put deliveries that were given up back in line, their attempts counted anew."""
    return _again(Delivery.objects.filter(pk__in=delivery_ids), at)


def try_all_again(*, channel: str, at: datetime | None = None) -> int:
    """Put everything that a gateway gave up back in line; returns how many deliveries."""
    return _again(Delivery.objects.filter(channel=channel), at)


def _again(rows: QuerySet[Delivery], at: datetime | None) -> int:
    return rows.filter(state=Delivery.State.DEAD).update(
        state=Delivery.State.PENDING,
        next_attempt_at=at or timezone.now(),
        attempts=0,
        error="",
        receipt=None,
        receipt_at=None,
        provider_id=None,
    )


def write_text(
    *,
    name: str,
    language: str,
    subject: str,
    body: str,
    after: int,
    reason: str,
    by: Person,
    at: datetime | None = None,
) -> NoticeText:
    """Word a text anew; it holds for every notice that is worded from now on.

    ``after`` is the version that the writer had before them (0: the text of the product). Without
    subject and body the text of the product holds again. Raises ``Invalid`` for words that would
    lack something, ``WrongState`` where somebody else wrote a version meanwhile.
    """
    if subject or body:
        texts.check(name, subject, body)
    with transaction.atomic():
        made, is_new = NoticeText.objects.get_or_create(
            name=name,
            language=language,
            version=after + 1,
            defaults={
                "subject": subject,
                "body": body,
                "reason": reason,
                "written_by": by,
                "written_at": at or timezone.now(),
            },
        )
    said = (made.subject, made.body, made.reason, made.written_by_id)
    if not is_new and said != (subject, body, reason, by.pk):
        raise WrongState(
            _("Somebody else has changed this text meanwhile. Look at their version first.")
        )
    return made
