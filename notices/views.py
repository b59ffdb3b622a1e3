"""A person's own notices. Everyone who may sign in has them, whatever posts they hold."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courts.models import Person
from courts.paging import read_instant
from notices import kinds, services
from notices.models import Delivery, Notice

PAGE = 30
_UNREAD, _READ = "unread", "read"
# To htmx: take nothing over, and ask no more.
_STOP_POLLING = 286


@dataclass(frozen=True)
class Row:
    """A notice on the list. Its words are shown while the person may still see the thing."""

    notice: Notice
    subject: str
    body: str
    is_visible: bool


def _signed_in(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _delivered(person: Person) -> Any:
    return Delivery.objects.filter(
        notice__person=person, channel=Delivery.Channel.IN_APP, state=Delivery.State.SENT
    ).select_related("notice")


@never_cache
@require_GET
@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """Unread ones first, newest first; keyset paging, so a page does not shift as others come."""
    person = _signed_in(request)
    deliveries = _page(person, request.GET.get("after", ""))
    shown, more = deliveries[:PAGE], deliveries[PAGE:]
    contexts = kinds.read([delivery.notice for delivery in shown])
    rows = [_row(delivery, contexts.get(delivery.notice_id)) for delivery in shown]
    unread = _delivered(person).filter(notice__read_at__isnull=True)
    until = unread.aggregate(latest=Max("sent_at"))["latest"]
    return render(
        request,
        "notices/list.html",
        {
            "rows": rows,
            "any_unread": any(row.notice.read_at is None for row in rows),
            "older": _cursor(shown[-1].notice) if more else "",
            "until": until.isoformat() if until else "",
        },
    )


def _row(delivery: Delivery, context: kinds.NoticeContext | None) -> Row:
    return Row(
        notice=delivery.notice,
        subject=delivery.subject,
        body=delivery.body if context else "",
        is_visible=context is not None,
    )


def _cursor(notice: Notice) -> str:
    return f"{_READ if notice.read_at else _UNREAD}.{notice.public_id}"


def _page(person: Person, cursor: str) -> list[Delivery]:
    """One page and one more row: the unread part, then the read part, each by its own index."""
    rows = _delivered(person).order_by("-notice__created_at", "-notice_id")
    section, _dot, public_id = cursor.partition(".")
    beyond = _beyond(person, public_id)
    if section not in (_UNREAD, _READ) or beyond is None:
        section, beyond = _UNREAD, Q()
    page: list[Delivery] = []
    if section == _UNREAD:
        page = list(rows.filter(beyond, notice__read_at__isnull=True)[: PAGE + 1])
        beyond = Q()
    if len(page) <= PAGE:
        read = rows.filter(beyond, notice__read_at__isnull=False)
        page += read[: PAGE + 1 - len(page)]
    return page


def _beyond(person: Person, public_id: str) -> Q | None:
    """The rows after a notice of the same person; None where the cursor is no such notice."""
    try:
        last = Notice.objects.get(person=person, public_id=uuid.UUID(public_id))
    except (ValueError, Notice.DoesNotExist):
        return None
    return Q(notice__created_at__lt=last.created_at) | Q(
        notice__created_at=last.created_at, notice__lt=last.pk
    )


@require_GET
@login_required
def opened(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Mark a notice as read and go where it is opened, if the person may still see that."""
    person = _signed_in(request)
    notice = get_object_or_404(Notice.objects.for_person(person.pk), public_id=public_id)
    services.mark_read(notice=notice)
    context = kinds.read([notice]).get(notice.pk)
    if context is None:
        messages.warning(request, _("This has passed to others, so you can no longer open it."))
        return redirect("notices:list")
    return redirect(context.path)


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read everything that the person had in view."""
    until = read_instant(request.POST.get("until", "")) or timezone.now()
    services.mark_all_read(person=_signed_in(request), until=until)
    return redirect("notices:list")


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell by itself, asked for every minute. Whoever has signed out is asked no more."""
    if not request.user.is_authenticated:
        return HttpResponse(status=_STOP_POLLING, headers={"HX-Reswap": "none"})
    return render(request, "base/_bell.html")
