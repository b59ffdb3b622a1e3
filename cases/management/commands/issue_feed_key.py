"""Issue the key by which a trial business system feeds the mirror; it is printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courts.models import ApiClient, Jurisdiction


class Command(BaseCommand):
    """``manage.py issue_feed_key NAME --jurisdiction CODE``."""

    help = "Issue a key that may send cases and nodes to the mirror, and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """The system's name, and whose courts it may write to."""
        parser.add_argument("name", help="what the system is called; must be new")
        parser.add_argument("--jurisdiction", required=True, help="code, such as guangzhou")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the client and print its key."""
        jurisdiction = Jurisdiction.objects.filter(code=options["jurisdiction"]).first()
        if jurisdiction is None:
            raise CommandError(f"no jurisdiction has the code {options['jurisdiction']!r}")
        if ApiClient.objects.filter(name=options["name"]).exists():
            raise CommandError(f"{options['name']!r} has a key already; choose another name")
        _client, key = ApiClient.objects.issue(
            name=options["name"],
            jurisdiction=jurisdiction,
            channel="trial_system",
            scopes=[str(ApiClient.Scope.CASES_WRITE)],
        )
        self.stdout.write(key)
        self.stderr.write(
            "This key is shown once. Give it to the trial business system and keep it nowhere else."
        )
