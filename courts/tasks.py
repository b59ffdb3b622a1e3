"""Celery tasks of the foundation: thin, safe to run twice."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task
def clear_sessions() -> None:
    """Remove the sessions that are over; beat calls it every night."""
    SessionStore.clear_expired()
