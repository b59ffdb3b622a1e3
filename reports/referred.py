"""What came of referrals to other offices, as the briefing tells of it (G12, B9, B10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from typing import TypedDict

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courts import date_words
from courts.models import Jurisdiction
from reports.follow_up.words import class_name
from reports.months import Month
from reports.referrals.feedback import Feedback, FeedbackLine, feedback

# So much of an office's answer is told; its whole is in the referral (characters).
ANSWER_LENGTH = 200


class ReferralLine(TypedDict):
    """One referral as the briefing tells of it, in both languages."""

    zh: str
    en: str


def referral_lines(jurisdiction: Jurisdiction, month: Month) -> list[ReferralLine]:
    """The feedback of referrals that belongs in a month's briefing, in a fixed order.

    Told are the answers accepted in the month, to which offices nothing was referred, and how many
    lots waited for an answer at its end. Of matters of conduct only the number is told.
    """
    found = feedback(jurisdiction, month)
    with translation.override("zh-hans"):
        chinese = list(_told(found))
    with translation.override("en"):
        english = list(_told(found))
    return [ReferralLine(zh=zh, en=en) for zh, en in zip(chinese, english, strict=True)]


def _told(found: Feedback) -> Iterator[str]:
    for line in found.lines:
        yield _sealed(line) if line.sealed else _answered(line)
    for office in found.nil:
        yield _("Nothing was referred to the %(office)s.") % {"office": office.display_name}
    if found.open_lots:
        yield ngettext(
            "%(number)s lot of referrals was still to be answered at the end of the month.",
            "%(number)s lots of referrals were still to be answered at the end of the month.",
            found.open_lots,
        ) % {"number": found.open_lots}


def _answered(line: FeedbackLine) -> str:
    return _("%(office)s, referrals of %(month)s (%(class)s): %(title)s. Answer: %(answer)s") % {
        "office": line.office.display_name,
        "month": _month(line.month),
        "class": class_name(line.category),
        "title": line.title.rstrip("。. "),
        "answer": Truncator(line.answer).chars(ANSWER_LENGTH),
    }


def _sealed(line: FeedbackLine) -> str:
    return ngettext(
        "%(office)s, referrals of %(month)s: %(number)s matter of judicial conduct was answered.",
        "%(office)s, referrals of %(month)s: %(number)s matters of judicial conduct were answered.",
        line.sealed,
    ) % {
        "office": line.office.display_name,
        "month": _month(line.month),
        "number": line.sealed,
    }


def _month(first_day: date) -> str:
    return date_words.month(first_day, get_language() or "", UTC)
