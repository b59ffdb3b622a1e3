"""Issue the key by which a trial business system feeds the mirror; it is printed once."""

from __future__ import annotations

from typing import Any

from courts.management.issuing import IssueKey
from courts.models import ApiClient


class Command(IssueKey):
    """``manage.py issue_feed_key NAME --jurisdiction CODE``."""

    help = "Issue a key that may send cases and nodes to the mirror, and print it once."
    holder = "trial business system"

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the client and print its key."""
        self.issue(options, channel="trial_system", scopes=[ApiClient.Scope.CASES_WRITE])
