"""Django application settings of `escalation`."""

from typing import Any

import structlog
from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

log = structlog.get_logger(__name__)


class EscalationConfig(AppConfig):
    """Times anything; knows nothing of what it times."""

    name = "escalation"
    verbose_name = _("Escalation")

    def ready(self) -> None:
        """Load policies and schedule whenever the tables are (re)made; report the last sweep.

        It also makes its notice known.
        """
        from courts import health
        from escalation import unannounced_year
        from escalation.health import sweep

        unannounced_year.register_kind()
        health.register("sweep", sweep, required=False)
        post_migrate.connect(_load_policies, sender=self)
        post_migrate.connect(_take_public_schedule, sender=self)


def _load_policies(sender: Any, **kwargs: Any) -> None:
    """Keep the shipped policy files as versions; the same contents are kept once."""
    from escalation.policy import load_all

    load_all()


def _take_public_schedule(sender: Any, **kwargs: Any) -> None:
    """Let a schedule that came with this deployment become a version of the calendar."""
    from courts.errors import WrongState
    from escalation.calendar_changes import take_public_schedule

    try:
        take_public_schedule(deployed=True)
    except WrongState:
        log.warning("public_schedule_waits")  # the next sweep takes it
