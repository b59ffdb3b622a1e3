"""``manage.py summarise``: count the figures that are kept ready, without waiting for beat."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reports.summary.services import rebuild, refresh


class Command(BaseCommand):
    """See the module."""

    help = (
        "Count anew the days whose figures have changed, and those that have ended; beat does so "
        "every minute. Pages read these figures, and count for themselves where they are missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much."""
        parser.add_argument(
            "--rebuild", action="store_true", help="count every day from the beginning"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say what was counted."""
        if options["rebuild"]:
            rebuild()
            self.stdout.write("Every day was counted from the beginning.")
        else:
            self.stdout.write(f"Days counted anew: {refresh()}.")
