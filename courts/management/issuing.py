"""What the commands that issue a key of a machine have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courts.models import ApiClient, Jurisdiction


class IssueKey(BaseCommand):
    """Issues a key, prints it once, and says that it is shown once; only its digest is kept."""

    # Whose key it is, in a word.
    holder = "machine"

    def add_arguments(self, parser: CommandParser) -> None:
        """The machine's name, and for whose courts it speaks."""
        parser.add_argument("name", help=f"what the {self.holder} is called; must be new")
        parser.add_argument("--jurisdiction", required=True, help="code, such as guangzhou")

    def issue(
        self, options: dict[str, Any], *, channel: str, scopes: Sequence[ApiClient.Scope]
    ) -> None:
        """Create the client and print its key; ``CommandError`` for a code or name in error."""
        jurisdiction = Jurisdiction.objects.filter(code=options["jurisdiction"]).first()
        if jurisdiction is None:
            codes = ", ".join(Jurisdiction.objects.values_list("code", flat=True)) or "none"
            raise CommandError(
                f"no jurisdiction has the code {options['jurisdiction']!r}; there is: {codes}"
            )
        if ApiClient.objects.filter(name=options["name"]).exists():
            raise CommandError(f"{options['name']!r} has a key already; choose another name")
        _client, key = ApiClient.objects.issue(
            name=options["name"],
            jurisdiction=jurisdiction,
            channel=channel,
            scopes=[str(scope) for scope in scopes],
        )
        self.stdout.write(key)
        self.stderr.write(
            f"This key is shown once. Give it to the {self.holder} and keep it nowhere else."
        )
