"""What the pages of the desk show: the list at the left, one request at the right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from courts.errors import NotAllowed
from courts.lifecycle import leaving
from courts.models import Person
from courts.roles import require
from courts.templatetags.ui import button
from escalation.models import Clock
from escalation.reading import readings
from liaison import access, triage
from liaison.desk import searches
from liaison.desk.forms import FilterForm
from liaison.desk.queue import TABS, Page, Wish, page
from liaison.kinds import ACCEPTANCE, REPLY, SUBJECT
from liaison.lifecycle import DESK_STATES, MOVES, OPEN_STATES, RequestState
from liaison.models import Channel, Matter, Request, RequestQuerySet, TimelineEntry
from liaison.portal.visitors import has_receipt
from liaison.rating import rating_of
from liaison.timeline_texts import history
from liaison.units import seats_in, units_for
from notices.sent import sent_about

_TAB_LABELS = {
    "waiting": _("Waiting"),
    "returned": _("Returned or disputed"),
    "routed": _("Dispatched"),
    "answered": _("Answered"),
    "ended": _("Ended"),
    "all": _("All"),
}
# The key of each verb of the desk; the verbs themselves are in the lifecycle.
KEYS = {"answer": "a", "route": "d", "merge": "m", "withdraw": "w"}
_MOST_EARLIER = 10


def wish_of(http: HttpRequest) -> tuple[Wish, dict[str, str]]:
    """What of the queue the address asks for, and the part of the address that says so."""
    search = http.GET.get("search", "")
    words = searches.words_of(http, search)
    tab = http.GET.get("state", "")
    if tab not in _TAB_LABELS:
        tab = "all" if words else "waiting"
    matter, channel = http.GET.get("matter", ""), http.GET.get("channel", "")
    wish = Wish(
        tab="" if tab == "all" else tab,
        matter=matter if matter in Matter.values else "",
        channel=channel if channel in Channel.values else "",
        words=words,
        after=http.GET.get("after", ""),
        before=http.GET.get("before", ""),
    )
    asked = {
        "state": tab if tab != "waiting" or words else "",
        "matter": wish.matter,
        "channel": wish.channel,
        "search": search if words else "",
        "after": wish.after,
        "before": wish.before,
    }
    return wish, {name: value for name, value in asked.items() if value}


def list_context(
    http: HttpRequest, person: Person, now: datetime, opened: str = ""
) -> dict[str, Any]:
    """The list with its tabs, filters and cursors. ``opened`` is the public id of the open row."""
    wish, asked = wish_of(http)
    shown: Page = page(person, wish, now)
    filters = {name: value for name, value in asked.items() if name not in ("after", "before")}
    query = urlencode(asked)
    poll = asked | ({"open": opened} if opened else {}) | {"digest": shown.digest}
    return {
        "page": shown,
        "opened": opened,
        "query": f"?{query}" if query else "",
        "tabs": _tabs(shown, wish, filters),
        "filter_form": FilterForm(
            initial={
                "q": wish.words,
                "matter": wish.matter,
                "channel": wish.channel,
                "state": filters.get("state", ""),
            }
        ),
        "is_filtered": bool(wish.words or wish.matter or wish.channel),
        "is_waiting_tab": wish.tab == "waiting",
        "poll_url": f"{reverse('desk:queue')}?{urlencode(poll)}",
        "newer_url": _paged(filters, before=shown.newer),
        "older_url": _paged(filters, after=shown.older),
    }


def _paged(filters: dict[str, str], **cursor: str) -> str:
    if not any(cursor.values()):
        return ""
    return f"{reverse('desk:queue')}?{urlencode(filters | cursor)}"


def _tabs(shown: Page, wish: Wish, filters: dict[str, str]) -> list[dict[str, Any]]:
    counts = dict(shown.counts)
    counts["all"] = sum(counts[tab] for tab in TABS if tab != "returned")
    tabs = []
    for tab, label in _TAB_LABELS.items():
        query = urlencode({**filters, "state": tab})
        active = tab == (wish.tab or "all")
        url = f"{reverse('desk:queue')}?{query}"
        tabs.append({"url": url, "label": label, "active": active, "count": counts[tab]})
    return tabs


def detail_context(
    http: HttpRequest, person: Person, found: Request, now: datetime, verb: str = ""
) -> dict[str, Any]:
    """One request with everything that the desk needs to decide. ``verb`` is the open form."""
    clocks = {
        clock.kind: clock
        for clock in Clock.objects.filter(
            kind__in=(ACCEPTANCE, REPLY), subject_id=found.pk
        ).select_related("department", "handler")
    }
    read = readings(clocks.values(), now)
    reading, acceptance = read.get(clocks[REPLY].pk), clocks.get(ACCEPTANCE)
    not_taken = read.get(acceptance.pk) if acceptance and acceptance.stopped_at is None else None
    waits = found.state in DESK_STATES
    suggestion = suggestion_for(found, now) if waits else None
    candidates = list(merge_candidates(person, found)) if found.state in OPEN_STATES else []
    code = access.access_code(found) if has_receipt(http, found.public_id) else ""
    return {
        "found": found,
        "reading": reading,
        "acceptance": not_taken,
        "dispatched": None if waits else _dispatched(found, clocks[REPLY]),
        "timeline": history(found),
        "rating": rating_of(found),
        "why_back": _why_back(found),
        "suggestion": suggestion,
        "actions": _actions(found, wish_query(http), suggestion, bool(candidates), verb),
        "duplicates": candidates if waits else [],
        "earlier": earlier(person, found),
        "sent": sent_about(found.contact, SUBJECT, found.pk),
        "may_reveal": _may_reveal(person, found),
        "code": f"{code[:4]}-{code[4:]}" if code else "",
        "verb": verb,
    }


def _dispatched(found: Request, clock: Clock) -> dict[str, Any] | None:
    """With whom the request is, and the desk's note of the last dispatch; None if with nobody."""
    if found.department is None:
        return None
    last = found.timeline.filter(kind="routed").order_by("-at", "-id").first()
    note = None
    if last is not None:
        notes = found.timeline.filter(kind="dispatch_note", at=last.at)
        note = notes.order_by("-id").first()
    unit = clock.department or found.department
    return {"unit": unit, "handler": clock.handler, "note": note.text if note else ""}


def wish_query(http: HttpRequest) -> str:
    """The list's part of the present address, to be carried along: '' or '?...'."""
    query = urlencode(wish_of(http)[1])
    return f"?{query}" if query else ""


def _may_reveal(person: Person, found: Request) -> bool:
    try:
        require(
            person, "contact.reveal", court_id=found.court_id, department_id=found.department_id
        )
    except NotAllowed:
        return False
    return True


def _why_back(found: Request) -> TimelineEntry | None:
    """The words with which a unit, or the party, sent this back to the desk."""
    if found.state != RequestState.RETURNED:
        return None
    entries = found.timeline.filter(kind__in=("returned", "disputed"))
    return entries.select_related("person").order_by("-at", "-id").first()


def earlier(person: Person, found: Request) -> list[Request]:
    """Other requests of the same person, or from the same telephone, within reach."""
    same = Q(contact_id=found.contact_id)
    if found.contact.phone_index:
        same |= Q(contact__phone_index=found.contact.phone_index)
    rows = Request.objects.visible_to(person, "desk.triage").filter(same).exclude(pk=found.pk)
    return list(rows.select_related("contact").order_by("-registered_at", "-pk")[:_MOST_EARLIER])


def merge_candidates(person: Person, found: Request) -> RequestQuerySet:
    """Open requests of the same party, within reach, into which this one may be merged."""
    rows = Request.objects.visible_to(person, "desk.triage").open()
    rows = rows.filter(contact_id=found.contact_id).exclude(pk=found.pk)
    return rows.order_by("registered_at", "pk")


def suggestion_for(found: Request, now: datetime) -> dict[str, Any]:
    """What ``liaison.triage`` suggests, with the names of matter, unit and person."""
    units = {unit.pk: unit for unit in units_for(found)}
    seats = seats_in(units_for(found), now)
    people = {seat.person_id: seat.person for seat in seats}
    facts = triage.Facts(
        matter=found.matter,
        title=found.title,
        text=found.text,
        type_code=found.case_type_code,
        judge_name=found.judge_name,
        was_returned=found.state == RequestState.RETURNED,
        was_disputed=found.is_desk_answer_disputed,
    )
    suggested = triage.suggest(
        facts,
        [triage.Unit(unit.pk, unit.kind, unit.name) for unit in units.values()],
        [
            triage.Colleague(seat.person_id, seat.person.name, seat.post.department_id or 0)
            for seat in seats
            if seat.post.kind == "judge"
        ],
    )
    return {
        "procedure": suggested.procedure,
        "is_summary": suggested.procedure == triage.SUMMARY,
        "matter": suggested.matter,
        "matter_label": Matter(suggested.matter).label,
        "can_accept": suggested.procedure == triage.SUMMARY or suggested.unit_id is not None,
        "unit": units.get(suggested.unit_id or 0),
        "handler": people.get(suggested.handler_id or 0),
        "reasons": [str(reason) for reason in suggested.reasons],
    }


def _actions(
    found: Request,
    query: str,
    suggestion: dict[str, Any] | None,
    may_merge: bool,
    verb: str,
) -> list[dict[str, Any]]:
    """A button for every move that fits the state and belongs to the desk."""
    # Where the suggestion can be accepted with one key, that is the first button of the page.
    decides_itself = suggestion is not None and not suggestion["can_accept"] and not verb
    first = "route" if decides_itself else ""
    return [
        button(
            move,
            reverse(f"desk:{move.name}", args=[found.public_id]) + query,
            key=KEYS[move.name],
            tone="primary" if move.name == first else "",
        )
        for move in leaving(MOVES, found.state)
        if move.name in KEYS and (may_merge or move.name != "merge")
    ]
