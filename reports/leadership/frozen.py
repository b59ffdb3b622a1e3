"""A closed month is shown as last published, with a switch to the live figures (G16, B14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from courts.models import Jurisdiction, Person
from courts.roles import Reach
from reports.leadership.asking import month_url
from reports.models import Edition
from reports.months import Month
from reports.published import Published, latest

LIVE = "live"


@dataclass(frozen=True)
class Choice:
    """The last edition of a month, and whether the reader asked for live figures instead."""

    edition: Edition
    is_live: bool

    @property
    def shown(self) -> int:
        """The number of the edition that is shown; 0 where the figures are live."""
        return 0 if self.is_live else self.edition.number


def chosen(request: HttpRequest, home: Jurisdiction | None, month: Month) -> Choice | None:
    """What of a month to show; None where it has no edition: then all is live."""
    edition = latest(home, month)
    if edition is None:
        return None
    return Choice(edition, request.GET.get("figures") == LIVE)


def line(
    choice: Choice, person: Person, month: Month, address: str, *, differing: int, **query: str
) -> dict[str, Any]:
    """What the page says of it at its top; who may draft is led to the correction edition."""
    home = choice.edition.jurisdiction
    may_draft = home.leading_court_id in Reach.of(person, "briefings.write").courts
    other = "" if choice.is_live else LIVE
    propose = f"{month_url(reverse('briefings:list'), month)}#draft"
    published_at: datetime = choice.edition.published_at
    return {
        "is_live": choice.is_live,
        "number": choice.edition.number,
        "published_at": published_at,
        "differing": differing,
        "switch_url": month_url(address, month, **query, figures=other),
        "propose_url": propose if may_draft and differing else "",
    }


def carried(line: dict[str, Any] | None) -> str:
    """What the links of a page carry so that live figures stay live, where a month has others."""
    return LIVE if line is not None and line["is_live"] else ""


def asked_live(request: HttpRequest) -> str:
    """The same of a page that has live figures only, and is passed through."""
    return LIVE if request.GET.get("figures") == LIVE else ""


def asked_for(request: HttpRequest, home: Jurisdiction | None, month: Month) -> Published | None:
    """The edition that a list is asked of; None for the live list, not found for no edition."""
    number = request.GET.get("edition", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise Http404
    rows = Edition.objects.filter(
        jurisdiction=home, month=month.first_day, number=int(number)
    ).select_related("jurisdiction")
    edition = rows.first()
    if edition is None:
        raise Http404
    return Published(edition)
