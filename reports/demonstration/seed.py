"""The one transaction that makes the demonstration city, or leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from courts.models import Jurisdiction
from reports.ahead.services import draw_all
from reports.assessment.drafting import draft_all
from reports.demonstration import city
from reports.demonstration.refused import NoDemonstration, check_policy
from reports.demonstration.stage import Stage
from reports.generated.services import Plan, fill

# Everybody knows it: it opens invented data only, where a deployment asked for a demonstration.
WELL_KNOWN_PASSWORD = "demonstration-of-shifan"  # noqa: S105 - of invented people
# One seed at a time: the second waits, and then finds the city there.
_LOCK = 0x73686966
# The months before those that are played, about as busy: so that a year can be looked back on.
_EARLIER_REQUESTS, _MONTHS, _SEED = 280, 14, 20200515


@dataclass(frozen=True)
class Seeded:
    """The ids of the requests by the names of their scenes; none if the city was there."""

    requests: dict[str, int]


def seed(
    *,
    policy: str,
    password: str,
    now: datetime,
    founded: Callable[[], None] = lambda: None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Seeded | None:
    """Found the city, write down its past year, and play its last three months up to ``now``.

    None if it is there already. All in one transaction: killed in the middle, it leaves an empty
    database. ``founded`` is called when courts and people stand, ``progress`` after each act.
    Raises ``NoDemonstration``, ``UnknownPolicy``, and ``city.NationalName``.
    """
    if not settings.DEMONSTRATION:
        raise NoDemonstration
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if Jurisdiction.objects.filter(code=city.CODE).exists():
            return None
        check_policy(policy)
        town = city.found(policy, now=now, password=password)
        founded()
        stage = Stage(town, now)
        _write_earlier(stage)
        played = Seeded(stage.play(progress))
        draft_all(now)
        draw_all(now)
        return played


def _write_earlier(stage: Stage) -> None:
    """The generated past, up to the day before anything that is played; all of it is settled."""
    plan = Plan(
        requests=_EARLIER_REQUESTS,
        seed=_SEED,
        until=stage.now,
        months=_MONTHS,
        policy=stage.city.jurisdiction.policy,
        last_day=stage.days.first_day - timedelta(days=1),
        is_settled=True,
    )
    fill(plan, stage.city.jurisdiction)
