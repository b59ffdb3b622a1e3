"""Django application settings of `reports`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """See docs/architecture.md for what this floor owns."""

    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Own the clocks and notices of briefings, files, objections and what follows from them."""
        from reports.assessment import notice_kinds as assessment
        from reports.briefing import notice_kinds as briefings
        from reports.follow_up import notice_kinds as follow_up
        from reports.standing_book import notice_kinds as standing_book

        assessment.register_kinds()
        briefings.register_kinds()
        follow_up.register_kinds()
        standing_book.register_kinds()
