"""The verbs of a briefing, from draft to publication (G12, B10).

Who drafts, edits and sends to review is of the leading court's Case Filing Chamber; who
publishes is a second person. What is reviewed is what is published: the figures are those of the
draft until somebody takes them in anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from courts import calendar
from courts.business_days import local_date
from courts.errors import Invalid, NotAllowed, Refused, WrongState
from courts.models import Jurisdiction, Person
from courts.roles import require
from liaison.models import Request
from reports.briefing import document, wording
from reports.briefing.lifecycle import BriefingState, Section
from reports.briefing.readers import acknowledgement_of, tell_readers
from reports.models import Briefing, BriefingText, Edition
from reports.models.briefing import month_of
from reports.months import Month

log = structlog.get_logger(__name__)

LANGUAGES = ("zh-hans", "en")
LONGEST_TEXT = 20_000


def lock(briefing_id: int) -> Briefing:
    """The briefing, locked until the transaction ends."""
    rows = Briefing.objects.select_for_update(of=("self",))
    return rows.select_related("jurisdiction__leading_court").get(pk=briefing_id)


def _require(by: Person | None, action: str, jurisdiction: Jurisdiction, at: datetime) -> None:
    court_id = jurisdiction.leading_court_id
    if court_id is None:
        raise WrongState
    require(by, action, court_id=court_id, department_id=None, at=at)


def _check(briefing: Briefing, move: str) -> None:
    if not can_proceed(getattr(briefing, move)):
        raise WrongState


def standing_texts(briefing_id: int) -> dict[tuple[str, str], BriefingText]:
    """The version that holds of every section and language: one statement."""
    rows = BriefingText.objects.filter(briefing=briefing_id).select_related("written_by")
    found = rows.order_by("section", "language", "-version").distinct("section", "language")
    return {(one.section, one.language): one for one in found}


@transaction.atomic
def draft(
    *, jurisdiction_id: int, month: Month, by: Person | None, at: datetime | None = None
) -> Briefing:
    """Draft the briefing of a month that has ended, or return the one that is in work.

    After a publication it drafts a correction edition, if the figures differ from the last one;
    else, or if the month has not ended, it raises ``Invalid``. ``by`` None is the platform.
    """
    at = at or timezone.now()
    # No other draft of this jurisdiction begins meanwhile; requests go on being registered.
    jurisdiction = Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction_id)
    _require(by, "briefings.write", jurisdiction, at)
    rows = Briefing.objects.filter(jurisdiction=jurisdiction, month=month.first_day)
    in_work = rows.exclude(state=BriefingState.PUBLISHED).first()
    if in_work is not None:
        return in_work
    values = document.of_month(jurisdiction, month, at=at)
    last = Edition.objects.filter(jurisdiction=jurisdiction, month=month.first_day).first()
    if last is not None and bytes(last.document) == values:
        raise Invalid(
            _("The figures of this month are as published: there is nothing to correct."),
            code="nothing_to_correct",
            field="month",
        )
    briefing = Briefing.objects.create(
        jurisdiction=jurisdiction,
        month=month.first_day,
        number=last.number + 1 if last else 1,
        document=values,
        computed_at=at,
        drafted_at=at,
        drafted_by=by,
    )
    _write(briefing, last, at=at, over={})
    return briefing


def _write(
    briefing: Briefing,
    last: Edition | None,
    *,
    at: datetime,
    over: dict[tuple[str, str], BriefingText],
) -> None:
    """Write the platform's words for the figures, over its own earlier ones where they differ."""
    new = []
    for language in LANGUAGES:
        words = wording.sections(briefing.values, last.values if last else None, language)
        for section, text in words.items():
            held = over.get((section, language))
            if held is not None and (held.written_by_id is not None or held.text == text):
                continue
            new.append(
                BriefingText(
                    briefing=briefing,
                    section=section,
                    language=language,
                    version=held.version + 1 if held else 1,
                    text=text,
                    written_at=at,
                )
            )
    BriefingText.objects.bulk_create(new)


@transaction.atomic
def take_figures(*, briefing_id: int, by: Person, at: datetime | None = None) -> list[str]:
    """Take in the figures as they are now, and write anew what nobody has edited.

    Returns the sections that a person has written, whose words must be read again.
    """
    briefing = lock(briefing_id)
    at = at or timezone.now()
    _require(by, "briefings.write", briefing.jurisdiction, at)
    if briefing.state != BriefingState.DRAFT:
        raise WrongState
    values = document.of_month(briefing.jurisdiction, month_of(briefing.month), at=at)
    held = standing_texts(briefing.pk)
    edited = {text.section for text in held.values() if text.written_by_id is not None}
    if bytes(briefing.document) != values:
        briefing.document, briefing.computed_at = values, at
        briefing.__dict__.pop("values", None)
        briefing.save(update_fields=["document", "computed_at"])
        _write(briefing, _last_edition(briefing), at=at, over=held)
    return [section for section in Section.values if section in edited]


def _last_edition(briefing: Briefing) -> Edition | None:
    rows = Edition.objects.filter(jurisdiction=briefing.jurisdiction_id, month=briefing.month)
    return rows.filter(number__lt=briefing.number).order_by("-number").first()


@transaction.atomic
def edit(
    *,
    briefing_id: int,
    section: str,
    language: str,
    text: str,
    version: int,
    by: Person,
    at: datetime | None = None,
) -> BriefingText:
    """Write a section in one language over ``version``, the one that was read.

    Raises ``Invalid`` (``changed_meanwhile``) where somebody was faster: nothing is overwritten.
    """
    briefing = lock(briefing_id)
    at = at or timezone.now()
    _require(by, "briefings.write", briefing.jurisdiction, at)
    if briefing.state != BriefingState.DRAFT:
        raise WrongState
    held = standing_texts(briefing.pk).get((section, language))
    if held is None:
        raise Invalid(field="text")
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST_TEXT:
        raise Invalid(field="text")
    if held.version != version:
        raise Invalid(
            _(
                "Somebody else has changed this section meanwhile. Your words are kept below: "
                "put the two together and save again."
            ),
            code="changed_meanwhile",
            field="text",
        )
    if text == held.text:
        return held
    briefing.edited_at, briefing.edited_by = at, by
    briefing.save(update_fields=["edited_at", "edited_by"])
    return BriefingText.objects.create(
        briefing=briefing,
        section=section,
        language=language,
        version=version + 1,
        text=text,
        written_by=by,
        written_at=at,
    )


@transaction.atomic
def submit(*, briefing_id: int, by: Person, at: datetime | None = None) -> Briefing:
    """Send a draft to review; raises ``Refused`` for a correction that corrects nothing now."""
    briefing = lock(briefing_id)
    at = at or timezone.now()
    _require(by, "briefings.write", briefing.jurisdiction, at)
    _check(briefing, "submit")
    last = _last_edition(briefing)
    if last is not None and bytes(last.document) == bytes(briefing.document):
        raise Refused(
            _("The figures are as published again: this draft waits until something differs.")
        )
    briefing.submit()
    briefing.submitted_at, briefing.submitted_by = at, by
    briefing.save(update_fields=["state", "submitted_at", "submitted_by"])
    return briefing


@transaction.atomic
def send_back(*, briefing_id: int, reason: str, by: Person, at: datetime | None = None) -> Briefing:
    """Send a briefing back from review, with the reason."""
    briefing = lock(briefing_id)
    at = at or timezone.now()
    _require(by, "briefings.review", briefing.jurisdiction, at)
    _check(briefing, "send_back")
    if not reason.strip():
        raise Invalid(_("Say what should be changed."), field="reason")
    briefing.send_back()
    briefing.returned_at, briefing.returned_by = at, by
    briefing.return_reason = reason.strip()
    briefing.save(update_fields=["state", "returned_at", "returned_by", "return_reason"])
    return briefing


def wrote(briefing: Briefing, texts: Iterable[BriefingText]) -> set[int]:
    """Who may not review: who drafted, last edited or sent it, and whose words stand in it."""
    people = {briefing.drafted_by_id, briefing.edited_by_id, briefing.submitted_by_id}
    people |= {text.written_by_id for text in texts}
    return {pk for pk in people if pk is not None}


@transaction.atomic
def publish(*, briefing_id: int, by: Person, at: datetime | None = None) -> Edition:
    """Publish a reviewed briefing: freeze its figures and words, and tell its readers.

    ``by`` is the reviewer, a second person: ``NotAllowed`` for anyone who wrote of it.
    """
    briefing = lock(briefing_id)
    at = at or timezone.now()
    _require(by, "briefings.review", briefing.jurisdiction, at)
    _check(briefing, "publish")
    if by.pk in wrote(briefing, standing_texts(briefing.pk).values()):
        raise NotAllowed(
            _("Who wrote, edited or sent a briefing does not review it: a second person does.")
        )
    values = bytes(briefing.document)
    edition = Edition.objects.create(
        jurisdiction=briefing.jurisdiction,
        month=briefing.month,
        number=briefing.number,
        document=values,
        sha256=hashlib.sha256(values).hexdigest(),
        computed_at=briefing.computed_at,
        published_at=at,
        published_by=by,
    )
    briefing.publish()
    briefing.published_at, briefing.published_by, briefing.edition = at, by, edition
    briefing.save(update_fields=["state", "published_at", "published_by", "edition"])
    tell_readers(briefing, at=at)
    return edition


@transaction.atomic
def acknowledge(*, briefing_id: int, by: Person, at: datetime | None = None) -> None:
    """Acknowledge to have read a published briefing; the first time counts."""
    at = at or timezone.now()
    briefing = Briefing.objects.visible_to(by).filter(pk=briefing_id).first()
    if briefing is None:
        raise NotAllowed
    if briefing.state != BriefingState.PUBLISHED:
        raise WrongState
    acknowledgement_of(briefing, by, at=at)


def is_due(jurisdiction: Jurisdiction, at: datetime) -> Month | None:
    """The month whose briefing is due at ``at``: the last one, from its first business day on.

    None before that day, and where no request was registered by the end of that month.
    """
    zone = jurisdiction.zone
    present = Month.of(at, zone)
    if jurisdiction.leading_court_id is None or local_date(at, zone) < present.first_business_day(
        calendar.present(jurisdiction.leading_court_id)
    ):
        return None
    before = present.plus(-1)
    rows = Request.objects.filter(
        jurisdiction=jurisdiction, registered_at__lt=present.bounds(zone)[0]
    )
    return before if rows.exists() else None


def draft_due(at: datetime | None = None) -> int:
    """Draft what is due and was never drafted; how many were. Two that run at once draft one."""
    at = at or timezone.now()
    drafted = 0
    for jurisdiction in Jurisdiction.objects.order_by("pk"):
        month = is_due(jurisdiction, at)
        rows = Briefing.objects.filter(jurisdiction=jurisdiction)
        if month is None or rows.filter(month=month.first_day).exists():
            continue
        try:
            with transaction.atomic():
                # Whoever waits here finds what the other has drafted.
                Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
                if rows.filter(month=month.first_day).exists():
                    continue
                draft(jurisdiction_id=jurisdiction.pk, month=month, by=None, at=at)
        except Refused as refused:
            log.warning("briefing_not_drafted", jurisdiction=jurisdiction.code, code=refused.code)
            continue
        drafted += 1
    return drafted
