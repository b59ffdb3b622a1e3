"""The engine's state for a monitor, in the text format that Prometheus reads."""

from __future__ import annotations

import math
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from escalation.state import EngineState, per_second, state

_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_MEANINGS = {
    "clocks_running": "Clocks being counted; beyond 100000 about.",
    "clocks_due": "Clocks that the next sweep will record; at most 100000 are counted.",
    "oldest_due_age_seconds": "For how long the oldest of them has been due.",
    "clocks_set_aside": "Clocks that could not be judged; at most 100000 are counted.",
    "clocks_stale": "Clocks to be counted anew by the present calendar; at most 1000000.",
    "last_sweep_age_seconds": "Since the last sweep ended; infinite before the first.",
    "last_sweep_clocks": "Clocks judged by the last sweep that found something.",
    "last_sweep_clocks_per_second": "How many of them it judged in a second.",
}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The gauges, for whoever shows ``METRICS_TOKEN``; without such a setting there is no page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    shown = request.headers.get("Authorization", "").encode()
    if not secrets.compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(exposition(gauges(state(timezone.now()))), content_type=_CONTENT_TYPE)


def gauges(now: EngineState) -> dict[str, float]:
    """Each gauge with its value; ages in seconds."""
    age = now.last_sweep_age
    work = now.last_work
    return {
        "clocks_running": now.running.value,
        "clocks_due": now.due.value,
        "oldest_due_age_seconds": now.oldest_due_age.total_seconds(),
        "clocks_set_aside": now.set_aside.value,
        "clocks_stale": now.stale.value,
        "last_sweep_age_seconds": math.inf if age is None else age.total_seconds(),
        "last_sweep_clocks": work.clocks if work else 0,
        "last_sweep_clocks_per_second": (per_second(work) if work else None) or 0,
    }


def exposition(values: dict[str, float]) -> str:
    """Gauges as text: what each means, its type, its value."""
    return "".join(
        f"# HELP {name} {_MEANINGS[name]}\n# TYPE {name} gauge\n{name} {_number(value)}\n"
        for name, value in values.items()
    )


def _number(value: float) -> str:
    return "+Inf" if value == math.inf else repr(value)
