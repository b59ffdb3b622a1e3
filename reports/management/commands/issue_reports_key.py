"""Issue the key by which a system of the courts reads figures and briefings; printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from courts.management.issuing import IssueKey
from courts.models import ApiClient


class Command(IssueKey):
    """``manage.py issue_reports_key NAME --jurisdiction CODE [--detail]``."""

    help = "Issue a key that may read figures, rankings and published briefings; print it once."
    holder = "system that reads"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether single requests and matters are read as well."""
        super().add_arguments(parser)
        parser.add_argument(
            "--detail",
            action="store_true",
            help="it may also read the standing book and what follows from the figures",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the client and print its key."""
        scopes = [ApiClient.Scope.REPORTS_READ]
        if options["detail"]:
            scopes.append(ApiClient.Scope.REPORTS_DETAIL)
        self.issue(options, channel="reports", scopes=scopes)
