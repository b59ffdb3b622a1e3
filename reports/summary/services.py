"""Counting days anew: whole days, in one statement, whatever has changed in them.

Triggers write down what was changed behind a day that may be over (``Touched``); a day that ends
is counted when it has ended. Whoever counts holds a lock, takes down what was touched in the same
transaction, and counts from one view of the database: what is committed later is still written
down for the next one. So any moment of a crash leaves either the old counts with what was touched,
or the new ones without.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from courts import calendar
from courts.business_days import local_date, local_instant
from courts.business_days_sql import Relation, out_of_calendar, relation
from courts.date_words import last_day
from courts.models import CalendarVersion, Court, Jurisdiction
from escalation.models import Clock
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.models import Request
from reports import facts
from reports.models import DaySummary, MonthSummary, Summarised
from reports.models.summary import COUNTS
from reports.snapshot import snapshot
from reports.summary import statement
from reports.summary.counts import counts

_DAY = timedelta(days=1)
# For counting from the beginning, by hash tables over all requests.
_MEMORY = "64MB"


@dataclass(frozen=True)
class _Place:
    """The courts that are counted, each with its time zone and the last day that is over."""

    zones: dict[int, ZoneInfo]
    untils: dict[int, date]


def refresh() -> int:
    """Count anew the days that changed, and those that have ended since; how many days.

    Of a jurisdiction that has no summary yet every day is counted. Days end by the clock of the
    database, which is the triggers' too. Waits for another refresh that is under way.
    """
    with _alone() as now:
        _first_counts(now)
        places, days = _later_counts(now)
        if days:
            _count(places, days, at=now)
    return len(days)


def rebuild() -> None:
    """Count every day of every jurisdiction from the beginning."""
    with _alone() as now:
        Summarised.objects.all().delete()
        _first_counts(now)


@contextmanager
def _alone() -> Iterator[datetime]:
    """One view of the database, taken when nobody else counts; the database's time."""
    with snapshot(), connection.cursor() as cursor:
        # Unlike a query, waiting for this lock takes no view yet.
        cursor.execute("LOCK TABLE reports_summarised IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        yield now


def _yesterday(jurisdiction: Jurisdiction, now: datetime) -> date:
    return local_date(now, jurisdiction.zone) - _DAY


def _first_counts(now: datetime) -> None:
    """Every day of the jurisdictions without a summary."""
    new = Jurisdiction.objects.exclude(pk__in=Summarised.objects.values("jurisdiction"))
    untils = {one.pk: _yesterday(one, now) for one in new}
    places = _place(untils)
    if places.zones:
        _count(places, None, at=now)
    Summarised.objects.bulk_create(
        Summarised(jurisdiction_id=pk, until=until) for pk, until in untils.items()
    )


def _later_counts(now: datetime) -> tuple[_Place, set[date]]:
    """What is to be counted anew; from here on it is up to date, or the transaction fails."""
    rows = list(Summarised.objects.select_related("jurisdiction"))
    days: set[date] = set()
    for row in rows:
        yesterday = _yesterday(row.jurisdiction, now)
        days |= {row.until + n * _DAY for n in range(1, (yesterday - row.until).days + 1)}
        if yesterday > row.until:
            row.until = yesterday
            row.save(update_fields=["until"])
    places = _place({row.jurisdiction_id: row.until for row in rows})
    requests, touched = _take_down()
    days |= touched
    if requests:
        family = requests | facts.families(requests)
        clocks = Clock.objects.filter(
            kind__in=(ACCEPTANCE, REPLY), subject_id__in=family, limit_at__isnull=False
        )
        days |= {
            last_day(limit_at, places.zones[court_id])
            for court_id, limit_at in clocks.values_list("court_id", "limit_at")
            if court_id in places.zones and limit_at is not None
        }
    return places, days


def _take_down() -> tuple[set[int], set[date]]:
    """The requests and the days that were touched; they are gone with this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_touched RETURNING request_id, day")
        rows = cursor.fetchall()
    return {pk for pk, _day in rows if pk is not None}, {day for _pk, day in rows if day}


def _place(untils: dict[int, date]) -> _Place:
    courts = Court.objects.filter(jurisdiction__in=untils).select_related("jurisdiction")
    zones, ends = {}, {}
    for court in courts:
        assert court.jurisdiction is not None
        zones[court.pk] = court.jurisdiction.zone
        ends[court.pk] = untils[court.jurisdiction.pk]
    return _Place(zones, ends)


def _count(places: _Place, days: Collection[date] | None, *, at: datetime) -> None:
    """Count some days, or all (None), of some courts, and add up their months."""
    courts = sorted(places.zones)
    calendars, params = _calendars(courts)
    params |= statement.PARAMS | {
        "courts": courts,
        "zones": [str(places.zones[pk]) for pk in courts],
        "untils": [places.untils[pk] for pk in courts],
        "families": json.dumps(_families(places, days, at=at)),
    }
    day_rows = DaySummary.objects.filter(court__in=courts)
    month_rows = MonthSummary.objects.filter(court__in=courts)
    if days is not None:
        starts, stops = _spans(days, places.zones.values())
        months = sorted({day.replace(day=1) for day in days})
        params |= {"days": sorted(days), "starts": starts, "stops": stops, "months": months}
        day_rows = day_rows.filter(day__in=days)
        month_rows = month_rows.filter(month__in=months)
    day_rows.delete()
    month_rows.delete()
    query = statement.count(calendars, chosen=days is not None)
    with connection.cursor() as cursor, out_of_calendar():
        if days is None:
            # Unlike an insertion, making a table is work that several processes share.
            cursor.execute("SET LOCAL work_mem = %s", [_MEMORY])
            cursor.execute("DROP TABLE IF EXISTS reports_counted")
            made = f"CREATE TEMPORARY TABLE reports_counted ON COMMIT DROP AS {query}"
            cursor.execute(made, params)
            query = "SELECT * FROM reports_counted"
        cursor.execute(statement.keep(query), params)
        cursor.execute(statement.add_up(chosen=days is not None), params)


def _calendars(courts: Iterable[int]) -> tuple[Relation, dict[str, Any]]:
    """The calendars of courts in all versions; the many that are the same are handed over once."""
    ids: dict[int, int] = {}
    kept = {}
    rows = []
    for version in CalendarVersion.objects.order_by("pk").values_list("pk", flat=True):
        for court in courts:
            found = calendar.for_court(court, version)
            key = ids.setdefault(id(found), len(ids))
            kept[key] = found
            rows.append((court, version, key))
    made = relation(kept)
    names = ("calendar_courts", "versions", "calendar_ids")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return made, made.params | columns


def _spans(
    days: Iterable[date], zones: Iterable[ZoneInfo]
) -> tuple[list[datetime], list[datetime]]:
    """From when to when the days last, in any of the zones."""
    spans = sorted(
        (local_instant(day, time(0), zone), local_instant(day + _DAY, time(0), zone))
        for day in days
        for zone in set(zones)
    )
    return [start for start, _stop in spans], [stop for _start, stop in spans]


def _families(
    places: _Place, days: Collection[date] | None, *, at: datetime
) -> list[dict[str, Any]]:
    """The counts of the requests that took others over, by the rule itself."""
    merged = Request.objects.filter(merged_into__isnull=False)
    if days is None:
        ids = set(merged.values_list("pk", flat=True))
    else:
        taken = Request.objects.filter(merged_into=OuterRef("subject_id"))
        into = merged.filter(pk=OuterRef("subject_id"))
        within = Q(pk__in=[])
        for start, stop in zip(*_spans(days, places.zones.values()), strict=True):
            within |= Q(limit_at__gt=start, limit_at__lte=stop)
        clocks = Clock.objects.filter(within, kind__in=(ACCEPTANCE, REPLY))
        ids = set(clocks.filter(Exists(taken) | Exists(into)).values_list("subject_id", flat=True))
    found = facts.every_item(ids, at=at)
    whole = {item.request_id for item in found.outcomes}
    takers = set(merged.filter(merged_into__in=whole).values_list("merged_into_id", flat=True))
    rows = counts(
        [item for item in found.outcomes if item.request_id in takers],
        [one for one in found.ratings if one.request_id in takers],
        places.zones,
    )
    nothing = dict.fromkeys(COUNTS, 0)
    return [
        {**key._asdict(), "day": key.day.isoformat(), **nothing, **numbers}
        for key, numbers in rows.items()
        if key.court_id in places.zones and key.day <= places.untils[key.court_id]
    ]
