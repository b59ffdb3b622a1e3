"""The components that need a little Python; ``docs/design-system.md`` shows each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courts import calendar, date_words
from courts.lifecycle import Move

register = template.Library()

# Shorter words are quickly typed again.
LONG_TEXT = 20
# Hidden fields, which nobody typed.
_BY_MACHINE = {
    "csrfmiddlewaretoken",
    "command_id",
    "next",
    "query",
    "answered_at",
    "follows",
    "until",
    "unit",
}

# A state's tone, icon and word. Codes of all lifecycles and clocks share one table, so that the
# same word looks the same on every screen.
STATES: dict[str, tuple[str, str, Any]] = {
    "registered": ("neutral", "inbox", _("Waiting at the desk")),
    "accepted": ("running", "check", _("Accepted")),
    "in_triage": ("running", "arrows-exchange", _("In triage")),
    "routed": ("running", "send", _("Dispatched")),
    "dispatched": ("running", "send", _("Dispatched")),
    "acknowledged": ("running", "check", _("Acknowledged")),
    "assisting": ("running", "users", _("Assisting")),
    "returned": ("due", "arrow-back-up", _("Returned")),
    "reopened": ("due", "refresh", _("Reopened")),
    "disputed": ("due", "message", _("Disputed")),
    "answered": ("done", "message-circle", _("Answered")),
    "replied": ("done", "message-circle", _("Replied")),
    "completed": ("done", "circle-check", _("Completed")),
    "closed": ("done", "circle-check", _("Closed")),
    "withdrawn": ("neutral", "arrow-back-up", _("Withdrawn")),
    "merged": ("neutral", "git-merge", _("Merged")),
    "running": ("running", "clock", _("Running")),
    "due_today": ("due", "hourglass", _("Due today")),
    "late": ("late", "alert-triangle", _("Late")),
    "escalated": ("late", "stairs-up", _("Escalated")),
    "done": ("done", "circle-check", _("Done")),
    "done_late": ("late", "circle-check", _("Done late")),
    "answered_in_time": ("done", "circle-check", _("Answered in time")),
    "answered_late": ("late", "circle-check", _("Answered late")),
    "stopped": ("neutral", "clock", _("Clock stopped")),
    "desk_disputed": ("due", "message", _("Disputed by the party")),
    "sent_back": ("late", "refresh", _("Sent back")),
    "vacant": ("due", "alert-triangle", _("Vacant")),
    "recorded": ("neutral", "note", _("Recorded")),
    "compiled": ("neutral", "list-check", _("Compiled")),
    "nil": ("neutral", "circle-check", _("Nothing to refer")),
    "with_office": ("running", "send", _("With the office")),
    "approved": ("done", "circle-check", _("Answer accepted")),
    "taken_back": ("neutral", "arrow-back-up", _("Taken back")),
    "open": ("running", "circle-dot", _("In hand")),
    "reported": ("due", "check", _("Reported as rectified")),
    "struck": ("done", "circle-check", _("Struck off")),
    "resulted": ("due", "check", _("Result recorded")),
    "checking": ("due", "eye", _("Looked at again")),
    "proposed": ("due", "note", _("Proposed")),
    "held": ("running", "users", _("Held")),
    "confirmed": ("running", "check", _("Confirmed")),
    "followed_up": ("done", "circle-check", _("Followed up")),
    "dismissed": ("neutral", "x", _("Not held")),
    "adopted": ("running", "check", _("Adopted")),
    "declined": ("neutral", "x", _("Not adopted")),
    "implemented": ("done", "circle-check", _("Carried out")),
    "circulated": ("done", "speakerphone", _("Circulated")),
    "draft": ("neutral", "pencil", _("Draft")),
    "in_review": ("running", "eye", _("In review")),
    "published": ("done", "speakerphone", _("Published")),
    "queued": ("neutral", "hourglass", _("Queued")),
    "sent": ("done", "send", _("Sent")),
    "failed": ("late", "circle-x", _("Failed")),
    # What a party thinks of a reply.
    "very_satisfied": ("done", "mood-happy", _("Very satisfied")),
    "satisfied": ("done", "mood-smile", _("Satisfied")),
    "partly_satisfied": ("due", "mood-empty", _("Partly satisfied")),
    "not_satisfied": ("late", "mood-sad", _("Not satisfied")),
}

# A clock in such a state no longer counts days.
SETTLED = ("done", "done_late", "answered_in_time", "answered_late", "disputed", "stopped")

# A timeline entry's kind decides its tone and, where the entry names none, its icon.
KINDS: dict[str, tuple[str, str]] = {
    "party": ("running", "user"),
    "court": ("neutral", "building-bank"),
    "reply": ("done", "message-circle"),
    "ladder": ("late", "stairs-up"),
    "warning": ("due", "hourglass"),
    "system": ("neutral", "settings"),
}

MESSAGES = {
    "success": ("done", "circle-check"),
    "error": ("late", "circle-x"),
    "warning": ("due", "alert-triangle"),
}


@register.simple_tag(takes_context=True)
def written_texts(context: template.Context) -> list[str]:
    """The longer texts of a submission that was refused whole, so that nobody's words are lost.

    On no page that another site had the browser ask for, which could put its own words there.
    """
    request = context.get("request")
    if request is None or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return []
    return [
        text
        for name, text in request.POST.items()
        if len(text) >= LONG_TEXT and name not in _BY_MACHINE and "password" not in name
    ]


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent beside a word, or with ``label`` where it stands alone."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            static("icons.svg"),
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.inclusion_tag("components/status_chip.html")
def status_chip(state: str, label: str = "", tone: str = "", icon: str = "") -> dict[str, Any]:
    """A state as icon, word and colour. An unknown state is shown neutral under its ``label``."""
    known_tone, known_icon, word = STATES.get(str(state), ("neutral", "circle-dot", state))
    return {"tone": tone or known_tone, "icon": icon or known_icon, "label": label or word}


def button(
    move: Move, url: str, *, key: str = "", tone: str = "", icon: str = ""
) -> dict[str, Any]:
    """A move as ``components/actions.html`` shows it.

    ``tone`` is primary, danger, quiet or ''; ``key`` the key that presses it; without an ``icon``
    it has that of the state it leads to.
    """
    return {
        "name": move.name,
        "url": url,
        "label": move.label,
        "key": key,
        "icon": icon or STATES[move.target][1],
        "tone": tone,
    }


@register.inclusion_tag("components/limit_chip.html")
def limit_chip(
    day: int,
    of: int,
    until: date | datetime | None = None,
    state: str = "",
    provisional: bool = False,
    minutes: int = 0,
) -> dict[str, Any]:
    """Where a limit stands: business day ``day`` of ``of``, ending on ``until``.

    ``day`` is 0 on day 0. ``state`` is running, due_today, late or one of ``SETTLED``; left out,
    it follows from the numbers. ``until`` is a date, or the exclusive instant at which the limit
    ends; ``provisional`` says that the schedule of its year is not announced yet. A limit of
    so many ``minutes`` has no business days (``of`` is 0): give it state and end.
    """
    if not state:
        state = "running" if day < of else "due_today" if day == of else "late"
    tone, icon_name, word = STATES.get(state, STATES["running"])
    if isinstance(until, datetime) and not minutes:
        until = date_words.last_day(until, timezone.get_current_timezone())
    width = 10
    segments = [
        {"x": index * (width + 2), "width": width, "kind": "passed" if index < day else "ahead"}
        for index in range(of)
    ]
    return {
        "state": state,
        "tone": tone,
        "icon": icon_name,
        "word": word,
        "day": day,
        "of": of,
        "settled": state in SETTLED,
        "minutes": minutes,
        "over": 0 if minutes else max(day - of, 0),
        "until": until,
        "unannounced": until.year if provisional and until else None,
        "segments": segments,
        "bar_width": of * (width + 2) - 2,
    }


@register.inclusion_tag("components/meter.html")
def meter(
    value: float | None, of: float = 100, target: float | None = None, tone: str = ""
) -> dict[str, Any]:
    """A value as part of a whole, with an optional target line; the figure stands beside it."""
    share = 0.0 if value is None or not of else min(max(float(value) / of, 0.0), 1.0)
    mark = None if target is None or not of else min(max(float(target) / of, 0.0), 1.0)
    return {
        "bar": f"{share * 100:.1f}",
        "target": None if mark is None else f"{mark * 100:.1f}",
        "tone": tone,
    }


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: template.Context, field: str, label: str, number: bool = False
) -> dict[str, Any]:
    """A column head that sorts by ``field`` through ``?sort=field`` and ``?sort=-field``."""
    query = context["request"].GET.copy()
    now = query.get("sort", "")
    direction = "ascending" if now == field else "descending" if now == f"-{field}" else ""
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    query["sort"] = f"-{field}" if direction == "ascending" else field
    return {
        "url": f"?{query.urlencode()}",
        "label": label,
        "direction": direction,
        "number": number,
    }


@register.filter
def entry_tone(entry: Any) -> str:
    """The tone of a timeline entry, by its ``kind``."""
    return KINDS.get(_read(entry, "kind"), ("neutral", "circle-dot"))[0]


@register.filter
def entry_icon(entry: Any) -> str:
    """The icon of a timeline entry: its own, or that of its ``kind``."""
    return _read(entry, "icon") or KINDS.get(_read(entry, "kind"), ("neutral", "circle-dot"))[1]


@register.filter
def entry_box(entry: Any) -> str:
    """The words of the party and of the reply are quoted; what the court notes is plain text."""
    return "quote-box" if _read(entry, "kind") in ("party", "reply") else "text"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether a form field is one box to tick, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def message_tone(message: Any) -> str:
    """The tone of a message of ``django.contrib.messages``."""
    return MESSAGES.get(message.level_tag, ("running", ""))[0]


@register.filter
def message_icon(message: Any) -> str:
    """The icon of a message of ``django.contrib.messages``."""
    return MESSAGES.get(message.level_tag, ("", "info-circle"))[1]


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as ``93.4%``; a dash where there is nothing to divide by."""
    return "–" if share is None else f"{share * 100:.{digits}f}%"


def _read(entry: Any, name: str) -> str:
    value = entry.get(name) if isinstance(entry, dict) else getattr(entry, name, "")
    return str(value or "")


def _dated(words: Callable[..., str]) -> Callable[[Any], str]:
    def shown(value: Any) -> str:
        if not value:
            return ""
        return words(value, get_language() or "en", timezone.get_current_timezone())

    shown.__doc__ = words.__doc__
    return shown


for _words in (
    date_words.weekday,
    date_words.day,
    date_words.day_short,
    date_words.day_long,
    date_words.day_spoken,
    date_words.moment,
    date_words.moment_long,
    date_words.month,
    date_words.month_short,
):
    register.filter(_words.__name__, _dated(_words))


@register.filter
def unannounced(when: date | int | None) -> str:
    """Beside a date of a year whose schedule is not announced, that this is so; else nothing.

    Takes an instant or a local date; or the year itself, where it is known to be such a one (as on
    lists, which ask each clock's own calendar).
    """
    if isinstance(when, date):
        when = date_words.local_date(when, timezone.get_current_timezone())
        when = when.year if calendar.is_provisional(when) else None
    if when is None:
        return ""
    return gettext("(schedule of %(year)s not yet announced)") % {"year": when}


@register.filter
def last_day(end: datetime | None) -> date | None:
    """The last day of a limit that ends at ``end`` (24:00): ``{{ limit_at|last_day|day }}``."""
    return date_words.last_day(end, timezone.get_current_timezone()) if end else None
