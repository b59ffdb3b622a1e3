"""Counting running clocks anew after a change of the calendar; the bulk of them, batch by batch.

Until its batch has come a clock is stale: the sweep counts it anew before it judges it. What is
still to be done is known from the clocks themselves, so the job may be killed at any instant, be
taken up by anyone, and run in several processes at once.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from django.utils import timezone

from courts import calendar
from escalation import firing, rows
from escalation.sweep import BATCH, Swept, in_batches


def retime_stale(at: datetime | None = None, *, batches: int | None = None) -> int:
    """Count running clocks of older calendar versions anew; return how many.

    At most so many ``batches``, else all; each is a transaction of its own. Clocks that others
    hold locked are left for the next time. Those that have no rung left are counted too: their
    limit moves. An index makes it cheap to ask when there are none.
    """
    at = at or timezone.now()
    done = Swept()
    if not rows.any_stale():
        return 0
    waiting = in_batches(
        lambda: rows.stale(calendar.current_version().pk, BATCH),
        lambda batch: firing.record(batch, at=at, fire=False),
    )
    for recorded in islice(waiting, batches):
        done.add(recorded)
    return done.clocks
