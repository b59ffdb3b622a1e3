"""Load the real courts of a city as master data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courts import master_data
from courts.models import Court, Jurisdiction


class Command(BaseCommand):
    """``manage.py load_courts guangzhou``; may be run again at any time."""

    help = "Load the real courts of a city with level, superior court and code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which city."""
        parser.add_argument("name", help=f"one of: {', '.join(master_data.available())}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what changed."""
        name = options["name"]
        try:
            loaded = master_data.load(name)
        except master_data.UnknownMasterData:
            known = ", ".join(master_data.available())
            raise CommandError(
                f"no courts of {name!r} are known here; there are: {known}"
            ) from None
        for verb, names in (("new", loaded.created), ("changed", loaded.changed)):
            for court in names:
                self.stdout.write(f"{verb}: {court}")
        if not loaded.created and not loaded.changed:
            self.stdout.write("nothing changed")
        inside = Court.objects.filter(jurisdiction=Jurisdiction.objects.get(code=name))
        ranked = inside.filter(is_ranked=True).count()
        self.stdout.write(f"{inside.count()} courts in the jurisdiction, {ranked} of them ranked")
        if loaded.problems:
            for problem in loaded.problems:
                self.stderr.write(f"left out: {problem}")
            raise CommandError(f"{len(loaded.problems)} rows were left out, the others are loaded")
