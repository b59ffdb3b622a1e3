"""The items behind a figure as rows of a list: the request, its limit, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from courts.models import Person
from liaison.models import Request
from reports.leadership.lists import GRADES, RESULTS
from reports.models import Objection
from workorders.models import WorkOrder

_LABELS = RESULTS | GRADES


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a sheet's document in the list of some months."""

    key: tuple[datetime, int]
    month: str
    item: Mapping[str, Any]


def entries(months: Iterable[Mapping[str, Any]], indicator: str) -> list[Entry]:
    """The items of one rate in the months of a document, in their order."""
    found = [(one["month"], item) for one in months for item in one["items"].get(indicator, [])]
    return [
        Entry((datetime.fromisoformat(item["limit_at"]), number), month, item)
        for number, (month, item) in enumerate(found)
    ]


ObjectionsByItem = Mapping[tuple[str, int], Objection]


def objections_by_item(
    rows: QuerySet[Objection], list_of: Callable[[Objection], str]
) -> dict[tuple[str, int], Objection]:
    """Objections by the list that they belong to, and request: one statement."""
    return {(list_of(row), row.request_id): row for row in rows.select_related("answered_by")}


class Lists:
    """Builds the rows of some lists of a sheet's document with three statements for all of them.

    The subject of a request, and a link to it, are for who may read its order now.
    """

    def __init__(
        self,
        person: Person,
        lists: Mapping[str, Iterable[Mapping[str, Any]]],
        objections: ObjectionsByItem,
    ) -> None:
        self._lists, self._objections = lists, objections
        numbers = {item["number"] for items in lists.values() for item in items}
        requests = Request.objects.filter(number__in=numbers)
        self._requests = {one.number: one for one in requests}
        ids = [one.pk for one in self._requests.values()]
        orders = WorkOrder.objects.filter(request__in=ids)
        self._readable = {
            request_id
            for rows in (
                orders.handled_by(person),
                orders.visible_to(person, "supervision.read"),
            )
            for request_id in rows.values_list("request_id", flat=True)
        }

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of one list, the earliest limit first."""
        return [self._row(name, item) for item in self._lists[name]]

    def _row(self, name: str, item: Mapping[str, Any]) -> dict[str, Any]:
        one = self._requests[item["number"]]
        may_read = one.pk in self._readable
        return {
            "request": one,
            "may_read": may_read,
            "url": reverse("orders:by_request", args=[one.public_id]) if may_read else "",
            "limit_at": datetime.fromisoformat(item["limit_at"]),
            "done_at": datetime.fromisoformat(item["done_at"]) if item["done_at"] else None,
            "state": "done" if item["result"] == "in_time" else item["result"],
            "state_label": _LABELS[item["result"]],
            "is_late": item["result"] == "late",
            "objection": self._objections.get((name, one.pk)),
        }
