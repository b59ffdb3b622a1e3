"""Django application settings of `notices`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """See docs/architecture.md for what this floor owns."""

    name = "notices"
    verbose_name = _("Notices")
