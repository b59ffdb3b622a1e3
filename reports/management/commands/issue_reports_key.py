"""Issue the key by which a system of the courts reads figures and briefings; printed once."""

from __future__ import annotations

from typing import Any

from courts.management.issuing import IssueKey
from courts.models import ApiClient


class Command(IssueKey):
    """``manage.py issue_reports_key NAME --jurisdiction CODE``."""

    help = "Issue a key that may read figures, rankings and published briefings; print it once."
    holder = "system that reads"

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the client and print its key."""
        self.issue(options, channel="reports", scopes=[ApiClient.Scope.REPORTS_READ])
