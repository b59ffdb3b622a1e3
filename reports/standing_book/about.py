"""What a filter and a file of the standing book are, said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.models import Court, Department
from liaison.lifecycle import RequestState
from liaison.models import Channel, Matter
from reports.models import Export
from reports.scope import zones
from reports.standing_book.columns import TIMELINESS
from reports.standing_book.wishes import ANY_RUNG, Wish
from reports.standing_book.writing import INSTANT

LABELS: dict[str, Any] = {
    "registered_from": gettext_lazy("Registered from"),
    "registered_until": gettext_lazy("Registered until"),
    "limit_month": gettext_lazy("Limit ends in"),
    "court": gettext_lazy("Court"),
    "department": gettext_lazy("Department"),
    "channel": gettext_lazy("Channel"),
    "matter": gettext_lazy("Matter"),
    "state": gettext_lazy("State"),
    "timeliness": gettext_lazy("On time"),
    "rung": gettext_lazy("Rung fired"),
    "handler": gettext_lazy("Handler"),
    "case_number": gettext_lazy("Case number"),
    "number": gettext_lazy("Request number"),
}
_CHOICES: dict[str, dict[str, Any]] = {
    "channel": dict(Channel.choices),
    "matter": dict(Matter.choices),
    "state": dict(RequestState.choices),
    "timeliness": TIMELINESS,
}


Facts = list[tuple[str, str]]


def facts(wish: Wish) -> Facts:
    """The filters that ask for something, each with its value in the reader's language."""
    (only,) = facts_of([wish])
    return only


def facts_of(wishes: Sequence[Wish]) -> list[Facts]:
    """``facts`` of many wishes: two statements, however many."""
    units: dict[str, str] = {}
    if courts := {wish.court for wish in wishes if wish.court}:
        for court in Court.objects.filter(public_id__in=courts):
            units[str(court.public_id)] = str(court)
    if departments := {wish.department for wish in wishes if wish.department}:
        rows = Department.objects.select_related("court").filter(public_id__in=departments)
        for one in rows:
            units[str(one.public_id)] = f"{one.court} · {one}"
    return [
        [(str(LABELS[name]), _value(name, value, units)) for name, value in wish.kept().items()]
        for wish in wishes
    ]


def _value(name: str, value: str, units: Mapping[str, str]) -> str:
    if name in ("court", "department"):
        return units.get(value, value)
    if name == "rung":
        return _("Any rung") if value == ANY_RUNG else _("Rung %(level)s") % {"level": value}
    if name.startswith("registered"):
        return date.fromisoformat(value).isoformat()
    return str(_CHOICES.get(name, {}).get(value, value))


def about(export: Export) -> list[tuple[str, str]]:
    """What the second sheet of a workbook says: of whom, when, by which filter."""
    places = zones()
    zone = next((places[pk] for pk in export.courts if pk in places), ZoneInfo("Asia/Shanghai"))
    asked_at = export.asked_at.astimezone(zone).strftime(INSTANT)
    return [
        (_("Standing book of requests"), ""),
        (_("Copy for"), export.person.display_name),
        (_("Asked for at"), f"{asked_at} ({zone})"),
        (_("Requests"), str(export.rows_done)),
        *facts(Wish.of(export.wish)),
        (
            _("On time"),
            _("Late and in time as the rates count them; what was withdrawn before its limit, or "
              "merged, is in neither."),
        ),
    ]  # fmt: skip
