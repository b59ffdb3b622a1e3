"""Kinds of notices: how each is read, worded and opened.

The app that owns what a notice is about registers its kinds, once, when Django starts. This
floor knows neither requests nor orders: a kind brings a batch reader, which says for each
notice what may be told to its recipient, and the templates of its words. A guard test sees to
it that every kind which is ever put in the outbox is registered and can be worded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import structlog
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation

from notices import texts
from notices.models import Notice
from notices.text_models import NoticeText

log = structlog.get_logger(__name__)


class Level(StrEnum):
    """How much a channel may be told.

    ``INSIDE`` is the court's own network: everything, with the party's message. ``OUTSIDE`` is
    anywhere else: the number, the limit, and where to sign in.
    """

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class NoticeContext:
    """What a notice tells, as its recipient may know it now.

    ``limit_at`` is the exclusive end of the limit (24:00 of its last day), or None where no limit
    matters. ``zone`` is the jurisdiction's, for dates. ``opens`` is the URL name, and its
    arguments, of the page where the thing itself is read, ``query`` its query. ``inside`` is for
    the inside level alone: the outside template never gets to see it. ``says`` is a code by which
    a template chooses among its texts.
    """

    number: str
    limit_at: datetime | None
    zone: ZoneInfo
    opens: tuple[str, Mapping[str, Any]]
    inside: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    says: str = ""

    @property
    def path(self) -> str:
        """The path of the page where the thing itself is read."""
        name, arguments = self.opens
        path = (
            reverse(name, kwargs=dict(arguments)) if arguments else _page(name, get_script_prefix())
        )
        return f"{path}?{urlencode(self.query)}" if self.query else path


@cache
def _page(name: str, _prefix: str) -> str:
    # Thousands of messages lead to the same page.
    return reverse(name)


# For each notice, its context; None if the recipient may no longer see what it is about. A
# reader takes a fixed number of statements, however many notices.
Reader = Callable[[Sequence[Notice]], Mapping[int, NoticeContext | None]]


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice.

    ``inside`` and ``outside`` name its texts, the templates in ``templates/notices/words``: the
    first line is the subject, the rest the body. Parties are outside by nature, so a kind that is
    only for them has no inside text. One that ``is_code`` brings a code to sign in and goes whole
    into a text message; of any other only the subject does, with the address of the page.
    """

    name: str
    read: Reader
    inside: str = ""
    outside: str = "staff_outside"
    is_code: bool = False

    def text(self, level: Level) -> str:
        """The text of a content level; raises ``LookupError`` where there is none."""
        name = self.inside if level is Level.INSIDE else self.outside
        if not name:
            raise LookupError(f"{self.name} has no words for {level}")
        return name


_kinds: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Make kinds known; a kind has one owner."""
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) != kind:
            raise ValueError(f"{kind.name} is registered twice")


def of(name: str) -> NoticeKind:
    """The registered kind; raises ``LookupError`` for one that nobody owns."""
    return _kinds[name]


def registered() -> Mapping[str, NoticeKind]:
    """All kinds by name."""
    return dict(_kinds)


def read(notices: Sequence[Notice]) -> dict[int, NoticeContext | None]:
    """The contexts of notices by id: a fixed number of statements for each kind's reader.

    A notice whose kind is unknown (written by a newer version, say) or whose reader fails is
    left out, and the failure logged, so that one kind's fault delays no other.
    """
    by_reader: dict[Reader, list[Notice]] = defaultdict(list)
    for notice in notices:
        kind = _kinds.get(notice.kind)
        if kind is None:
            log.error("notice_kind_unknown", kind=notice.kind, notice=notice.pk)
        else:
            by_reader[kind.read].append(notice)
    found: dict[int, NoticeContext | None] = {}
    for reader, group in by_reader.items():
        try:
            found |= reader(group)
        except Exception:
            log.exception("notice_reader_failed", kinds=sorted({one.kind for one in group}))
    return found


def words(
    kind: NoticeKind,
    context: NoticeContext,
    level: Level,
    *,
    language: str,
    url: str = "",
    in_force: Mapping[tuple[str, str], NoticeText] | None = None,
) -> tuple[str, str]:
    """Subject and body in ``language``, as plain text, dates in the jurisdiction's zone.

    ``url`` is where the recipient goes on to; left out where the notice itself is the link.
    ``in_force`` are the texts as edited (``texts.in_force``), None for those of the product.
    """
    values = _values(context, level, url)
    with translation.override(language), timezone.override(context.zone):
        return texts.words(kind.text(level), values, _edited(kind, level, language, in_force))


def subject(
    kind: NoticeKind,
    context: NoticeContext,
    level: Level,
    *,
    language: str,
    in_force: Mapping[tuple[str, str], NoticeText] | None = None,
) -> str:
    """The subject of ``words`` alone."""
    values = _values(context, level, "")
    with translation.override(language), timezone.override(context.zone):
        return texts.subject(kind.text(level), values, _edited(kind, level, language, in_force))


def _edited(
    kind: NoticeKind,
    level: Level,
    language: str,
    in_force: Mapping[tuple[str, str], NoticeText] | None,
) -> NoticeText | None:
    return in_force.get((kind.text(level), language)) if in_force else None


def _values(context: NoticeContext, level: Level, url: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "number": context.number,
        "limit_at": context.limit_at,
        "says": context.says,
        "url": url,
    }
    return {**values, **context.inside} if level is Level.INSIDE else values
