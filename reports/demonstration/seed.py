"""The one transaction that makes the demonstration city, or leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from courts.models import Jurisdiction
from escalation.models import PolicyVersion
from reports.demonstration import city
from reports.demonstration.stage import Stage

# Everybody knows it: it opens invented data only, where a deployment asked for a demonstration.
WELL_KNOWN_PASSWORD = "demonstration-of-shifan"  # noqa: S105
# One seed at a time: the second waits, and then finds the city there.
_LOCK = 0x73686966


class NoDemonstration(Exception):
    """The settings of this deployment do not ask for invented data (``DEMONSTRATION``)."""


class UnknownPolicy(Exception):
    """There is no policy of that name."""


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
    """Found the city and play its last three months up to ``now``; None if it is there already.

    All in one transaction: killed in the middle, it leaves an empty database. ``founded`` is
    called when courts and people stand, ``progress`` after each act. Raises ``NoDemonstration``,
    ``UnknownPolicy``, and ``city.NationalName``.
    """
    if not settings.DEMONSTRATION:
        raise NoDemonstration
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if Jurisdiction.objects.filter(code=city.CODE).exists():
            return None
        if not PolicyVersion.objects.filter(slug=policy).exists():
            raise UnknownPolicy(policy)
        town = city.found(policy, now=now, password=password)
        founded()
        return Seeded(Stage(town, now).play(progress))
