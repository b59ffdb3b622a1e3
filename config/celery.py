"""The Celery application. Workers and beat start with `celery -A config`."""

import gc
import os
from pathlib import Path

from celery import Celery
from celery.signals import before_task_publish, worker_process_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@before_task_publish.connect
def note_heartbeat(**_: object) -> None:
    """Touch HEARTBEAT_FILE, if one is named, with every message sent: beat's health check."""
    if path := os.environ.get("HEARTBEAT_FILE"):
        Path(path).touch()


@worker_process_init.connect
def keep_what_is_loaded(**_: object) -> None:
    """Let no collection of garbage look again at what a process has loaded for its life.

    A look at all of the platform's modules takes 80 ms, in the middle of a sweep or a batch.
    """
    gc.collect()
    gc.freeze()
