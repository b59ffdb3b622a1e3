"""Counting days anew: whole days, in one statement, whatever has changed in them.

Triggers write down what was changed behind a day that may be over (``Touched``); a day that ends
is counted when it has ended. Whoever counts holds a lock, takes down what was touched in the same
transaction, and counts from one view of the database: what is committed later is still written
down for the next one. So any moment of a crash leaves either the old counts with what was touched,
or the new ones without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import connection

from courts.business_days import local_date
from courts.date_words import last_day
from courts.models import Court, Jurisdiction
from escalation.models import Clock
from liaison.kinds import ACCEPTANCE, REPLY
from reports import facts
from reports.models import Summarised
from reports.snapshot import snapshot
from reports.summary.counting import Places, count

_DAY = timedelta(days=1)


def refresh() -> int:
    """Count anew the days that changed, and those that have ended since; how many days.

    Of a jurisdiction that has no summary yet every day is counted. Days end by the clock of the
    database, which is the triggers' too. Waits for another refresh that is under way.
    """
    with _alone() as now:
        _first_counts(now)
        places, days = _later_counts(now)
        if days:
            count(places, days, at=now)
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
    count(_place(untils), None, at=now)
    Summarised.objects.bulk_create(
        Summarised(jurisdiction_id=pk, until=until) for pk, until in untils.items()
    )


def _later_counts(now: datetime) -> tuple[Places, set[date]]:
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


def _place(untils: dict[int, date]) -> Places:
    courts = Court.objects.filter(jurisdiction__in=untils).select_related("jurisdiction")
    zones, ends = {}, {}
    for court in courts:
        assert court.jurisdiction is not None
        zones[court.pk] = court.jurisdiction.zone
        ends[court.pk] = untils[court.jurisdiction.pk]
    return Places(zones, ends)
