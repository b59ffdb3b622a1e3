"""Celery tasks: thin. What is due is in the database, so a lost task loses nothing."""

from __future__ import annotations

import structlog
from celery import shared_task

from courts.errors import WrongState
from escalation.calendar_changes import take_public_schedule
from escalation.retiming import retime_stale
from escalation.sweep import sweep as run_sweep
from escalation.unannounced_year import warn_of_unannounced_year as warn

log = structlog.get_logger(__name__)


@shared_task
def sweep() -> dict[str, int]:
    """Record what is due, by a new public schedule if there is one; beat calls it every minute."""
    try:
        take_public_schedule()
    except WrongState:  # what is due is being worked on: the next sweep takes it
        log.warning("public_schedule_waits")
    swept = run_sweep()
    return {"clocks": swept.clocks, "firings": swept.firings, "set_aside": swept.set_aside}


@shared_task
def retime() -> int:
    """Count anew what a change of the calendar has left stale; beat calls it every minute.

    A task of its own: the many clocks of a change do not keep the sweep waiting.
    """
    return retime_stale()


@shared_task
def warn_of_unannounced_year() -> int:
    """Tell administrators that the schedule of a year is missing; beat calls it every day."""
    return warn()
