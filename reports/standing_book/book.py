"""Which requests stand in somebody's book, newest first, page by page.

Each court's requests are read by its own index from a key on and merged, so page 10,000 costs as
page 1. A filter that few requests meet must not read a whole book for one page: no more than
``LOOK_THROUGH`` requests are looked through at once, and the page says how far it got.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)

from courts.models import Court, Department, Person
from courts.paging import read_cursor, write_cursor
from courts.roles import Reach
from liaison.models import Request
from reports.scope import zones
from reports.standing_book.sifting import few, registered, sifted
from reports.standing_book.wishes import Wish

ACTION = "book.read"
PAGE = 50
LOOK_THROUGH = 20_000
MOST_COUNTED = 1_000
Key = tuple[datetime, int]


@dataclass(frozen=True)
class Keys:
    """The ids of a page. ``newer`` and ``older`` are cursors, '' at either end.

    ``looked_until`` is set where the page ends because enough was looked through.
    """

    ids: Sequence[int]
    newer: str = ""
    older: str = ""
    looked_until: datetime | None = None


@dataclass(frozen=True)
class Count:
    """How many requests fit. ``at_least``: there are, or may be, more."""

    number: int
    at_least: bool = False
    is_capped: bool = False


class Book:
    """The requests within ``reach`` that fit ``wish``, as things stand at ``at``.

    With ``until`` only those registered before it.
    """

    def __init__(
        self, reach: Reach, wish: Wish, *, at: datetime, until: datetime | None = None
    ) -> None:
        self.reach, self.wish, self.at, self.until = reach, wish, at, until

    @classmethod
    def of(cls, person: Person, wish: Wish, *, at: datetime, until: datetime | None = None) -> Book:
        """The book that ``person`` reads."""
        return cls(Reach.of(person, ACTION), wish, at=at, until=until)

    @cached_property
    def _zones(self) -> dict[int, ZoneInfo]:
        return zones()

    @cached_property
    def _courts(self) -> list[int]:
        """The courts whose requests are looked at: one index scan each."""
        wish = self.wish
        if wish.department:
            of = Department.objects.filter(public_id=wish.department)
            found = set(of.values_list("court_id", flat=True))
        elif wish.court:
            found = set(Court.objects.filter(public_id=wish.court).values_list("pk", flat=True))
        else:
            of = Department.objects.filter(pk__in=self.reach.departments)
            found = set(self.reach.courts) | set(of.values_list("court_id", flat=True))
        return sorted(found & set(self._zones))

    @property
    def zone(self) -> ZoneInfo | None:
        """The time of the clock on the wall of its (first) court; None of an empty book."""
        return next((self._zones[court_id] for court_id in self._courts), None)

    @cached_property
    def _few(self) -> QuerySet[Request] | None:
        """The few requests that a number, a case or a handler names; None if none is asked for."""
        return few(self.wish)

    @cached_property
    def _is_sifted(self) -> bool:
        """Whether requests may be met on the way that do not fit."""
        asked = set(self.wish.kept()) - {"registered_from", "registered_until", "court"}
        return bool(asked) or bool(self._courts and set(self._courts) - self.reach.courts)

    def _arms(self, *, is_plain: bool = False) -> list[QuerySet[Request]]:
        """The requests of each court; ``is_plain``: also those that do not fit."""
        mine = Request.objects.filter(
            self.reach.courts_q("court_id") | self.reach.departments_q("department_id")
        )
        arms = []
        for court_id in self._courts:
            zone = self._zones[court_id]
            rows: QuerySet[Request] = Request.objects.all()
            if not is_plain:
                rows = mine if self._few is None else mine.filter(pk__in=self._few.values("pk"))
            rows = registered(rows.filter(court_id=court_id), self.wish, zone)
            if self.until is not None:
                rows = rows.filter(registered_at__lt=self.until)
            if not is_plain:
                rows = sifted(rows, self.wish, zone, self.at)
            arms.append(rows.order_by())
        return arms

    def _bound(self, start: Key | None, *, backwards: bool) -> Key | None:
        """The key up to which a page may look; None if nothing needs a bound."""
        if not self._is_sifted or self._few is not None:
            return None
        arms = [_beyond(arm, start, backwards) for arm in self._arms(is_plain=True)]
        return _nth(arms, LOOK_THROUGH, backwards)

    def _found(
        self, start: Key | None, bound: Key | None, size: int, *, backwards: bool = False
    ) -> list[Key]:
        arms = [
            _upto(_beyond(arm, start, backwards), bound, backwards).order_by(*_order(backwards))
            for arm in self._arms()
        ]
        keys = [arm.values_list("registered_at", "pk")[:size] for arm in arms]
        if not keys:
            return []
        rows: Any = keys[0]
        if len(keys) > 1:
            rows = keys[0].union(*keys[1:], all=True).order_by(*_order(backwards))[:size]
        return list(rows)

    def page(self, *, after: str = "", before: str = "", size: int = PAGE) -> Keys:
        """The page after or before a cursor; one that cannot be read counts as none."""
        back = read_cursor(before)
        start = back or read_cursor(after)
        backwards = back is not None
        bound = self._bound(start, backwards=backwards)
        found = self._found(start, bound, size + 1, backwards=backwards)
        more, found = len(found) > size, found[:size]
        end = found[-1] if more else bound
        on = write_cursor(*end) if end is not None else ""
        looked_until = bound[0] if bound is not None and not more else None
        ids = [pk for _at, pk in found]
        if backwards:
            assert start is not None
            # An empty page leads back to the row that it began at, and not past it.
            first = found[0] if found else (start[0], start[1] + 1)
            return Keys(ids[::-1], newer=on, older=write_cursor(*first), looked_until=looked_until)
        newer = ""
        if start is not None:
            newer = write_cursor(*(found[0] if found else (start[0], start[1] - 1)))
        return Keys(ids, newer=newer, older=on, looked_until=looked_until)

    def batch(self, after: Key | None, size: int) -> tuple[list[Key], Key | None]:
        """The next rows of a whole book, and from where to go on (None: that was the last)."""
        bound = self._bound(after, backwards=False)
        found = self._found(after, bound, size)
        return found, found[-1] if len(found) == size else bound

    def count(self) -> Count:
        """How many fit, up to ``MOST_COUNTED``, among as many as a page looks through."""
        bound = self._bound(None, backwards=False)
        number = len(self._found(None, bound, MOST_COUNTED + 1))
        if number > MOST_COUNTED:
            return Count(MOST_COUNTED, at_least=True, is_capped=True)
        return Count(number, at_least=bound is not None)

    def estimate(self) -> int:
        """About how many fit, as the database's own statistics have it."""
        arms = [arm.values_list("pk") for arm in self._arms()]
        if not arms:
            return 0
        return sum(
            int(json.loads(arm.explain(format="json"))[0]["Plan"]["Plan Rows"]) for arm in arms
        )

    def covers(self, courts: Sequence[int], departments: Sequence[int]) -> bool:
        """Whether all of this still lies within reach."""
        whole = set(
            Department.objects.filter(court__in=self.reach.courts).values_list("pk", flat=True)
        )
        return set(courts) <= self.reach.courts and set(departments) <= (
            self.reach.departments | whole
        )


def _order(backwards: bool) -> tuple[str, str]:
    return ("registered_at", "pk") if backwards else ("-registered_at", "-pk")


def _key() -> Tuple:
    return Tuple(F("registered_at"), F("id"))


def _beyond(rows: QuerySet[Request], start: Key | None, backwards: bool) -> QuerySet[Request]:
    if start is None:
        return rows
    return rows.filter((TupleGreaterThan if backwards else TupleLessThan)(_key(), start))


def _upto(rows: QuerySet[Request], bound: Key | None, backwards: bool) -> QuerySet[Request]:
    if bound is None:
        return rows
    compare = TupleLessThanOrEqual if backwards else TupleGreaterThanOrEqual
    return rows.filter(compare(_key(), bound))


def _nth(arms: Sequence[QuerySet[Request]], number: int, backwards: bool) -> Key | None:
    """The key of the ``number``-th row of all arms together; None if there are not as many."""
    if not arms:
        return None
    order = _order(backwards)
    if len(arms) == 1:
        rows: Any = arms[0].order_by(*order).values_list("registered_at", "pk")
    else:
        # Each arm gives no more than may be needed, or the database sorts them all.
        keys = [arm.order_by(*order).values_list("registered_at", "pk")[:number] for arm in arms]
        rows = keys[0].union(*keys[1:], all=True).order_by(*order)
    return next(iter(rows[number - 1 : number]), None)
