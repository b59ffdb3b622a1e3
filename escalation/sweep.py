"""The sweep: finds what is due, however long nobody looked, and records it once (G8).

Sweeps may overlap, run on several machines, be killed at any instant, or not run for a week:
the records are the same but for the instants of firing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from escalation.firing import Recorded, fire_due
from escalation.models import Clock, SweepRun

log = structlog.get_logger(__name__)

BATCH = 1000


@dataclass
class Swept:
    """What a sweep did."""

    clocks: int = 0
    firings: int = 0
    set_aside: int = 0


def due(at: datetime) -> list[Clock]:
    """Lock the next batch of clocks due at or before ``at``; rows locked by others are skipped."""
    clocks = Clock.objects.filter(next_due_at__lte=at, set_aside="")
    return list(clocks.order_by("next_due_at").select_for_update(skip_locked=True)[:BATCH])


def sweep(at: datetime | None = None, *, record: bool = True) -> Swept:
    """Record every rung due at or before ``at`` (default: now), batch by batch, without a cap.

    Each batch is one transaction. A row that cannot be judged is set aside with its reason and
    does not stop the rest. ``record`` keeps a line about the run for the operator's page; of the
    runs that found nothing only the last stays.
    """
    at = at or timezone.now()
    run = SweepRun.objects.create(started_at=timezone.now()) if record else None
    swept = Swept()
    while True:
        with transaction.atomic():
            clocks = due(at)
            if not clocks:
                break
            recorded = _fire_batch(clocks, at, swept)
        swept.clocks += recorded.clocks
        swept.firings += recorded.firings
    if run:
        run.ended_at = timezone.now()
        run.clocks, run.firings, run.set_aside = swept.clocks, swept.firings, swept.set_aside
        run.save()
        if not swept.clocks and not swept.set_aside:
            _forget_empty(run)
    if run and swept.clocks:
        log.info("swept", clocks=swept.clocks, firings=swept.firings, set_aside=swept.set_aside)
    return swept


def _forget_empty(run: SweepRun) -> None:
    """Let go of what ended before without finding anything; what never ended stays to be seen."""
    empty = SweepRun.objects.filter(clocks=0, set_aside=0, ended_at__isnull=False)
    empty.filter(pk__lt=run.pk).delete()


def _fire_batch(clocks: list[Clock], at: datetime, swept: Swept) -> Recorded:
    try:
        with transaction.atomic():
            return fire_due(clocks, at=at)
    except Exception:  # a poisoned row must not stop the others: find it one by one
        log.exception("sweep_batch_failed", clocks=len(clocks))
    done = firings = 0
    for clock in Clock.objects.filter(pk__in=[clock.pk for clock in clocks]):
        try:
            with transaction.atomic():
                firings += fire_due([clock], at=at).firings
            done += 1
        except (OperationalError, InterfaceError):
            raise  # the database is gone or overburdened, not the row bad: the next sweep retries
        except Exception as error:
            log.exception("clock_set_aside", clock=clock.pk)
            reason = f"{type(error).__name__}: {error}"[:200]
            Clock.objects.filter(pk=clock.pk).update(set_aside=reason)
            swept.set_aside += 1
    return Recorded(done, firings)


def take_up(clock_ids: Sequence[int]) -> int:
    """Let the next sweep judge clocks again that were set aside; return how many those are."""
    return Clock.objects.filter(pk__in=clock_ids).exclude(set_aside="").update(set_aside="")
