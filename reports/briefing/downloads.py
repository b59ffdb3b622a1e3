"""What a published briefing is handed out as: PDF, workbook, and the canonical document.

A copy bears the reader's name and the minute; the Case Filing Chamber may take the unmarked
original for the file, which is the same bytes whenever it is made.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts import date_words
from courts.access import action_required
from courts.models import Person
from reports.briefing import official, page, workbook
from reports.briefing.lifecycle import BriefingState
from reports.briefing.services import standing_texts
from reports.briefing.views import ACTION, find
from reports.leadership.asking import reader
from reports.models import Briefing

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _published(person: Person, public_id: uuid.UUID) -> Briefing:
    found = find(person, public_id)
    if found.state != BriefingState.PUBLISHED:
        raise Http404
    return found


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in ("zh-hans", "en") else page.language()


def _copy(request: HttpRequest, found: Briefing, language: str) -> str:
    """Whose copy it is, and when it was made; '' for the original, which the chamber may take."""
    person = reader(request)
    if request.GET.get("copy") == "original":
        if not page.May.of(person, found.jurisdiction.leading_court_id).write:
            raise Http404
        return ""
    zone = found.jurisdiction.zone
    with translation.override(language):
        at = date_words.moment_long(timezone.now(), language, zone)
        return _("Copy for %(reader)s, %(at)s") % {"reader": person.display_name, "at": at}


def _handed_out(content: bytes, kind: str, found: Briefing, ending: str) -> HttpResponse:
    name = f"briefing-{found.jurisdiction.code}-{found.month:%Y-%m}-{found.number}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _made(request: HttpRequest, found: Briefing, make: Callable[..., bytes], *given: Any) -> bytes:
    language = _language(request)
    return make(
        found.values,
        *given,
        number=found.number,
        published_at=found.published_at,
        language=language,
        copy=_copy(request, found, language),
    )


@action_required(ACTION)
@require_safe
def pdf(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The official document."""
    found = _published(reader(request), public_id)
    texts = page.texts_in(standing_texts(found.pk), _language(request))
    content = _made(request, found, official.pdf, texts)
    return _handed_out(content, "application/pdf", found, "pdf")


@action_required(ACTION)
@require_safe
def xlsx(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The workbook."""
    found = _published(reader(request), public_id)
    return _handed_out(_made(request, found, workbook.xlsx), _WORKBOOK, found, "xlsx")


@action_required(ACTION)
@require_safe
def document(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The frozen document itself, with the lists: for who may read all of them."""
    person = reader(request)
    found = _published(person, public_id)
    if found.edition is None or not page.reads_whole_city(person, found):
        raise Http404
    answer = _handed_out(bytes(found.edition.document), "application/json", found, "json")
    answer.headers["X-Content-SHA256"] = found.edition.sha256
    return answer
