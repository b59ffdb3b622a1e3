"""What a timeline says: codes and parameters turned into sentences, here and nowhere else.

Portal, desk and the judges' screens show the same entries. The party reads ``TO_PARTY`` where it
says something plainer. Only public entries reach the party (see ``liaison.timeline``), and that a
call was made, without what the staff noted of it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courts import date_words
from courts.models import Department
from escalation.explain import explanations
from escalation.models import Firing, FiringRecipient
from escalation.reading import ROLES
from liaison.kinds import REPLY
from liaison.models import Grade, Request, TimelineEntry

# kind of an entry -> (tone of components/timeline.html, icon, sentence)
SENTENCES: Mapping[str, tuple[str, str, Any]] = {
    "registered": ("party", "inbox", _("Request registered")),
    "routed": ("court", "send", _("Dispatched to %(unit)s")),
    "dispatch_note": ("court", "note", _("Note of the desk to the handler")),
    "acknowledged": ("court", "check", _("Receipt acknowledged")),
    "reassigned": ("court", "arrows-exchange", _("Reassigned to %(unit)s")),
    "returned": ("warning", "arrow-back-up", _("Returned to the desk")),
    "contact_reached": ("court", "phone-call", _("Party reached (%(means)s)")),
    "contact_not_reached": ("court", "phone", _("Party not reached (%(means)s)")),
    "assist_asked": ("court", "users", _("%(unit)s asked to assist")),
    "assist_replied": ("court", "users", _("Assisting unit replied")),
    "assist_returned": ("warning", "arrow-back-up", _("Assisting unit returned its order")),
    "answered": ("reply", "message-circle", _("Answered on the spot")),
    "replied": ("reply", "message-circle", _("Replied in writing")),
    "answered_by_word": ("reply", "phone-call", _("Answered by word of mouth")),
    "rated": ("party", "star", _("The party rated the reply: %(grade)s")),
    "rating_changed": ("party", "star", _("The party changed the rating: %(grade)s")),
    "disputed": ("party", "message", _("The party says that this is no answer")),
    "dispute_dismissed": ("court", "scale", _("The liaison officer finds that the reply stands")),
    "reply_rejected": (
        "warning",
        "refresh",
        _("Taken up again: the reply of %(replied_on)s does not count"),
    ),
    "rejection_reason": ("warning", "scale", _("Why the reply does not count")),
    "urge": ("ladder", "bell", _("Urged")),
    "instruct": ("ladder", "report", _("Instructed")),
    "closed": ("court", "circle-check", _("Closed")),
    "withdrawn": ("party", "arrow-back-up", _("Withdrawn by the party")),
    "merged": ("court", "git-merge", _("Merged into %(into)s")),
    "took_over": ("court", "git-merge", _("Took over %(other)s")),
}
TO_PARTY: Mapping[str, Any] = {
    "registered": _("We received your request"),
    "routed": _("Your request was given to %(unit)s"),
    "acknowledged": _("The judge or department has received your request"),
    "contact_reached": _("The court spoke with you (%(means)s)"),
    "contact_not_reached": _("The court tried to reach you, without success (%(means)s)"),
    "answered": _("The litigation service answered"),
    "replied": _("The court replied"),
    "answered_by_word": _("The court spoke with you; this is what was said"),
    "rated": _("You rated the reply: %(grade)s"),
    "rating_changed": _("You changed your rating: %(grade)s"),
    "disputed": _("You said that this is no answer"),
    "reply_rejected": _("The reply was sent back; the court is working on it again"),
    "closed": _("Your request was closed"),
    "withdrawn": _("You withdrew your request"),
    "merged": _("Your request goes on under the number %(into)s"),
}
ANSWERS = ("answered", "replied", "answered_by_word")
# Told to the party although staff wrote them for staff: that it happened, never the words.
_WITHOUT_WORDS = ("contact_reached", "contact_not_reached")
_GRADES: Mapping[str, Any] = dict(Grade.choices)
_MEANS: Mapping[str, Any] = {"call": _("telephone call"), "meeting": _("meeting")}


@dataclass(frozen=True)
class Told:
    """A line of the timeline, as ``components/timeline.html`` shows it."""

    at: datetime
    title: str
    kind: str
    icon: str
    text: str = ""
    actor: str = ""
    # Of a firing, to staff: how the count came to its instant, sentence by sentence.
    why: Sequence[str] = ()


def sentence(
    entry: TimelineEntry, units: Mapping[int, Department] | None = None, *, to_party: bool = False
) -> str:
    """What ``entry`` says, in the reader's language.

    ``units`` are departments by id, for many entries at once (see ``units_of``); without them
    the one named is looked up. Raises ``KeyError`` for a kind without a sentence.
    """
    words = TO_PARTY.get(entry.kind) if to_party else None
    words = words or SENTENCES[entry.kind][2]
    if units is None:
        units = units_of([entry])
    return str(words) % _filled(entry.params, units)


def _filled(params: Mapping[str, Any], units: Mapping[int, Department]) -> dict[str, Any]:
    department = units.get(params.get("department") or 0)
    replied_at = params.get("replied_at")
    if isinstance(replied_at, str):
        replied_at = parse_datetime(replied_at)
    zone = timezone.get_current_timezone()
    language = get_language() or "en"
    return {
        "into": params.get("into", ""),
        "other": params.get("other", ""),
        "unit": department.display_name if department else _("another unit"),
        "grade": _GRADES.get(params.get("grade", ""), params.get("grade", "")),
        "means": _MEANS.get(params.get("means", ""), params.get("means", "")),
        "replied_on": date_words.day(replied_at, language, zone) if replied_at else "",
    }


def units_of(entries: Iterable[TimelineEntry]) -> dict[int, Department]:
    """The departments that entries name, by id: at most one statement."""
    ids = {entry.params["department"] for entry in entries if entry.params.get("department")}
    return Department.objects.in_bulk(ids) if ids else {}


def history(request: Request) -> list[Told]:
    """Everything that happened to a request, for staff: its entries and the ladder's firings."""
    entries = list(request.timeline.select_related("person"))
    units = units_of(entries)
    firings = _firings(request)
    explained = explanations(firings)
    told = [_risen(firing, explained[firing.pk].why) for firing in firings]
    told += [
        Told(
            at=entry.at,
            title=sentence(entry, units),
            kind=SENTENCES[entry.kind][0],
            icon=SENTENCES[entry.kind][1],
            text=entry.text,
            actor=_actor(entry),
        )
        for entry in entries
    ]
    return _in_order(told)


def party_history(
    request: Request, *, with_ladder: bool, quoted: TimelineEntry | None = None
) -> list[Told]:
    """What the party may read: public entries, and the rungs where the policy shows the ladder.

    Members of staff are not named; the unit is. The words of ``quoted`` (the reply that stands)
    are left out, because the page shows them by themselves; so are the staff's notes of a call. A
    reply that was sent back says so.
    """
    readable = Q(is_public=True) | Q(kind__in=_WITHOUT_WORDS)
    entries = list(request.timeline.filter(readable))
    sent_back = _sent_back(entries)
    units = units_of(entries)
    quoted_id = quoted.pk if quoted is not None else None
    rungs = [
        firing
        for firing in (_firings(request) if with_ladder else ())
        if firing.level > 0 and not firing.is_silent
    ]
    told = [_risen(firing) for firing in rungs]
    told += [
        Told(
            at=entry.at,
            title=_title_to_party(entry, units, sent_back),
            kind="warning" if entry.pk in sent_back else SENTENCES[entry.kind][0],
            icon=SENTENCES[entry.kind][1],
            text="" if entry.pk == quoted_id or not entry.is_public else entry.text,
        )
        for entry in entries
    ]
    return _in_order(told)


def _title_to_party(
    entry: TimelineEntry, units: Mapping[int, Department], sent_back: Container[int]
) -> str:
    title = sentence(entry, units, to_party=True)
    if entry.pk not in sent_back:
        return title
    return gettext("%(what)s (sent back, no longer counts)") % {"what": title}


def _sent_back(entries: Iterable[TimelineEntry]) -> set[int]:
    """The replies that were rejected later; ``entries`` are in order."""
    found: set[int] = set()
    answers: list[int] = []
    for entry in entries:
        if entry.kind in ANSWERS:
            answers.append(entry.pk)
        elif entry.kind == "reply_rejected":
            found.update(answers)
    return found


def _in_order(told: Sequence[Told]) -> list[Told]:
    """By instant. Firings are given first: one settled by a reply stands before that reply."""
    return sorted(told, key=lambda line: line.at)


def _actor(entry: TimelineEntry) -> str:
    if entry.actor == TimelineEntry.Actor.STAFF and entry.person is not None:
        return entry.person.display_name
    return str(entry.get_actor_display())


def _firings(request: Request) -> list[Firing]:
    rows = Firing.objects.filter(clock__kind=REPLY, clock__subject_id=request.pk)
    return list(rows.prefetch_related("recipients"))


def _risen(firing: Firing, why: Sequence[str] = ()) -> Told:
    """The line of a warning or a rung: to whom it rose, or that nobody was told and why."""
    recipients: Iterable[FiringRecipient] = firing.recipients.all()
    roles = dict.fromkeys(row.role for row in recipients)
    offices = gettext(", ").join(str(ROLES[role][1]) for role in roles if role in ROLES)
    warns = firing.level == 0
    if firing.is_silent:
        words = (
            _("Warning: recorded, not sent, because a higher rung was")
            if warns
            else _("No reply yet: recorded, not sent, because a higher rung was")
        )
    elif not roles:
        words = (
            _("Warning: nobody could be told, every post is vacant")
            if warns
            else _("No reply yet: nobody could be told, every post is vacant")
        )
    else:
        words = _("Warning: %(who)s told") if warns else _("No reply yet: %(who)s told")
    return Told(
        at=firing.fired_at,
        title=str(words) % {"who": offices},
        kind="warning" if firing.level == 0 else "ladder",
        icon="hourglass" if firing.level == 0 else "stairs-up",
        why=why,
    )
