"""When a gateway is left alone, and for how long. Pure.

A gateway whose batches break off three times running is left alone for half a minute, then one
message tries it. If that fails too it is left alone twice as long, up to ten minutes. What waits
loses no attempt by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FAILURES = 3
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)
# One worker tries at a time; another may once this is over.
TRIAL = timedelta(minutes=1)


class Position(StrEnum):
    """Closed: messages flow. Open: none is sent. Trying: one message tries."""

    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"


@dataclass(frozen=True)
class Breaker:
    """How a gateway stands. ``opened_at`` is when it began to fail so that it was left alone."""

    failures: int = 0
    opened_at: datetime | None = None
    open_until: datetime | None = None

    def position(self, at: datetime) -> Position:
        """Where it stands at an instant."""
        if self.opened_at is None or self.open_until is None:
            return Position.CLOSED
        return Position.OPEN if at < self.open_until else Position.TRYING

    def after_failure(self, at: datetime, jitter: float = 1.0) -> Breaker:
        """After a batch that broke off; ``jitter`` stretches the wait."""
        failures = self.failures + 1
        if failures < FAILURES:
            return replace(self, failures=failures)
        doubled = min(failures - FAILURES, 16)
        wait = min(FIRST_WAIT * 2**doubled, LONGEST_WAIT) * jitter
        return Breaker(failures, self.opened_at or at, at + wait)

    def after_success(self) -> Breaker:
        """After a message that was taken."""
        return Breaker()

    def while_trying(self, at: datetime) -> Breaker:
        """While one worker tries it."""
        return replace(self, open_until=at + TRIAL)
