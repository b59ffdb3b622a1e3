"""Django application settings of `escalation`."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EscalationConfig(AppConfig):
    """Times anything; knows nothing of what it times."""

    name = "escalation"
    verbose_name = _("Escalation")

    def ready(self) -> None:
        """Load the policy files whenever the tables are (re)made; report the last sweep."""
        from courts import health
        from escalation.health import sweep

        health.register("sweep", sweep, required=False)
        post_migrate.connect(_load_policies, sender=self)


def _load_policies(sender: Any, **kwargs: Any) -> None:
    """Keep the shipped policy files as versions; the same contents are kept once."""
    from escalation.policy import load_all

    load_all()
