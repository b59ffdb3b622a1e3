"""How long ago the clocks were last swept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from escalation.models import SweepRun

# A sweep is late when so many have been left out.
LEFT_OUT = 5


def last_ended() -> SweepRun | None:
    """The sweep that ended last, whatever it found."""
    return SweepRun.objects.filter(ended_at__isnull=False).first()


def is_late(age: timedelta) -> bool:
    """Whether what every sweep does has been left undone for too long."""
    return age > timedelta(seconds=LEFT_OUT * settings.SWEEP_SECONDS)


def sweep() -> dict[str, Any]:
    """The age of the last ended sweep in seconds (``None`` before the first), and if it is late."""
    last = last_ended()
    if last is None or last.ended_at is None:
        return {"ok": False, "age_seconds": None}
    age = timezone.now() - last.ended_at
    return {"ok": not is_late(age), "age_seconds": round(age.total_seconds())}
