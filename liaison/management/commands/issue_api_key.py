"""Issue the key of a machine; it is printed once and only its digest is kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courts.models import ApiClient, Jurisdiction
from liaison.models import Channel


class Command(BaseCommand):
    """``manage.py issue_api_key NAME --jurisdiction CODE --channel CHANNEL``."""

    help = "Issue an API key to a machine and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """The machine's name, and what it speaks for."""
        parser.add_argument("name", help="what the machine is called; must be new")
        parser.add_argument("--jurisdiction", required=True, help="code, such as guangzhou")
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
        try:
            jurisdiction = Jurisdiction.objects.get(code=options["jurisdiction"])
        except Jurisdiction.DoesNotExist:
            codes = ", ".join(Jurisdiction.objects.values_list("code", flat=True)) or "none"
            raise CommandError(
                f"no jurisdiction has the code {options['jurisdiction']!r}; there is: {codes}"
            ) from None
        if ApiClient.objects.filter(name=options["name"]).exists():
            raise CommandError(f"{options['name']!r} has a key already; choose another name")
        scopes = [ApiClient.Scope.REQUESTS_READ]
        if not options["read_only"]:
            scopes.append(ApiClient.Scope.REQUESTS_WRITE)
        _client, key = ApiClient.objects.issue(
            name=options["name"],
            jurisdiction=jurisdiction,
            channel=options["channel"],
            scopes=[str(scope) for scope in scopes],
        )
        self.stdout.write(key)
        self.stderr.write(
            "This key is shown once. Give it to the machine and keep it nowhere else."
        )
