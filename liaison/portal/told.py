"""What we told a person: every notice to them, with the words that were sent."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import push, push_reading
from liaison import sign_in
from notices import kinds, texts
from notices.kinds import Level, NoticeContext
from notices.models import Delivery, Notice, NoticeText

PAGE = 20
_SINCE = {
    "corrected": ("due", _("Corrected since")),
    "withdrawn": ("late", _("Withdrawn since")),
    "restored": ("neutral", _("Holds again since")),
}
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class ToldRow:
    """One notice as its recipient reads it. ``ways`` says by which channel it went, and when."""

    notice: Notice
    title: str
    body: str
    since: tuple[str, Any] | None
    ways: tuple[Mapping[str, Any], ...]


def page_of(
    contact_ids: Collection[int], *, after: str, language: str, at: datetime
) -> tuple[list[ToldRow], str]:
    """One page of notices, the newest first, and where the next begins ('' at the end).

    A fixed number of statements, however long the page.
    """
    rows = Notice.objects.filter(contact__in=contact_ids).exclude(kind=sign_in.KIND)
    rows = rows.filter(_beyond(contact_ids, after)).order_by("-created_at", "-id")
    deliveries = Delivery.objects.order_by("pk")
    found = list(rows.prefetch_related(Prefetch("deliveries", deliveries))[: PAGE + 1])
    shown, more = found[:PAGE], found[PAGE:]
    values = push_reading.read_to_person(shown, language=language, at=at)
    others = kinds.read([one for one in shown if one.kind not in push.KINDS])
    in_force = texts.in_force()
    listed = [_row(one, values, others, language, in_force) for one in shown]
    return listed, str(shown[-1].public_id) if more else ""


def _beyond(contact_ids: Collection[int], after: str) -> Q:
    try:
        last = Notice.objects.get(contact__in=contact_ids, public_id=uuid.UUID(after))
    except (ValueError, Notice.DoesNotExist):
        return Q()
    return Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)


def _row(
    notice: Notice,
    values: Mapping[int, Mapping[str, Any] | None],
    others: Mapping[int, NoticeContext | None],
    language: str,
    in_force: Mapping[tuple[str, str], NoticeText],
) -> ToldRow:
    deliveries: Sequence[Delivery] = list(notice.deliveries.all())
    title, body, since = gettext("No longer open to you"), "", None
    if notice.kind in push.KINDS:
        value = values.get(notice.pk)
        if value is not None:
            # Values are words already, so no zone is needed.
            context = NoticeContext("", None, _UTC, (push_reading.OPENS, {}), inside=value)
            title, body = kinds.words(
                kinds.of(notice.kind),
                context,
                Level.INSIDE,
                language=language,
                in_force=in_force,
            )
            since = _SINCE.get(value.get("since", ""))
    else:
        kept = next((one for one in deliveries if one.body), None)
        told = others.get(notice.pk)
        if kept is not None:
            title, body = kept.subject, kept.body
        elif told is not None:
            title, body = kinds.words(
                kinds.of(notice.kind),
                told,
                Level.OUTSIDE,
                language=language,
                in_force=in_force,
            )
    return ToldRow(notice, title, body, since, tuple(_way(one) for one in deliveries))


def _way(delivery: Delivery) -> dict[str, Any]:
    return {
        "channel": delivery.get_channel_display(),
        "state": delivery.state,
        "is_sent": delivery.state == Delivery.State.SENT,
        "label": delivery.get_state_display(),
        "at": delivery.sent_at,
        "words": delivery.body,
    }
