"""What the page of a briefing shows, and which of its verbs the reader may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.charts import Amount
from courts.lifecycle import leaving
from courts.models import Person
from courts.roles import Reach, posts_of
from courts.templatetags.ui import button
from reports.briefing import document, wording
from reports.briefing.lifecycle import MOVES, BriefingState, Section
from reports.briefing.official import serial
from reports.briefing.parts import Part, parts
from reports.briefing.services import standing_texts, wrote
from reports.models import Briefing, BriefingReading, BriefingText
from reports.models.briefing import month_of
from reports.scope import ACTION, Scope


@dataclass(frozen=True)
class May:
    """What a person may do with the briefings of a jurisdiction's leading court."""

    write: bool
    review: bool

    @classmethod
    def of(cls, person: Person, leading_court_id: int | None) -> May:
        """By the posts that the person holds now."""
        posts = posts_of(person)

        def reaches(action: str) -> bool:
            return leading_court_id in Reach.of_posts(person.pk, posts, action).courts

        return cls(reaches("briefings.write"), reaches("briefings.review"))


def language() -> str:
    """The language of the briefing that is shown: that of the page."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def texts_in(texts: Mapping[tuple[str, str], BriefingText], of: str) -> dict[str, str]:
    """The words of each section in one language."""
    return {section: one.text for (section, lang), one in texts.items() if lang == of}


def reads_whole_city(person: Person, briefing: Briefing) -> bool:
    """Whether the person may read the lists behind all figures, so the document itself."""
    wanted = Scope.of_city(briefing.jurisdiction)
    return wanted.courts <= Reach.of(person, ACTION).courts


def briefing_page(briefing: Briefing, person: Person, *, at: datetime) -> dict[str, Any]:
    """The context of the page."""
    may = May.of(person, briefing.jurisdiction.leading_court_id)
    texts = standing_texts(briefing.pk)
    shown = texts_in(texts, language())
    in_draft = briefing.state == BriefingState.DRAFT
    barred = person.pk in wrote(briefing, texts.values())
    published = briefing.state == BriefingState.PUBLISHED
    readings = list(_readings(briefing)) if published else []
    mine = [one for one in readings if one.person_id == person.pk]
    return {
        "briefing": briefing,
        "title": wording.title(briefing.values, briefing.number),
        "serial": serial(briefing.values, briefing.number),
        "court": briefing.jurisdiction.leading_court,
        "sections": [
            _section(briefing, part, texts, may.write and in_draft)
            for part in parts(briefing.values, shown)
        ],
        "may": may,
        "actions": _actions(briefing, may, barred=barred),
        "is_barred": barred and may.review and briefing.state == BriefingState.IN_REVIEW,
        "in_draft": in_draft,
        "in_work": not published,
        "has_new_figures": in_draft and may.write and _differs(briefing, at),
        "readings": readings,
        "read_count": sum(1 for one in readings if one.read_at),
        "may_acknowledge": published and not (mine and all(one.read_at for one in mine)),
        "reads_whole_city": published and reads_whole_city(person, briefing),
        "others": Briefing.objects.visible_to(person)
        .filter(jurisdiction=briefing.jurisdiction_id, month=briefing.month)
        .exclude(pk=briefing.pk)
        .defer("document")
        .order_by("number"),
    }


def _differs(briefing: Briefing, at: datetime) -> bool:
    now = document.of_month(briefing.jurisdiction, month_of(briefing.month), at=at)
    return now != bytes(briefing.document)


def _readings(briefing: Briefing) -> Any:
    rows = BriefingReading.objects.filter(briefing=briefing).select_related("person", "court")
    return rows.order_by("-must_read", "court__code", "pk")


def _section(
    briefing: Briefing,
    part: Part,
    texts: Mapping[tuple[str, str], BriefingText],
    may_edit: bool,
) -> dict[str, Any]:
    held = texts[part.section, language()]
    address = reverse("briefings:edit", args=[briefing.public_id, part.section.value])
    return {
        "id": part.section.value,
        "heading": part.heading,
        "paragraphs": part.paragraphs,
        "tables": part.tables,
        "charts": [
            {
                "id": f"chart-{part.section.value}-{place}",
                "title": one.title,
                "amounts": [Amount(label, n) for label, n in one.bars],
            }
            for place, one in enumerate(part.bars, start=1)
        ],
        "edit_url": f"{address}?language={language()}" if may_edit else "",
        "written_by": held.written_by,
        "written_at": held.written_at,
    }


def _actions(briefing: Briefing, may: May, *, barred: bool) -> list[dict[str, Any]]:
    """The buttons of the lifecycle that this person may press now."""
    found = []
    for move in leaving(MOVES, briefing.state):
        allowed = may.write if move.action == "briefings.write" else may.review
        if not allowed or (move.name == "publish" and barred):
            continue
        url = reverse(f"briefings:{move.name}", args=[briefing.public_id])
        one = button(move, url, tone="" if move.name == "send_back" else "primary")
        if move.name != "send_back":
            one["method"] = "post"
        if move.name == "publish":
            one["confirm"] = _("Publish? Figures and words are then frozen, and the readers told.")
        found.append(one)
    return found


def versions(briefing: Briefing) -> list[dict[str, Any]]:
    """Every version of every section, the latest first, each with what stood there before."""
    rows = BriefingText.objects.filter(briefing=briefing).select_related("written_by")
    before: dict[tuple[str, str], str] = {}
    found = []
    for one in rows.order_by("version", "pk"):
        key = (one.section, one.language)
        found.append(
            {
                "section": Section(one.section).label,
                "language": one.get_language_display(),
                "version": one.version,
                "text": one.text,
                "before": before.get(key, ""),
                "by": one.written_by,
                "at": one.written_at,
            }
        )
        before[key] = one.text
    found.sort(key=lambda each: (each["at"], each["version"]), reverse=True)
    return found
