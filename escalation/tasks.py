"""Celery tasks: thin. What is due is in the database, so a lost task loses nothing."""

from __future__ import annotations

from celery import shared_task

from escalation.calendar_changes import retime_stale
from escalation.sweep import sweep as run_sweep


@shared_task
def sweep() -> dict[str, int]:
    """Record what is due; beat calls it every minute.

    What an interrupted change of the calendar left is counted anew first, so that a date which
    moved forward is not missed.
    """
    retime_stale(due_only=True)
    swept = run_sweep()
    return {"clocks": swept.clocks, "firings": swept.firings, "set_aside": swept.set_aside}
