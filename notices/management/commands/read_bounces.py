"""Read returned mail, and mark the addresses that cannot be reached."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notices import bounces


class Command(BaseCommand):
    """``manage.py read_bounces FOLDER`` (a Maildir), ``FILE`` (one mail), or ``-`` (one, as the
    mail server hands it over)."""

    help = "Read returned mail, and mark the addresses that cannot be reached."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the mail lies."""
        parser.add_argument("source", help="a Maildir, a file with one mail, or - for one mail")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and say how many addresses were marked."""
        source = options["source"]
        try:
            if source == "-":
                new = bounces.record(bounces.read(sys.stdin.buffer.read()))
            elif Path(source).is_dir():
                new = bounces.read_folder(source)
            else:
                new = bounces.record(bounces.read(Path(source).read_bytes()))
        except OSError as error:
            raise CommandError(f"{source} cannot be read: {error.strerror or error}") from None
        self.stdout.write(f"addresses marked: {new}")
