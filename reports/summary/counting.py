"""Counting days of some courts, in place of what was kept of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from courts import calendar
from courts.business_days import local_instant
from courts.models import CalendarVersion
from escalation.models import Clock
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.models import Request
from reports import facts
from reports.models import DaySummary, MonthSummary
from reports.models.summary import COUNTS
from reports.summary import statement
from reports.summary.counts import counts

# For counting from the beginning, by hash tables over all requests.
_MEMORY = "256MB"


@dataclass(frozen=True)
class Places:
    """The courts that are counted, each with its time zone and the last day that is over."""

    zones: dict[int, ZoneInfo]
    untils: dict[int, date]


def count(places: Places, days: set[date] | None, *, at: datetime) -> None:
    """Count some days, or all (None), of some courts, and add up their months.

    In the caller's transaction, which must be the only one that counts.
    """
    courts = sorted(places.zones)
    calendars, params = _calendars(courts)
    params |= statement.PARAMS | {
        "courts": courts,
        "zones": [str(places.zones[pk]) for pk in courts],
        "untils": [places.untils[pk] for pk in courts],
    }
    day_rows = DaySummary.objects.filter(court__in=courts)
    month_rows = MonthSummary.objects.filter(court__in=courts)
    if days is None:
        merged = Request.objects.filter(merged_into__isnull=False)
        families: QuerySet[Any, Any] | set[int]
        families = merged.values("pk").union(merged.values("merged_into"))
    else:
        spans = _spans(days, places.zones.values())
        requests = _with_limits_in(spans)
        families = facts.families(requests)
        months = sorted({day.replace(day=1) for day in days})
        params |= {
            "days": sorted(days),
            "months": months,
            "starts": [start for start, _stop in spans],
            "stops": [stop for _start, stop in spans],
            "requests": requests,
        }
        day_rows = day_rows.filter(day__in=days)
        month_rows = month_rows.filter(month__in=months)
    params["families"] = json.dumps(_of_families(families, places, at=at))
    day_rows.delete()
    month_rows.delete()
    query = statement.count(calendars, chosen=days is not None)
    with connection.cursor() as cursor:
        if days is None:
            # Unlike an insertion, making a table is work that several processes share.
            cursor.execute("SET LOCAL work_mem = %s", [_MEMORY])
            cursor.execute("DROP TABLE IF EXISTS reports_counted")
            made = f"CREATE TEMPORARY TABLE reports_counted ON COMMIT DROP AS {query}"
            cursor.execute(made, params)
            query = "SELECT * FROM reports_counted"
        cursor.execute(statement.keep(query), params)
        cursor.execute(statement.add_up(chosen=days is not None), params)


def _calendars(courts: Iterable[int]) -> tuple[int, dict[str, Any]]:
    """How many calendars the courts have in all versions, and the calendars themselves.

    The many that are the same are handed over once.
    """
    numbers: dict[int, int] = {}
    params: dict[str, Any] = {"calendar_courts": [], "versions": [], "calendar_ids": []}
    for version in CalendarVersion.objects.order_by("pk").values_list("pk", flat=True):
        for court in courts:
            found = calendar.for_court(court, version)
            if id(found) not in numbers:
                number = numbers[id(found)] = len(numbers)
                business, passed = found.as_arrays()
                # Without a null, or else the array would be searched from its beginning each time.
                before = ("-infinity", *(day.isoformat() for day in business))
                lasts = [before[count] for count in passed]
                params[f"first_{number}"] = found.first
                params[f"lasts_{number}"] = "{" + ",".join(lasts) + "}"
            params["calendar_courts"].append(court)
            params["versions"].append(version)
            params["calendar_ids"].append(numbers[id(found)])
    return len(numbers), params


def _spans(days: Iterable[date], zones: Iterable[ZoneInfo]) -> list[tuple[datetime, datetime]]:
    """From when to when each of the days lasts, in any of the zones."""
    midnights = [
        (local_instant(day, time(0), zone), local_instant(day + timedelta(days=1), time(0), zone))
        for day in days
        for zone in set(zones)
    ]
    return sorted(midnights)


def _with_limits_in(spans: Iterable[tuple[datetime, datetime]]) -> list[int]:
    within = Q(pk__in=[])
    for start, stop in spans:
        within |= Q(limit_at__gt=start, limit_at__lte=stop)
    clocks = Clock.objects.filter(within, kind__in=(ACCEPTANCE, REPLY)).order_by()
    return list(clocks.values_list("subject_id", flat=True).distinct())


def _of_families(
    requests: QuerySet[Any, Any] | set[int], places: Places, *, at: datetime
) -> list[dict[str, Any]]:
    """The counts of those that took others over, by the rule itself; of whole families."""
    items = facts.takers_items(requests, at=at)
    nothing = dict.fromkeys(COUNTS, 0)
    return [
        {**key._asdict(), "day": key.day.isoformat(), **nothing, **numbers}
        for key, numbers in counts(items.outcomes, items.ratings, places.zones).items()
        if key.court_id in places.zones and key.day <= places.untils[key.court_id]
    ]
