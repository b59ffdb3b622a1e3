"""Celery tasks: thin. What is due is in the database, so a lost task loses nothing."""

from __future__ import annotations

from celery import shared_task

from workorders.services import complete_due as complete_due_orders


@shared_task
def complete_due() -> int:
    """Complete replied orders left undisputed; beat calls it every few minutes."""
    return complete_due_orders()
