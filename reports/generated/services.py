"""Generating a city: one transaction, which leaves the whole of it or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from django.conf import settings
from django.db import connection, transaction

from courts.business_days import local_date, local_instant
from courts.models import Jurisdiction
from reports.demonstration.refused import NoDemonstration, check_policy
from reports.generated import assumed, founding, load
from reports.generated.clockwork import Clockwork
from reports.generated.ground import survey
from reports.generated.scribe import Scribe
from reports.generated.stories import Inventor
from reports.generated.tables import COLUMNS, Sheets

# So many lines in memory at most before they go to COPY; three such lots are there at once.
LOT = 60_000
_LOCK = 0x67656E31


class AlreadyThere(Exception):
    """There is a generated city already."""


@dataclass(frozen=True)
class Plan:
    """What is to be generated.

    ``until`` is the instant that the city is seen at: nothing later has happened. The first
    request comes ``months`` earlier, the last on ``last_day`` (local; None: the day before).
    ``is_settled``: none of them is left without an answer for ever. ``tables`` are those that
    are written.
    """

    requests: int
    seed: int
    until: datetime
    months: int = assumed.MONTHS
    name: str = founding.NAME
    policy: str = "guangzhou"
    courts: int = 13
    divisions: int = 8
    judges: int = 3
    last_day: date | None = None
    is_settled: bool = False
    tables: Collection[str] = field(default_factory=lambda: frozenset(COLUMNS))

    @property
    def first_day(self) -> date:
        """The first of the month from which requests come."""
        day = self.until.date()
        count = day.year * 12 + day.month - 1 - self.months
        return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True)
class Generated:
    """What was written, and the seconds that it took: rows made and copied, keys built."""

    jurisdiction_id: int
    requests: int
    rows: int
    seconds: float
    seconds_copying: float

    @property
    def rate(self) -> float:
        """Rows a second, keys and indexes included."""
        return self.rows / self.seconds if self.seconds else 0.0


def generate(plan: Plan, *, progress: Callable[[int], None] = lambda done: None) -> Generated:
    """Found a city and write its years; ``progress`` is told how many requests are done.

    The same plan gives the same rows in an empty database, but for the ciphertext of telephone
    numbers, whose salt is never the same. While it runs nobody else reads or writes these tables.
    Raises ``NoDemonstration``, ``UnknownPolicy``, ``AlreadyThere`` and ``city.NationalName``.
    """
    if not settings.DEMONSTRATION:
        raise NoDemonstration
    founding.check_invented(plan.name, plan.courts)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if Jurisdiction.objects.filter(code=founding.CODE).exists():
            raise AlreadyThere
        check_policy(plan.policy)
        first = plan.first_day
        jurisdiction = founding.found(
            name=plan.name,
            courts=plan.courts,
            divisions_each=plan.divisions,
            judges=plan.judges,
            policy=plan.policy,
            first=datetime.combine(first, time_of_day(0), tzinfo=UTC),
        )
        return fill(plan, jurisdiction, progress=progress)


def fill(
    plan: Plan, jurisdiction: Jurisdiction, *, progress: Callable[[int], None] = lambda done: None
) -> Generated:
    """Write the years of a founded city, in the caller's transaction (``generate`` has one)."""
    until = plan.until.astimezone(UTC)
    clockwork = Clockwork(survey(jurisdiction))
    inventor = Inventor(
        clockwork,
        requests=plan.requests,
        first=plan.first_day,
        last=plan.last_day or _last_whole_day(until, jurisdiction),
        seed=plan.seed,
        leaves_some=not plan.is_settled,
    )
    with connection.cursor() as cursor:
        sheets = Sheets(load.first_ids(cursor), plan.seed, plan.tables)
        scribe = Scribe(clockwork, sheets, until)
        tables = [table for table in COLUMNS if table in plan.tables]
        began = time.perf_counter()
        before = sheets.next_ids["liaison_request"]
        with load.laid_bare(cursor, tables):
            with load.Copying() as copying:
                scribe.post.words.quiet = copying.quiet
                for story in inventor.stories():
                    inventor.remember(story.card.party, scribe.write_down(story))
                    if sheets.waiting >= LOT:
                        copying.put(sheets.take())
                        progress(sheets.next_ids["liaison_request"] - before)
                for day, count in inventor.by_day.items():
                    sheets.put("courts_numberseries", jurisdiction.pk, day, count)
                copying.put(sheets.take())
            copied = time.perf_counter()
        load.continue_after(cursor, {table: sheets.next_ids[table] for table in tables})
        cursor.execute(f"ANALYZE {', '.join(tables)}")
        ended = time.perf_counter()
    requests = sheets.next_ids["liaison_request"] - before
    progress(requests)
    return Generated(jurisdiction.pk, requests, sheets.rows, ended - began, copied - began)


def _last_whole_day(until: datetime, jurisdiction: Jurisdiction) -> date:
    """The last local day that is over at ``until``: requests come up to its end."""
    day = local_date(until, jurisdiction.zone)
    midnight = local_instant(day, time_of_day(0), jurisdiction.zone)
    assert midnight <= until
    return day - timedelta(days=1)
