"""Django application settings of `courts`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CourtsConfig(AppConfig):
    """See docs/architecture.md for what this floor owns."""

    name = "courts"
    verbose_name = _("Courts")

    def ready(self) -> None:
        """Describe how machines sign their calls."""
        from courts.api import openapi  # noqa: F401 - registers its extensions
