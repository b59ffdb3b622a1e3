"""Celery tasks: thin. What is due is in the database, so a lost task loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from notices import delivery


@shared_task
def deliver_due() -> dict[str, int]:
    """Deliver what is due; beat calls it every ``DELIVERY_SECONDS``.

    It begins no new batch after that time, so that a slow mail server does not come to hold
    every worker.
    """
    return dict(delivery.deliver_due(for_seconds=settings.DELIVERY_SECONDS))
