"""What the pages and notices of the follow-up say, by codes; here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courts import date_words
from reports.models import FollowUpEntry

# What a kind of matter is called.
KIND_NAMES: Mapping[str, Any] = {
    "referral": _("Referral"),
    "referral_item": _("Item referred"),
    "problem": _("Listed problem"),
    "agenda_matter": _("Agenda matter"),
    "interview": _("Interview"),
    "improvement": _("Improvement proposal"),
    "practice": _("Good practice"),
    "issue": _("Issue"),
}
# code of an entry -> (kind of components/timeline.html, icon, sentence)
ENTRIES: Mapping[str, tuple[str, str, Any]] = {
    "recorded": ("court", "note", _("Recorded")),
    "compiled": ("system", "list-check", _("Lot compiled")),
    "nil": ("court", "circle-check", _("Recorded that there was nothing to refer")),
    "sent": ("court", "send", _("Sent to the office")),
    "taken_back": ("warning", "arrow-back-up", _("Taken back")),
    "answered": ("reply", "message-circle", _("Answered")),
    "accepted": ("court", "circle-check", _("Answer accepted")),
    "sent_back": ("warning", "refresh", _("Sent back")),
    "closed": ("court", "circle-check", _("Closed")),
    "listed": ("court", "list-check", _("Put on the list")),
    "reported": ("reply", "check", _("Reported as rectified")),
    "struck": ("court", "circle-check", _("Struck off the list")),
    "reopened": ("warning", "refresh", _("Opened again")),
    "on_the_agenda": ("court", "calendar-event", _("Put on the agenda")),
    "resulted": ("reply", "check", _("Result recorded")),
    "drawn": ("system", "eye", _("Drawn for the look back")),
    "holds": ("court", "circle-check", _("Looked at again: the result holds")),
    "proposed": ("system", "trending-down", _("Proposed by the ranking")),
    "proposed_by_hand": ("court", "note", _("Proposed")),
    "held": ("court", "users", _("Interview held")),
    "dismissed": ("court", "x", _("No interview is held")),
    "confirmed": ("reply", "check", _("Confirmed by the unit")),
    "followed_up": ("court", "circle-check", _("Followed up")),
    "adopted": ("reply", "check", _("Adopted")),
    "declined": ("court", "x", _("Not adopted")),
    "carried_out": ("court", "circle-check", _("Carried out")),
    "circulated": ("court", "speakerphone", _("Circulated to all courts")),
    "not_circulated": ("court", "x", _("Not circulated")),
    "proposed_issue": ("system", "flame", _("Proposed by the platform")),
    "marked_key": ("court", "flag", _("Marked as a key issue")),
    "renamed": ("court", "pencil", _("Renamed")),
    "taken_in": ("court", "file-text", _("Taken into the briefing")),
    "referred": ("court", "send", _("Recorded to be referred")),
    "dismissed_issue": ("court", "x", _("Dismissed")),
    "pushed": ("reply", "send", _("The party was informed")),
    "called": ("reply", "phone-call", _("The party was called")),
    "not_needed": ("court", "x", _("Nothing is needed")),
    "proposed_again": ("court", "refresh", _("Proposed again")),
}
# (kind of matter, code of the entry) -> what its notice begins with
NEWS: Mapping[tuple[str, str], Any] = {
    ("referral", "sent"): _("A month's referrals have come to your office."),
    ("referral_item", "answered"): _("An item that you referred has been answered."),
    ("referral_item", "sent_back"): _("Your office's answer to an item has been sent back."),
    ("problem", "listed"): _("You are the owner of a problem that has been put on the list."),
    ("problem", "reported"): _("A problem is reported as rectified and waits for your check."),
    ("problem", "sent_back"): _("A problem that you reported is not rectified yet."),
    ("problem", "struck"): _("A problem that you own has been struck off the list."),
    ("problem", "reopened"): _("A problem that you own has been opened again."),
    ("agenda_matter", "on_the_agenda"): _("You are the owner of a matter on the agenda."),
    ("agenda_matter", "resulted"): _("The result of an agenda matter waits for your check."),
    ("agenda_matter", "sent_back"): _("An agenda matter that you own is not resolved yet."),
    ("agenda_matter", "drawn"): _("A closed agenda matter has been drawn for the look back."),
    ("agenda_matter", "reopened"): _("The result of an agenda matter that you own does not hold."),
    ("interview", "proposed"): _("The ranking proposes an interview."),
    ("interview", "held"): _(
        "An interview with your unit waits for the confirmation of its leader."
    ),
    ("interview", "confirmed"): _("The unit has confirmed what was agreed in an interview."),
    ("improvement", "recorded"): _("A problem for improvement has been reported."),
    ("improvement", "adopted"): _("Your proposal has been adopted."),
    ("improvement", "declined"): _("Your proposal has been answered and is not adopted."),
    ("improvement", "carried_out"): _("Your proposal has been carried out."),
    ("practice", "recorded"): _("A court has recorded a good practice."),
    ("practice", "circulated"): _("A good practice has been circulated."),
}
CLASS_NAMES: Mapping[str, Any] = {
    "case_process": _("case-process management"),
    "trial_business": _("trial-business management"),
    "accountability": _("accountability system"),
    "staff_management": _("staff management"),
    "judicial_conduct": _("judicial conduct"),
    "filing": _("case filing"),
    "trial": _("trial"),
    "enforcement": _("enforcement"),
    "work_style": _("work style"),
}


def class_name(code: str) -> str:
    """What a class of the policy is called; one of a city of its own shows its own key."""
    return str(CLASS_NAMES.get(code, code))


def day(on: date | None) -> str:
    """A local date in the reader's language, with its weekday; '' for none."""
    if on is None:
        return ""
    return date_words.day(on, get_language() or "en", timezone.get_current_timezone())


def timeline(entries: Iterable[FollowUpEntry]) -> list[dict[str, Any]]:
    """Entries as ``components/timeline.html`` shows them."""
    shown = []
    for entry in entries:
        kind, icon, sentence = ENTRIES[entry.code]
        shown.append(
            {
                "at": entry.at,
                "kind": kind,
                "icon": icon,
                "title": sentence,
                "text": entry.text,
                "actor": entry.person or gettext("the platform"),
            }
        )
    return shown
