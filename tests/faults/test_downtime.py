"""Seven days on which nothing ran; then one worker and one beat, by the true policy (G8).

Everything missed is recorded once, in order, with the instant at which it was due, and nothing
later is pushed back: as it would have been had a sweep run at every instant, and as plain loops
over the days count it.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import holidays
from django.utils import timezone

from escalation.models import Clock, Firing
from liaison.kinds import REPLY
from liaison.models import Request
from tests import city
from tests.city import SHANGHAI, City
from tests.escalation.plain_calendar import Calendar, Court
from tests.escalation.plain_ladder import GUANGZHOU, Ladder
from tests.escalation.plain_posts import Unit
from tests.faults.conftest import Processes
from tests.faults.lives import Applied, lead
from tests.faults.own_servers import OwnServers, speaking_to
from tests.faults.reckoning import differences, records

DOWN = timedelta(days=7)
LIVES = 60


def _lives(end: datetime, random_: random.Random) -> list[Applied]:
    """Requests of the three weeks before ``end``; some moved, some answered, by then."""
    applied = []
    for number in range(LIVES):
        life = f"life {number:03d}"
        at = end - timedelta(minutes=random_.randrange(10, 60 * 24 * 21))
        applied.append(Applied(at, life, "register"))
        for verb, likely in (("route", 0.9), ("reassign", 0.3), ("reply", 0.2)):
            at += timedelta(minutes=random_.randrange(1, 60 * 24 * 3))
            if at >= end or random_.random() > likely:
                break
            applied.append(Applied(at, life, verb))
    return applied


def _next(instant: datetime) -> dict[str, tuple[datetime | None, datetime | None]]:
    """When each running clock is due next, and when its limit ends."""
    names = dict(Request.objects.values_list("pk", "title"))
    rows = Clock.objects.filter(kind=REPLY, stopped_at=None)
    return {
        names[subject]: (due_at, limit_at)
        for subject, due_at, limit_at in rows.values_list("subject_id", "next_due_at", "limit_at")
        if due_at is None or due_at > instant
    }


def _plain(town: City, applied: list[Applied], until: datetime) -> dict[str, datetime]:
    """The instants of a life's rungs, counted day by day; ``applied`` are its verbs in order."""
    china = holidays.country_holidays("CN", years=range(until.year - 1, until.year + 2))
    public = {day: False for day in china} | dict.fromkeys(china.weekend_workdays, True)
    court = Court(town.east.pk, town.jurisdiction.pk, SHANGHAI, is_primary=True)
    ladder = Ladder({court.pk: court}, Calendar(public))
    unit = Unit(court.pk, 0, None)
    matter = ladder.start(applied[0].at, unit, GUANGZHOU)
    for one in applied[1:]:
        if one.verb == "reply":
            ladder.stop(matter, one.at)
        else:
            give = ladder.assign if one.verb == "route" else ladder.move
            give(matter, one.at, unit)
    ladder.sweep(until)
    return {fired.due.step.key: fired.due.at for fired in matter.fired.values()}


def test_after_a_week_of_downtime_all_is_recorded_once_in_order(
    servers: OwnServers, own_processes: Processes
) -> None:
    town = city.build()
    with speaking_to(servers.database_url("postgres")):
        reference = servers.create("reference", template="own")
    try:
        down_at = timezone.now() - DOWN
        applied = _lives(down_at, random.Random(7))
        lead(applied, town, until=down_at)
        before = Firing.objects.count()
        missed = Clock.objects.filter(next_due_at__lte=timezone.now())
        assert missed.exists()

        own_processes.start("worker", "beat")
        own_processes.wait_for_sweep()
        own_processes.wait(lambda: not missed.exists(), "what was missed")
        own_processes.kill("worker", "beat")
        now = timezone.now()
        found, found_next = records(), _next(now)
        caught_up = Firing.objects.filter(fired_at__gt=down_at + DOWN)
        print(f"\nfired before: {before}, missed and caught up: {caught_up.count()}")
        assert caught_up.count() == Firing.objects.count() - before > 0
        for name, subject in Request.objects.values_list("title", "pk"):
            rows = Firing.objects.filter(clock__kind=REPLY, clock__subject_id=subject)
            in_order = list(rows.order_by("pk").values_list("step", "due_at"))
            assert [due for _step, due in in_order] == sorted(due for _step, due in in_order)
            life = sorted((one for one in applied if one.life == name), key=lambda one: one.at)
            assert dict(in_order) == _plain(town, life, now), name

        with speaking_to(reference):
            lead(applied, town, until=now)
            counts, rows = differences(found, records())
            expected_next = _next(now)
        print(*counts, sep="\n")
        assert rows == []
        assert found_next == expected_next
    finally:
        servers.drop("reference")
