"""How long ago the clocks were last swept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from escalation.models import SweepRun

# A sweep is late when so many have been left out.
LEFT_OUT = 5


def sweep() -> dict[str, Any]:
    """The age of the last ended sweep in seconds (``None`` before the first), and if it is late."""
    last = SweepRun.objects.filter(ended_at__isnull=False).first()
    if last is None or last.ended_at is None:
        return {"ok": False, "age_seconds": None}
    age = (timezone.now() - last.ended_at).total_seconds()
    return {"ok": age <= LEFT_OUT * settings.SWEEP_SECONDS, "age_seconds": round(age)}
