"""Django application settings of `cases`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """See docs/architecture.md for what this floor owns."""

    name = "cases"
    verbose_name = _("Cases")
