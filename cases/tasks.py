"""Celery tasks: thin. The file and how far it is are in the database."""

from __future__ import annotations

from celery import shared_task

from cases.services import take_up

# Well within the time limit of a task; what is left waits for the next call.
_SECONDS = 600


@shared_task
def import_files() -> int | None:
    """Go on with the files that were handed in; beat calls it every minute. The run, if any."""
    run = take_up(seconds=_SECONDS)
    return None if run is None else run.pk
