"""Django application settings of `workorders`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkOrdersConfig(AppConfig):
    """Work orders, the judge's desk and the supervision desk."""

    name = "workorders"
    verbose_name = _("Work orders")

    def ready(self) -> None:
        """Listen to what happens to requests, and own the notices about orders."""
        from workorders import listeners  # noqa: F401  (its receivers connect on import)
        from workorders.notice_kinds import register_kinds

        register_kinds()
