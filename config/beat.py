"""The scheduler of beat: Celery's own, made proof against a clock that is set back."""

from __future__ import annotations

import time
from typing import Any

from celery.beat import Scheduler


class SteadyScheduler(Scheduler):
    """Sends at its intervals also after the machine's clock was set back.

    Celery's own would wait for the clock to reach again what it has planned: hours without a
    sweep after a step back by hours. Everything is planned anew instead, no longer than an
    interval from now.
    """

    _latest = 0.0

    def tick(self, *args: Any, **options: Any) -> float:
        """Send what is due; seconds until the next is."""
        now = time.time()
        if now < self._latest:
            for entry in self.schedule.values():
                entry.last_run_at = min(entry.last_run_at, entry.default_now())
            self._heap = None
        self._latest = now
        seconds: float = super().tick(*args, **options)
        return seconds
