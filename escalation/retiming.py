"""Counting running clocks anew after a change of the calendar; the bulk of them, batch by batch.

Until its batch has come a clock is stale: the sweep counts it anew before it judges it, and takes
up what an interrupted job has left.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from courts import calendar
from escalation import firing, rows
from escalation.sweep import BATCH, Swept, in_batches


def retime_stale(at: datetime | None = None) -> int:
    """Count running clocks of older calendar versions anew; return how many.

    Batch by batch, each in a transaction of its own, so that it can be interrupted and taken up
    again; clocks that others hold locked are left for the next time. Those that have no rung
    left are counted too: their limit moves. An index makes it cheap enough for every sweep.
    """
    at = at or timezone.now()
    done = Swept()
    for recorded in in_batches(
        lambda: rows.stale(calendar.current_version().pk, BATCH),
        lambda batch: firing.record(batch, at=at, fire=False),
    ):
        done.add(recorded)
    return done.clocks
