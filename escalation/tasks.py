"""Celery tasks: thin. What is due is in the database, so a lost task loses nothing."""

from __future__ import annotations

from celery import shared_task

from escalation.sweep import sweep as run_sweep


@shared_task
def sweep() -> dict[str, int]:
    """Record what is due; beat calls it every minute."""
    swept = run_sweep()
    return {"clocks": swept.clocks, "firings": swept.firings, "set_aside": swept.set_aside}
