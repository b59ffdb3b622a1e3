"""Issue the key of a machine; it is printed once and only its digest is kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from courts.management.issuing import IssueKey
from courts.models import ApiClient
from liaison.models import Channel


class Command(IssueKey):
    """``manage.py issue_api_key NAME --jurisdiction CODE --channel CHANNEL``."""

    help = "Issue an API key to a machine and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """The machine's name, and what it speaks for."""
        super().add_arguments(parser)
        parser.add_argument(
            "--channel",
            required=True,
            choices=Channel.values,
            metavar="CHANNEL",
            help=f"by which its requests come: {', '.join(Channel.values)}",
        )
        parser.add_argument(
            "--read-only", action="store_true", help="it may read requests and register none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the client and print its key."""
        scopes = [ApiClient.Scope.REQUESTS_READ]
        if not options["read_only"]:
            scopes.append(ApiClient.Scope.REQUESTS_WRITE)
        self.issue(options, channel=options["channel"], scopes=scopes)
