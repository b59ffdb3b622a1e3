"""``manage.py generate --requests N --seed S``: an invented city over years, by COPY."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from reports.demonstration.city import NationalName
from reports.demonstration.refused import NoDemonstration, UnknownPolicy
from reports.generated import assumed, founding
from reports.generated.services import AlreadyThere, Plan, generate
from reports.generated.tables import COLUMNS, INDICATORS
from reports.summary.services import refresh


class Command(BaseCommand):
    """See the module."""

    help = (
        "Generate an invented city: courts, people, and years of requests with all that comes "
        "of them. The same seed and the same --until give the same rows (the ciphertext of "
        "telephone numbers apart). Only with DEMONSTRATION=true, and only once; nobody else can "
        "use the database meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, how long, which tables."""
        parser.add_argument("--requests", type=int, required=True, help="how many in all")
        parser.add_argument("--seed", type=int, required=True, help="what chance begins from")
        parser.add_argument(
            "--until",
            type=datetime.fromisoformat,
            help="seen at this instant (ISO 8601 with offset; default: this midnight)",
        )
        parser.add_argument(
            "--months",
            type=int,
            default=assumed.MONTHS,
            help=f"whole months before that of --until (default: {assumed.MONTHS})",
        )
        parser.add_argument("--courts", type=int, default=13, help="the leading one included")
        parser.add_argument("--divisions", type=int, default=8, help="of each court")
        parser.add_argument("--judges", type=int, default=3, help="of each division")
        parser.add_argument("--city", default=founding.NAME, help="its name; no real one's")
        parser.add_argument("--policy", default="guangzhou", help="guangzhou, beijing, ...")
        parser.add_argument(
            "--only",
            choices=("indicators",),
            help="only the tables that the rates and the ladder of a month are counted from",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate, and say at which rate."""
        until = options["until"] or timezone.localtime().replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        if until.tzinfo is None:
            raise CommandError("--until needs its offset from UTC, such as 2026-10-01T00:00+08:00.")
        for name in ("requests", "months", "courts", "divisions", "judges"):
            if options[name] < 1:
                raise CommandError(f"--{name} must be at least 1.")
        plan = Plan(
            requests=options["requests"],
            seed=options["seed"],
            until=until,
            months=options["months"],
            name=options["city"],
            policy=options["policy"],
            courts=options["courts"],
            divisions=options["divisions"],
            judges=options["judges"],
            tables=INDICATORS if options["only"] else frozenset(COLUMNS),
        )
        with tqdm(total=plan.requests, unit="request", file=sys.stderr) as bar:
            try:
                found = generate(plan, progress=lambda done: bar.update(done - bar.n))
            except NoDemonstration:
                raise CommandError(
                    "Invented data is for demonstrations: DEMONSTRATION=true."
                ) from None
            except AlreadyThere:
                raise CommandError("There is a generated city already.") from None
            except UnknownPolicy as error:
                raise CommandError(str(error)) from None
            except NationalName as error:
                raise CommandError(f"This is the name of a real court: {error}.") from None
        self.stdout.write(
            f"{found.requests:,} requests, {found.rows:,} rows in {found.seconds:.1f} s: "
            f"{found.rate:,.0f} rows/s (of it {found.seconds_copying:.1f} s until all were copied, "
            "the rest for keys, indexes and statistics)"
        )
        began = time.perf_counter()
        refresh()
        self.stdout.write(f"figures of days and months: {time.perf_counter() - began:.1f} s")
