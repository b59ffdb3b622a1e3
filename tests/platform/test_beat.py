"""Beat sends at its intervals whatever is done to the machine's clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from celery.beat import ScheduleEntry
from django.conf import settings

from config.beat import SteadyScheduler
from config.celery import app

START = datetime(2026, 6, 8, 9, tzinfo=UTC)


class Sending(SteadyScheduler):
    """Notes what it sends instead of sending it."""

    def __init__(self) -> None:
        super().__init__(app=app)
        self.sent: Counter[str] = Counter()

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        self.sent[entry.task] += 1


def _through(scheduler: SteadyScheduler, clock: time_machine.Traveller, span: timedelta) -> None:
    """Let time pass as beat does: asleep until the next entry is due."""
    left = span.total_seconds()
    while left > 0:
        slept = min(max(scheduler.tick(), 0.1), left)
        clock.shift(slept)
        left -= slept


def test_after_the_clock_was_set_back_beat_goes_on_at_its_intervals() -> None:
    with time_machine.travel(START, tick=False) as clock:
        scheduler = Sending()
        _through(scheduler, clock, timedelta(minutes=30))
        undisturbed = dict(scheduler.sent)
        clock.shift(timedelta(hours=-3))
        _through(scheduler, clock, timedelta(minutes=30))
        for task, count in undisturbed.items():
            assert abs(scheduler.sent[task] - 2 * count) <= 1, task
    # What goes by the hour may come once in that time, or not at all.
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    steady = {one["task"] for one in entries if isinstance(one["schedule"], int | float)}
    assert steady
    assert min(undisturbed[task] for task in steady) >= 2
