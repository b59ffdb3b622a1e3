"""Counting days of some courts, in place of what was kept of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from courts import calendar
from courts.business_days import local_instant
from courts.models import CalendarVersion
from escalation.ladder import ASSIGNED
from escalation.models import Clock, PolicyVersion
from escalation.policy import by_version
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.models import Request
from reports import facts
from reports.models import DaySummary, MonthSummary
from reports.models.summary import COUNTS
from reports.summary import statement
from reports.summary.answering import families_and_answering
from reports.summary.counts import counts
from reports.summary.extent import Courts, Extent

# For counting from the beginning: by hash tables over all requests, joined as it is written.
_FOR_ALL = {
    "work_mem": "256MB",
    "hash_mem_multiplier": "4",
    "join_collapse_limit": "1",
    "random_page_cost": "1.1",
    "parallel_leader_participation": "off",
}


@dataclass(frozen=True)
class Places:
    """The courts that are counted, each with its time zone and the last day that is over."""

    zones: dict[int, ZoneInfo]
    untils: dict[int, date]


def count(places: Places, days: set[date] | None, *, at: datetime) -> None:
    """Count some days, or all (None), of some courts, and add up their months.

    In the caller's transaction, which must be the only one that counts.
    """
    if not places.zones:  # a jurisdiction that has no courts yet
        return
    courts = sorted(places.zones)
    calendars, params = _calendars(courts)
    kinds, of_places = _kinds(places)
    params |= statement.PARAMS | of_places | _anchors() | {"courts": courts}
    day_rows = DaySummary.objects.filter(court__in=courts)
    month_rows = MonthSummary.objects.filter(court__in=courts)
    nested = Request.objects.filter(merged_into__merged_into__isnull=False)
    if days is not None:
        spans = _spans(days, places.zones.values())
        requests = _with_limits_in(spans)
        families = facts.families(requests)
        nested = nested.filter(pk__in=families)
        months = sorted({day.replace(day=1) for day in days})
        params |= {
            "days": sorted(days),
            "months": months,
            "starts": [start for start, _stop in spans],
            "stops": [stop for _start, stop in spans],
            "requests": sorted(families.union(requests)),
        }
        day_rows = day_rows.filter(day__in=days)
        month_rows = month_rows.filter(month__in=months)
    by_rule, counted = _by_the_rule(set(nested.values_list("pk", flat=True)), places, at=at)
    params |= {"by_rule": by_rule, "counted": json.dumps(counted)}
    day_rows.delete()
    month_rows.delete()
    _insert(Extent(is_chosen=days is not None), Courts(calendars, kinds), params)


def _insert(extent: Extent, courts: Courts, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        if not extent.is_chosen:
            for name, value in _FOR_ALL.items():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        cursor.execute(families_and_answering(extent, courts), params)
        columns = [column.name for column in cursor.description]
        params = params | dict(zip(columns, cursor.fetchone(), strict=True))
        query = (
            f"({statement.of_requests(extent, courts)})"
            f" UNION ALL ({statement.of_others(extent, courts)})"
        )
        if not extent.is_chosen:
            # Unlike an insertion, making a table is work that several processes share.
            cursor.execute("DROP TABLE IF EXISTS reports_counted")
            made = f"CREATE TEMPORARY TABLE reports_counted ({statement.COLUMNS})"
            cursor.execute(f"{made} ON COMMIT DROP AS {query}", params)
            query = "SELECT * FROM reports_counted"
        cursor.execute(statement.keep(query), params)
        cursor.execute(statement.add_up(chosen=extent.is_chosen), params)


def _kinds(places: Places) -> tuple[int, dict[str, Any]]:
    """How many kinds of courts are counted, by time zone and last day; and the kinds themselves."""
    courts_of: dict[tuple[str, date], list[int]] = defaultdict(list)
    for pk in sorted(places.zones):
        courts_of[str(places.zones[pk]), places.untils[pk]].append(pk)
    params: dict[str, Any] = {}
    for number, ((zone, until), courts) in enumerate(courts_of.items()):
        params |= {f"zone_{number}": zone, f"until_{number}": until, f"courts_{number}": courts}
    return len(courts_of), params


def _anchors() -> dict[str, Any]:
    """Which limits of replies are counted from assignment, by policy and name."""
    anchors = [
        (pk, name, limit.anchor == ASSIGNED)
        for pk in PolicyVersion.objects.order_by("pk").values_list("pk", flat=True)
        for name, limit in by_version(pk).clocks[REPLY].limits.items()
    ]
    return {
        "policies": [policy for policy, _name, _is_assigned in anchors],
        "limit_names": [name for _policy, name, _is_assigned in anchors],
        "from_assigned": [is_assigned for _policy, _name, is_assigned in anchors],
    }


def _calendars(courts: Sequence[int]) -> tuple[int, dict[str, Any]]:
    """How many calendars the courts have in all versions, and the calendars themselves.

    The many that are the same are handed over once.
    """
    stride = max(courts) + 1
    numbers: dict[int, int] = {}
    params: dict[str, Any] = {"stride": stride}
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
                params[f"pairs_{number}"] = []
            params[f"pairs_{numbers[id(found)]}"].append(version * stride + court)
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


def _by_the_rule(
    nested: set[int], places: Places, *, at: datetime
) -> tuple[list[int], list[dict[str, Any]]]:
    """Those that took others over in the families of ``nested``, and their counts by the rule."""
    if not nested:
        return [], []
    family = facts.families(nested)
    takers = Request.objects.filter(pk__in=family, merged__isnull=False).distinct()
    items = facts.takers_items(family, at=at)
    nothing = dict.fromkeys(COUNTS, 0)
    return list(takers.order_by("pk").values_list("pk", flat=True)), [
        {**key._asdict(), "day": key.day.isoformat(), **nothing, **numbers}
        for key, numbers in counts(items.outcomes, items.ratings, places.zones).items()
    ]
