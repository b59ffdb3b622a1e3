"""Django application settings of `notices`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """See docs/architecture.md for what this floor owns."""

    name = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """The notices of this floor itself, and what is looked at when the product starts."""
        from notices import bounces, checks  # noqa: F401 - models must be there first

        bounces.register_kind()
