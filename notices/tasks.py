"""Celery tasks: thin. What is due is in the database, so a lost task loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from notices import bounces, delivery


@shared_task
def deliver_due(channel: str | None = None) -> dict[str, int]:
    """Deliver what is due, through one channel or all; beat calls it for each channel, every
    ``DELIVERY_SECONDS``.

    It begins no new batch after that time, so that a slow server does not come to hold every
    worker.
    """
    seconds = settings.DELIVERY_SECONDS
    if channel is None:
        return dict(delivery.deliver_due(for_seconds=seconds))
    return dict(delivery.deliver_channel(channel, for_seconds=seconds))


@shared_task
def read_bounces() -> int:
    """Read returned mail, where a deployment names a folder for it; how many addresses bounce."""
    return bounces.read_folder(settings.BOUNCE_MAILDIR) if settings.BOUNCE_MAILDIR else 0
