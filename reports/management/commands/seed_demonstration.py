"""``manage.py seed_demonstration``: an invented city with its past year."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.demonstration import city
from reports.demonstration.refused import NoDemonstration, UnknownPolicy
from reports.demonstration.seed import WELL_KNOWN_PASSWORD, seed


class Command(BaseCommand):
    """See the module."""

    help = (
        "Fill in the demonstration city: invented courts, people and requests of the past "
        "year. Only with DEMONSTRATION=true; a city that is there is left as it is. The "
        "policy is read from POLICY, the password of its sign-ins from DEMONSTRATION_PASSWORD."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The instant that the city is seen at."""
        parser.add_argument(
            "--at",
            type=datetime.fromisoformat,
            help="as seen at this instant (ISO 8601 with offset; default: now)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and say how far it is."""
        now = options["at"] or timezone.now()
        if now.tzinfo is None:
            raise CommandError("--at needs its offset from UTC, such as 2026-10-03T15:00+08:00.")
        began = time.monotonic()
        try:
            seeded = seed(
                policy=os.environ.get("POLICY") or "guangzhou",
                password=os.environ.get("DEMONSTRATION_PASSWORD") or WELL_KNOWN_PASSWORD,
                now=now,
                founded=lambda: self._say("    courts and people stand; the past year: "),
                progress=self._progress,
            )
        except NoDemonstration:
            raise CommandError("Invented data is for demonstrations: DEMONSTRATION=true.") from None
        except UnknownPolicy as error:
            raise CommandError(str(error)) from None
        except city.NationalName as error:
            raise CommandError(f"A court of the plan is a real one: {error}.") from None
        if seeded is None:
            self.stdout.write("    The demonstration city is there; nothing was changed.")
            return
        seconds = time.monotonic() - began
        self.stdout.write(f"    {len(seeded.requests)} requests in {seconds:.1f} s")

    def _say(self, text: str, ending: str = "") -> None:
        self.stdout.write(text, ending=ending)
        self.stdout.flush()

    def _progress(self, done: int, of: int) -> None:
        tenth = done * 10 // of
        if tenth > (done - 1) * 10 // of:
            self._say(f"{tenth * 10} % ", ending="\n" if tenth == 10 else "")
