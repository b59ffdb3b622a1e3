"""The whole history of a request: its timeline, its clocks and every firing, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courts import date_words
from courts.templatetags.ui import unannounced
from escalation.explain import Explanation, explanations
from escalation.models import Clock, ClockEvent, Firing
from escalation.reading import role_label
from escalation.spans import waited
from liaison.kinds import ACCEPTANCE
from liaison.models import Request, TimelineEntry
from liaison.timeline_texts import SENTENCES, Told, sentence, units_of
from workorders.sight import CLOCKS

_K = ClockEvent.Kind
# An attempt stands on the timeline already, as the contact that was logged; and both clocks of a
# request start together.
_EVENTS: Mapping[str, Any] = {
    _K.STARTED: _("The clocks of the acceptance and of the reply start"),
    _K.ASSIGNED: _("The limit counts from here, for %(unit)s"),
    _K.MOVED: _("The clock goes on with %(unit)s, its dates unchanged"),
    _K.STOPPED: _("The clock of the reply stops"),
    _K.RESUMED: _("The clock runs on as if that reply had never been sent"),
    _K.MERGED: _("The clock takes over the dates and rungs of the request merged into this"),
    _K.RETIMED: _("The calendar changed: what comes next moved from %(before)s to %(after)s"),
}
_MOVED = _("The clock goes on with %(unit)s, its dates counted anew")
_LIMIT_RETIMED = _("The calendar changed, and the limit with it")
_ACCEPTANCE: Mapping[str, Any] = {
    _K.STOPPED: _("The clock of the acceptance stops"),
}


def whole_history(request: Request) -> list[Told]:
    """Everything that happened, each firing explained; the number of statements is constant."""
    clocks = {
        clock.pk: clock for clock in Clock.objects.filter(kind__in=CLOCKS, subject_id=request.pk)
    }
    firings = Firing.objects.filter(clock__in=clocks).select_related("department", "handler")
    events = ClockEvent.objects.filter(clock__in=clocks).select_related("department", "court")
    rows = list(firings.prefetch_related("recipients__person", "court__jurisdiction"))
    explained = explanations(rows)
    told = [_fired(row, clocks[row.clock_id], explained[row.pk]) for row in rows]
    entries = list(request.timeline.select_related("person"))
    units = units_of(entries)
    told += [_entry(entry, sentence(entry, units)) for entry in entries]
    told += [
        line for event in events if (line := _event(event, clocks[event.clock_id])) is not None
    ]
    # A rung that was due before an answer was recorded with it: it stands first. So the sort,
    # which keeps the order of equals, is given firings before entries before clocks.
    return sorted(told, key=lambda line: line.at)


def _entry(entry: TimelineEntry, title: str) -> Told:
    kind, icon, _words = SENTENCES[entry.kind]
    if entry.actor == TimelineEntry.Actor.STAFF and entry.person is not None:
        actor = entry.person.display_name
    else:
        actor = str(entry.get_actor_display())
    return Told(at=entry.at, title=title, kind=kind, icon=icon, text=entry.text, actor=actor)


def _event(event: ClockEvent, clock: Clock) -> Told | None:
    words = (_ACCEPTANCE if clock.kind == ACCEPTANCE else _EVENTS).get(event.kind)
    if words is None:
        return None
    moved = _moved(event)
    if event.kind == _K.MOVED and moved:
        words = _MOVED
    if event.kind == _K.RETIMED and event.params.get("from") == event.params.get("to"):
        words = _LIMIT_RETIMED
    title = str(words) % {
        "unit": event.department or event.court,
        "before": _when(event.params.get("from")),
        "after": _marked(_when(event.params.get("to")), event.params.get("to")),
    }
    lines = moved if event.kind in (_K.MOVED, _K.RETIMED) else []
    if event.kind == _K.RETIMED:
        lines = [*lines, str(event.params.get("reason") or "")]
    return Told(at=event.at, title=title, kind="system", icon="clock", text="\n".join(lines))


def _moved(event: ClockEvent) -> list[str]:
    """Which dates of the clock the event changed; of a stopped clock none comes next."""
    found = []
    limit = event.params.get("limit_from"), event.params.get("limit_to")
    if limit[0] != limit[1]:
        words = _("The limit moved from the end of %(before)s to that of %(after)s.")
        found.append(
            str(words)
            % {"before": _last_day(limit[0]), "after": _marked(_last_day(limit[1]), limit[1])}
        )
    following = event.params.get("from"), event.params.get("to")
    if following[0] != following[1] and event.kind == _K.MOVED:
        words = _("What comes next moved from %(before)s to %(after)s.")
        found.append(
            str(words)
            % {"before": _when(following[0]), "after": _marked(_when(following[1]), following[1])}
        )
    return found


def _last_day(value: Any) -> str:
    """The last day of a limit in the reader's words; the event keeps its end as text."""
    end = parse_datetime(value) if isinstance(value, str) else value
    if not isinstance(end, datetime):
        return "–"
    zone = timezone.get_current_timezone()
    return date_words.day(date_words.last_day(end, zone), get_language() or "en", zone)


def _marked(words: str, value: Any) -> str:
    """The words for an instant ahead, marked where the schedule of its year is not announced."""
    instant = parse_datetime(value) if isinstance(value, str) else value
    return f"{words} {unannounced(instant)}".rstrip()


def _when(value: Any) -> str:
    """An instant in the reader's words; events keep theirs as text."""
    instant = parse_datetime(value) if isinstance(value, str) else value
    if not isinstance(instant, datetime):
        return "–"
    return date_words.moment(instant, get_language() or "en", timezone.get_current_timezone())


def _fired(firing: Firing, clock: Clock, explanation: Explanation) -> Told:
    """A step of the ladder: after how long, when due and recorded, to whom, and what is odd."""
    recipients = sorted(firing.recipients.all(), key=lambda row: row.pk)
    roles = gettext(", ").join(dict.fromkeys(str(role_label(row.role)) for row in recipients))
    if firing.level == 0:
        words = gettext("Warning after %(waited)s without a reply: %(who)s")
    elif clock.kind == ACCEPTANCE:
        words = gettext("Not accepted after %(waited)s: %(who)s")
    else:
        words = gettext("No reply after %(waited)s: %(who)s")
    if firing.is_silent:
        roles = gettext("recorded, not sent: a higher rung was")
    title = words % {
        "who": roles or _("nobody"),
        "waited": waited(explanation.step, firing.occurrence),
    }
    return Told(
        at=firing.fired_at,
        title=title,
        kind="warning" if firing.level == 0 else "ladder",
        icon="hourglass" if firing.level == 0 else "stairs-up",
        text="\n".join([*_instants(firing), *explanation.notes]),
        why=explanation.why,
    )


def _instants(firing: Firing) -> list[str]:
    """When it was due and recorded, and who answered for it then."""
    lines = [
        str(_("Due %(due)s, recorded %(fired)s."))
        % {"due": _when(firing.due_at), "fired": _when(firing.fired_at)}
    ]
    unit = " · ".join(str(part) for part in (firing.department, firing.handler) if part)
    if unit:
        lines.append(str(_("Answering for it then: %(unit)s.")) % {"unit": unit})
    return lines
