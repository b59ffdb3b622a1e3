"""Django application settings of `cases`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """See docs/architecture.md for what this floor owns."""

    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        """Own the notices of active push, and hear of nodes; a wrong list of nodes fails here."""
        from cases import listeners  # noqa: F401 - its receivers connect on import
        from cases.node_list import check_all
        from cases.push_reading import register_kinds

        check_all()
        register_kinds()
