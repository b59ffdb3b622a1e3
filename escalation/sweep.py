"""The sweep: finds what is due, however long nobody looked, and records it once (G8).

Sweeps may overlap, run on several machines, be killed at any instant, or not run for a week:
the records are the same but for the instants of firing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from escalation import firing, rows
from escalation.firing import Recorded, may_be_of_a_row, why_set_aside
from escalation.models import Clock, SweepRun
from escalation.rows import Alike

log = structlog.get_logger(__name__)

# So many clocks in one transaction: some tenths of a second, so that no verb waits long.
BATCH = 10_000
# So often in one run a clock may come again: others may have moved its date back meanwhile.
MOST_TIMES = 5


@dataclass
class Swept:
    """What a sweep did."""

    clocks: int = 0
    firings: int = 0
    set_aside: int = 0

    def add(self, recorded: Recorded) -> None:
        """Count a batch in."""
        self.clocks += recorded.clocks
        self.firings += recorded.firings
        self.set_aside += recorded.set_aside


def sweep(at: datetime | None = None, *, record: bool = True) -> Swept:
    """Record every rung due at or before ``at`` (default: now), batch by batch, without a cap.

    Each batch is one transaction of at most four statements. A row that cannot be judged is set
    aside with its reason and does not stop the rest. ``record`` keeps a line about the run for
    the operator's page; of the runs that found nothing one line is kept, renewed each time.
    """
    at = at or timezone.now()
    started_at = timezone.now()
    swept = Swept()
    run = None
    if rows.any_due(at):
        for recorded in in_batches(
            lambda: rows.due(at, BATCH), lambda batch: firing.record(batch, at=at)
        ):
            swept.add(recorded)
            if record:
                run = _note(run, started_at, swept)
    if record:
        _note(run, started_at, swept, ended_at=timezone.now())
    return swept


def in_batches(
    lock: Callable[[], Sequence[Alike]], write: Callable[[Sequence[Alike]], Recorded]
) -> Iterator[Recorded]:
    """Lock and write batch after batch, each in a transaction, until nothing is left to lock.

    Clocks that are there to be locked again and again, however often they are written, are set
    aside: else it would never end.
    """
    before: set[int] = set()
    times = 0
    while True:
        batch: Sequence[Alike] = []
        try:
            with transaction.atomic():
                batch = lock()
                if not batch:
                    return
                clock_ids = {clock_id for alike in batch for clock_id in alike.clock_ids}
                times = times + 1 if clock_ids <= before else 1
                before = clock_ids
                recorded = write(batch) if times <= MOST_TIMES else _set_aside(clock_ids)
        except Exception as error:  # a poisoned row must not stop the others: find it one by one
            if not batch or not may_be_of_a_row(error):
                raise
            log.exception("sweep_batch_failed", clocks=sum(len(alike.clock_ids) for alike in batch))
            recorded = _one_by_one(batch, write)
        yield recorded


def _set_aside(clock_ids: Collection[int]) -> Recorded:
    log.error("clocks_make_no_progress", clocks=sorted(clock_ids))
    Clock.objects.filter(pk__in=clock_ids).update(set_aside="due again however often recorded")
    return Recorded(0, 0, len(clock_ids))


def _one_by_one(batch: Sequence[Alike], write: Callable[[Sequence[Alike]], Recorded]) -> Recorded:
    swept = Swept()
    for clock_id in (clock_id for alike in batch for clock_id in alike.clock_ids):
        try:
            with transaction.atomic():
                swept.add(write(rows.these([clock_id])))
        except Exception as error:
            if not may_be_of_a_row(error):
                raise
            log.exception("clock_set_aside", clock=clock_id)
            Clock.objects.filter(pk=clock_id).update(set_aside=why_set_aside(error))
            swept.set_aside += 1
    return Recorded(swept.clocks, swept.firings, swept.set_aside)


def _note(
    run: SweepRun | None, started_at: datetime, swept: Swept, ended_at: datetime | None = None
) -> SweepRun:
    """Write how far a sweep has come; what never ended stays to be seen without an end."""
    if run is None and not swept.clocks and not swept.set_aside:
        empty = SweepRun.objects.filter(clocks=0, set_aside=0, ended_at__isnull=False)
        run = empty.order_by("-pk").first()
    run = run or SweepRun()
    run.started_at, run.ended_at = started_at, ended_at
    run.clocks, run.firings, run.set_aside = swept.clocks, swept.firings, swept.set_aside
    run.save()
    if ended_at is not None and swept.clocks:
        log.info("swept", clocks=swept.clocks, firings=swept.firings, set_aside=swept.set_aside)
    return run


def take_up(clock_ids: Sequence[int]) -> int:
    """Let the next sweep judge clocks again that were set aside; return how many those are.

    They are due at once, whatever was known of them: the sweep counts them from their anchors.
    """
    clocks = Clock.objects.filter(pk__in=clock_ids).exclude(set_aside="")
    taken_up = clocks.filter(stopped_at__isnull=False).update(set_aside="")
    return taken_up + clocks.update(set_aside="", next_due_at=timezone.now())
